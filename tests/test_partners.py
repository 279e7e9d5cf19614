"""Tokens: made and shown once, kept as hashes, ended at once, and in backups."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rskg.contribution.partners import FILE, Partners
from rskg.errors import StoreError, UsageError
from rskg.namespaces import graph
from rskg.store import Revisions, Workbench, backup, restore
from tests.conftest import Run
from tests.stores import said, small_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACME = "https://acme.example/"


@pytest.fixture
def partners(tmp_path: Path) -> Partners:
    small_store(tmp_path / "store")
    return Partners(tmp_path / "store")


def test_a_token_is_known_by_its_hash_alone(partners: Partners, tmp_path: Path) -> None:
    token, grant = partners.create(ACME, "acme-sites", NOW)
    kept = (tmp_path / "store" / FILE).read_text()
    assert token not in kept
    assert token.rpartition("_")[2] not in kept
    assert stat.S_IMODE((tmp_path / "store" / FILE).stat().st_mode) == 0o600
    assert Partners(tmp_path / "store").holder(token, NOW) == grant


def test_what_looks_like_a_token_is_none(partners: Partners) -> None:
    token, grant = partners.create(ACME, "acme-sites", NOW)
    swapped = token[:-1] + ("A" if token[-1] != "A" else "B")
    other, _ = partners.create(ACME, "acme-sites", NOW)
    mixed = f"rskg_{grant.id}_{other[-43:]}"
    for wrong in (
        "",
        "rskg",
        token.upper(),
        token + "A",
        swapped,
        mixed,
        f" {token}",
        grant.hashed,
    ):
        assert partners.holder(wrong, NOW) is None, wrong


def test_a_token_ends(partners: Partners) -> None:
    end = NOW + timedelta(days=1)
    token, grant = partners.create(ACME, "acme-sites", NOW, expires=end)
    assert partners.holder(token, end - timedelta(seconds=1)) == grant
    assert partners.holder(token, end) is None
    lasting, other = partners.create(ACME, "acme-sites", NOW)
    partners.revoke(other.id, NOW)
    assert partners.holder(lasting, NOW) is None
    assert partners.revoke(other.id, end).revoked == "2026-11-22T12:00:00Z"


def test_another_process_s_change_is_seen(partners: Partners, tmp_path: Path) -> None:
    token, grant = partners.create(ACME, "acme-sites", NOW)
    assert partners.holder(token, NOW)
    Partners(tmp_path / "store").revoke(grant.id, NOW)
    assert partners.holder(token, NOW) is None


@pytest.mark.parametrize(
    ("partner", "dataset", "sentence"),
    [
        ("Acme", "acme", "takes an IRI"),
        ("mailto:info@acme.example", "acme", "takes an IRI"),
        ("https://acme.example/ x", "acme", "takes an IRI"),
        (ACME, "Acme", "can't name a dataset"),
        (ACME, "acme/../sites", "can't name a dataset"),
        (ACME, "-acme", "can't name a dataset"),
        (ACME, "a" * 64, "can't name a dataset"),
        (ACME, "", "can't name a dataset"),
        (ACME, "rskg", "built from files"),
        (ACME, "sites", "built from files"),
        ("https://other.example/", "taken", "https://acme.example/"),
    ],
)
def test_what_cannot_be_granted(tmp_path: Path, partner: str, dataset: str, sentence: str) -> None:
    bench = Workbench()
    bench.add(said("one"), graph("data/sites"))
    Revisions(tmp_path).commit(bench, "first")
    partners = Partners(tmp_path)
    partners.create(ACME, "taken", NOW)
    with pytest.raises(UsageError, match=sentence):
        partners.create(partner, dataset, NOW)
    assert len(partners.grants()) == 1


def test_a_dataset_s_next_token_has_its_names(partners: Partners) -> None:
    partners.create(ACME, "acme-sites", NOW, name="Acme", title="Acme's sites")
    _, grant = partners.create(ACME, "acme-sites", NOW)
    assert (grant.name, grant.title) == ("Acme", "Acme's sites")


def test_a_backup_has_the_tokens(partners: Partners, tmp_path: Path) -> None:
    token, grant = partners.create(ACME, "acme-sites", NOW)
    backup(Revisions(tmp_path / "store"), tmp_path / "backup")
    restore(tmp_path / "backup", Revisions(tmp_path / "again"))
    assert Partners(tmp_path / "again").holder(token, NOW) == grant
    assert stat.S_IMODE((tmp_path / "again" / FILE).stat().st_mode) == 0o600


def test_a_broken_file_of_tokens_lets_nobody_in(partners: Partners, tmp_path: Path) -> None:
    token, _ = partners.create(ACME, "acme-sites", NOW)
    (tmp_path / "store" / FILE).write_text('[{"id": 1}]')
    with pytest.raises(StoreError, match="can't be read"):
        partners.holder(token, NOW)


def test_the_command_shows_a_token_once(rskg: Run, tmp_path: Path) -> None:
    small_store(tmp_path / "store")
    made = rskg(
        *("token", "create", "--store", tmp_path / "store", "--partner", ACME),
        *("--dataset", "acme-sites", "--expires", "90d"),
    )
    token = made.stdout.strip()
    assert made.returncode == 0, made.stderr
    assert token not in made.stderr
    public = token.split("_")[1]
    listed = rskg("token", "list", "--store", tmp_path / "store").stdout
    assert "valid" in listed
    assert public in listed
    assert token not in listed
    assert rskg("token", "revoke", public, "--store", tmp_path / "store").returncode == 0
    assert "revoked" in rskg("token", "list", "--store", tmp_path / "store").stdout
    assert rskg("token", "revoke", "0" * 12, "--store", tmp_path / "store").returncode == 2
    over = rskg(
        *("token", "create", "--store", tmp_path / "store", "--partner", ACME),
        *("--dataset", "acme-sites", "--expires", "2020-01-01"),
    )
    assert over.returncode == 2
    assert "is over already" in over.stderr
    records = json.loads((tmp_path / "store" / FILE).read_text())
    assert len(records) == 1
