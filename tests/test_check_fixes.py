"""A fix that is told makes its result vanish, and is told only where it is certain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = PREFIXES + "".join(
    f"ex:S-{name} a sh:NodeShape ; sh:targetSubjectsOf ex:{name} ; "
    f"sh:property [ sh:path ex:{name} ; {rule} ] .\n"
    for name, rule in {
        "count": "sh:datatype xsd:integer",
        "ready": "sh:datatype xsd:boolean",
        "year": "sh:datatype xsd:gYear",
        "day": "sh:datatype xsd:date",
        "page": "sh:nodeKind sh:IRI",
    }.items()
)


def fixes_of(rskg: Run, folder: Path, triple: str) -> list[dict[str, object]]:
    (folder / "shapes.ttl").write_text(SHAPES)
    (folder / "a.ttl").write_text(f"{PREFIXES}ex:é ex:x 'ü' ;\n  {triple} .\n")
    told = rskg("validate", "a.ttl", "--shapes", "shapes.ttl", "--report", "sarif")
    assert told.returncode == 1, told.stderr
    (result,) = json.loads(told.stdout)["runs"][0]["results"]
    found: list[dict[str, object]] = result.get("fixes", [])
    return found


@pytest.mark.parametrize(
    "triple",
    [
        'ex:count "12"',
        "ex:count ' 12 '",
        'ex:count "12"^^xsd:int',
        'ex:ready "True"^^xsd:boolean',
        'ex:ready "FALSE"',
        "ex:year 2020",
        'ex:year "2020"',
        'ex:day "2020-02-29"',
        'ex:page "https://example.org/é?x=1"',
    ],
)
def test_applying_the_fix_makes_the_result_vanish(rskg: Run, tmp_path: Path, triple: str) -> None:
    (fix,) = fixes_of(rskg, tmp_path, triple)
    (change,) = fix["artifactChanges"][0]["replacements"]  # type: ignore[index]
    region, path = change["deletedRegion"], tmp_path / "a.ttl"
    lines = path.read_text().split("\n")
    line = lines[region["startLine"] - 1]
    start, end = region["startColumn"] - 1, region["endColumn"] - 1
    lines[region["startLine"] - 1] = line[:start] + change["insertedContent"]["text"] + line[end:]
    path.write_text("\n".join(lines))
    told = rskg("validate", "a.ttl", "--shapes", "shapes.ttl")
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    "triple",
    [
        'ex:count "twelve"',
        'ex:count "1.5"',
        'ex:day "2021-02-29"',
        'ex:ready "yes"',
        'ex:page "example.org"',
        'ex:year "2020"@en',
    ],
)
def test_what_is_not_certain_is_not_told(rskg: Run, tmp_path: Path, triple: str) -> None:
    assert fixes_of(rskg, tmp_path, triple) == []


def test_the_text_says_what_to_write(rskg: Run, tmp_path: Path) -> None:
    fixes_of(rskg, tmp_path, 'ex:page "https://example.org/"')
    told = rskg("validate", "a.ttl", "--shapes", "shapes.ttl")
    assert '    fix: write <https://example.org/> instead of "https://example.org/"' in told.stdout
