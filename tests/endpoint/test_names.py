"""Search as one types: what is meant comes first, in any language, a slip forgiven."""

from __future__ import annotations

import httpx
import pytest

from rskg.endpoint.pages.names import Name, Names, fold, likeness

NAMES = [
    ("commodity/cobalt", "Cobalt", "en", True),
    ("commodity/cobalt", "Kobalt", "de", True),
    ("stage/recycling", "Recycling", "en", True),
    ("stage/recycling", "Recyclage", "fr", True),
    ("process/irma", "IRMA Standard for Responsible Mining", "en", True),
    ("actor/cote", "République de Côte d'Ivoire", "fr", True),
    ("actor/quote", 'The "OR" club', "en", True),
    ("actor/code", "Code", "en", True),
    ("actor/code", "XZ-9", "", False),
]


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(Name(*each) for each in NAMES)


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("cob", "commodity/cobalt"),
        ("cobolt", "commodity/cobalt"),
        ("kobalt", "commodity/cobalt"),
        ("recylage", "stage/recycling"),
        ("irma standart", "process/irma"),
        ("responsible mining", "process/irma"),
        ("cote d'ivoire", "actor/cote"),
        ("CÔTE", "actor/cote"),
        ('"or"', "actor/quote"),
        ("xz", "actor/code"),
    ],
)
def test_what_is_meant_comes_first(names: Names, typed: str, thing: str) -> None:
    assert names.find(typed)[0].thing == thing


@pytest.mark.parametrize("typed", ["", "c", "qqqq", "%", "* OR *", "\x00\x00\x00"])
def test_nothing_is_found_for_what_names_nothing(names: Names, typed: str) -> None:
    assert names.find(typed) == []


def test_a_thing_is_told_by_its_label_in_the_readers_language(names: Names) -> None:
    found = names.find("recycl", "fr")[0]
    assert (found.label, found.match) == ("Recyclage", "Recyclage")
    assert names.find("xz")[0].label == "Code"


def test_an_exact_name_is_likest() -> None:
    grades = [likeness("cobalt", fold(n)) for n in ("Cobalt", "Cobalt Ltd", "A cobalt", "Cobolt")]
    assert grades == sorted(grades, reverse=True) and len(set(grades)) == 4


def test_a_register_of_thousands_counts_less() -> None:
    many = [Name(f"https://e/site/{n}", f"Cobar {n}", "en", True) for n in range(2_500)]
    names = Names([*many, Name("https://e/commodity/cobalt", "Cobalt metal", "en", True)])
    assert names.find("coba")[0].label == "Cobalt metal"


def test_suggestions_over_http(site: httpx.Client) -> None:
    found = site.get("/search/suggest", params={"q": "acme minning"}).json()
    assert found[0] == {
        "iri": "https://w3id.org/rskg/id/actor/acme",
        "address": "/id/actor/acme",
        "label": "Acme <Mining> & Sons",
        "match": "Acme <Mining> & Sons",
        "kind": "actor",
        "family": "actor",
    }
    assert site.get("/search/suggest", params={"q": "x"}).json() == []
    answer = site.get("/search/suggest", params={"q": "gewinung", "lang": "fr"})
    assert answer.json()[0]["label"] == "Extraction"
    again = site.get(
        "/search/suggest",
        params={"q": "gewinung", "lang": "fr"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


def test_the_page_of_a_search_offers_what_is_alike(site: httpx.Client) -> None:
    page = site.get("/search", params={"q": "gewinung"}, headers={"Accept": "text/html"}).text
    assert "These are alike" in page and "/id/stage/extraction" in page
