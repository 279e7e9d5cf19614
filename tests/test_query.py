"""Question files: header, parameters, their description in RDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from rskg.errors import InputError, UsageError
from rskg.query import Query, executable, load
from rskg.syntax import Literal, NamedNode

TEXT = """#+ summary: Who issues what?
#+ question: Q09
#+ limits: |
#+   Says nothing of others.
#+ parameters:
#+   - name: commodity
#+     type: iri
#+     scheme: commodity
#+     default: cobalt
#+   - name: year
#+     type: integer
#+   - name: force
#+     choices: [soft, hard]
SELECT ?commodity ?year ?force WHERE { ?commodity ?p ?year ; ?q ?force }
"""


def query(folder: Path, text: str = TEXT) -> Query:
    path = folder / "who-issues-what.rq"
    path.write_text(text)
    return load(path)


def test_the_header_and_the_text_come_apart(tmp_path: Path) -> None:
    asked = query(tmp_path)
    assert (asked.slug, asked.summary, asked.question) == (
        "who-issues-what",
        "Who issues what?",
        "Q09",
    )
    assert asked.limits == "Says nothing of others."
    assert asked.sparql.startswith("SELECT")


def test_parameters_take_slugs_iris_and_defaults(tmp_path: Path) -> None:
    asked = query(tmp_path)
    cobalt = NamedNode("https://w3id.org/rskg/id/commodity/cobalt")
    assert asked.bindings({}) == {"commodity": cobalt}
    assert asked.bindings({"commodity": "http://example.org/x", "year": "2020"}) == {
        "commodity": NamedNode("http://example.org/x"),
        "year": Literal(2020),
    }


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"colour": "red"}, "has no parameter colour; it takes: commodity, year, force"),
        ({"year": "soon"}, "whole number"),
        ({"year": "²"}, "whole number"),
        ({"year": "--1"}, "whole number"),
        ({"force": "hrad"}, "one of soft, hard, not `hrad`; did you mean hard?"),
        ({"force": "x" * 999}, "not `x{80}…`"),
        ({"commodity": "no slug> ?x"}, "takes an IRI"),
    ],
)
def test_a_wrong_value_is_told(tmp_path: Path, values: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        query(tmp_path).bindings(values)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("SELECT * {}", "summary"),
        ("#+ summary: [\nSELECT * {}", "not YAML"),
        ("#+ summary: a\n#+ sumary: b\nSELECT * {}", "unknown key `sumary`"),
        ("#+ summary: a\n#+ parameters: [{name: x, type: colour}]\nSELECT * {}", "needs a name"),
        ("#+ summary: a\n#+ parameters: [{name: x, choice: [a]}]\nSELECT * {}", "key `choice`"),
        (
            "#+ summary: a\n#+ parameters: [{name: x, type: integer, choices: [a]}]\nSELECT * {}",
            "list of strings",
        ),
        (
            "#+ summary: a\n#+ parameters: [{name: x, type: integer, default: a}]\nSELECT * {}",
            "the default of parameter x takes a whole number",
        ),
    ],
)
def test_a_wrong_header_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        query(tmp_path, text)


def test_a_question_is_a_sparql_executable(tmp_path: Path) -> None:
    said = {str(triple).split("> ", 1)[1] for triple in executable(query(tmp_path))}
    assert any(line.startswith("<http://www.w3.org/ns/shacl#select>") for line in said)
    assert any(line.endswith("/id/question/Q09>") for line in said)


def test_a_slug_of_another_kind_is_looked_up(tmp_path: Path) -> None:
    """`EU` is a jurisdiction; what isn't one, and is a country, stands for that."""
    one = "{name: place, type: iri, scheme: [jurisdiction, country]}"
    header = f"#+ summary: Who?\n#+ parameters: [{one}]\n"
    asked = query(tmp_path, header + "SELECT ?place {}")
    (place,) = asked.parameters
    there = NamedNode("https://w3id.org/rskg/id/country/US")
    text = asked.codes({"place": "US"})
    assert text is not None
    assert f"<{there.value}>)" in text
    given = asked.with_things({"place": "US"}, [[Literal("place"), there]])
    assert asked.bindings(given) == {"place": there}
    assert (place.slug(there.value), place.slug("other")) == ("US", "other")


def test_a_header_says_it_in_other_languages_too(tmp_path: Path) -> None:
    path = tmp_path / "who.rq"
    head = "#+ summary: Who?\n#+ summary@fr: Qui ?\n#+ limits@fr: Peu.\n#+ limits: Little.\n"
    path.write_text(f"{head}SELECT * {{ ?s ?p ?o }}\n", encoding="utf-8")
    query = load(path)
    assert [query.said("summary", code) for code in ("fr", "en", "de")] == ["Qui ?", "Who?", "Who?"]
    assert (query.said("limits", "fr"), query.said("description", "fr")) == ("Peu.", "")
    labels = {str(t.object) for t in executable(query) if t.predicate.value.endswith("#label")}
    assert labels == {'"Who?"@en', '"Qui ?"@fr'}
    limits = {str(t.object) for t in executable(query) if t.predicate.value.endswith("scopeNote")}
    assert limits == {'"Little."@en', '"Peu."@fr'}
    path.write_text("#+ summary: Who?\n#+ chart@fr: bar\n", encoding="utf-8")
    with pytest.raises(InputError, match="chart@fr"):
        load(path)
