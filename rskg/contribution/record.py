"""What is on record about contributions: PROV-O and DCAT in the graph of provenance.

Each revision tells by itself which contributions it holds, who sent them and when, and which were
withdrawn: there is no other list. `described` writes it and `known` reads it back.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rskg.namespaces import (
    BASE,
    DCAT,
    DCTERMS,
    ONTOLOGY,
    OWL,
    PROV,
    RDF,
    SD,
    SKOS,
    VOID,
    XSD,
    dataset,
    graph,
)
from rskg.provenance import CATALOGUE
from rskg.store import Row
from rskg.syntax import GRAPH_FORMATS, Literal, NamedNode, Term, Triple, format_named

PROVENANCE = graph("provenance")
GRAPHS = graph("contribution/")
FOAF_NAME = "http://xmlns.com/foaf/0.1/name"
_MEDIA = "https://www.iana.org/assignments/media-types/"
#: The formats of filled-in templates, and their media types.
TABLES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = {"gz": "application/gzip", "zst": "application/zstd"}


@dataclass(frozen=True)
class Contribution:
    """One graph offered by one partner at one time.

    `sha256` is of the document as it was before it was packed, `form` its format's short name,
    `packed` is "", gz or zst; times are UTC; `shapes` is the version of the shapes that it passed.
    `left_out` says why the revision does without its graph, where it contradicts the ontology.
    """

    id: str
    dataset: str
    title: str
    licence: str
    partner: str
    name: str
    sha256: str
    form: str
    packed: str
    accepted: str
    shapes: str
    triples: int
    withdrawn: str | None = None
    withdrawn_by: str | None = None
    left_out: str | None = None

    @property
    def is_in(self) -> bool:
        """Whether the revision holds its graph."""
        return self.withdrawn is None and self.left_out is None

    @property
    def graph(self) -> str:
        """The IRI of its named graph."""
        return GRAPHS + self.id

    @property
    def path(self) -> str:
        """Where it is told about, at any host that serves the store."""
        return f"/contributions/{self.id}"


def described(contributions: Iterable[Contribution]) -> set[Triple]:
    """What the graph of provenance says of these contributions, and of nothing else."""
    ordered = sorted(contributions, key=lambda each: (each.accepted, each.id))
    said = {triple for each in ordered for triple in _one(each)}
    for latest in {each.dataset: each for each in ordered}.values():
        said |= set(_dataset(latest))
    for latest in {each.partner: each for each in ordered}.values():
        said.add(_literal(latest.partner, FOAF_NAME, latest.name))
        said.add(_link(latest.partner, RDF + "type", PROV + "Agent"))
    return said


def joined(contributions: Mapping[str, Contribution], new: Contribution) -> dict[str, Contribution]:
    """All contributions with one more, which says what its partner and its dataset are called."""
    told = {
        each.id: replace(
            each,
            name=new.name if each.partner == new.partner else each.name,
            title=new.title if each.dataset == new.dataset else each.title,
        )
        for each in contributions.values()
    }
    return told | {new.id: new}


def known(select: Callable[[str], Iterable[Row]]) -> dict[str, Contribution]:
    """The contributions that a revision knows, withdrawn ones too, by their ids."""
    rows = select(KNOWN)
    found = [{n: _text(t) for n, t in row.items() if t is not None} for row in rows]
    return {each.id: each for each in map(told, found)}


def _one(one: Contribution) -> Iterator[Triple]:
    activity = BASE.rstrip("/") + one.path
    yield _link(one.graph, RDF + "type", PROV + "Entity")
    if one.is_in:
        yield _link(one.graph, RDF + "type", SD + "NamedGraph")
    elif one.withdrawn is None:
        yield _link(one.graph, OWL + "incompatibleWith", ONTOLOGY)
        yield _literal(one.graph, SKOS + "note", one.left_out or "")
    yield _link(one.graph, PROV + "wasDerivedFrom", dataset(one.dataset))
    yield _link(one.graph, PROV + "wasAttributedTo", one.partner)
    yield _link(one.graph, PROV + "wasGeneratedBy", activity)
    yield _time(one.graph, PROV + "generatedAtTime", one.accepted)
    yield _link(one.graph, DCTERMS + "license", one.licence)
    yield _literal(one.graph, DCTERMS + "identifier", _by_hash(one.sha256), XSD + "anyURI")
    form = format_named(one.form, GRAPH_FORMATS)
    media = form.media_type if form else TABLES[one.form]
    yield _link(one.graph, DCAT + "mediaType", _MEDIA + media)
    if one.packed:
        yield _link(one.graph, DCAT + "compressFormat", _MEDIA + _PACKED[one.packed])
    yield _literal(one.graph, VOID + "triples", str(one.triples), XSD + "integer")
    yield _link(activity, RDF + "type", PROV + "Activity")
    yield _time(activity, PROV + "endedAtTime", one.accepted)
    yield _link(activity, PROV + "wasAssociatedWith", one.partner)
    yield _link(activity, PROV + "used", graph("shapes"))
    yield _literal(activity, OWL + "versionInfo", one.shapes)
    if one.withdrawn is not None:
        yield from _withdrawal(one, activity + "#withdrawal", one.withdrawn)


def _withdrawal(one: Contribution, activity: str, when: str) -> Iterator[Triple]:
    yield _time(one.graph, PROV + "invalidatedAtTime", when)
    yield _link(one.graph, PROV + "wasInvalidatedBy", activity)
    yield _link(activity, RDF + "type", PROV + "Activity")
    yield _time(activity, PROV + "endedAtTime", when)
    yield _link(activity, PROV + "wasAssociatedWith", one.withdrawn_by or one.partner)


def _dataset(latest: Contribution) -> Iterator[Triple]:
    iri = dataset(latest.dataset)
    yield _link(CATALOGUE, DCAT + "dataset", iri)
    yield _link(iri, RDF + "type", DCAT + "Dataset")
    yield Triple(NamedNode(iri), NamedNode(DCTERMS + "title"), Literal(latest.title, language="en"))
    yield _link(iri, DCTERMS + "publisher", latest.partner)
    yield _link(iri, DCTERMS + "license", latest.licence)
    day = (latest.withdrawn or latest.accepted)[:10]
    yield _literal(iri, DCTERMS + "modified", day, XSD + "date")


#: What `told` reads, a row a contribution, oldest first.
KNOWN = f"""
PREFIX prov: <{PROV}> PREFIX dcterms: <{DCTERMS}> PREFIX dcat: <{DCAT}>
SELECT ?graph ?dataset ?title ?licence ?partner ?name ?hash ?media ?pack ?accepted ?shapes ?triples
  ?withdrawn ?by ?left
