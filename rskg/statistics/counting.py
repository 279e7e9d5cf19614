"""VoID counted whole, by SPARQL (https://www.w3.org/TR/void/)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from rskg.namespaces import BASE, GRAPH, SKOS, THING, VOID, term
from rskg.syntax import Triple

WHOLE = BASE + "dataset/rskg"

#: The properties whose triples are counted as links, where they lead out of `BASE`.
LINKS = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "relatedMatch", "broadMatch"))

_HEAD = f"""
PREFIX void: <{VOID}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <{SKOS}>
"""
_PART = f'IRI(CONCAT("{GRAPH}statistics#", {{kind}}, MD5({{what}})))'


def _part(kind: str, *variables: str) -> str:
    what = ", ' ', ".join(f"STR(?{name})" for name in variables)
    return _PART.format(kind=f'"{kind}-"', what=f"CONCAT({what})")


QUERIES = (
    f"""CONSTRUCT {{ <{WHOLE}> a void:Dataset ; dcterms:title "The rskg graph"@en ;
        void:triples ?triples ; void:distinctSubjects ?subjects ; void:distinctObjects ?objects ;
        void:properties ?properties ; void:uriSpace "{BASE}" ;
        void:sparqlEndpoint <{BASE}sparql> ; void:exampleResource <{BASE}id/process/irma-standard>
      }} WHERE {{ SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
        (COUNT(DISTINCT ?o) AS ?objects) (COUNT(DISTINCT ?p) AS ?properties)
        WHERE {{ ?s ?p ?o }} }}""",
    f"""CONSTRUCT {{ <{WHOLE}> void:classes ?n }}
      WHERE {{ SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{ ?s a ?c }} }}""",
    f"""CONSTRUCT {{ <{WHOLE}> void:classPartition ?part .
        ?part void:class ?class ; void:entities ?n }}
      WHERE {{ {{ SELECT ?class (COUNT(*) AS ?n) WHERE {{ ?s a ?class }} GROUP BY ?class }}
        BIND({_part("class", "class")} AS ?part) }}""",
    f"""CONSTRUCT {{ <{WHOLE}> void:propertyPartition ?part .
        ?part void:property ?property ; void:triples ?n ;
          void:distinctSubjects ?subjects ; void:distinctObjects ?objects }}
      WHERE {{ {{ SELECT ?property (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects)
          (COUNT(DISTINCT ?o) AS ?objects) WHERE {{ ?s ?property ?o }} GROUP BY ?property }}
        BIND({_part("property", "property")} AS ?part) }}""",
    f"""CONSTRUCT {{ ?classPart void:propertyPartition ?part .
        ?part void:property ?property ; void:triples ?n }}
      WHERE {{ {{ SELECT ?class ?property (COUNT(*) AS ?n)
          WHERE {{ ?s a ?class ; ?property ?o }} GROUP BY ?class ?property }}
        BIND({_part("class", "class")} AS ?classPart)
        BIND({_part("class-property", "class", "property")} AS ?part) }}""",
    f"""CONSTRUCT {{ <{WHOLE}> void:subset ?part . ?part a void:Linkset ;
        void:linkPredicate ?link ; void:triples ?n ; void:objectsTarget ?target }}
      WHERE {{ {{ SELECT ?link ?target (COUNT(*) AS ?n) WHERE {{
          VALUES ?link {{ {" ".join(f"<{link}>" for link in LINKS)} }}
          ?s ?link ?o . FILTER(!STRSTARTS(STR(?o), "{BASE}"))
          BIND(IRI(REPLACE(STR(?o), "^([a-z]+://[^/]+/).*$", "$1")) AS ?target) }}
          GROUP BY ?link ?target }}
        BIND({_part("links", "link", "target")} AS ?part) }}""",
    f"""CONSTRUCT {{ <{WHOLE}> void:subset ?graph . ?graph a void:Dataset ; void:triples ?n }}
      WHERE {{ SELECT ?graph (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} }}
        GROUP BY ?graph }}""",
    f"""CONSTRUCT {{ ?graph void:classPartition ?part .
        ?part void:class ?class ; void:entities ?n }}
      WHERE {{ {{ SELECT ?graph ?class (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s a ?class }}
          FILTER(STRSTARTS(STR(?graph), "{GRAPH}data/")) }} GROUP BY ?graph ?class }}
        BIND({_part("graph-class", "graph", "class")} AS ?part) }}""",
    f"""CONSTRUCT {{ <{WHOLE}> void:subset ?part . ?part a void:Dataset ;
        void:uriSpace ?space ; void:entities ?n }}
      WHERE {{ {{ SELECT ?space (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a ?class
          FILTER(STRSTARTS(STR(?s), "{THING}"))
          BIND(CONCAT("{THING}", STRBEFORE(STRAFTER(STR(?s), "{THING}"), "/"), "/") AS ?space) }}
          GROUP BY ?space }}
        BIND({_part("kind", "space")} AS ?part) }}""",
)


#: How many matches there are of each verdict.
VERDICTS = f"""
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT (STR(?name) AS ?verdict) (COUNT(?match) AS ?n)
WHERE {{ ?match <{term("matchVerdict")}> ?judged . ?judged skos:notation ?name }}
GROUP BY ?name ORDER BY ?name
"""


def describe(construct: Callable[[str], Sequence[Triple]]) -> list[Triple]:
    """What `graph/statistics` holds, counted over the store that `construct` asks.

    Two questions at a time: an engine lets other threads run while it counts.
    """
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(construct, [_HEAD + query for query in QUERIES])
        return list(dict.fromkeys(triple for triples in found for triple in triples))
