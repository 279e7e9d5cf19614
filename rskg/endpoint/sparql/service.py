"""The service description that a bare GET of `/sparql` gives to programs.

https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Sequence

from rskg.endpoint.http.negotiation import TRIPLE_FORMATS
from rskg.namespaces import BASE, SD
from rskg.statistics import WHOLE
from rskg.syntax import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    Format,
    GraphFormat,
    parse_bytes,
    serialize,
    skolemise,
)

FORMAT_IRIS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "nq": "N-Quads",
    "trig": "TriG",
}
#: For formats that the W3C has no name for.
MEDIA = "https://www.iana.org/assignments/media-types/"
PREFIXES = {
    "sd": SD,
    "void": "http://rdfs.org/ns/void#",
    "dcterms": "http://purl.org/dc/terms/",
    "formats": "http://www.w3.org/ns/formats/",
}
SERVICE = f"{BASE}sparql"
MERGE = (
    "The default graph is the merge of the ontology, the datasets and what follows from them, "
    "each fact once; every named graph tells who said what."
)


BARE = (
    "The default graph is a graph of its own, apart from the named graphs; whoever has the "
    "administrator's token changes any of them, by update or whole."
)


def description(graphs: Sequence[str], form: GraphFormat, *, bare: bool = False) -> bytes:
    """The service, its languages, formats and graphs, in a format.

    A bare store takes updates and keeps graphs that are empty.
    """
    languages = "sd:SPARQL11Query, sd:SPARQL11Update" if bare else "sd:SPARQL11Query"
    whole = f"{SERVICE}#default" if bare else WHOLE
    also = "\n  sd:feature sd:EmptyGraphs ;" if bare else ""
    formats_read = ", ".join(f"formats:{FORMAT_IRIS[one.name]}" for one in TRIPLE_FORMATS)
    also += f"\n  sd:inputFormat {formats_read} ;" if bare else ""
    heads = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    formats = ", ".join(_format_iri(one) for one in (*SOLUTION_FORMATS, *GRAPH_FORMATS))
    named = ", ".join(f"[ a sd:NamedGraph ; sd:name <{iri}> ; sd:graph <{iri}> ]" for iri in graphs)
    text = f"""{heads}
<{SERVICE}> a sd:Service ;
  sd:endpoint <{SERVICE}> ;
  sd:supportedLanguage {languages} ;{also}
  sd:resultFormat {formats} ;
  sd:defaultDataset <{SERVICE}#dataset> .
<{SERVICE}#dataset> a sd:Dataset ;
  dcterms:description "{BARE if bare else MERGE}"@en ;
  sd:defaultGraph <{whole}> {f"; sd:namedGraph {named}" if named else ""} .
<{whole}> a sd:Graph, void:Dataset .
"""
    triples = skolemise(parse_bytes(text.encode(), GRAPH_FORMATS[0]))
    return serialize(triples, form, PREFIXES)


def _format_iri(form: Format) -> str:
    known = FORMAT_IRIS.get(form.name)
    return f"formats:{known}" if known else f"<{MEDIA}{form.media_type}>"
