"""FAIR Signposting, read by another's client: level 1 in the headers, level 2 as a linkset."""

from __future__ import annotations

import httpx
import pytest
from signposting import Signposting, find_signposting_http_link, find_signposting_linkset

from rskg.namespaces import BASE, SCHEMA, TERM
from tests.endpoint.conftest import said

HTML = {"Accept": "text/html"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def signposts(client: httpx.Client, path: str) -> Signposting:
    answer = client.head(path, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200
    return find_signposting_http_link(answer.headers.get_list("link"), str(answer.url))


def targets(found: object) -> set[str]:
    return {each.target for each in found}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "cited", "kinds"),
    [
        ("/id/actor/acme", "id/actor/acme", {f"{TERM}Company", f"{TERM}Actor"}),
        ("/datasets/toy", "dataset/toy", {f"{SCHEMA}Dataset"}),
        ("/datasets", "datasets", {f"{SCHEMA}DataCatalog"}),
        ("/", "dataset/rskg", {f"{SCHEMA}Dataset"}),
    ],
)
def test_a_page_says_what_to_cite_and_what_describes_it(
    site: httpx.Client, path: str, cited: str, kinds: set[str]
) -> None:
    found = signposts(site, path)
    assert found.citeAs is not None
    assert found.citeAs.target == BASE + cited
    assert targets(found.types) == {f"{SCHEMA}AboutPage", *kinds}
    assert {each.type for each in found.describedBy} >= {"text/turtle", "application/ld+json"}
    for each in found.describedBy:
        there = site.get(each.target)
        assert there.status_code == 200
        assert there.headers["content-type"].startswith(str(each.type))
        assert said(there)


def test_a_thing_is_of_its_datasets_under_their_licence(site: httpx.Client) -> None:
    found = signposts(site, "/id/actor/acme")
    assert found.license is not None and found.license.target == LICENCE
    assert found.collection is not None
    assert found.collection.target == f"{site.base_url}/datasets/toy"


def test_a_dataset_leads_to_its_files_and_back(real_site: httpx.Client) -> None:
    found = signposts(real_site, "/datasets/countries")
    assert targets(found.authors) == {f"{BASE}id/actor/rskg-contributors"}
    assert found.license is not None
    assert found.collection is not None and found.collection.target.endswith("/datasets")
    assert {str(each.type) for each in found.items} == {"text/csv", "application/n-triples"}
    for each in found.items:
        file = real_site.get(each.target)
        assert file.headers["content-type"].startswith(str(each.type))
        back = find_signposting_http_link(file.headers.get_list("link"), str(file.url))
        assert back.collection is not None
        assert back.collection.target == f"{real_site.base_url}/datasets/countries"
    assert f"{real_site.base_url}/datasets/countries" in targets(
        signposts(real_site, "/datasets").items
    )


@pytest.mark.parametrize("path", ["/id/actor/acme", "/datasets/toy", "/datasets"])
def test_a_linkset_says_the_same(site: httpx.Client, path: str) -> None:
    told = signposts(site, path)
    (address,) = told.linksets
    assert str(address.type) == "application/linkset+json"
    found = find_signposting_linkset(address.target).signposts
    assert {each for each in found if each.context == told.context} == {
        each.with_context(told.context) for each in told.signposts if each.rel != "describes"
    }


@pytest.mark.parametrize(
    "path", ["id/actor/nobody", "datasets/none", "nowhere", "id/actor/%3Cx%3E"]
)
def test_there_is_no_linkset_of_what_is_not_there(site: httpx.Client, path: str) -> None:
    assert site.get(f"/linkset/{path}").status_code == 404
