"""A report as RDF: SHACL's own vocabulary (3.6), Turtle and JSON-LD from one tree.

Places are in existing vocabularies: `earl:pointer` to a `ptr:LineCharPointer` (Pointers in RDF
1.0). `sh:conforms` is SHACL's: true only where there is no result at all, whatever the threshold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from rskg.namespaces import DCTERMS, SH, XSD
from rskg.report.model import SEVERITIES, Place, Report, Result
from rskg.report.paths import shacl_path
from rskg.report.telling import because, component_iri, fingerprint, from_root, ordered, shape_iri

EARL = "http://www.w3.org/ns/earl#"
PTR = "http://www.w3.org/2009/pointers#"
PREFIXES = {"dcterms": DCTERMS, "earl": EARL, "ptr": PTR, "sh": SH, "xsd": XSD}

#: A term in N-Triples syntax, a node with its properties, or an RDF list.
Node = str | Mapping[str, "Sequence[Node]"] | tuple["Node", ...]

_LITERAL = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[\w-]+)|\^\^<(?P<type>[^>]*)>)?\Z')
_BARE = re.compile(
    rf'"(?:(?P<integer>[+-]?[0-9]+)"\^\^<{XSD}integer>|(?P<boolean>true|false)"\^\^<{XSD}boolean>)'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def as_turtle(report: Report, _: str) -> str:
    """The report as Turtle, nested as a person would write it."""
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
    return f"{head}\n{_block(_report(report), 0)} .\n"


def as_jsonld(report: Report, _: str) -> str:
    """The same graph as JSON-LD 1.1."""
    told = {"@context": PREFIXES, **_object(_report(report))}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _report(report: Report) -> dict[str, list[Node]]:
    said: dict[str, list[Node]] = {
        "a": ["sh:ValidationReport"],
        "sh:conforms": [f'"{str(not report.results).lower()}"^^<{XSD}boolean>'],
    }
    if report.results:
        said["sh:result"] = [
            _result(result, fingerprint(result)) for result in ordered(report.results)
        ]
    return said


def _result(result: Result, mark: str = "") -> Node:
    name = result.severity
    said: dict[str, list[Node]] = {
        "a": ["sh:ValidationResult"],
        "sh:focusNode": [result.focus],
        "sh:resultSeverity": [f"sh:{name}" if name in SEVERITIES else f"<{name.strip('<>')}>"],
        "sh:sourceConstraintComponent": [f"<{component_iri(result)}>"],
        "sh:resultMessage": [_text(message) for message in result.messages],
        "dcterms:identifier": [_text(mark)] if mark else [],
    }
    path = shacl_path(result.path) if result.path else None
    shape = shape_iri(result)
    said |= {
        "sh:resultPath": [path] if path else [],
        "sh:value": [result.value] if result.value else [],
        "sh:sourceShape": [f"<{shape}>"] if shape else [],
        "earl:info": [_text("\n".join(why))] if (why := _why(result)) else [],
        "sh:detail": [_result(one) for branch in result.branches for one in branch.results],
        "earl:pointer": [_pointer(result.place)] if result.place else [],
    }
    return {name: values for name, values in said.items() if values}


def _why(result: Result) -> list[str]:
    """The reason and each branch; what is inside a branch is told by its sh:detail."""
    return [text for depth, text in because(result) if depth < 2]


def _pointer(place: Place) -> Node:
    path = from_root(place.path)
    iri = Path(path).as_uri() if Path(path).is_absolute() else quote(path)
    said: dict[str, list[Node]] = {
        "a": ["ptr:LineCharPointer"],
        "ptr:reference": [f'"{iri}"^^<{XSD}anyURI>'],
        "ptr:lineNumber": [f'"{place.line}"^^<{XSD}integer>'],
    }
    if place.column:
        said["ptr:charNumber"] = [f'"{place.column}"^^<{XSD}integer>']
    return said


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _block(node: Node, depth: int) -> str:
    if isinstance(node, str):
        return _abbreviated(node)
    if isinstance(node, tuple):
        return f"( {' '.join(_block(each, depth + 1) for each in node)} )"
    pad = "    " * (depth + 1)
    lines = [
        f"{pad}{verb} {', '.join(_block(value, depth + 1) for value in values)}"
        for verb, values in node.items()
    ]
    return "[\n" + " ;\n".join(lines) + f"\n{'    ' * depth}]"


def _abbreviated(term: str) -> str:
    """The term as Turtle writes it: numbers and truth bare, a prefix before a plain word."""
    bare = _BARE.fullmatch(term)
    if bare:
        return bare["integer"] or bare["boolean"]
    text, typed, iri = term.rpartition("^^") if term.startswith('"') else ("", "", term)
    for name, space in PREFIXES.items():
        local = iri.removeprefix(f"<{space}").removesuffix(">")
        if iri == f"<{space}{local}>" and local.isalnum() and local.isascii():
            return f"{text}{typed}{name}:{local}"
    return term


def _object(node: Node) -> dict[str, object]:
    if isinstance(node, str):
        return _term(node)
    if isinstance(node, tuple):
        return {"@list": [_object(each) for each in node]}
    said: dict[str, object] = {}
    for verb, values in node.items():
        if verb == "a":
            said["@type"] = list(values)
        else:
            said[verb] = [_object(value) for value in values]
    return said


def _term(term: str) -> dict[str, object]:
    literal = _LITERAL.match(term)
    if literal is None:
        return {"@id": term.removeprefix("<").removesuffix(">")}
    value: dict[str, object] = {"@value": _ESCAPE.sub(_unescaped, literal["text"])}
    if literal["lang"]:
        value["@language"] = literal["lang"]
    elif literal["type"] and literal["type"] != f"{XSD}string":
        value["@type"] = literal["type"]
    return value


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIGNS.get(found[3], found[3])
