"""VoID is true: what the build counted equals what counting the store gives."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rskg.namespaces import BASE, GRAPH, SKOS
from rskg.store import Reader

ASKS = Path(__file__).resolve().parent.parent / "rskg" / "endpoint" / "asks"
STATISTICS = GRAPH + "statistics"


def counted(reader: Reader, name: str) -> set[tuple[tuple[str, str], ...]]:
    """The rows of a page's query, without labels."""
    rows = reader.select((ASKS / f"{name}.rq").read_text("utf-8"))
    return {
        tuple(
            sorted(
                (variable, str(getattr(term, "value", term)))
                for variable, term in row.items()
                if variable != "label"
            )
        )
        for row in rows
    }


@pytest.mark.parametrize("name", ["graphs", "kinds", "term-usage", "dataset-contents"])
def test_what_is_told_is_what_is_counted(reader: Reader, name: str) -> None:
    told, found = counted(reader, f"{name}-told"), counted(reader, name)
    if name == "dataset-contents":  # the page binds ?graph to a dataset's graph
        told, found = (
            {row for row in rows if dict(row)["graph"].startswith(GRAPH + "data/")}
            for rows in (told, found)
        )
    assert told == found
    assert len(told) > 20


def test_properties_and_links_are_those_of_the_data(reader: Reader) -> None:
    head = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX d: <https://w3id.org/rskg/dataset/>"
    told = reader.select(
        f"""{head} SELECT ?p ?n ?subjects ?objects {{ GRAPH <{STATISTICS}> {{
          d:rskg void:propertyPartition ?part .
          ?part void:property ?p ; void:triples ?n ;
            void:distinctSubjects ?subjects ; void:distinctObjects ?objects }} }}"""
    )
    rows = {
        tuple(str(getattr(row[v], "value", "")) for v in ("p", "n", "subjects", "objects"))
        for row in told
    }
    triples: dict[str, list[tuple[str, str]]] = {}
    for quad in reader.quads("default"):
        pair = (str(quad.subject), str(quad.object))
        triples.setdefault(quad.predicate.value, []).append(pair)
    assert rows == {
        (p, str(len(pairs)), str(len({s for s, _ in pairs})), str(len({o for _, o in pairs})))
        for p, pairs in triples.items()
    }


def test_linksets_are_those_of_the_data(reader: Reader) -> None:
    told = reader.select(
        f"""PREFIX void: <http://rdfs.org/ns/void#> PREFIX d: <https://w3id.org/rskg/dataset/>
        SELECT ?link ?target ?n {{ GRAPH <{STATISTICS}> {{
          d:rskg void:subset ?part . ?part a void:Linkset ; void:linkPredicate ?link ;
            void:objectsTarget ?target ; void:triples ?n }} }}"""
    )
    rows = {
        tuple(str(getattr(row[v], "value", "")) for v in ("link", "target", "n")) for row in told
    }
    links: Counter[tuple[str, str]] = Counter()
    for quad in reader.quads("default"):
        name = quad.predicate.value.removeprefix(SKOS)
        if name in ("exactMatch", "closeMatch", "relatedMatch", "broadMatch"):
            there = getattr(quad.object, "value", "")
            if not there.startswith(BASE):
                scheme, _, rest = there.partition("://")
                links[quad.predicate.value, f"{scheme}://{rest.partition('/')[0]}/"] += 1
    assert rows == {(link, target, str(n)) for (link, target), n in links.items()}
    assert len(rows) > 10
