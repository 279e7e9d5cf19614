"""Who may state what: a contribution states facts, in its own graph, and about anything but …

what is ours to define: the ontology with its code lists, shapes, graphs and datasets; what others
said in words of their own, which are their statements; and what nobody can name, which are the
blank nodes of others. What breaks this is told as results, at their lines, beside what shapes say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from rskg.namespaces import BASE, GENID, OWL, RDF, RDFS, SH, TERM, THING
from rskg.report import Result
from rskg.store import Row
from rskg.syntax import BlankNode, DefaultGraph, NamedNode, Quad, Triple

#: So many results tell what is wrong.
ENOUGH = 200
#: What may be said by the words of RDF Schema.
_PLAIN = {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")}
_VOCABULARIES = (RDFS, OWL, SH)
_COMPONENT = BASE + "contributions#"
_STATEMENT = TERM + "Statement"
_BATCH = 500


def refusals(quads: Iterable[Quad], terms: frozenset[str]) -> list[Result]:
    """What in a document isn't its sender's to say; `terms` are the subjects of the ontology."""
    names: dict[BlankNode, str] = {}
    found = (
        _result(names, quad.triple, name, sentence)
        for quad in quads
        for name, sentence in _wrong(quad, terms)
    )
    return list(islice(found, ENOUGH))


def statements_of_others(rows: Iterable[Row], own: Collection[str]) -> set[str]:
    """The statements that graphs other than one's own make, of rows of `graph` and `thing`."""
    mine, others = set[str](), set[str]()
    for row in rows:
        name, thing = (str(getattr(row[key], "value", "")) for key in ("graph", "thing"))
        (mine if name in own else others).add(thing)
    return others - mine


def asking_for_statements(subjects: Sequence[str]) -> Iterator[str]:
    """The queries whose rows say which graph makes which of these statements."""
    for start in range(0, len(subjects), _BATCH):
        named = " ".join(f"<{iri}>" for iri in subjects[start : start + _BATCH])
        yield (
            f"SELECT ?graph ?thing WHERE {{ VALUES ?thing {{ {named} }} "
            f"GRAPH ?graph {{ ?thing a <{_STATEMENT}> }} }}"
        )


def of_others(triples: Iterable[Triple], others: set[str]) -> list[Result]:
    """Results for what is said of the statements of others."""
    sentence = (
        "This statement is another dataset's: make one of your own, with your source, that states "
        "the same thing."
    )
    wrong = (
        _result({}, triple, "Statement", sentence)
        for triple in triples
        if isinstance(triple.subject, NamedNode) and triple.subject.value in others
    )
    return list(islice(wrong, ENOUGH))


def _wrong(quad: Quad, terms: frozenset[str]) -> Iterator[tuple[str, str]]:
    subject, value = quad.subject, quad.object
    if quad.graph_name != DefaultGraph():
        yield (
            "NamedGraph",
            "A contribution is one graph, and its name is given here: leave the graph's name out.",
        )
    if isinstance(subject, Triple) or isinstance(value, Triple):
        yield "TripleTerm", "A triple can't be part of a triple here: make a rskg:Statement."
    if isinstance(subject, NamedNode):
        yield from _about(subject.value, terms)
    if isinstance(value, NamedNode) and value.value.startswith(GENID):
        yield "BlankNode", "Nobody can refer to a blank node of others: refer to a named thing."
    yield from _by(quad.predicate.value, value)


def _by(predicate: str, value: object) -> Iterator[tuple[str, str]]:
    """What would define terms: by a vocabulary's word, or by one of its classes."""
    if predicate == OWL + "sameAs":
        yield (
            "Vocabulary",
            "owl:sameAs would make two things one for everybody: say skos:exactMatch.",
        )
    elif predicate.startswith(_VOCABULARIES) and predicate not in _PLAIN:
        yield "Vocabulary", "This defines terms, and a contribution states facts: leave it out."
    elif (
        predicate == RDF + "type"
        and isinstance(value, NamedNode)
        and value.value.startswith(_VOCABULARIES)
    ):
        yield "Vocabulary", "This makes a term, and a contribution states facts: leave it out."


def _about(subject: str, terms: frozenset[str]) -> Iterator[tuple[str, str]]:
    if subject.startswith(GENID):
        yield "BlankNode", "Nobody can add to a blank node of others: describe a named thing."
    elif subject in terms:
        yield (
            "Ontology",
            "The ontology describes this; a contribution refers to it and adds nothing: open an "
            "issue to change it.",
        )
    elif subject.startswith(BASE) and not subject.startswith(THING):
        yield (
            "Namespace",
            f"What is under {BASE} is described here, but for things: name yours {THING}<kind>/… "
            "or take an IRI of your own.",
        )


def _result(names: dict[BlankNode, str], triple: Triple, name: str, sentence: str) -> Result:
    def spelt(term: object) -> str:
        if isinstance(term, BlankNode):
            return names.setdefault(term, f"_:b{len(names)}")
        return str(term)

    return Result(
        focus=spelt(triple.subject),
        path=str(triple.predicate),
        value=spelt(triple.object),
        component=_COMPONENT + name,
        severity="Violation",
        shape="",
        messages=(sentence,),
    )
