"""Every format of a report, read back by the parsers that its readers use."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import jsonschema
import pytest
from junitparser import JUnitXml
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from rskg.errors import OutputError, UsageError
from rskg.report import FORMATS, Fix, Place, Report, Result, requested, write
from rskg.report.github import MOST, as_summary
from rskg.report.paths import shacl_path
from tests.conftest import Run
from tests.junit_structure import faults
from tests.schemas import schema

A = "https://example.org/a b"
NASTY = 'a "b" <i>, 100% | `x`\n::error::no\r\x1b[31m & \u2028 *y*'
PLAIN = Result(
    focus="<https://example.org/mine>",
    path="<https://example.org/p>",
    value=r'"caf\u00E9 \"x\"\n"@en',
    component="MinCountConstraintComponent",
    severity="Violation",
    shape="https://w3id.org/rskg/shapes#Mine-p",
    messages=("Give one p.", "Donnez un p."),
    place=Place("data/mine one.ttl", 8, 5, 8, 12),
)
RESULTS = (
    PLAIN,
    replace(
        PLAIN,
        value=None,
        messages=(NASTY,),
        place=Place("data/mine one.ttl", 3, 1),
        explanation="neither of two branches: no lei, no name",
        fix=Fix("say “p”", Place("data/mine one.ttl", 3, 1, 3, 4), "ex:p"),
        fingerprint="f1",
    ),
    replace(PLAIN, severity="Warning", place=Place("table.csv", 2, cell="name"), known=True),
    replace(PLAIN, severity="Info", place=None, shape="_:b0", path="(<a:a>/^<a:b>)|<a:c>*"),
)
REPORT = Report(RESULTS, shapes=3, focus_nodes=2, notes=("b.ttl has no focus node",))


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("form", FORMATS)
def test_equal_results_give_equal_bytes_in_any_order(form: str) -> None:
    shuffled = list(RESULTS)
    random.Random(7).shuffle(shuffled)
    assert shuffled != list(RESULTS)
    one, other = (
        FORMATS[form](replace(REPORT, results=tuple(r)), "violation") for r in (RESULTS, shuffled)
    )
    assert one == other
    assert one.endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_without_results_is_whole_too(form: str) -> None:
    assert FORMATS[form](Report((), 3, 2), "violation").strip()


def test_text_is_one_line_a_result_whatever_a_message_holds() -> None:
    text = FORMATS["text"](REPORT, "violation")
    starts = [line.split(":")[0] for line in text.splitlines()]
    assert starts == [
        "data/mine one.ttl", "    because", "    fix", "data/mine one.ttl", "table.csv", "-",
        "does not conform",
    ]  # fmt: skip
    assert "\x1b" not in text
    assert text.splitlines()[-1] == (
        "does not conform: 3 shapes x 2 focus nodes: "
        "2 violation, 0 warning, 1 info, and 1 known by the baseline"
    )


def test_json_keeps_the_contract() -> None:
    told = json.loads(FORMATS["json"](REPORT, "violation"))
    assert (told["conforms"], told["coverage"]) == (False, {"shapes": 3, "focusNodes": 2})
    assert [r["place"] and r["place"]["line"] for r in told["results"]] == [3, 8, 2, None]
    assert told["results"][0]["messages"] == [NASTY]
    assert json.loads(FORMATS["json"](REPORT, "none"))["conforms"] is True


def test_csv_has_a_row_a_result() -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](REPORT, "violation"), newline="")))
    assert [(r["file"], r["line"], r["column"], r["known"]) for r in rows] == [
        ("data/mine one.ttl", "3", "1", "false"),
        ("data/mine one.ttl", "8", "5", "false"),
        ("table.csv", "2", "name", "true"),
        ("", "", "", "false"),
    ]
    assert rows[0]["message"] == NASTY
    assert rows[0]["fingerprint"] == "f1"


def graph_of(form: RdfFormat, text: str) -> Dataset:
    told = Dataset(parse(text, format=form))
    told.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return told


def test_turtle_and_json_ld_are_the_same_validation_report() -> None:
    turtle = graph_of(RdfFormat.TURTLE, FORMATS["turtle"](REPORT, "violation"))
    assert turtle == graph_of(RdfFormat.JSON_LD, FORMATS["jsonld"](REPORT, "violation"))
    said = "\n".join(sorted(str(quad) for quad in turtle))
    for part in (
        '<http://www.w3.org/ns/shacl#conforms> "false"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '<http://www.w3.org/ns/shacl#value> "café \\"x\\"\\n"@en',
        "<http://www.w3.org/ns/shacl#resultPath> <https://example.org/p>",
        "<http://www.w3.org/ns/shacl#alternativePath>",
        '<http://www.w3.org/2009/pointers#lineNumber> "8"',
        '<http://www.w3.org/2009/pointers#reference> "data/mine%20one.ttl"',
    ):
        assert part in said
    assert said.count("<http://www.w3.org/ns/shacl#result>") == 4
    clean = FORMATS["turtle"](Report((), 1, 1), "violation")
    assert "sh:conforms true" in clean


@pytest.mark.parametrize("text", ["<a:a>/", "a:a", "<a:a> <b:b>", "!<a:a>", "(<a:a>", "", "<a:a>)"])
def test_what_is_no_path_is_left_out(text: str) -> None:
    assert shacl_path(text) is None


def test_a_path_becomes_shacls_nodes() -> None:
    assert shacl_path("<a:a>/^<a:b>*|(<a:c>|<a:d>)+") == {
        "sh:alternativePath": [
            (
                ("<a:a>", {"sh:inversePath": [{"sh:zeroOrMorePath": ["<a:b>"]}]}),
                {"sh:oneOrMorePath": [{"sh:alternativePath": [("<a:c>", "<a:d>")]}]},
            )
        ]
    }


def sarif(report: Report) -> dict[str, object]:
    told = json.loads(FORMATS["sarif"](report, "violation"))
    jsonschema.validate(told, schema("sarif-2.1.0"))
    (run,) = told["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_is_valid_and_points_at_the_region() -> None:
    run = sarif(REPORT)
    first, second, known = run["results"]  # type: ignore[misc]
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": "data/mine%20one.ttl", "uriBaseId": "%SRCROOT%"}
    assert where["region"] == {"startLine": 3, "startColumn": 1}
    (change,) = first["fixes"][0]["artifactChanges"][0]["replacements"]
    assert change["insertedContent"]["text"] == "ex:p"
    assert change["deletedRegion"] == {
        "startLine": 3,
        "startColumn": 1,
        "endLine": 3,
        "endColumn": 4,
    }
    assert second["locations"][0]["physicalLocation"]["region"]["endColumn"] == 12
    assert (first["baselineState"], known["baselineState"]) == ("new", "unchanged")
    assert known["suppressions"]
    rules = run["tool"]["driver"]["rules"]  # type: ignore[index]
    assert rules[first["ruleIndex"]]["helpUri"] == "https://w3id.org/rskg/shapes#Mine-p"
    marks = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]  # type: ignore[attr-defined]
    assert len(set(marks)) == 3
    said = json.dumps(run["invocations"])
    assert "b.ttl has no focus node" in said
    assert "Give one p. <https://example.org/mine>" in said


def test_sarif_keeps_to_githubs_limits_and_says_so() -> None:
    many = tuple(
        replace(PLAIN, focus=f"<a:{n}>", place=Place("many.ttl", n + 1, 1), known=n < 100)
        for n in range(25_050)
    )
    told = json.loads(FORMATS["sarif"](Report(many, 1, 25_050), "violation"))
    (run,) = told["runs"]
    assert len(run["results"]) == 25_000
    assert not any("suppressions" in result for result in run["results"][:24_950])
    assert "50 more results were left out" in json.dumps(run["invocations"])
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["properties"]["tags"]) <= 10


def test_junit_fails_what_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "out.xml").write_text(FORMATS["junit"](REPORT, "violation"))
    told = JUnitXml.fromfile(str(tmp_path / "out.xml"))
    assert (told.tests, told.failures, told.errors) == (4, 1, 0)
    names = {suite.name: list(suite) for suite in told}
    assert list(names) == ["coverage", "data/mine one.ttl", "table.csv", "(no file)"]
    (wrong,) = names["data/mine one.ttl"]
    assert [type(result).__name__ for result in wrong.result] == ["Failure", "Failure"]
    assert wrong.result[0].message.startswith('a "b" <i>, 100% | `x`')
    (known,) = names["table.csv"]
    assert known.is_skipped
    (info,) = names["(no file)"]
    assert info.is_passed
    assert "info: Give one p." in info.system_out
    assert 'failures="0"' in FORMATS["junit"](REPORT, "none").splitlines()[1]
    assert FORMATS["junit"](REPORT, "info").count("<failure") == 3


@pytest.mark.parametrize("fail_on", ["violation", "info", "none"])
@pytest.mark.parametrize("report", [REPORT, Report((), 3, 2), replace(REPORT, notes=())])
def test_junit_is_what_jenkins_lets_pass(report: Report, fail_on: str) -> None:
    root = ElementTree.fromstring(FORMATS["junit"](report, fail_on))
    assert root.tag == "testsuites"
    wrong = [fault for element in root.iter() for fault in faults(element)]
    assert wrong == []
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        for kind, name in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(kind, "")) == sum(case.find(name) is not None for case in cases)


def test_a_fault_of_junits_structure_is_seen() -> None:
    """The test above can fail: each of these is something that Jenkins refuses."""
    for text in (
        '<testcase name="x" line="4"/>',
        "<testcase/>",
        '<testsuite name="x" tests="1" failures="0"/>',
        '<testsuite name="x" tests="one" failures="0" errors="0"/>',
        '<testsuite name="x" tests="1" failures="0" errors="0"><failure/></testsuite>',
        '<testcase name="x"><br/></testcase>',
        '<testcase name="x">said</testcase>',
    ):
        assert faults(ElementTree.fromstring(text)) != [], text


COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def test_an_annotation_is_one_escaped_line() -> None:
    lines = FORMATS["github"](REPORT, "violation").splitlines()
    found = [COMMAND.fullmatch(line) for line in lines[:4]]
    assert all(found), lines
    kinds = [match[1] for match in found if match]
    assert kinds == ["error", "error", "notice", "notice"]
    first, second = found[0], found[1]
    assert first is not None
    assert second is not None
    assert first[2] == "file=data/mine one.ttl,line=3,col=1,title=Mine-p"
    assert second[2] == "file=data/mine one.ttl,line=8,endLine=8,col=5,endColumn=12,title=Mine-p"
    assert "100%25 |" in first[3]
    assert "%0Aneither of two branches" in first[3]
    assert len(lines) == 5
    odd = replace(REPORT, results=(replace(PLAIN, place=Place("a,b:c%.ttl", 1)),))
    assert "file=a%2Cb%3Ac%25.ttl,line=1," in FORMATS["github"](odd, "violation")


def test_annotations_beyond_githubs_limit_are_counted_new_ones_first() -> None:
    many = tuple(
        replace(PLAIN, focus=f"<a:{n}>", place=Place("many.ttl", n + 1), known=n < 5)
        for n in range(MOST + 8)
    )
    lines = FORMATS["github"](Report(many, 1, 1), "violation").splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == MOST
    assert "line=6," in errors[0]
    assert [line for line in lines if line.startswith("::notice")] != []
    assert "3 more are in the job's summary" in lines[-2]


def test_paths_are_told_from_the_repositorys_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "sub")
    placed = replace(REPORT, results=(replace(PLAIN, place=Place("../x.ttl", 1)),))
    assert "file=x.ttl," in FORMATS["github"](placed, "violation")
    inside = replace(REPORT, results=(replace(PLAIN, place=Place(str(tmp_path / "sub/y.ttl"), 1)),))
    assert '"uri": "sub/y.ttl"' in FORMATS["sarif"](inside, "violation")
    outside = replace(REPORT, results=(replace(PLAIN, place=Place("/else where/z.ttl", 1)),))
    assert '"uri": "file:///else%20where/z.ttl"' in FORMATS["sarif"](outside, "violation")
    sarif(outside)


def test_the_summary_is_a_table_that_no_message_breaks() -> None:
    told = as_summary(REPORT, "violation")
    rows = [line for line in told.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 4
    assert all(row.count("|") == 5 for row in rows)
    assert "<i>" not in told
    assert "[Mine&#45;p]" in told or "[Mine-p](https://w3id.org/rskg/shapes#Mine-p)" in told
    many = tuple(replace(PLAIN, focus=f"<a:{n}>") for n in range(20_000))
    assert len(as_summary(Report(many, 1, 1), "violation").encode()) < 1_000_000


def test_html_opens_alone_and_shows_text_as_text() -> None:
    text = FORMATS["html"](REPORT, "violation")
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert page.find(".//h1").text == "The data does not conform"
    assert len(page.findall(".//tbody/tr")) == 4
    assert page.find(".//i") is None
    loaded = [e for e in page.iter() if e.tag in ("script", "link", "img", "iframe")]
    assert loaded == []
    assert "url(" not in text
    assert "@import" not in text
    links = [e.get("href") for e in page.iter("a")]
    assert "https://w3id.org/rskg/shapes#Mine-p" in links
    clean = FORMATS["html"](Report((), 3, 2), "violation")
    assert "The data conforms" in clean


def test_several_reports_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    asked = requested(["json", "github", f"sarif={tmp_path / 'out.sarif'}", "junit=out=1.xml"])
    write(REPORT, asked, "violation")
    said = capsys.readouterr()
    assert json.loads(said.out)["conforms"] is False
    assert said.err.startswith("::error file=")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.sarif",
        "out=1.xml",
        "summary.md",
    ]
    assert "does not conform" in (tmp_path / "summary.md").read_text()
    assert [request.form for request in requested([])] == ["text"]


@pytest.mark.parametrize("asked", [["pdf"], ["json="], ["json", "text"], ["json=a", "csv=a"]])
def test_a_report_that_can_t_be_is_a_usage_error(asked: list[str]) -> None:
    with pytest.raises(UsageError):
        requested(asked)


def test_a_report_that_can_t_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no/out\.sarif can't be written"):
        write(REPORT, requested([f"sarif={tmp_path}/no/out.sarif"]), "violation")


def test_validate_writes_what_was_asked_for(rskg: Run, files: object, tmp_path: Path) -> None:
    bad = Path(__file__).parent.parent / "examples/lead/invalid-lead-row-blank.ttl"
    (tmp_path / "bad.ttl").write_bytes(bad.read_bytes())
    told = rskg(
        "validate", "bad.ttl", "--report", "text", "--report", "github", "--report", "sarif=o.sarif"
    )
    assert told.returncode == 1, told.stderr
    assert "bad.ttl:13" in told.stdout
    assert "::error file=bad.ttl,line=13," in told.stderr
    log = json.loads((tmp_path / "o.sarif").read_text())
    jsonschema.validate(log, schema("sarif-2.1.0"))
    assert rskg("validate", "bad.ttl", "--report", "pdf").returncode == 2
    lost = rskg("validate", "bad.ttl", "--report", "csv=no/o.csv")
    assert (lost.returncode, len(lost.stderr.splitlines())) == (5, 1)


def test_a_name_that_is_no_utf_8_changes_nothing_else() -> None:
    """Who writes JSON quickly refuses such a name; who takes it lays it out the same."""
    names = ("data.ttl", "data\udcff.ttl")
    reports = [Report((replace(PLAIN, place=Place(name, 3, 1)),), 1, 1) for name in names]
    plain, odd = (FORMATS["json"](one, "violation") for one in reports)
    assert odd.encode(errors="surrogateescape").replace(b"\xff", b"") == plain.encode()
    plain, odd = (FORMATS["sarif"](one, "violation") for one in reports)
    assert odd.replace("data%FF.ttl", "data.ttl") == plain
