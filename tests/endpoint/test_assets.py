"""What pages load: the files that were built, packed beside themselves, under names that stay."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import httpx
import pytest

from rskg.endpoint.pages.assets import Bundle

SCRIPT = b"console.log('here');" * 100


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """A folder as Vite leaves it."""
    manifest = {
        "src/one.ts": {"file": "one-a1.js", "imports": ["_two-b2.js"], "css": ["one-c3.css"]},
        "_two-b2.js": {"file": "two-b2.js", "css": ["two-d4.css"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in ("one-a1.js", "two-b2.js", "one-c3.css", "two-d4.css", "secret.js"):
        (tmp_path / name).write_bytes(SCRIPT)
    (tmp_path / "one-a1.js.gz").write_bytes(gzip.compress(SCRIPT))
    return Bundle(tmp_path)


def test_a_page_loads_an_entry_with_what_it_needs(bundle: Bundle) -> None:
    tags = bundle.tags("one.ts").splitlines()
    assert tags == [
        '<link rel="stylesheet" href="/assets/one-c3.css">',
        '<link rel="stylesheet" href="/assets/two-d4.css">',
        '<link rel="modulepreload" href="/assets/two-b2.js">',
        '<script type="module" src="/assets/one-a1.js"></script>',
    ]


def test_a_file_is_handed_out_as_it_lies_packed(bundle: Bundle) -> None:
    packed = bundle.asset("one-a1.js", "gzip, deflate, br")
    assert packed and packed.coding == "gzip" and gzip.decompress(packed.body) == SCRIPT
    for accepted in ("", "deflate", "gzip;q=0"):
        plain = bundle.asset("one-a1.js", accepted)
        assert plain and plain.coding == "" and plain.body == SCRIPT
    assert packed.media_type == "text/javascript"


@pytest.mark.parametrize("name", ["secret.js", "manifest.json", "../assets.py", "one-a1.js.gz", ""])
def test_only_what_the_manifest_names_is_handed_out(bundle: Bundle, name: str) -> None:
    assert bundle.asset(name, "gzip") is None


def test_without_a_bundle_pages_load_nothing(tmp_path: Path) -> None:
    nothing = Bundle(tmp_path / "static")
    assert not nothing.present
    assert nothing.tags("one.ts") == ""
    assert nothing.asset("one-a1.js", "gzip") is None


def test_pages_load_scripts_by_address_only(site: httpx.Client) -> None:
    answer = site.get("/sparql", headers={"Accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy
    assert "set-cookie" not in answer.headers
    for attributes, text in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.S):
        assert "src=" in attributes and not text
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", answer.text)
    for address in re.findall(r'(?:src|href)="(/assets/[^"]+)"', answer.text):
        found = site.get(address)
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]
    assert site.get("/assets/none.js").status_code == 404


def test_what_an_editor_offers(real_site: httpx.Client) -> None:
    told = real_site.get("/completions").json()
    classes = [iri for iri, _, _ in told["classes"]]
    properties = [iri for iri, _, _ in told["properties"]]
    term = "https://w3id.org/rskg/ontology#"
    assert told["prefixes"]["rskg"] == term
    adoption = told["fits"][str(classes.index(term + "Adoption"))]
    fitting = {properties[place]: number for place, number in adoption}
    adoptions = next(number for iri, _, number in told["classes"] if iri == term + "Adoption")
    assert fitting[term + "adoptedProcess"] == adoptions
    assert term + "coversStage" not in fitting
    french = real_site.get("/completions", headers={"Accept-Language": "fr"}).json()
    labels = {iri: label for iri, label, _ in french["classes"]}
    assert labels[term + "Actor"] == "Acteur"
    assert real_site.get("/completions", params={"lang": "de"}).json() == told
