"""A question that the graph answers: one file, its `#+` header (YAML, grlc's manner) and SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from rskg.errors import InputError, UsageError
from rskg.namespaces import BASE, DCTERMS, RDF, RDFS, SCHEMA, SH, SKOS, term, thing
from rskg.parameter import Parameter, parameter
from rskg.syntax import Literal, NamedNode, Term, Triple, read_text

#: libyaml's where PyYAML was built with it: ten times as fast.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER_KEYS = {
    "summary",
    "question",
    "description",
    "limits",
    "missing",
    "datasets",
    "parameters",
    "chart",
    "measures",
    "tags",
}
#: What a header may say in other languages too, as `summary@fr`.
_TRANSLATED = ("summary", "description", "limits", "missing")
#: By which property the graph says each of them.
_SAID_BY = {
    "summary": RDFS + "label",
    "description": RDFS + "comment",
    "limits": SKOS + "scopeNote",
}
#: What of a kind has a value as a code of it, or of another kind has it as its name, unless the
#: value is the name of one of the first.
_CODES = """SELECT DISTINCT ?name ?thing WHERE {
  {
    VALUES (?name ?itself ?kind ?code) {
    #CODES#
    }
    ?thing ?property ?code .
    FILTER(STRSTARTS(STR(?thing), ?kind))
  } UNION {
    VALUES (?name ?itself ?thing) {
    #OTHERS#
    }
    ?thing a ?sort .
  }
  FILTER NOT EXISTS { ?itself a ?class }
}"""


#: The pictures, with the roles that columns play in each; those in the first place must be named.
CHARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "none": ((), ()),
    "bar": ((), ("label", "value", "date")),
    "line": (("x",), ("y", "series")),
    "map": (("place",), ("value", "confidence")),
    "matrix": ((), ("down", "across", "value")),
    "network": (("source", "target"), ("label",)),
    "sankey": (("from", "to"), ("through", "value")),
}


@dataclass(frozen=True)
class Chart:
    """The picture that fits an answer: its kind, and which column plays which role in it."""

    kind: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """A named question and its SPARQL text.

    `missing` says which data a full answer still wants, and how to contribute it; `measures` names
    those of the ontology that its rows compute. `translations` are its texts by language and name.
    """

    slug: str
    path: Path
    text: str
    summary: str
    question: str | None
    description: str
    limits: str
    missing: str
    datasets: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    chart: Chart
    measures: tuple[str, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def said(self, name: str, language: str) -> str:
        """Its summary, description, limits or what is missing, in a language, else in English."""
        told = self.translations.get(language, {}).get(name)
        return (
            told
            or {
                "summary": self.summary,
                "description": self.description,
                "limits": self.limits,
                "missing": self.missing,
            }[name]
        )

    @property
    def sparql(self) -> str:
        """The text without its header."""
        lines = (line for line in self.text.splitlines() if not line.startswith("#+"))
        return "\n".join(lines).strip() + "\n"

    def bindings(self, values: Mapping[str, str]) -> dict[str, Term]:
        """The variables to substitute: the asker's values, else the defaults.

        Raises UsageError for an unknown parameter or a value of the wrong type.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                offered = ", ".join(known) or "none"
                raise UsageError(f"{self.slug} has no parameter {name}; it takes: {offered}")
        chosen = {n: values.get(n) or p.default for n, p in known.items()}
        return {name: known[name].term(value) for name, value in chosen.items() if value}

    def codes(self, values: Mapping[str, str]) -> str | None:
        """The query for the things that values are codes of, as `COD` is of a country.

        Its rows are for `with_things`. None where no value can be a code: what a value names
        itself, as the last part of an IRI, comes first.
        """
        codes, others = [], []
        for one in self.parameters:
            value = values.get(one.name)
            if not value or "://" in value or not one.schemes:
                continue
            itself = f'"{one.name}" <{thing(one.schemes[0], value)}>'
            for at, scheme in enumerate(one.schemes):
                codes.append(f"({itself} {Literal(thing(scheme, ''))} {Literal(value)})")
                if at:
                    others.append(f"({itself} <{thing(scheme, value)}>)")
        asked = _CODES.replace("#CODES#", "\n    ".join(codes))
        return asked.replace("#OTHERS#", "\n    ".join(others)) if codes else None

    def with_things(
        self, values: Mapping[str, str], rows: Iterable[Sequence[Term | None]]
    ) -> dict[str, str]:
        """The values, with the thing in place of its code where there is just one."""
        found: dict[str, set[str]] = {}
        for name, one in rows:
            if isinstance(name, Literal) and isinstance(one, NamedNode):
                found.setdefault(name.value, set()).add(one.value)
        known = {p.name: thing(p.schemes[0], "") for p in self.parameters if p.schemes}
        return {**values} | {
            name: things.pop().removeprefix(known[name])
            for name, things in found.items()
            if len(things) == 1
        }


