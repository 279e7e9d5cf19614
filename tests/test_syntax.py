"""Documents, blank nodes and media types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from rdflib import Graph

from rskg.errors import InputError
from rskg.namespaces import GENID
from rskg.ontology import load
from rskg.syntax import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    NT,
    SOLUTION_FORMATS,
    NamedNode,
    Source,
    Triple,
    format_named,
    located,
    negotiate,
    parse,
    parse_bytes,
    serialize,
    skolemise,
    with_blank_nodes,
)
from rskg.syntax.lines import whole_lines

TURTLE = GRAPH_FORMATS[0]


def graph(text: str) -> list[Triple]:
    return parse_bytes(f"@prefix : <http://example.org/> . {text}".encode(), TURTLE)


def named(text: str) -> set[str]:
    return {str(triple) for triple in skolemise(graph(text))}


def test_a_broken_document_is_told_by_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix : <http://example.org/> .\n:a :b 'c .\n")
    with pytest.raises(InputError) as error:
        parse(path)
    assert (error.value.path, error.value.line) == (path, 2)
    assert str(error.value).startswith(f"{path}:2:")
    assert "\n" not in str(error.value)


def test_an_unknown_ending_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="known endings"):
        parse(tmp_path / "table.xls")
    with pytest.raises(InputError, match="can't be read"):
        parse(tmp_path / "missing.ttl")


def test_graphs_can_not_hide_in_a_document_of_one_graph() -> None:
    with pytest.raises(InputError):
        parse_bytes(b"{ <a:a> <a:b> <a:c> }", TURTLE)


def test_each_triple_is_found_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.ttl"
    path.write_text(
        "@prefix : <http://example.org/> .\n\n:a :p 1 ;\n   :q 2 ,\n      3 .\n"
        ':b :p """long\ntext""" ;\n   :r [ :s 5 ;\n        :t 6 ] .\n'
    )
    lines = {str(triple.object): line for triple, line in located(path)}
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert [lines[f'"{n}"{integer}'] for n in (1, 2, 3, 5, 6)] == [3, 4, 5, 8, 9]
    assert lines['"long\\ntext"'] == 7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (":a :p (1 2), [ :q [] ; :r 'x' ] .", ":a :p [ :r 'x' ; :q [] ], (1 2) ."),
        ("_:a :p _:b . _:b :p _:a ; :q 1 .", "_:y :p _:x . _:x :q 1 ; :p _:y ."),
    ],
    ids=["tree", "cycle"],
)
def test_equal_graphs_get_equal_names(one: str, other: str) -> None:
    assert named(one) == named(other)
    assert not any("_:" in line for line in named(one))


def test_a_name_comes_from_the_content_and_the_place() -> None:
    before = named(":a :p [ :q 1 ] . :b :p [ :q 1 ] .")
    assert len(before) == 4, "equal anonymous nodes of two subjects stay two nodes"
    after = named(":a :p [ :q 1 ] . :b :p [ :q 2 ] .")
    assert {line for line in before if "/a>" in line} <= after, "an edit elsewhere renames nothing"


def test_a_long_list_is_named_without_recursion() -> None:
    items = " ".join(map(str, range(5000)))
    names = {t.subject for t in skolemise(graph(f":a :p ({items}) ."))}
    assert len(names) == 5001
    assert all(str(n).startswith((f"<{GENID}", "<http://example.org/")) for n in names)


def test_serialising_is_stable() -> None:
    triples = graph(":a :p 1, 2 . :b :p 3 .")
    assert serialize(triples, TURTLE) == serialize(reversed(triples), TURTLE)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "xml"),
        ("text/csv;q=0, */*;q=0.1", "json"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("text/*", "csv"),
        ("text/*;q=0.9, text/tab-separated-values", "tsv"),
        ("application/json", "json"),
        ("TEXT/CSV ; Q=1.0", "csv"),
        ("image/png", None),
        ("text/csv;q=zero", None),
    ],
)
def test_an_accept_header_chooses(accept: str | None, expected: str | None) -> None:
    chosen = negotiate(accept, SOLUTION_FORMATS)
    assert (chosen.name if chosen else None) == expected


def test_ask_has_no_table() -> None:
    assert negotiate("text/csv", BOOLEAN_FORMATS) is None
    assert format_named("tsv", BOOLEAN_FORMATS) is None


def test_terms_keep_what_was_written() -> None:
    (triple,) = graph(":a :p '007'^^<http://www.w3.org/2001/XMLSchema#integer> .")
    assert triple.subject == NamedNode("http://example.org/a")
    assert '"007"' in str(triple)


def test_what_is_taken_away_has_its_blank_nodes_back() -> None:
    shape = graph(":shape :path [ :inverse :of ] ; :in (1 2) .")
    again = with_blank_nodes(skolemise(shape))
    assert not any(GENID in str(triple) for triple in again)
    assert {str(t) for t in skolemise(again)} == {str(t) for t in skolemise(shape)}


class _Piece(bytes):
    """A piece of a document that can't be put behind another one by one."""

    def __radd__(self, other: object) -> bytes:
        raise AssertionError("what was read so far is copied at each piece")


class _Pieces:
    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    def chunks(self) -> Iterator[bytes]:
        """The pieces."""
        return iter(map(_Piece, self._pieces))


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ((b"a", b"b", b"c"), [b"abc"]),
        ((b"a\nb", b"c", b"d\n", b"e"), [b"a\n", b"bcd\n", b"e"]),
        ((b"a\n",), [b"a\n", b""]),
        ((), [b""]),
    ],
)
def test_lines_are_put_together_once(pieces: tuple[bytes, ...], whole: list[bytes]) -> None:
    """A document without line breaks takes no time that grows with the square of its size."""
    assert list(whole_lines(cast("Source", _Pieces(*pieces)))) == whole


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_examples_come_back_from_json_ld_as_another_reader_has_them() -> None:
    root = Path(__file__).resolve().parent.parent
    prefixes = load(root / "ontology").prefixes
    form = format_named("jsonld", GRAPH_FORMATS)
    assert form
    paths = sorted((root / "examples").rglob("*.ttl"))
    assert len(paths) > 50
    for path in paths:
        told = skolemise(parse(path))
        written = serialize(told, form, prefixes)
        assert set(parse_bytes(written, form)) == set(told), path
        if path.name == "valid.ttl":
            other = Graph().parse(data=written, format="json-ld")
            assert set(other) == set(Graph().parse(data=serialize(told, NT), format="nt")), path
