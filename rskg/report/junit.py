"""A report as JUnit XML: a suite a file, a case a focus node and shape.

There is no standard: elements and attributes are those that Maven's Surefire writes and Jenkins
lets pass, which refuses a case with a `file` or a `line`. The place begins the words of a
failure. Nothing says when the run was, so equal runs give equal bytes.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rskg.report.model import Report, Result
from rskg.report.telling import (
    because,
    constraint,
    coverage,
    failing,
    from_root,
    ordered,
    shape_name,
)
from rskg.report.text import sentences


def as_junit(report: Report, fail_on: str) -> str:
    """Failures are what fails the run; the rest is told as output, a baseline's as skipped."""
    fails = failing(report, fail_on)
    root = Element("testsuites", name="rskg validate")
    ran = SubElement(root, "testsuite", name="coverage")
    case = SubElement(ran, "testcase", name=coverage(report), classname="rskg.validate")
    if report.notes:
        SubElement(case, "system-out").text = _xml("\n".join(report.notes))
    for path, inside in groupby(ordered(report.results), key=_path):
        found = list(inside)
        suite = SubElement(root, "testsuite", name=_xml(path))
        if found[0].place:
            suite.set("file", _xml(path))
        by_case = sorted(found, key=_case)
        for _, results in groupby(by_case, key=_case):
            _tell(suite, path, list(results), fails)
    _count(root)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _path(result: Result) -> str:
    return from_root(result.place.path) if result.place else "(no file)"


def _case(result: Result) -> tuple[str, str]:
    return shape_name(result), result.focus


def _tell(suite: Element, path: str, results: list[Result], fails: set[Result]) -> None:
    first = results[0]
    name = f"{shape_name(first)} {first.focus}"
    case = SubElement(suite, "testcase", name=_xml(name), classname=_xml(path))
    wrong = [result for result in results if result in fails]
    for result in wrong:
        kind = f"{result.severity}.{constraint(result)}"
        failure = SubElement(case, "failure", message=_xml(result.sentence), type=kind)
        why = [f"{'  ' * depth}{text}" for depth, text in because(result)]
        failure.text = _xml("\n".join((*sentences([result]), *why)))
    if not wrong and all(result.known for result in results):
        SubElement(case, "skipped", message="known by the baseline")
    mild = [result for result in results if result not in fails]
    if mild:
        SubElement(case, "system-out").text = _xml("\n".join(sentences(mild)))


def _count(root: Element) -> None:
    for element in (*root.iter("testsuite"), root):
        cases = list(element.iter("testcase"))
        failed = sum(case.find("failure") is not None for case in cases)
        element.set("tests", str(len(cases)))
        element.set("failures", str(failed))
        element.set("errors", "0")
        if element is not root:
            skipped = sum(case.find("skipped") is not None for case in cases)
            element.set("skipped", str(skipped))


def _xml(text: str) -> str:
    """The text without what XML 1.0 can't hold (2.2)."""
    return "".join(c if c in "\t\n" or c.isprintable() else "\ufffd" for c in text)
