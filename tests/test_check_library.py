"""`rskg.validate` in Python: the command's check, bounded, from a process that has threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import rskg
from rskg.errors import BudgetExceeded, InputError, NothingChecked, ShapesError, UsageError

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = f"""{PREFIXES}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
  sh:property [ sh:path ex:p ; sh:or ( [ sh:nodeKind sh:IRI ] ) ] ."""
ENDLESS = (
    f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select '''"
    + "SELECT $this WHERE { "
    + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(9))
    + " FILTER(STRLEN(CONCAT(STR(?o0), STR(?o8))) < 0) }''' ] ."
)
MANY = PREFIXES + " ".join(f"ex:n{i} ex:q {i} ." for i in range(300)) + "ex:a ex:p 'x' ."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "endless.ttl").write_text(ENDLESS)
    (tmp_path / "many.ttl").write_text(MANY)
    (tmp_path / "bad.ttl").write_text(f"{PREFIXES}\nex:a ex:p 1 .")
    (tmp_path / "broken.ttl").write_text(f"{PREFIXES}\nex:a ex:p")
    return tmp_path


def test_the_report_comes_whole(folder: Path) -> None:
    report = rskg.validate(folder / "bad.ttl", folder / "shapes.ttl", budget="60s")
    (one,) = report.results
    assert (str(one.place), report.conforms()) == (f"{folder}/bad.ttl:4:11", False)
    assert one.branches[0].results[0].component == "NodeKindConstraintComponent"


def test_it_raises_what_the_command_exits_for(folder: Path) -> None:
    shapes = folder / "shapes.ttl"
    with pytest.raises(InputError) as error:
        rskg.validate([folder / "broken.ttl"], [shapes])
    assert (error.value.path, error.value.line) == (str(folder / "broken.ttl"), 4)
    with pytest.raises(NothingChecked):
        rskg.validate(shapes, shapes)
    (folder / "odd.ttl").write_text(SHAPES.replace("sh:or", "sh:oor"))
    with pytest.raises(ShapesError, match="sh:oor"):
        rskg.validate(folder / "bad.ttl", folder / "odd.ttl")
    for wrong in ({"budget": "soon"}, {"budget": 0}):
        with pytest.raises(UsageError):
            rskg.validate(folder / "bad.ttl", shapes, **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        rskg.validate("-")


def test_a_budget_ends_it_and_nothing_is_left(folder: Path) -> None:
    scraps = folder / "scraps"
    scraps.mkdir()
    program = (
        "import threading, time, rskg\n"
        "from rskg.errors import BudgetExceeded\n"
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
        "try:\n"
        "    rskg.validate('many.ttl', 'endless.ttl', budget=1)\n"
        "except BudgetExceeded as error:\n"
        "    print(error.budget, error.limit)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(scraps)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert told.stdout == "time 1.0\n"
    assert list(scraps.iterdir()) == []


def test_memory_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSKG_CHECK_MEMORY", "100000000")
    (folder / "large.ttl").write_text(f"{PREFIXES}ex:a ex:p '{'a ' * 20_000_000}' .")
    with pytest.raises(BudgetExceeded, match="memory"):
        rskg.validate(folder / "large.ttl", folder / "shapes.ttl")
