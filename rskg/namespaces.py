"""The IRIs we mint and the outside namespaces that Python has to name.

Everything of ours lives under `BASE`; no IRI carries a version number.
"""

BASE = "https://w3id.org/rskg/"
ONTOLOGY = BASE + "ontology"
TERM = ONTOLOGY + "#"
CONTEXT = BASE + "context.jsonld"
SHAPE = BASE + "shapes#"
THING = BASE + "id/"
GRAPH = BASE + "graph/"
DATASET = BASE + "dataset/"
GENID = BASE + ".well-known/genid/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
PROV = "http://www.w3.org/ns/prov#"
SH = "http://www.w3.org/ns/shacl#"
VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
SPDX = "http://spdx.org/rdf/terms#"
CSVW = "http://www.w3.org/ns/csvw#"
SCHEMA = "https://schema.org/"

#: Columns and rows of a table while `map.rq` reads it; never stored.
COLUMN = "urn:rskg:column:"
ROW = "urn:rskg:row:"


def term(name: str) -> str:
    """The IRI of a class or property of the ontology."""
    return TERM + name


def thing(kind: str, slug: str) -> str:
    """The IRI of a thing or code-list concept, `…/id/<kind>/<slug>`."""
    return f"{THING}{kind}/{slug}"


def graph(name: str) -> str:
    """The IRI of a named graph, for example `graph("data/actors")`."""
    return GRAPH + name


def dataset(slug: str) -> str:
    """The IRI of a `dcat:Dataset`."""
    return DATASET + slug
