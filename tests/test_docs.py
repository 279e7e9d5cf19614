"""What the README and the docs show is what a command prints."""

from __future__ import annotations

import csv
import re
import runpy
import shutil
from pathlib import Path

from rskg.build import build
from rskg.paths import Files
from rskg.store import Revisions
from tests.conftest import ROOT, large
from tests.making import warmed

TABLE_ROW = re.compile(r"^\| ([A-Z][\w -]+?) \|((?: \d+ \|)+)$", re.MULTILINE)


def test_the_readme_shows_the_expected_rows_of_its_question(files: Files) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [
        [int(cell) for cell in row[2].split("|") if cell.strip()]
        for row in TABLE_ROW.finditer(text)
    ]
    with (files.queries / "expected" / "voice-by-stage.csv").open(encoding="utf-8") as table:
        rows = list(csv.reader(table))[1:]
    assert shown == [[int(cell) for cell in row if cell.isdigit()] for row in rows]


def test_every_link_of_a_page_leads_to_a_file() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_reference_is_what_the_program_says() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "reference" / "generate.py"))
    for name, page in generator["PAGES"].items():
        written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert written == page(), f"run docs/reference/generate.py: {name} is stale"


def test_the_version_is_the_same_everywhere() -> None:
    def found(path: str, pattern: str) -> str:
        match = re.search(pattern, Path(ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
        assert match, path
        return match[1]

    versions = {
        found("pyproject.toml", r'^version = "([^"]+)"'),
        found("ontology/rskg.ttl", r'owl:versionInfo "([^"]+)"'),
        found("ontology/rskg.ttl", r"owl:versionIRI <https://w3id.org/rskg/ontology/([^>]+)>"),
        found("CITATION.cff", r"^version: (\S+)"),
        found("CHANGELOG.md", r"^## (\S+)"),
    }
    assert len(versions) == 1, versions


def test_the_dataset_of_the_guide_builds_as_it_is_written(
    files: Files, store: Path, tmp_path: Path
) -> None:
    for folder in (files.ontology, files.shapes, files.data, files.queries):
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "data").unlink()
    shutil.copytree(files.data, tmp_path / "data", ignore=shutil.ignore_patterns(*large(files)))
    harbours = tmp_path / "data" / "harbours"
    harbours.mkdir()
    guide = (ROOT / "docs" / "contribute.md").read_text(encoding="utf-8")
    for name, text in re.findall(
        r"^`([\w.]+)`\n\n```\w+\n(.*?)^```", guide, re.DOTALL | re.MULTILINE
    ):
        (harbours / name).write_text(text, encoding="utf-8")
    number = build(warmed(tmp_path / "store", store), Files(tmp_path))
    reader = Revisions(tmp_path / "store").open(number)
    told = reader.graph("https://w3id.org/rskg/graph/data/harbours")
    assert sum("id/site/" in str(t.subject) for t in told) == 6
    assert sum("terms/source" in str(t.predicate) for t in told) == 3
