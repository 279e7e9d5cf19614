"""The redirects for w3id.org: each IRI that we mint leads to its document on the serving host."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from rskg.namespaces import BASE
from tests.endpoint.test_resources import paths

FILE = Path(__file__).resolve().parents[2] / "docs" / "w3id" / ".htaccess"
HOST = "https://graph.example/"
RULE = re.compile(r"^RewriteRule (\S+) (\S+) \[R=(\d+),L\]$", re.MULTILINE)


def redirected(path: str) -> tuple[int, str]:
    """What mod_rewrite makes of a path below the folder: the first rule that fits is the last."""
    for pattern, target, status in RULE.findall(FILE.read_text()):
        if found := re.search(pattern, path):
            return int(status), re.sub(r"\$(\d)", lambda group: found[int(group[1])], target)
    raise AssertionError(path)


def test_every_line_is_understood_here() -> None:
    lines = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    others = {"Options +FollowSymLinks", "RewriteEngine on"}
    assert [line for line in lines if not RULE.match(line)] == sorted(others)


def test_each_iri_leads_to_its_document(site: httpx.Client) -> None:
    wanted = [BASE, *(BASE + path[1:] for path in paths(site))]
    assert len(wanted) > 30
    for iri in wanted:
        status, address = redirected(iri.removeprefix(BASE))
        assert address.startswith(HOST)
        assert status == (307 if iri == f"{BASE}sparql" else 302)
        there = site.get("/" + address.removeprefix(HOST), follow_redirects=True)
        assert there.status_code == 200, iri


@pytest.mark.parametrize("path", ["sparql", "contributions", "reconcile"])
def test_what_is_posted_stays_a_post(path: str) -> None:
    assert redirected(path) == (307, HOST + path)
