"""A document judged as it was sent, beside what the graph says of the things that it speaks about.

The same gate as `rskg validate --against`: the shapes, and the same report with lines. The graph's
own description of what the document describes takes part too, since both become one; and who may
state what is checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from rskg import jsonld, ontology, shapes, templates
from rskg.check import Collected, Limits, Needed, Options, judged, needed, pulled
from rskg.check.places import placed
from rskg.contribution import authority
from rskg.contribution.documents import Document
from rskg.errors import InputError, NotAllChecked, NothingChecked
from rskg.namespaces import BASE, RDF
from rskg.paths import Files
from rskg.reasoning import Rulebook, load_rulebook
from rskg.report import Place, Report, Result
from rskg.store import Reader, Workbench
from rskg.store.local import Writable
from rskg.syntax import BlankNode, NamedNode, Triple, skolemise
from rskg.templates import Templates

#: What a document is judged beside: a revision, or one that is being made.
Store = Reader | Writable
_BATCH = 200
_ABOUT = f"<{BASE}contributions>"
#: Its objects may be many, and whoever describes the thing says its own.
_TYPE = RDF + "type"


@dataclass(frozen=True)
class Library:
    """What documents are judged by: shapes, ontology and rules of these files, read once."""

    files: Files

    @cached_property
    def version(self) -> str:
        """The version of the shapes, which is the package's."""
        return version("rskg")

    @cached_property
    def shapes(self) -> list[Triple]:
        """The shapes, parsed."""
        return shapes.load([self.files.shapes]).triples

    @cached_property
    def ontology(self) -> list[Triple]:
        """The ontology's triples."""
        return ontology.load(self.files.ontology).triples

    @cached_property
    def terms(self) -> frozenset[str]:
        """What the ontology describes."""
        subjects = (t.subject for t in self.ontology)
        return frozenset(s.value for s in subjects if isinstance(s, NamedNode))

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules that infer, and the checks."""
        return load_rulebook(self.files.ontology / "rules")

    @cached_property
    def templates(self) -> Templates:
        """The templates that tables are read by."""
        return templates.load(self.files, self.shapes)

    @property
    def context(self) -> str:
        """The context document that JSON-LD may name."""
        return jsonld.context(self.files)

    def read(self) -> None:
        """Read all of it now, but for what few ask for."""
        _ = self.version, self.shapes, self.terms, self.rulebook


@dataclass(frozen=True)
class Judgement:
    """The report, and the document's triples as the store writes them, without blank nodes."""

    report: Report
    triples: Sequence[Triple]


def judge(
    document: Document,
    library: Library,
    store: Store,
    limits: Limits,
    *,
    own: Collection[str] = (),
    replaced: Collection[str] = (),
) -> Judgement:
    """Judge a document beside what a store holds.

    `own` are the graphs of its sender's dataset, `replaced` those that it takes the place of. What
    can't be read, and what isn't the sender's to say, is told as results.
    """
    source, filled = document.source, document.filled
    try:
        quads = list(source.quads())
    except InputError as error:
        return Judgement(_unread(error.reason, "Syntax", source.name, error.line, error.column), ())
    if not quads and filled:
        return Judgement(Report(tuple(filled.faults()), 0, 0), ())
    if not quads:
        return Judgement(_unread("The document says nothing.", "Nothing", source.name), ())
    triples = [quad.triple for quad in quads]
    wrong = authority.refusals(quads, library.terms)
    if not wrong:
        wrong = _of_others(triples, store, own)
    if wrong:
        found = placed(wrong, [source])
        told = filled.placed(found) if filled else found
        return Judgement(Report(tuple(told), 0, 0), ())
    wanted = needed([source], library.ontology, library.shapes)
    known = [*pulled(wanted, store.construct), *_described(wanted, store)]
    context = [t for t in dict.fromkeys(known) if _stays(t, store, replaced)]
    options = Options(limits=limits, elsewhere=context)
    try:
        collected = Collected((source,), filled={source.name: filled} if filled else {})
        report = judged(collected, library.shapes, library.ontology, options)
    except (NothingChecked, NotAllChecked) as error:
        return Judgement(_unread(str(error), "Coverage", source.name), ())
    return Judgement(report, stored(skolemise(triples)))


def refused(sentence: str, name: str) -> Report:
    """A report that says one thing about the document as a whole."""
    return _unread(sentence, name, "document")


def _unread(
    sentence: str, name: str, path: str, line: int | None = None, column: int | None = None
) -> Report:
    result = Result(
        focus=_ABOUT,
        path=None,
        value=None,
        component=f"{BASE}contributions#{name}",
        severity="Violation",
        shape="",
        messages=(sentence,),
        place=Place(path, line or 1, column) if line else None,
    )
    return Report((result,), 0, 0)


def _of_others(triples: Sequence[Triple], store: Store, own: Collection[str]) -> list[Result]:
    """What is said of statements that others made."""
    subjects = {t.subject.value for t in triples if isinstance(t.subject, NamedNode)}
    rows = (
        row
        for text in authority.asking_for_statements(sorted(subjects))
        for row in store.select(text)
    )
    return authority.of_others(triples, authority.statements_of_others(rows, own))


def _described(wanted: Needed, store: Store) -> Iterator[Triple]:
    """What the store says of the things that the document describes, by what shapes look at."""
    properties = " ".join(f"<{iri}>" for iri in (_TYPE, *wanted.properties))
    for start in range(0, len(wanted.ours), _BATCH):
        named = " ".join(f"<{iri}>" for iri in wanted.ours[start : start + _BATCH])
        for triple in store.construct(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {named} }} "
            f"VALUES ?p {{ {properties} }} ?s ?p ?o }}"
        ):
            if not {type(triple.subject), type(triple.object)} & {BlankNode, Triple}:
                yield triple


def _stays(triple: Triple, store: Store, replaced: Collection[str]) -> bool:
    """False for what only graphs say that the document takes the place of."""
    if not replaced:
        return True
    names = {
        quad.graph_name for quad in store.matches((triple.subject, triple.predicate, triple.object))
    }
    return any(isinstance(name, NamedNode) and name.value not in replaced for name in names)


def stored(triples: Iterable[Triple]) -> list[Triple]:
    """The triples as the store writes them, each once: it gives some literals another form."""
    bench = Workbench()
    bench.add(triples)
    return [quad.triple for quad in bench.quads()]
