"""The published JSON-LD context: what is written with it says what the same Turtle says."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat
from rdflib import Graph
from rdflib.compare import isomorphic

from rskg import jsonld
from rskg.errors import DocumentTooLarge, InputError
from rskg.namespaces import CONTEXT, TERM
from rskg.ontology import load
from rskg.paths import Files, installed
from rskg.syntax import NT, TURTLE, Source, parse, parse_bytes, serialize, skolemise
from rskg.syntax.contexts import MOST
from rskg.syntax.positions import locate
from tests.conftest import Run

SITE = """\
{
  "@context": ["~", {"ours": "https://acme.example/"}], "type": "Site",
  "id": "site:north-pit",
  "label": {"en": "North Pit", "fr": "Fosse nord"},
  "locatedIn": "country:CL", "ofCommodity": ["commodity:copper", "commodity:gold"]
}
"""
AS_TURTLE = """\
@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix id: <https://w3id.org/rskg/id/> .
<https://w3id.org/rskg/id/site/north-pit> a rskg:Site ;
  rdfs:label "North Pit"@en, "Fosse nord"@fr ;
  rskg:locatedIn <https://w3id.org/rskg/id/country/CL> ;
  rskg:ofCommodity <https://w3id.org/rskg/id/commodity/copper> ;
  rskg:ofCommodity <https://w3id.org/rskg/id/commodity/gold> .
"""


def read(text: str, most: int | None = None) -> Source:
    """A document that may name the context."""
    made = partial(jsonld.context, installed())
    content = text.encode()
    form = RdfFormat.JSON_LD
    return Source("x.jsonld", form, lambda: io.BytesIO(content), most_bytes=most, context=made)


def told(text: str) -> set[str]:
    return {str(quad.triple) for quad in read(text.replace("~", CONTEXT)).quads()}


def test_a_document_says_what_its_turtle_says() -> None:
    wanted = {str(triple) for triple in parse_bytes(AS_TURTLE.encode(), TURTLE)}
    assert told(SITE) == wanted
    assert told(SITE.replace("~", CONTEXT.replace("/", "\\/"))) == wanted
    assert told(f"[{SITE},{SITE}]") == wanted
    nested = json.loads(SITE.replace("~", CONTEXT))
    assert told(json.dumps({"@graph": [nested]})) == wanted


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_each_example_comes_back_as_another_writer_puts_it(files: Files) -> None:
    """Every valid example, compacted with the context by rdflib."""
    context = json.loads(jsonld.context(files))["@context"]
    keys: set[str] = set()
    paths = sorted(files.examples.glob("*/valid.ttl"))
    assert len(paths) > 50
    for path in paths:
        triples = skolemise(parse(path))
        graph = Graph().parse(data=serialize(triples, NT), format="nt")
        document = json.loads(graph.serialize(format="json-ld", context=context))
        document["@context"] = CONTEXT
        keys |= _keys(document)
        assert told(json.dumps(document)) == {str(triple) for triple in triples}, path
    assert {"id", "type", "label", "rskg:confidence", "states", "locatedIn"} <= keys
    assert not [key for key in keys if key.startswith("http")]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_another_reader_reads_the_same(files: Files) -> None:
    document = json.loads(SITE) | json.loads(jsonld.context(files))
    theirs = Graph().parse(data=json.dumps(document), format="json-ld")
    assert isomorphic(theirs, Graph().parse(data=AS_TURTLE, format="turtle"))


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    if not isinstance(value, dict):
        return set()
    return {*value, *(key for one in value.values() for key in _keys(one))}


def test_names_mean_what_the_prefix_table_says(files: Files) -> None:
    context = json.loads(jsonld.context(files))["@context"]
    for name, space in load(files.ontology).prefixes.items():
        said = context[name]
        assert (said if isinstance(said, str) else said["@id"]) == space
    assert context["locatedIn"] == {"@id": TERM + "locatedIn", "@type": "@id"}
    assert context["label"]["@container"] == "@language"
    assert jsonld.context(files).isascii()
    assert "\n" not in jsonld.context(files)


def test_places_are_those_of_the_document_as_written() -> None:
    text = SITE.replace("~", CONTEXT)
    source = read(text)
    found = {(one.predicate, one.object): one for one in locate(source)}
    lines = text.splitlines()
    for (_, value), one in found.items():
        at = one.object_at
        said = lines[at.line - 1][at.column - 1 : at.end_column - 1]
        assert (
            value.strip("<>").rpartition("/")[2].rpartition("#")[2].split('"@')[0].strip('"')
            in said
        ), (value, said)
    type_at = next(one.object_at for (p, _), one in found.items() if p.endswith("#type>"))
    assert (type_at.line, type_at.column) == (2, lines[1].index('"Site"') + 1)
    broken = text.replace('"type": "Site"', '"type" "Site"')
    plain = broken.replace(f'"{CONTEXT}"', "{}")
    places = []
    for one in (read(broken), read(plain)):
        with pytest.raises(InputError) as error:
            list(one.quads())
        places.append((error.value.line, error.value.column))
    assert places[0][0] == places[1][0] == 2
    shift = len(CONTEXT) + 2 - len("{}")
    assert places[0][1] == (places[1][1] or 0) + shift


def test_it_is_a_context_only_where_a_context_stands() -> None:
    about = f'{{"@context": {{"see": "https://a.example/see"}}, "@id": "{CONTEXT}", "see": "~"}}'
    assert told(about) == {f'<{CONTEXT}> <https://a.example/see> "{CONTEXT}"'}
    listed = (
        f'{{"@context": {{"see": "https://a.example/see"}}, "@id": "a:a", "see": ["{CONTEXT}"]}}'
    )
    assert told(listed) == {f'<a:a> <https://a.example/see> "{CONTEXT}"'}


@pytest.mark.parametrize(
    "context",
    [
        '"https://schema.org/"',
        '["~", "https://schema.org/"]',
        '{"@import": "~"}',
        '"~#"',
        '"http://w3id.org/rskg/context.jsonld"',
    ],
)
def test_nothing_is_fetched(context: str) -> None:
    with pytest.raises(InputError, match="has to stand in the document itself"):
        told(f'{{"@context": {context}, "@id": "a:a", "label": "x"}}')


def test_a_context_that_is_named_without_end_is_refused() -> None:
    part = f'{{"@context": "{CONTEXT}", "id": "a:a", "note": "x"}}'
    with pytest.raises(DocumentTooLarge, match="name it once, at the top"):
        list(read(f"[{','.join([part] * (MOST + 1))}]").quads())
    with pytest.raises(DocumentTooLarge, match="name it once, at the top"):
        list(read(f"[{','.join([part] * 10)}]", most=100_000).quads())
    one = replace(read(part), context=None)
    with pytest.raises(InputError, match="has to stand in the document itself"):
        list(one.quads())


def test_the_command_line_reads_it(rskg: Run, tmp_path: Path) -> None:
    text = SITE.replace("~", CONTEXT).replace("gold", "fools-gold")
    (tmp_path / "site.jsonld").write_text(text)
    done = rskg("validate", "site.jsonld")
    assert done.returncode == 1, done.stderr
    column = text.splitlines()[4].index('"commodity:fools-gold"') + 1
    assert f"site.jsonld:5:{column}: violation: Take each rskg:ofCommodity" in done.stdout
