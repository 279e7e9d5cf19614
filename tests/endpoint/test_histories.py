"""The history of a thing: what came and went about it by revision, who said so, bounded."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from rskg.endpoint.history.things import MOST_REVISIONS, Fact, State
from rskg.endpoint.pages.solutions import Value
from rskg.namespaces import TERM, graph
from rskg.paths import Files
from rskg.store import Revisions
from rskg.store.draft import Draft
from tests.endpoint.conftest import bench, serving, triples
from tests.endpoint.contributing import Partner, site

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
TOY = graph("data/toy")
NAMED = triples('actor:acme rskg:abbreviation "ACME" .')
#: The revision that gives Acme an abbreviation; it is gone in the next.
TOLD = 5


@pytest.fixture(scope="module")
def client(toy_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """More revisions than a page looks at, of which two change what is said of Acme."""
    revisions = Revisions(tmp_path_factory.mktemp("histories"))
    revisions.commit(bench(), "first")
    for number in range(2, MOST_REVISIONS + 6):
        revisions.amend(lambda draft, number=number: _change(draft, number), f"commit {number}")
    with serving(revisions, toy_files) as client:
        yield client


def _change(draft: Draft, number: int) -> None:
    if number == TOLD:
        draft.add(NAMED, TOY)
    elif number == TOLD + 1:
        draft.remove(NAMED, TOY)
    else:
        draft.add(triples(f'actor:other{number} rdfs:label "Other {number}"@en .'), TOY)


def test_only_revisions_that_changed_the_thing_are_told(client: httpx.Client) -> None:
    first = client.get("/id/actor/acme/history", headers=JSON).json()
    (gone,) = first["steps"]
    assert (gone["revision"], gone["before"], gone["note"]) == (6, 5, "commit 6")
    (change,) = gone["changes"]
    assert change["graph"] == TOY
    assert change["origin"]["title"] == "Toys"
    assert [fact["property"] for fact in change["went"]] == [TERM + "abbreviation"]
    assert change["came"] == []
    rest = client.get(f"/id/actor/acme/history{first['earlier']}", headers=JSON).json()
    assert [step["revision"] for step in rest["steps"]] == [5, 1]
    assert rest["earlier"] is None
    oldest = rest["steps"][1]
    assert oldest["before"] is None
    assert any(fact["pointing"] for one in oldest["changes"] for fact in one["came"])


def test_the_page_leads_to_revisions_and_says_what_went(client: httpx.Client) -> None:
    page = client.get("/id/actor/acme.html", headers=HTML).text
    assert 'href="/id/actor/acme/history"' in page
    page = client.get("/id/actor/acme/history", headers=HTML).text
    assert 'href="/revisions/diff?from=5&amp;to=6"' in page
    assert "Toys" in page
    assert 'rel="next" href="/id/actor/acme/history?before=6"' in page
    assert "Nothing about it changed" in client.get("/id/actor/quiet/history").text


def test_a_history_is_of_a_thing_that_was_and_not_sent_twice(client: httpx.Client) -> None:
    assert client.get("/id/actor/nobody/history").status_code == 404
    assert client.get("/id/actor/acme/history?before=0").status_code == 400
    for accepted in (HTML, JSON):
        first = client.get("/id/actor/acme/history", headers=accepted)
        told = {**accepted, "If-None-Match": first.headers["etag"]}
        assert client.get("/id/actor/acme/history", headers=told).status_code == 304


def test_what_is_too_much_is_left_out_not_taken_for_a_change() -> None:
    one = Fact(TOY, TERM + "adopts", Value("uri", "https://example.org/a"), pointing=True)
    other = Fact(TOY, TERM + "note", Value("literal", "b"), pointing=False)
    few, many = State(frozenset({other}), frozenset({one})), State(frozenset({other}), None)
    assert few.beside(many) == many.beside(few) == {other}
    assert few.beside(few) == {one, other}
    assert few.whole and not many.whole


def test_a_contribution_that_came_and_went_is_told_by_whom(acme: Partner) -> None:
    told = acme.post(site("remembered")).json()
    acme.delete(told["id"])
    steps = acme.client.get("/id/site/remembered/history", headers=JSON).json()["steps"]
    went, came = (
        [one for one in step["changes"] if one["graph"] == told["graph"]] for step in steps
    )
    assert came[0]["origin"]["agent"] == went[0]["origin"]["agent"] == "https://acme.example/"
    assert came[0]["origin"]["activity"]
    assert {fact["property"] for fact in went[0]["went"]} == {
        fact["property"] for fact in came[0]["came"]
    }
