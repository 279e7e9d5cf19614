"""What constraints ask, in words (SHACL 4)."""

from __future__ import annotations

from rskg.namespaces import OWL, RDF, RDFS, SH, SKOS, TERM, XSD
from rskg.report import Result
from rskg.syntax import Literal, NamedNode, Term
from rskg.validation.branches import Branches

_PREFIXES = {
    "sh": SH, "xsd": XSD, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "skos": SKOS, "rskg": TERM,
}  # fmt: skip
#: Component: its parameter, and what is wrong; `{}` stands for the parameter's value.
_WRONG = {
    "Class": ("class", "is no instance of {}"),
    "Datatype": ("datatype", "is no {}"),
    "NodeKind": ("nodeKind", "is not of kind {}"),
    "MinCount": ("minCount", "has fewer than {} values"),
    "MaxCount": ("maxCount", "has more than {} values"),
    "MinExclusive": ("minExclusive", "is not above {}"),
    "MinInclusive": ("minInclusive", "is below {}"),
    "MaxExclusive": ("maxExclusive", "is not below {}"),
    "MaxInclusive": ("maxInclusive", "is above {}"),
    "MinLength": ("minLength", "is shorter than {} characters"),
    "MaxLength": ("maxLength", "is longer than {} characters"),
    "Pattern": ("pattern", "doesn't match {}"),
    "LanguageIn": ("languageIn", "is in no language of {}"),
    "UniqueLang": ("uniqueLang", "has two values in one language"),
    "Equals": ("equals", "is not said with {} too, or the other way round"),
    "Disjoint": ("disjoint", "is said with {} too"),
    "LessThan": ("lessThan", "is not less than what {} says"),
    "LessThanOrEquals": ("lessThanOrEquals", "is more than what {} says"),
    "Closed": ("closed", "is said with a property that isn't allowed"),
    "HasValue": ("hasValue", "lacks the value {}"),
    "In": ("in", "is none of {}"),
    "SPARQL": ("", "breaks a constraint in SPARQL"),
    "Node": ("node", "is not as {} says"),
    "And": ("and", "fails a shape of which all must hold"),
    "Or": ("or", "fails each shape of which one must hold"),
    "Xone": ("xone", "doesn't hold in exactly one of the shapes"),
    "Not": ("not", "is what it must not be"),
    "QualifiedMinCount": ("qualifiedMinCount", "has fewer than {} values that are as asked"),
    "QualifiedMaxCount": ("qualifiedMaxCount", "has more than {} values that are as told"),
}
#: Words about a shape that ask nothing of data.
_TALK = {
    "message",
    "name",
    "description",
    "severity",
    "order",
    "group",
    "deactivated",
    "defaultValue",
}
_LONGEST, _DEEPEST, _MOST = 160, 3, 6


def term(text: str) -> str:
    """A term in N-Triples as a person writes it."""
    words, typed, iri = text.rpartition("^^") if text.startswith('"') else ("", "", text)
    if typed and not iri.endswith(">"):
        return _cut(text)
    for prefix, space in _PREFIXES.items():
        local = iri.removeprefix(f"<{space}").removesuffix(">")
        if iri == f"<{space}{local}>" and local.isalnum():
            return f"{_cut(words)}{typed}{prefix}:{local}"
    return _cut(text)


def wrong(result: Result, shape: Term, known: Branches) -> str:
    """What a result says in words: the value or node, and what it isn't; the shape's message."""
    kind = result.component.removesuffix("ConstraintComponent")
    parameter, words = _WRONG.get(kind, ("", f"breaks {kind}"))
    asked = known.values(shape, parameter) if parameter else []
    said = words.format(" or ".join(_value(value, known, 1) for value in asked) or "the shape")
    said = said.replace("fewer than 1 values", "no value").replace(" 1 values", " 1 value")
    about = result.value or result.focus
    at = f" at {term(result.path)}" if result.path else ""
    told = next(iter(own(result, shape, known)), "")
    return f"{term(about)} {said}{at}{f' ({told})' if told else ''}"


def gist(shape: Term, known: Branches) -> str:
    """What a shape asks, in its own parameters."""
    return _cut(_gist(shape, known, 0))


def own(result: Result, shape: Term, known: Branches) -> tuple[str, ...]:
    """The messages that a shape has itself; an engine's own words are in the engine's manner."""
    says = known.values(shape, "message") or known.values(shape, "sparql")
    return result.messages if says else ()


def _gist(shape: Term, known: Branches, depth: int) -> str:
    if depth > _DEEPEST:
        return "…"
    asks: list[str] = []
    path = ""
    for triple in known.told.get(shape, ()):
        name = triple.predicate.value.removeprefix(SH)
        if name == triple.predicate.value or name in _TALK:
            continue
        if name == "path":
            path = f"{_value(triple.object, known, depth)}: "
        elif name == "property":
            asks.append(_value(triple.object, known, depth))
        else:
            asks.append(f"sh:{name} {_value(triple.object, known, depth)}")
    return path + ", ".join(sorted(asks))


def _value(value: Term, known: Branches, depth: int) -> str:
    if isinstance(value, Literal):
        return term(str(value)) if value.datatype.value == f"{XSD}string" else value.value
    items = known.items(value)
    if items:
        shown = [_value(item, known, depth + 1) for item in items[:_MOST]]
        return f"({', '.join([*shown, '…'] if len(items) > _MOST else shown)})"
    name = known.name(value) if value in known.told else None
    if name:
        return name
    if isinstance(value, NamedNode):
        return term(str(value))
    return f"[{_gist(value, known, depth + 1)}]"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
