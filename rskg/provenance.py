"""Who says so: PROV-O and DCAT about every graph, from the descriptions and the files' bytes.

No clock: times come from the descriptions, and a file's identity is its hash (RFC 6920).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from rskg.dataset import Dataset
from rskg.namespaces import BASE, DCAT, DCTERMS, ONTOLOGY, PROV, RDF, SD, XSD, graph
from rskg.syntax import Literal, NamedNode, Triple

_INHERITED = {
    DCTERMS + "license": DCTERMS + "license",
    DCTERMS + "publisher": PROV + "wasAttributedTo",
    DCTERMS + "modified": DCTERMS + "modified",
}
CATALOGUE = BASE + "datasets"


def describe(
    datasets: Sequence[Dataset], ontology: Iterable[Path], shapes: Iterable[Path]
) -> list[Triple]:
    """What `graph/provenance` holds: the DCAT descriptions, and where each graph comes from."""
    told: list[Triple] = [_says(CATALOGUE, RDF + "type", DCAT + "Catalog")]
    for dataset in datasets:
        told.extend(dataset.description)
        told.append(_says(CATALOGUE, DCAT + "dataset", dataset.iri))
        told.extend(_graph(dataset.graph, dataset.iri, dataset.files()))
        told.extend(_inherited(dataset))
    told.extend(_graph(graph("ontology"), ONTOLOGY, ontology))
    told.extend(_graph(graph("shapes"), BASE + "shapes", shapes))
    told.extend(_inferred([graph("ontology"), *(dataset.graph for dataset in datasets)]))
    return list(dict.fromkeys(told))


def _graph(name: str, source: str, files: Iterable[Path]) -> Iterator[Triple]:
    yield _says(name, RDF + "type", SD + "NamedGraph")
    yield _says(name, RDF + "type", PROV + "Entity")
    yield _says(name, PROV + "wasDerivedFrom", source)
    identity = Literal(_named_by_hash(files), datatype=NamedNode(XSD + "anyURI"))
    yield Triple(NamedNode(name), NamedNode(DCTERMS + "identifier"), identity)


def _inherited(dataset: Dataset) -> Iterator[Triple]:
    for triple in dataset.description:
        kept = _INHERITED.get(triple.predicate.value)
        if kept and triple.subject == NamedNode(dataset.iri):
            yield Triple(NamedNode(dataset.graph), NamedNode(kept), triple.object)


def _inferred(sources: Sequence[str]) -> Iterator[Triple]:
    name = graph("inferred")
    yield _says(name, RDF + "type", SD + "NamedGraph")
    yield _says(name, RDF + "type", PROV + "Entity")
    for source in sources:
        yield _says(name, PROV + "wasDerivedFrom", source)


def _named_by_hash(files: Iterable[Path]) -> str:
    digest = sha256()
    for path in sorted(files):
        digest.update(f"{path.name}\0".encode() + sha256(path.read_bytes()).digest())
    text = urlsafe_b64encode(digest.digest()).decode().rstrip("=")
    return f"ni:///sha-256;{text}"


def _says(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))
