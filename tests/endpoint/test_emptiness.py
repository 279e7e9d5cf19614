"""Why there are no rows, over HTTP: told when asked for, and on the editor's page."""

from __future__ import annotations

import httpx
import pytest

BROWSER = {"Accept": "text/html"}
HEAD = "PREFIX rskg: <https://w3id.org/rskg/ontology#>\n"
EMPTY = HEAD + "SELECT * {\n ?x a rskg:Proces }"
FULL = HEAD + "SELECT * { ?x a rskg:Process }"


def linked(answer: httpx.Response) -> str | None:
    found = answer.links.get("describedby")
    return found["url"] if found else None


@pytest.mark.parametrize("form", ["json", "csv", "tsv", "xml"])
def test_an_empty_answer_links_to_its_reasons_on_request(site: httpx.Client, form: str) -> None:
    asked = {"query": EMPTY, "format": form}
    assert linked(site.get("/sparql", params=asked)) is None
    answer = site.get("/sparql", params={**asked, "explain": "empty"})
    assert answer.content == site.get("/sparql", params=asked).content
    address = linked(answer)
    assert address is not None
    told = site.get(address).json()
    (reason,) = told["reasons"]
    assert (told["empty"], told["revision"]) == (True, 1)
    assert (reason["line"], reason["column"]) == (3, 7)
    assert reason["kind"] == "absent-term"
    assert reason["suggestion"] == "rskg:Process"
    assert "nothing is a rskg:Proces" in reason["sentence"]


def test_an_answer_with_rows_has_no_reasons(site: httpx.Client) -> None:
    assert linked(site.get("/sparql", params={"query": FULL, "explain": "empty"})) is None
    assert site.get("/sparql/why", params={"query": FULL}).json()["reasons"] == []


def test_the_graphs_that_were_asked_are_looked_at(site: httpx.Client) -> None:
    asked = {"query": FULL, "default-graph-uri": "https://w3id.org/rskg/graph/provenance"}
    (reason,) = site.post("/sparql/why", data=asked).json()["reasons"]
    assert "nothing is a rskg:Process" in reason["sentence"]


def test_a_long_query_is_sent_again(site: httpx.Client) -> None:
    long = f"{EMPTY} # {'x' * 5000}"
    answer = site.post("/sparql", params={"explain": "empty"}, data={"query": long})
    address = linked(answer)
    assert address == "/sparql/why?revision=1"
    assert len(site.post(address, data={"query": long}).json()["reasons"]) == 1


@pytest.mark.parametrize("asked", [{"explain": "all", "query": EMPTY}])
def test_another_explanation_is_refused(site: httpx.Client, asked: dict[str, str]) -> None:
    assert site.get("/sparql", params=asked).status_code == 400
    assert site.get("/sparql/why").status_code == 400
    assert site.get("/sparql/why", params={"query": "SELECT"}).status_code == 400


def test_the_page_says_why(site: httpx.Client) -> None:
    page = site.get("/sparql", params={"query": EMPTY}, headers=BROWSER).text
    assert "Nothing is a rskg:Proces here: did you mean rskg:Process?" in page
    assert "No row matches" not in page
    nothing = site.get(
        "/sparql", params={"query": "SELECT * { FILTER(1 = 2) FILTER(2 = 1) }"}, headers=BROWSER
    ).text
    assert "No row matches" in nothing
    graph = EMPTY.replace("SELECT *", "CONSTRUCT WHERE")
    assert (
        "did you mean rskg:Process?"
        in site.get("/sparql", params={"query": graph}, headers=BROWSER).text
    )