def load(path: Path) -> Query:
    """Read a query file; raises InputError for a header that can't be understood."""
    text = read_text(path)
    header = "\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))
    try:
        said = yaml.load(header, _YAML) or {}  # noqa: S506  (a safe one)
    except yaml.YAMLError as error:
        raise InputError(f"the #+ header is not YAML: {error}", path=path) from error
    if not isinstance(said, dict) or not said.get("summary"):
        raise InputError("a query starts with a `#+ summary:` line", path=path)
    translations: dict[str, dict[str, str]] = {}
    for key, told in said.items():
        name, _, language = str(key).partition("@")
        if name not in (_TRANSLATED if language else _HEADER_KEYS):
            raise InputError(f"unknown key `{key}` in the #+ header", path=path)
        if language:
            translations.setdefault(language, {})[name] = str(told or "").strip()
    return Query(
        slug=path.stem,
        path=path,
        text=text,
        summary=str(said["summary"]).strip(),
        question=said.get("question"),
        description=str(said.get("description") or "").strip(),
        limits=str(said.get("limits") or "").strip(),
        missing=str(said.get("missing") or "").strip(),
        datasets=tuple(said.get("datasets") or ()),
        parameters=tuple(parameter(entry, path) for entry in said.get("parameters") or ()),
        chart=_chart(said.get("chart") or "none", path),
        measures=tuple(said.get("measures") or ()),
        translations=translations,
    )


def load_all(folder: Path) -> dict[str, Query]:
    """Every query under a folder, by slug, in order."""
    return {path.stem: load(path) for path in sorted(folder.glob("*.rq"))}


def executable(query: Query) -> list[Triple]:
    """The query as `sh:SPARQLSelectExecutable` (SHACL 5.1 and the SIB's sparql-examples).

    With what it computes: `rskg:computedBy` from each of its measures.
    """
    node = NamedNode(f"{BASE}queries/{query.slug}")
    links = [(RDF + "type", SH + name) for name in ("SPARQLExecutable", "SPARQLSelectExecutable")]
    links.append((SCHEMA + "target", BASE + "sparql"))
    if query.question:
        links.append((DCTERMS + "subject", thing("question", query.question)))
    texts = {
        RDFS + "label": Literal(query.summary, language="en"),
        RDFS + "comment": Literal(query.description, language="en"),
        SKOS + "scopeNote": Literal(query.limits, language="en"),
        SH + "select": Literal(query.sparql),
    }
    said = [Triple(node, NamedNode(link), NamedNode(value)) for link, value in links]
    said += [Triple(node, NamedNode(link), text) for link, text in texts.items() if text.value]
    said += [
        Triple(node, NamedNode(_SAID_BY[name]), Literal(text, language=language))
        for language, told in query.translations.items()
        for name, text in told.items()
        if text and name in _SAID_BY
    ]
    computed = NamedNode(term("computedBy"))
    said += [Triple(NamedNode(thing("measure", slug)), computed, node) for slug in query.measures]
    return said


def _chart(said: object, path: Path) -> Chart:
    """`bar`, or `{kind: map, place: country, value: sites}`."""
    columns = {"kind": said} if isinstance(said, str) else said
    if not isinstance(columns, dict) or columns.get("kind") not in CHARTS:
        raise InputError(f"chart is, or has as its kind, one of {', '.join(CHARTS)}", path=path)
    kind = str(columns["kind"])
    roles = {str(role): str(name) for role, name in columns.items() if role != "kind"}
    wanted, known = CHARTS[kind]
    for role in wanted:
        if role not in roles:
            raise InputError(f"a {kind} chart names the column of its {role}", path=path)
    for role in roles:
        if role not in wanted + known:
            offered = ", ".join(wanted + known)
            raise InputError(f"a {kind} chart has no {role}; it has: {offered}", path=path)
    return Chart(kind, roles)
