"""Packed answers: who gets which coding, and that each is a representation of its own."""

from __future__ import annotations

import asyncio
import gzip
import os

import httpx
import pytest

from rskg.endpoint.http.compression import SLOW, SMALLEST, Packed, chosen, zstd

UNPACK = {"gzip": gzip.decompress, "zstd": zstd.decompress}
#: A page, a document and a table, each too large for one packet.
LARGE = [
    ("/", "text/html"),
    ("/ontology", "text/turtle"),
    ("/sparql?query=SELECT+*+%7B+?s+?p+?o+%7D", "text/csv"),
    ("/sparql?query=SELECT+*+%7B+?s+?p+?o+%7D&format=json", "*/*"),
]


@pytest.mark.parametrize(
    ("header", "coding", "must"),
    [
        ("", "", False),
        ("identity", "", False),
        ("gzip", "gzip", False),
        ("x-gzip", "gzip", False),
        ("GZip", "gzip", False),
        ("zstd", "zstd", False),
        ("gzip, deflate, br, zstd", "zstd", False),
        ("gzip, deflate", "gzip", False),
        ("gzip;q=0.9, zstd;q=0.8", "gzip", False),
        ("gzip;q=0.9 , zstd ; q=0.95", "zstd", False),
        ("gzip;q=0", "", False),
        ("gzip;q=0, zstd", "zstd", False),
        ("*", "zstd", False),
        ("*;q=0.5, zstd;q=0", "gzip", False),
        ("zstd;q=0, *", "gzip", False),
        ("br", "", False),
        ("br, *;q=0", "", False),
        ("identity, gzip;q=0.5", "", False),
        ("identity;q=0.5, gzip;q=0.5", "gzip", False),
        ("identity;q=0, gzip", "gzip", True),
        ("gzip, *;q=0", "gzip", True),
        ("identity;q=0", "", False),
        ("gzip;q=much", "", False),
        ("gzip;q=7", "gzip", False),
        (",, ;q=1, gzip,", "gzip", False),
    ],
)
def test_the_coding_is_the_one_that_is_asked_for(header: str, coding: str, must: bool) -> None:
    assert chosen(header) == (coding, must)


@pytest.mark.parametrize(("path", "accept"), LARGE)
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_what_is_packed_is_the_same_and_has_a_tag_of_its_own(
    site: httpx.Client, path: str, accept: str, coding: str
) -> None:
    wanted = {"Accept": accept, "Accept-Encoding": "identity"}
    plain = site.get(path, headers=wanted)
    assert plain.status_code == 200
    assert "content-encoding" not in plain.headers
    with site.stream("GET", path, headers={**wanted, "Accept-Encoding": coding}) as packed:
        body = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == coding
    assert packed.headers["content-length"] == str(len(body))
    assert UNPACK[coding](body) == plain.content
    assert len(body) < len(plain.content)
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + f'-{coding}"'
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
        assert "Accept," in answer.headers["vary"]


@pytest.mark.parametrize(("path", "accept"), LARGE)
def test_a_client_keeps_the_answer_that_it_holds_and_no_other(
    site: httpx.Client, path: str, accept: str
) -> None:
    def asked(coding: str, held: str = "") -> httpx.Response:
        headers = {"Accept": accept, "Accept-Encoding": coding}
        return site.get(path, headers=headers | ({"If-None-Match": held} if held else {}))

    tags = {coding: asked(coding).headers["etag"] for coding in ("identity", "gzip")}
    for coding, tag in tags.items():
        for held in (tag, f'"other", W/{tag}'):
            again = asked(coding, held)
            assert again.status_code == 304
            assert again.headers["etag"] == tag
            assert "content-encoding" not in again.headers
    assert asked("identity", tags["gzip"]).status_code == 200
    assert asked("identity", "*").status_code == 304
    assert asked("gzip", "*").status_code == 304


def test_small_answers_are_packed_only_when_they_must_be(site: httpx.Client) -> None:
    def asked(coding: str) -> httpx.Response:
        path = "/sparql?query=ASK%7B%7D&format=json"
        return site.get(path, headers={"Accept-Encoding": coding})

    small = asked("gzip")
    assert len(small.content) < SMALLEST
    assert "content-encoding" not in small.headers
    assert "Accept-Encoding" in small.headers["vary"]
    must = asked("gzip, identity;q=0")
    assert must.headers["content-encoding"] == "gzip"
    assert must.content == small.content


def test_problems_and_redirections_are_told_in_any_coding(site: httpx.Client) -> None:
    wanted = {"Accept-Encoding": "gzip, identity;q=0", "Accept": "text/turtle"}
    assert site.get("/sparql?query=SELECT", headers=wanted).json()["status"] == 400
    assert site.get("/id/actor/acme", headers=wanted).status_code == 303


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_head_has_the_headers_of_get(site: httpx.Client, accept: str) -> None:
    paths = ("/", "/sparql", "/sparql?query=SELECT", "/queries", "/queries/adopters", "/ontology")
    more = ("/id/actor/acme", "/datasets", "/revisions", "/health/live", "/nowhere", "/style.css")
    for path in (*paths, *more):
        wanted = {"Accept": accept, "Accept-Encoding": "gzip"}
        told, got = (site.request(m, path, headers=wanted) for m in ("HEAD", "GET"))
        assert (told.status_code, told.content) == (got.status_code, b"")
        of_told, of_got = ({**answer.headers, "date": ""} for answer in (told, got))
        assert of_told == of_got, path


def test_what_is_packed_is_kept_within_bounds() -> None:
    async def run() -> None:
        packed = Packed(most=80_000)
        for size in (100, SLOW, SLOW + 1):
            body = os.urandom(size // 10) * 10
            first = await packed.body(body, "gzip")
            assert gzip.decompress(first) == body
            before = packed.hits
            assert await packed.body(body, "gzip") == first
            assert packed.hits == before + 1
        for number in range(50):
            await packed.body(os.urandom(5_000) + bytes([number]), "zstd")
            assert packed.bytes <= 80_000
        assert packed.bytes > 60_000

    asyncio.run(run())
