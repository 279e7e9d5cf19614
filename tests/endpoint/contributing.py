"""A small store, a server over it, and partners who contribute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from rskg.contribution.partners import Partners
from rskg.paths import Files
from rskg.store import Revisions
from tests.endpoint.processes import Served, served

ACME, OTHER = "https://acme.example/", "https://other.example/"
TURTLE = {"Content-Type": "text/turtle"}
PREFIXES = """\
@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix site: <https://w3id.org/rskg/id/site/> .
@prefix country: <https://w3id.org/rskg/id/country/> .
@prefix statement: <https://w3id.org/rskg/id/statement/> .
@prefix confidence: <https://w3id.org/rskg/id/confidence/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def site(name: str, country: str = "CL", label: str = "") -> str:
    """A document of one site, as a partner writes it."""
    return PREFIXES + (
        f'site:{name} a rskg:Site ; rdfs:label "{label or name}"@en ;'
        f" rskg:locatedIn country:{country} .\n"
        f"statement:{name} a rskg:Statement ; rskg:states site:{name} ;"
        f" dcterms:source <https://acme.example/{name}> ; rskg:confidence confidence:high .\n"
    )


def sites_table(*names: str, country: str = "CL") -> str:
    """The same as a filled-in template, a row each."""
    rows = (
        f"{name},Site,{name},country:{country},https://acme.example/{name},high\r\n"
        for name in names
    )
    return "id,type,label@en,located in,source,confidence\r\n" + "".join(rows)


def small_files(files: Files, root: Path) -> Files:
    """All the files, but of the datasets only the countries: what else would take its time."""
    for folder in (files.ontology, files.shapes, files.queries, files.examples):
        (root / folder.name).symlink_to(folder)
    (root / "data").mkdir(parents=True)
    (root / "data" / "countries").symlink_to(files.data / "countries")
    return Files(root)


@dataclass(frozen=True)
class Partner:
    """Somebody with a token, at a server."""

    client: httpx.Client
    dataset: str
    token: str

    def headers(self, **more: str) -> dict[str, str]:
        return {**TURTLE, "Authorization": f"Bearer {self.token}", **more}

    def post(self, document: str | bytes, query: str = "", **headers: str) -> httpx.Response:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"/contributions{query}", content=document, headers=self.headers(**told)
        )

    def put(self, document: str | bytes, query: str = "") -> httpx.Response:
        return self.client.put(f"/contributions{query}", content=document, headers=self.headers())

    def delete(self, identity: str) -> httpx.Response:
        return self.client.delete(f"/contributions/{identity}", headers=self.headers())

    def clear(self) -> None:
        """Withdraw all that the dataset holds."""
        listed = self.client.get("/contributions", params={"format": "json"})
        for each in listed.json()["contributions"]:
            if each["dataset"] == self.dataset and "withdrawn" not in each:
                assert self.delete(each["id"]).status_code == 200


def partner(
    client: httpx.Client, store: Path, dataset: str = "acme-sites", iri: str = ACME
) -> Partner:
    """A partner with a token of this store."""
    token, _ = Partners(store).create(
        iri, dataset, datetime.now(UTC), name=iri[8:-1].title(), title=f"What {iri} knows"
    )
    return Partner(client, dataset, token)


def ask(client: httpx.Client, query: str) -> Any:
    """A query's answer: rows of texts, or a truth."""
    prefixes = PREFIXES.replace("@prefix", "PREFIX").replace(" .\n", "\n")
    answer = client.get("/sparql", params={"query": prefixes + query, "format": "json"})
    answer.raise_for_status()
    told = answer.json()
    if "boolean" in told:
        return told["boolean"]
    return [
        {name: cell["value"] for name, cell in row.items()} for row in told["results"]["bindings"]
    ]


@contextmanager
def server(store: Path, files: Files, **settings: str) -> Iterator[tuple[Served, httpx.Client]]:
    """`rskg serve` over a store, with a client."""
    with (
        TemporaryDirectory() as folder,
        served(store, Path(folder) / "log", RSKG_FILES=str(files.root), **settings) as process,
        httpx.Client(base_url=process.address, timeout=120) as client,
    ):
        yield process, client


def default_graph(store: Path, number: int | None = None) -> set[str]:
    """The triples of the default graph, by their text."""
    return {str(quad) for quad in Revisions(store).open(number).quads("default")}
