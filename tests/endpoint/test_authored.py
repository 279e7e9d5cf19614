"""The shapes and the ontology, fetched and used elsewhere."""

from __future__ import annotations

import httpx
from rdflib import Graph

from rskg.ontology import load
from rskg.paths import Files
from rskg.shapes import load as load_shapes
from rskg.syntax import GRAPH_FORMATS, parse, parse_bytes, skolemise
from rskg.validation import validate

TURTLE = {"Accept": "text/turtle"}


def test_fetched_shapes_find_what_the_files_find(real_site: httpx.Client, files: Files) -> None:
    fetched = parse_bytes(real_site.get("/shapes", headers=TURTLE).content, GRAPH_FORMATS[0])
    terms = load(files.ontology).triples
    ours = load_shapes([files.shapes]).triples
    mistakes = sorted(files.examples.glob("*/invalid-*.ttl"))[::40]
    assert len(mistakes) > 10
    for mistake in mistakes:
        data = skolemise(parse(mistake))
        told = [
            [(r.focus, r.value, r.component, r.severity) for r in report.results]
            for report in (validate(data, fetched, terms), validate(data, ours, terms))
        ]
        assert told[0] == told[1], mistake


def test_fetched_documents_declare_their_prefixes(real_site: httpx.Client) -> None:
    for path in ("/shapes.ttl", "/ontology.ttl"):
        text = real_site.get(path).text
        assert "@prefix rskg:" in text
        assert "<https://w3id.org/rskg/.well-known/genid/" not in text
        assert len(Graph().parse(data=text, format="turtle")) > 1000
