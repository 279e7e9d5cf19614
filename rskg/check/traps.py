"""What would make a green run mean nothing: each is refused with its own sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from rskg.errors import NotAllChecked, NothingChecked
from rskg.namespaces import BASE, ONTOLOGY, OWL, RDF, RDFS, SH, SKOS, TERM
from rskg.syntax import NamedNode, Source, Triple
from rskg.validation import Checked, Survey, Targets

_ONTOLOGY = NamedNode(OWL + "Ontology")
_IMPORTS = NamedNode(OWL + "imports")
#: Words about classes: a class as their value says nothing about a node's kind.
_ABOUT_CLASSES = tuple(space.encode() for space in (RDF, RDFS, OWL, SH, SKOS))
#: From here on two namespaces count as one misspelt.
_ALIKE = 0.93


def about_shapes(shapes: Sequence[Triple]) -> None:
    """Refuse shapes of which none would look at anything; raises NothingChecked."""
    if Targets.of(shapes).shapes:
        return
    near = _nearly(_iris(shapes), SH)
    if near:
        raise NothingChecked(
            f"no shape was loaded: <{near}> is not SHACL's namespace; did you mean <{SH}>?"
        )
    if not any(triple.predicate.value.startswith(SH) for triple in shapes):
        raise NothingChecked("no shape was loaded: the files given as shapes hold none")
    raise NothingChecked(
        "no shape says which nodes it looks at: give one a target, such as sh:targetClass"
    )


def about_data(
    checked: Checked, sources: Sequence[Source], shapes: Sequence[Triple], *, allow_empty: bool
) -> list[str]:
    """Refuse a run that left out what it was asked to check; returns what to tell of the rest.

    Raises NotAllChecked or NothingChecked.
    """
    survey = checked.survey
    _namespaces(survey, sources)
    _imports(survey, shapes)
    _classes(survey)
    if len(checked.unseen) == len(sources) and not allow_empty:
        raise NothingChecked(
            "nothing was checked: no shape looks at any node of these files "
            f"(their classes: {_some(survey.instances)}; ours are in <{TERM}>)"
        )
    return [f"{name}: no shape looks at any node of this file" for name in checked.unseen]


def _namespaces(survey: Survey, sources: Sequence[Source]) -> None:
    used = (term.decode() for term in (*survey.predicates, *survey.instances))
    near = _nearly((term[1:-1] for term in used if term.startswith("<")), TERM)
    if near:
        where = next((place for one in sources if (place := _where(one, near))), "")
        raise NotAllChecked(f"{where}<{near}> is nearly our namespace; did you mean <{TERM}>?")


def _nearly(iris: Iterable[str], right: str) -> str | None:
    """A namespace among those of the IRIs that is the right one misspelt."""
    for space in sorted({_namespace(iri, right) for iri in iris}):
        if not space or space == right or (right == TERM and space.startswith(BASE + "id/")):
            continue
        ours, theirs = _bare(right), _bare(space)
        if ours == theirs or _one_slip(ours, theirs):
            return space
    return None


def _namespace(iri: str, right: str) -> str:
    stem = right.rstrip("#/")
    if iri.startswith(stem):
        return right if iri.startswith(right) else stem
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _bare(space: str) -> str:
    """Less what people get wrong most: scheme, `www.`, the last sign, capitals."""
    return space.lower().partition("://")[2].removeprefix("www.").rstrip("#/")


def _one_slip(ours: str, theirs: str) -> bool:
    if abs(len(ours) - len(theirs)) > 2 or not theirs:
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= _ALIKE


def _where(source: Source, text: str) -> str:
    """File and line of the first place where the document has the text."""
    line = 1
    for chunk in source.chunks():
        place = chunk.find(text.encode())
        if place >= 0:
            line += chunk.count(b"\n", 0, place)
            if source.name.endswith(".csv"):  # its map writes it, which has other lines
                return f"{source.name}: "
            return f"{source.name}:{line}: "
        line += chunk.count(b"\n")
    return ""


def _imports(survey: Survey, shapes: Sequence[Triple]) -> None:
    wanted = {one.decode() for one in survey.imports}
    wanted |= {str(t.object) for t in shapes if t.predicate == _IMPORTS}
    here = {one.decode() for one in survey.instances.get(str(_ONTOLOGY).encode(), ())}
    here |= {str(t.subject) for t in shapes if t.object == _ONTOLOGY}
    for one in sorted(wanted - here):
        if one.startswith("<") and not one.startswith(f"<{ONTOLOGY}"):
            raise NotAllChecked(
                f"the import {one} was skipped: nothing is fetched; name a file that holds it, "
                "among the data or with --shapes"
            )


def _classes(survey: Survey) -> None:
    for name, predicate in sorted(survey.as_value.items()):
        about_classes = predicate[1:].startswith(_ABOUT_CLASSES)
        if not about_classes and name not in survey.instances:
            raise NotAllChecked(
                f"a shape looks at instances of {name.decode()}, and there is none, though the "
                f"class is a value of {predicate.decode()}; is rdf:type (`a`) meant?"
            )


def _some(terms: Iterable[bytes]) -> str:
    names = [term.decode() for term in sorted(terms)]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "") if names else "none"


def _iris(triples: Iterable[Triple]) -> Iterable[str]:
    for triple in triples:
        yield triple.predicate.value
        if isinstance(triple.object, NamedNode):
            yield triple.object.value