WHERE {{ GRAPH <{PROVENANCE}> {{
  ?graph prov:wasGeneratedBy ?activity ; prov:generatedAtTime ?accepted ;
    prov:wasDerivedFrom ?dataset ; prov:wasAttributedTo ?partner ; dcterms:license ?licence ;
    dcterms:identifier ?hash ; dcat:mediaType ?media ; <{VOID}triples> ?triples .
  ?activity <{OWL}versionInfo> ?shapes .
  ?dataset dcterms:title ?title .
  ?partner <{FOAF_NAME}> ?name .
  OPTIONAL {{ ?graph dcat:compressFormat ?pack }}
  OPTIONAL {{ ?graph prov:invalidatedAtTime ?withdrawn ;
    prov:wasInvalidatedBy/prov:wasAssociatedWith ?by }}
  OPTIONAL {{ ?graph <{OWL}incompatibleWith> ?ontology ; <{SKOS}note> ?left }}
  FILTER(STRSTARTS(STR(?graph), "{GRAPHS}"))
}} }} ORDER BY ?accepted ?graph
"""


def told(said: Mapping[str, str]) -> Contribution:
    """The contribution that a row of `KNOWN` tells, by the texts of its terms."""
    media = said["media"].removeprefix(_MEDIA)
    form = format_named(media, GRAPH_FORMATS)
    tables = {media_type: name for name, media_type in TABLES.items()}
    packs = {_MEDIA + media_type: name for name, media_type in _PACKED.items()}
    return Contribution(
        id=said["graph"].removeprefix(GRAPHS),
        dataset=said["dataset"].removeprefix(dataset("")),
        title=said["title"],
        licence=said["licence"],
        partner=said["partner"],
        name=said["name"],
        sha256=_hash_in(said["hash"]),
        form=form.name if form else tables[media],
        packed=packs.get(said.get("pack", ""), ""),
        accepted=said["accepted"],
        shapes=said["shapes"],
        triples=int(said["triples"]),
        withdrawn=said.get("withdrawn"),
        withdrawn_by=said.get("by"),
        left_out=said.get("left"),
    )


def _by_hash(sha256: str) -> str:
    """RFC 6920."""
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}"


def _hash_in(identifier: str) -> str:
    text = identifier.rpartition(";")[2]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _literal(subject: str, predicate: str, value: str, datatype: str | None = None) -> Triple:
    kind = NamedNode(datatype) if datatype else None
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(value, datatype=kind))


def _time(subject: str, predicate: str, value: str) -> Triple:
    return _literal(subject, predicate, value, XSD + "dateTime")


def _text(term: Term) -> str:
    return str(getattr(term, "value", term))
