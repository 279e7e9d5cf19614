"""Messy names find their things, identifiers are strong, and what is unlike isn't a match."""

from __future__ import annotations

import csv
import io

import pytest

from rskg.namespaces import TERM, THING
from rskg.reconciliation import Index, Wanted, match, read, suggestions
from rskg.store import Reader
from tests.reconciliation.labelled import index_of, labelled, missed, tables_of, wanted

COMPANY = frozenset([f"{TERM}Company"])


@pytest.fixture(scope="module")
def index(whole: Reader) -> Index:
    return index_of(whole)


def test_nine_of_ten_messy_names_find_their_thing_first(index: Index) -> None:
    names = labelled()
    assert len(names) >= 300
    assert {one.kind for one in names} >= {"Country", "Company", "Site", "Process", ""}
    assert [one for one in names if not set(one.right) & index.things.keys()] == []
    wrong = missed(index, names)
    assert len(wrong) <= 0.1 * len(names), [one.name for one in wrong]


def test_what_is_marked_as_a_match_is_right(index: Index) -> None:
    marked = wrong = 0
    for one in labelled():
        found = match(index, wanted(one))
        if found and found[0].match:
            marked += 1
            wrong += found[0].thing.iri not in one.right
    assert marked >= 200
    assert wrong <= 0.02 * marked


def test_an_engine_that_lists_its_rows_in_another_order_changes_no_candidate(
    index: Index, whole: Reader
) -> None:
    turned = read(*map(_backwards, tables_of(whole)))
    for one in labelled():
        here, there = match(index, Wanted(one.name)), match(turned, Wanted(one.name))
        assert [(each.thing, each.score) for each in here] == [
            (each.thing, each.score) for each in there
        ]


def _backwards(table: bytes) -> bytes:
    head, *rows = csv.reader(io.StringIO(table.decode(), newline=""))
    turned = io.StringIO(newline="")
    csv.writer(turned).writerows([head, *reversed(rows)])
    return turned.getvalue().encode()


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("WZE1WSENV6JSZFK0JC28", "actor/bhp"),
        ("wze1 wsen v6js zfk0 jc28", "actor/bhp"),
        ("CHL", "country/CL"),
        ("152", "country/CL"),
        ("ICMM09484", "site/icmm09484"),
        ("7110.11", "hs/711011"),
        ("http://www.wikidata.org/entity/Q298", "country/CL"),
        ("Q298", "country/CL"),
        ("https://w3id.org/rskg/id/actor/bhp", "actor/bhp"),
    ],
)
def test_an_identifier_finds_its_thing_whatever_its_spelling(
    index: Index, text: str, thing: str
) -> None:
    best = match(index, Wanted(text))[0]
    assert best.thing.iri == THING + thing
    assert best.score == 100
    assert best.features["identifier"] is True


def test_an_identifier_in_a_property_wins_over_the_name(index: Index) -> None:
    lei = ((f"{TERM}lei", ("213800YOEO5OQ72G2R82",)),)
    assert match(index, Wanted("BHP", COMPANY, lei))[0].thing.iri == f"{THING}actor/rio-tinto"
    assert match(index, Wanted("", COMPANY, lei))[0].thing.iri == f"{THING}actor/rio-tinto"


def test_a_country_tells_namesakes_apart(index: Index) -> None:
    sites = frozenset([f"{TERM}Site"])

    def places(country: str) -> set[str]:
        asked = Wanted("Santa Rosa", sites, ((f"{TERM}locatedIn", (country,)),))
        best = match(index, asked)[0].thing
        return {each for one in best.places.values() for each in one}

    assert f"{THING}country/CL" in places("Chile")
    assert f"{THING}country/CL" in places("Chili")
    assert f"{THING}country/PE" in places("PE")
    assert f"{THING}country/PE" in places(f"{THING}country/PE")


def test_what_is_unlike_everything_is_no_match(index: Index) -> None:
    for text in ("Qwxzkjv Brblplp", "!!!", "株式会社", "x" * 500):
        assert not any(each.match for each in match(index, Wanted(text)))


def test_a_class_is_a_condition(index: Index) -> None:
    for each in match(index, Wanted("Chile", COMPANY)):
        assert f"{TERM}Company" in each.thing.types
    assert match(index, Wanted("Chile", frozenset(["https://example.org/None"]))) == []


def test_a_beginning_suggests_the_whole(index: Index) -> None:
    assert f"{THING}country/CI" in [each.iri for each in suggestions(index, "Côte d")]
    assert suggestions(index, "") == []
