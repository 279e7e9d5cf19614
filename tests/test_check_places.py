"""An error planted on line n is told at line n, in every format, for every kind of constraint."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from rskg.check import Options, check
from rskg.check.places import MISSING, placed
from rskg.paths import Files
from rskg.report import Result
from rskg.shapes import load
from rskg.syntax import lines, parse, source
from rskg.validation.fast import Engine
from tests.conftest import ROOT
from tests.test_shape_files import ground

EX, XSD = "http://example.org/", "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
HEAD = (
    f"@prefix ex: <{EX}> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix xsd: <{XSD}> .\n"
)
Line = tuple[str, str, str]


def ex(name: str) -> str:
    return f"<{EX}{name}>"


def typed(text: str, kind: str) -> str:
    return f'"{text}"^^<{XSD}{kind}>'


A, P, Q, GOOD, BAD = ex("a"), ex("p"), ex("q"), '"good"', '"bad"'
START: list[Line] = [(ex("z"), Q, '"first"'), (A, TYPE, ex("T")), (A, Q, '"x"')]


def on_p(constraint: str) -> str:
    return f"sh:property [ sh:path ex:p ; {constraint} ]"


#: Shape; lines after START; index among them of the line at fault, None for the subject's block.
CASES: dict[str, tuple[str, list[Line], int | None]] = {
    "class": (
        on_p("sh:class ex:C"),
        [(A, P, ex("c")), (A, P, ex("d")), (ex("c"), TYPE, ex("C"))],
        1,
    ),
    "datatype": (on_p("sh:datatype xsd:integer"), [(A, P, typed("1", "integer")), (A, P, BAD)], 1),
    "ill-formed": (on_p("sh:datatype xsd:integer"), [(A, P, typed("12x", "integer"))], 0),
    "nodeKind": (on_p("sh:nodeKind sh:IRI"), [(A, P, ex("b")), (A, P, BAD)], 1),
    "minCount": (on_p("sh:minCount 1"), [(ex("b"), P, GOOD)], None),
    "maxCount": (on_p("sh:maxCount 1"), [(A, P, GOOD), (A, Q, '"y"'), (A, P, BAD)], 2),
    "minInclusive": (on_p("sh:minInclusive 1"), [(A, P, typed("0", "integer"))], 0),
    "maxInclusive": (on_p("sh:maxInclusive 1"), [(A, P, typed("2", "integer"))], 0),
    "minExclusive": (on_p("sh:minExclusive 1"), [(A, P, typed("1", "integer"))], 0),
    "maxExclusive": (on_p("sh:maxExclusive 1"), [(A, P, typed("1", "integer"))], 0),
    "minLength": (on_p("sh:minLength 4"), [(A, P, GOOD), (A, P, BAD)], 1),
    "maxLength": (on_p("sh:maxLength 3"), [(A, P, BAD), (A, P, GOOD)], 1),
    "pattern": (on_p("sh:pattern '^g'"), [(A, P, GOOD), (A, P, BAD)], 1),
    "languageIn": (on_p("sh:languageIn ('en')"), [(A, P, '"x"@en'), (A, P, '"x"@fr')], 1),
    "uniqueLang": (on_p("sh:uniqueLang true"), [(A, P, '"x"@en'), (A, P, '"y"@en')], 1),
    "equals": (on_p("sh:equals ex:q"), [(A, P, '"x"'), (A, P, BAD)], 1),
    "disjoint": (on_p("sh:disjoint ex:q"), [(A, P, GOOD), (A, P, '"x"')], 1),
    "lessThan": (
        on_p("sh:lessThan ex:r"),
        [(A, ex("r"), typed("2", "integer")), (A, P, typed("3", "integer"))],
        1,
    ),
    "lessThanOrEquals": (
        on_p("sh:lessThanOrEquals ex:r"),
        [(A, ex("r"), typed("2", "integer")), (A, P, typed("3", "integer"))],
        1,
    ),
    "in": (on_p("sh:in ('good' 'better')"), [(A, P, GOOD), (A, P, BAD)], 1),
    "hasValue": (on_p("sh:hasValue 'good'"), [(A, P, BAD)], None),
    "not": (on_p("sh:not [ sh:in ('bad') ]"), [(A, P, GOOD), (A, P, BAD)], 1),
    "and": (on_p("sh:and ( [ sh:minLength 4 ] )"), [(A, P, GOOD), (A, P, BAD)], 1),
    "or": (on_p("sh:or ( [ sh:minLength 4 ] )"), [(A, P, GOOD), (A, P, BAD)], 1),
    "xone": (on_p("sh:xone ( [ sh:minLength 4 ] )"), [(A, P, GOOD), (A, P, BAD)], 1),
    "node": (on_p("sh:node [ sh:minLength 4 ]"), [(A, P, GOOD), (A, P, BAD)], 1),
    "qualifiedMinCount": (
        on_p("sh:qualifiedValueShape [ sh:minLength 4 ] ; sh:qualifiedMinCount 1"),
        [(A, P, BAD)],
        None,
    ),
    "qualifiedMaxCount": (
        on_p("sh:qualifiedValueShape [ sh:minLength 2 ] ; sh:qualifiedMaxCount 1"),
        [(A, P, GOOD), (A, P, BAD)],
        1,
    ),
    "closed": (
        "sh:closed true ; sh:ignoredProperties ( ex:q <http://www.w3.org/1999/02/22-rdf-syntax-ns"
        "#type> ) ; sh:property [ sh:path ex:r ]",
        [(A, ex("r"), GOOD), (A, P, BAD)],
        1,
    ),
    "node shape's or": (
        f"sh:or ( [ {on_p('sh:minCount 1')} ] [ {on_p('sh:hasValue 1')} ] )",
        [(ex("b"), P, GOOD)],
        None,
    ),
    "sparql": (
        "sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this <http://example.org/p> ?value "
        'FILTER(?value = "bad") }\' ]',
        [(A, P, GOOD), (A, P, BAD)],
        1,
    ),
    "sequence path": (
        "sh:property [ sh:path ( ex:r ex:p ) ; sh:nodeKind sh:IRI ]",
        [(A, ex("r"), ex("b")), (ex("b"), Q, GOOD), (ex("b"), P, BAD)],
        0,
    ),
    "inverse path": (
        "sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:class ex:C ]",
        [(ex("b"), Q, GOOD), (ex("b"), P, A)],
        1,
    ),
    "alternative path": (
        "sh:property [ sh:path [ sh:alternativePath ( ex:r ex:p ) ] ; sh:minLength 4 ]",
        [(A, ex("r"), GOOD), (A, P, BAD)],
        1,
    ),
    "objects of": ("sh:nodeKind sh:IRI", [(A, ex("aimed"), ex("b")), (A, ex("aimed"), BAD)], 1),
}


# --- A document with one triple a line ------------------------------------------------------------


def turtle(triples: Sequence[Line]) -> str:
    return "# a comment\n" + "".join(f"{s} {p}\t{o} .\n" for s, p, o in triples)


def short(triples: Sequence[Line]) -> str:
    told = turtle(triples).removeprefix("# a comment\n")
    return f"PREFIX ex: <{EX}>\n" + re.sub(rf"<{EX}(\w+)>", r"ex:\1", told)


def trig(triples: Sequence[Line]) -> str:
    return "<http://g/> {\n" + "".join(f"{s} {p} {o} .\n" for s, p, o in triples) + "}\n"


def nquads(triples: Sequence[Line]) -> str:
    return "\n" + "".join(f"{s} {p} {o} <http://g/> .\n" for s, p, o in triples)


def as_json(term: str) -> object:
    if term.startswith("<"):
        return {"@id": term[1:-1]}
    text, _, kind = term[1:].partition('"')
    if kind.startswith("@"):
        return {"@value": text, "@language": kind[1:]}
    return {"@value": text, "@type": kind[3:-1]} if kind else text


def jsonld(triples: Sequence[Line]) -> str:
    nodes = [{"@id": s[1:-1], p[1:-1]: as_json(o)} for s, p, o in triples]
    nodes = [
        {"@id": node["@id"], "@type": list(node.values())[1]["@id"]}  # type: ignore[index]
        if TYPE[1:-1] in node
        else node
        for node in nodes
    ]
    return "[\n" + ",\n".join(map(json.dumps, nodes)) + "\n]\n"


def rdf_xml(triples: Sequence[Line]) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:ex="{EX}">\n' + "".join(map(as_xml, triples)) + "</rdf:RDF>\n"
    )


def as_xml(triple: Line) -> str:
    subject, predicate, value = triple
    name = "rdf:type" if predicate == TYPE else predicate.replace(f"<{EX}", "ex:").rstrip(">")
    if value.startswith("<"):
        inside = f' rdf:resource="{value[1:-1]}"/>'
    else:
        text, _, kind = value[1:].partition('"')
        kind = f' xml:lang="{kind[1:]}"' if kind.startswith("@") else kind
        kind = f' rdf:datatype="{kind[3:-1]}"' if kind.startswith("^") else kind
        inside = f"{kind}>{escape(text)}</{name}>"
    about = f'<rdf:Description rdf:about="{subject[1:-1]}">'
    return f"{about}<{name}{inside}</rdf:Description>\n"


FORMATS: dict[str, Callable[[Sequence[Line]], str]] = {
    "nt": turtle,
    "ttl": short,
    "trig": trig,
    "nq": nquads,
    "jsonld": jsonld,
    "rdf": rdf_xml,
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_a_planted_error_is_told_at_its_line(tmp_path: Path, name: str, suffix: str) -> None:
    body, after, at = CASES[name]
    target = "sh:targetObjectsOf ex:aimed" if name == "objects of" else "sh:targetClass ex:T"
    (tmp_path / "shapes.ttl").write_text(f"{HEAD}ex:S a sh:NodeShape ; {target} ; {body} .\n")
    triples = [*START, *after]
    data = tmp_path / f"data.{suffix}"
    data.write_text(FORMATS[suffix](triples))
    index = 1 if at is None else len(START) + at
    report = check([str(data)], Files(ROOT), Options((tmp_path / "shapes.ttl",)))
    assert {str(result.place.path) for result in report.results if result.place} == {str(data)}
    assert [result.place.line for result in report.results if result.place] == [index + 2]
    assert all(result.place and result.place.column for result in report.results)


def test_there_are_enough_kinds() -> None:
    assert len(CASES) >= 25


def test_a_blank_node_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(
        f"{HEAD}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:q ; {on_p('sh:minLength 4')} ."
    )
    for name, text, place in (
        ("a.ttl", "ex:x ex:y [ ex:q 1 ; ex:p 'good' ] ,\n [ ex:q 2 ;\n  ex:p 'bad' ] .", (6, 8)),
        ("b.ttl", "_:x ex:q 1 .\n_:y ex:q 1 ; ex:p 'good' .\n_:x ex:p 'bad' .", (6, 10)),
    ):
        (tmp_path / name).write_text(HEAD + text)
        report = check([str(tmp_path / name)], Files(ROOT), Options((tmp_path / "shapes.ttl",)))
        (result,) = report.results
        assert result.place
        assert (result.place.line, result.place.column) == place


# --- The examples ---------------------------------------------------------------------------------

EXAMPLES = sorted((ROOT / "examples").glob("[!m]*/invalid-*.ttl"))


def expected_line(text: str, result: Result, prefixes: Mapping[str, str]) -> int | None:
    """By the words alone: our examples start each block at the line's start and indent the rest."""
    lines = text.splitlines()
    starts = [
        n for n, line in enumerate(lines) if line.split(" ")[0] == named(result.focus, prefixes)
    ]
    if len(starts) != 1:
        return None
    start = starts[0]
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].strip()), len(lines))
    step = result.path or ""
    if result.component in MISSING or (not step and result.value in (None, result.focus)):
        return start + 1
    if not re.fullmatch(r"<[^<>]+>", step):
        return None
    word = "a" if step == TYPE else named(step, prefixes)
    at = [n for n in range(start, end) if word in lines[n].split()]
    if not at or result.value is None:
        return None if at else start + 1
    said = named(result.value, prefixes)
    found = [n for n in range(at[0], end) if said in lines[n]]
    return found[0] + 1 if found else None


def named(term: str, prefixes: Mapping[str, str]) -> str:
    if not term.startswith("<"):
        return term.split("^^", maxsplit=1)[0]
    for name, space in prefixes.items():
        if term[1:].startswith(space) and "/" not in term[1 + len(space) :]:
            return f"{name}:{term[1 + len(space) : -1]}"
    return term


def test_each_invalid_example_is_told_at_its_line() -> None:
    engine = Engine(load([ROOT / "shapes"]).triples)
    decided = 0
    for path in EXAMPLES:
        text = path.read_text(encoding="utf-8")
        prefixes = dict(re.findall(r"@prefix (\S*): <(\S+)> \.", text))
        shape, component = re.findall(r"\w+:(\S+)", text.partition("\n")[0])[:2]
        one = source(path)
        assert one
        found = engine.check([one], lines(ground(meta=False).context(parse(path))))
        told = [r for r in found if r.shape.endswith("#" + shape) and r.component == component]
        for result in placed(told, [one]):
            assert result.place, path
            line = expected_line(text, result, prefixes)
            if line:
                decided += 1
                assert result.place.line == line, (path, result)
    assert decided > 450
