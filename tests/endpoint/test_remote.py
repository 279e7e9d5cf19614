"""An endpoint asked from Python gives what the store gives."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

import rskg
from rskg.errors import EndpointFailed, UsageError
from tests.test_client import KINDS, LABELS


def test_an_endpoint_gives_what_the_store_gives(store: Path, real_site: httpx.Client) -> None:
    kg, there = rskg.open(store), rskg.open(f"{real_site.base_url}/sparql")
    for query in (LABELS, KINDS):
        assert there.query(query).cite().result == kg.query(query).cite().result
    slug = "who-drives-one-commodity"
    assert list(there.ask(slug)) == list(kg.ask(slug))
    assert list(there.ask(slug, commodity="lithium")) == list(kg.ask(slug, commodity="lithium"))
    assert there.query("ASK { ?s ?p ?o }")
    assert there.query("ASK { ?s ?p ?o }").revision == kg.query("ASK { ?s ?p ?o }").revision
    assert len(there.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3").to_rdflib()) == 3
    with pytest.raises(EndpointFailed, match=r"HTTP 400: .*does not parse"):
        there.query("SELECT * {")
    with pytest.raises(UsageError, match="CONSTRUCT"):
        there.graph()
