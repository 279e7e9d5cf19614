"""Who says so: PROV-O and DCAT about every graph, from the descriptions and the files' bytes.

No clock: times come from the descriptions, and a file's identity is its hash (RFC 6920).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rskg.dataset import Dataset
from rskg.namespaces import BASE, CSVW, DCAT, DCTERMS, ONTOLOGY, PROV, RDF, SD, SPDX, XSD, graph
from rskg.namespaces import dataset as dataset_iri
from rskg.syntax import Literal, NamedNode, Triple

_LICENCE = DCTERMS + "license"
_INHERITED = {
    _LICENCE: _LICENCE,
    DCTERMS + "publisher": PROV + "wasAttributedTo",
    DCTERMS + "modified": DCTERMS + "modified",
}
CATALOGUE = BASE + "datasets"
MEDIA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Sum:
    """How many bytes there are, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Sum:
        """The sum of this content."""
        return cls(len(content), sha256(content).hexdigest())


def describe(
    datasets: Sequence[Dataset],
    ontology: Iterable[Path],
    shapes: Iterable[Path],
    catalogue: Iterable[Triple] = (),
) -> list[Triple]:
    """What `graph/provenance` holds: the DCAT descriptions, and where each graph comes from.

    `catalogue` is what is said of the catalogue itself.
    """
    told: list[Triple] = [_says(CATALOGUE, RDF + "type", DCAT + "Catalog"), *catalogue]
    for dataset in datasets:
        told.extend(dataset.description)
        told.append(_says(CATALOGUE, DCAT + "dataset", dataset.iri))
        told.extend(_graph(dataset.graph, dataset.iri, dataset.files()))
        told.extend(_inherited(dataset))
        told.extend(_tables(dataset))
        told.extend(_reached(dataset))
    told.extend(_licences(datasets))
    told.extend(_graph(graph("ontology"), ONTOLOGY, ontology))
    told.extend(_graph(graph("shapes"), BASE + "shapes", shapes))
    told.extend(_inferred([graph("ontology"), *(dataset.graph for dataset in datasets)]))
    return list(dict.fromkeys(told))


def dump(dataset: Dataset, content: Sum) -> Iterator[Triple]:
    """The dataset's graph as one file of N-Triples, in the order in which the store holds it."""
    file = f"{dataset.iri}/dump"
    title = Literal("All of its triples, as N-Triples", language="en")
    yield Triple(NamedNode(file), NamedNode(DCTERMS + "title"), title)
    yield from _file(dataset, file, f"{dataset.slug}.nt", "application/n-triples", content)


def _tables(dataset: Dataset) -> Iterator[Triple]:
    """Each table as the file that it is, where the description names it (csvw:url)."""
    named = {
        t.object.value: t.subject.value
        for t in dataset.description
        if t.predicate.value == CSVW + "url" and isinstance(t.subject, NamedNode)
        if isinstance(t.object, Literal)
    }
    for path in (table.path for table in dataset.tables):
        if path.name in named:
            content = Sum.of(path.read_bytes())
            address = f"{dataset.slug}/{path.name}"
            yield from _file(dataset, named[path.name], address, "text/csv", content)


def _reached(dataset: Dataset) -> Iterator[Triple]:
    """A source that gives the file alone is reached there too: DCAT-AP wants an access URL."""
    download, access = DCAT + "downloadURL", DCAT + "accessURL"
    known = {t.subject for t in dataset.description if t.predicate.value == access}
    for triple in dataset.description:
        if triple.predicate.value == download and triple.subject not in known:
            yield Triple(triple.subject, NamedNode(access), triple.object)


def _file(
    dataset: Dataset, file: str, address: str, media_type: str, content: Sum
) -> Iterator[Triple]:
    """A distribution, where to get it, under which licence, how large it is and its checksum."""
    total = f"{file}/checksum"
    yield _says(dataset.iri, DCAT + "distribution", file)
    yield _says(file, RDF + "type", DCAT + "Distribution")
    yield _says(file, DCAT + "accessURL", f"{CATALOGUE}/{dataset.slug}")
    yield _says(file, DCAT + "downloadURL", f"{CATALOGUE}/{address}")
    yield _says(file, DCAT + "mediaType", MEDIA + media_type)
    for triple in dataset.description:
        if triple.subject == NamedNode(dataset.iri) and triple.predicate.value == _LICENCE:
            yield Triple(NamedNode(file), triple.predicate, triple.object)
    size = Literal(str(content.size), datatype=NamedNode(XSD + "nonNegativeInteger"))
    yield Triple(NamedNode(file), NamedNode(DCAT + "byteSize"), size)
    yield _says(file, SPDX + "checksum", total)
    yield _says(total, RDF + "type", SPDX + "Checksum")
    yield _says(total, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    value = NamedNode(SPDX + "checksumValue")
    yield Triple(NamedNode(total), value, Literal(content.sha256))


def _licences(datasets: Sequence[Dataset]) -> Iterator[Triple]:
    """The merge is under all of them: whoever takes it takes each."""
    for dataset in datasets:
        for triple in dataset.description:
            if triple.subject == NamedNode(dataset.iri) and triple.predicate.value == _LICENCE:
                yield Triple(NamedNode(dataset_iri("rskg")), triple.predicate, triple.object)


def _graph(name: str, source: str, files: Iterable[Path]) -> Iterator[Triple]:
    yield _says(name, RDF + "type", SD + "NamedGraph")
    yield _says(name, RDF + "type", PROV + "Entity")
    yield _says(name, PROV + "wasDerivedFrom", source)
    identity = Literal(named_by_hash(files), datatype=NamedNode(XSD + "anyURI"))
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


def named_by_hash(files: Iterable[Path], known: Mapping[Path, bytes] | None = None) -> str:
    """The identity of a graph that follows from these files; `known` are sums to take for some."""
    digest, sums = sha256(), known or {}
    for path in sorted(files):
        each = sums.get(path) or sha256(path.read_bytes()).digest()
        digest.update(f"{path.name}\0".encode() + each)
    text = urlsafe_b64encode(digest.digest()).decode().rstrip("=")
    return f"ni:///sha-256;{text}"


def _says(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))
