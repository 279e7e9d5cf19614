"""What lies around a thing, as JSON: names, ties, what is too many, at a revision."""

from __future__ import annotations

from pathlib import Path

import httpx

from rskg.endpoint.things.neighbours import MOST_NODES
from rskg.namespaces import TERM, thing
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.conftest import bench, serving


def around(site: httpx.Client, path: str, **headers: str) -> dict[str, list[dict[str, object]]]:
    """The neighbourhood of a thing."""
    answer = site.get(f"/id/{path}/neighbours", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, list[dict[str, object]]] = answer.json()
    return found


def test_ties_both_ways_and_through_what_has_no_name(real_site: httpx.Client) -> None:
    found = around(real_site, "actor/rio-tinto")
    ties = {(link["source"], link["target"], link["label"]) for link in found["links"]}
    rio = thing("actor", "rio-tinto")
    assert (rio, thing("process", "vpshr"), "signs") in ties
    assert (rio, thing("site", "isal"), "Adoption") in ties
    assert any(target == rio for _, target, _ in ties)
    names = {node["iri"]: node for node in found["nodes"]}
    assert names[thing("site", "isal")]["family"] == "chain"
    assert not [iri for iri in names if "/involvement/" in str(iri)]
    assert len(names) == len(found["nodes"]) == len(found["links"])


def test_what_is_too_many_is_counted_and_can_be_listed(real_site: httpx.Client) -> None:
    many = {one["by"]: one for one in around(real_site, "stage/trading")["many"]}
    covers = many[TERM + "coversStage"]
    assert covers["outgoing"] is False
    href = str(covers["href"]).replace("format=html", "format=csv")
    assert len(real_site.get(href).text.split()) - 1 == covers["number"]


def test_names_follow_the_reader(real_site: httpx.Client) -> None:
    found = around(real_site, "process/rmap", **{"Accept-Language": "fr"})
    assert "Or" in {node["label"] for node in found["nodes"]}


def test_it_is_of_a_revision_and_not_sent_twice(site: httpx.Client) -> None:
    first = site.get("/id/actor/acme/neighbours")
    assert first.json()["revision"] == int(first.headers["revision"]) == 1
    assert [node["label"] for node in first.json()["nodes"]] == [
        "A code of conduct",
        "An audit of Acme",
    ]
    again = site.get("/id/actor/acme/neighbours", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert site.get("/id/actor/acme/neighbours?revision=1").json() == first.json()


def test_what_nobody_speaks_of_has_no_neighbours(site: httpx.Client) -> None:
    assert site.get("/id/actor/nobody/neighbours").status_code == 404


def test_what_nobody_describes_is_unknown_and_more_than_fit_are_counted(
    toy_files: Files, tmp_path: Path
) -> None:
    some = [f"actor:acme rskg:tie{n % 6} actor:a{n} ." for n in range(MOST_NODES + 20)]
    told = [f'actor:a{n} rdfs:label "A {n}"@en .' for n in range(1, MOST_NODES + 20)]
    revisions = Revisions(tmp_path)
    revisions.commit(bench("\n".join((*some, *told))), "many")
    with serving(revisions, toy_files) as client:
        found = around(client, "actor/acme")
    assert len(found["nodes"]) == len(found["links"]) == MOST_NODES
    (rest,) = found["many"]
    assert rest["number"] == 22
    unknown = [node["iri"] for node in found["nodes"] if not node["known"]]
    assert unknown == [thing("actor", "a0")]
