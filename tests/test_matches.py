"""Matches by name: how often they are right, on pairs that were read and labelled by hand."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

FINEPRINT = ROOT / "data" / "fineprint"


def run(script: Path) -> str:
    told = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


def labelled() -> list[dict[str, str]]:
    with (FINEPRINT / "judged" / "names.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def table(path: Path, key: str, value: str) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[key]: row[value] for row in csv.DictReader(lines)}


def test_precision_and_recall_are_printed_for_at_least_200_pairs() -> None:
    clear = [row for row in labelled() if row["verdict"] != "unclear"]
    assert len(clear) >= 200
    (used,) = [
        line.split() for line in run(FINEPRINT / "judge.py").splitlines()
        if line.startswith("all") and line.endswith("<- used")
    ]  # fmt: skip
    _, _, _, pairs, same, found, right, precision, recall, *_ = used
    assert int(pairs) == len(clear)
    assert int(same) == sum(row["verdict"] == "same" for row in clear)
    assert float(precision) == round(int(right) / int(found), 3)
    assert float(recall) == round(int(right) / int(same), 3)


def test_every_label_is_of_names_that_stand_in_the_tables() -> None:
    names = {
        "fineprint": table(FINEPRINT / "owners.csv", "owner", "owner_name"),
        "form-sd": table(ROOT / "data/form-sd/form-sd.csv", "cik", "name"),
        "actors": table(ROOT / "data/actors/actors.csv", "id", "name"),
        "gleif": table(ROOT / "data/gleif/gleif.csv", "lei", "name"),
    }
    for row in labelled():
        assert names[row["source"]][row["record"]] == row["name"]
        assert names["gleif"][row["lei"]] == row["lei_name"]
        assert row["verdict"] in {"same", "different", "unclear"}


def test_what_owners_are_of_actors_is_read_of_both_tables() -> None:
    owners = table(FINEPRINT / "owners.csv", "owner", "owner_name")
    actors = table(ROOT / "data/actors/actors.csv", "id", "name")
    with (FINEPRINT / "judged" / "actors.csv").open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines))
    for row in read:
        assert owners[row["record"]].rstrip(".") == row["name"].rstrip(".")
        assert actors[row["actor"]] == row["actor_name"]
        assert row["verdict"] in {"same", "different", "unclear"}
        assert row["why"]
    same = sum(row["verdict"] == "same" for row in read)
    with (FINEPRINT / "matches.csv").open(encoding="utf-8", newline="") as lines:
        of_actors = [row for row in csv.DictReader(lines) if row["other"].startswith("actor/")]
    assert sum(row["verdict"] == "confirmed" for row in of_actors) == same


@pytest.mark.parametrize("path", ["fineprint/matches.csv", "gleif/matches.csv"])
def test_the_table_of_matches_is_what_the_script_makes(path: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    copy = tmp_path / "data" / path
    copy.unlink()
    run(copy.with_name("match.py"))
    assert copy.read_text() == (ROOT / "data" / path).read_text()
