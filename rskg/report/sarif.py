"""A report as SARIF 2.1.0 (OASIS), within the limits of GitHub's code scanning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

import rskg
from rskg.report.indented import indented
from rskg.report.model import Place, Report, Result
from rskg.report.telling import (
    because,
    component_iri,
    constraint,
    counts,
    coverage,
    fingerprint,
    from_root,
    gravest_first,
    one_line,
    rank,
    shape_iri,
    shape_name,
)

Json = dict[str, object]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: GitHub refuses a run with more, and shows 5,000 of them.
MOST_RESULTS = 25_000
SHOWN_RESULTS = 5_000
_LEVELS = ("error", "warning", "note")
_HOME = "https://w3id.org/rskg/"


def as_sarif(report: Report, _: str) -> str:
    """One run; what has no place in a file is a notification, for GitHub takes no such result."""
    placed = [result for result in gravest_first(report.results) if result.place]
    elsewhere = [result for result in gravest_first(report.results) if not result.place]
    kept = placed[:MOST_RESULTS]
    rules = _rules(kept)
    compares = any(result.known for result in report.results)
    run = {
        "tool": {
            "driver": {
                "name": "rskg",
                "version": rskg.__version__,
                "semanticVersion": rskg.__version__,
                "informationUri": _HOME,
                "rules": list(rules.values()),
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the repository's root"}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": _notifications(report, elsewhere, len(placed)),
            }
        ],
        "results": _results(kept, list(rules), compares),
        "properties": {"coverage": {"shapes": report.shapes, "focusNodes": report.focus_nodes}},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return indented(log)


def _rules(results: Iterable[Result]) -> dict[str, Json]:
    rules: dict[str, Json] = {}
    for result in sorted(results, key=lambda r: (_rule_id(r), rank(r), r.sentence)):
        rules.setdefault(_rule_id(result), _rule(result))
    return rules


def _rule_id(result: Result) -> str:
    return shape_iri(result) or component_iri(result)


def _rule(result: Result) -> Json:
    words = {"text": one_line(result.sentence)}
    page = _rule_id(result)
    rule: Json = {
        "id": page,
        "name": shape_name(result),
        "shortDescription": words,
        "fullDescription": words,
        "help": {"text": f"{words['text']}\n{page}", "markdown": f"[{shape_name(result)}]({page})"},
        "defaultConfiguration": {"level": _LEVELS[rank(result)]},
        "properties": {"tags": ["shacl", constraint(result)]},
    }
    if page.startswith(("http://", "https://")):
        rule["helpUri"] = page
    return rule


def _results(results: Sequence[Result], rules: Sequence[str], compares: bool) -> list[Json]:
    index = {rule: position for position, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    told = []
    for result in results:
        mark = fingerprint(result)
        seen[mark] += 1
        one = _result(result, index[_rule_id(result)], f"{mark}:{seen[mark]}")
        if compares:
            one["baselineState"] = "unchanged" if result.known else "new"
        if result.known:
            one["suppressions"] = [{"kind": "external", "justification": "in the baseline"}]
        told.append(one)
    return told


def _result(result: Result, rule: int, mark: str) -> Json:
    why = [f"{'- ' * bool(depth)}{text}" for depth, text in because(result)]
    words = [result.sentence, *why, _about(result)]
    one: Json = {
        "ruleId": _rule_id(result),
        "ruleIndex": rule,
        "level": _LEVELS[rank(result)],
        "message": {"text": "\n".join(one_line(line) for line in words if line)},
        "locations": [_location(result, result.place)] if result.place else [],
        "partialFingerprints": {"primaryLocationLineHash": mark, "rskgFingerprint/v1": mark},
        "properties": {"component": component_iri(result)},
    }
    fix = _fix(result)
    if fix:
        one["fixes"] = [fix]
    return one


def _about(result: Result) -> str:
    return " ".join(filter(None, (result.focus, result.path, result.value)))


def _location(result: Result, place: Place) -> Json:
    physical = {"artifactLocation": _artifact(place.path), "region": _region(place)}
    location: Json = {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": result.focus, "kind": "resource"}],
    }
    if place.cell:
        location["message"] = {"text": f"column {place.cell}"}
    return location


def _artifact(path: str) -> Json:
    uri = from_root(path)
    if Path(uri).is_absolute():
        return {"uri": Path(uri).as_uri()}
    return {"uri": quote(uri, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}


def _region(place: Place) -> Json:
    told = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column if place.column else None,
    }
    return {name: value for name, value in told.items() if value}


def _fix(result: Result) -> Json | None:
    """Only a change whose end is known can be applied for certain."""
    fix = result.fix
    if fix is None or not (fix.place.column and fix.place.end_column):
        return None
    change = {"deletedRegion": _region(fix.place), "insertedContent": {"text": fix.text}}
    artifact = {"artifactLocation": _artifact(fix.place.path), "replacements": [change]}
    return {"description": {"text": one_line(fix.sentence)}, "artifactChanges": [artifact]}


def _notifications(report: Report, elsewhere: Sequence[Result], placed: int) -> list[Json]:
    lines = [("note", f"{coverage(report)}: {counts(report.results)}")]
    lines += [("note", one_line(note)) for note in report.notes]
    if placed > MOST_RESULTS:
        lines.append(
            (
                "warning",
                f"{placed - MOST_RESULTS} more results were left out: a run takes {MOST_RESULTS}",
            )
        )
    if placed > SHOWN_RESULTS:
        lines.append(("note", f"code scanning shows the first {SHOWN_RESULTS} of {placed} results"))
    lines += [
        (_LEVELS[rank(r)], one_line(f"{r.sentence} {_about(r)}")) for r in elsewhere[:MOST_RESULTS]
    ]
    return [{"level": level, "message": {"text": text}} for level, text in lines]
