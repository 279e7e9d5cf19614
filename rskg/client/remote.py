"""A SPARQL endpoint somewhere, asked over HTTP (SPARQL 1.1 Protocol)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import httpx
from rdflib import Dataset

from rskg.client.source import ACCEPT as OURS
from rskg.client.source import no_dataset
from rskg.errors import EndpointFailed, PartialAnswer
from rskg.ontology import prefixes
from rskg.paths import installed
from rskg.store import Answer
from rskg.store.ask import Ask
from rskg.store.budget import budget_of_settings
from rskg.store.engines import asked_only, recognised
from rskg.store.partial import sign_of_part
from rskg.syntax import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    TEXT_FORMATS,
    TSV,
    Term,
    format_named,
    rows_as,
)

#: JSON for rows: all endpoints have it, and get it right more often than TSV.
ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, text/turtle;q=0.5"
SECONDS = 120.0


class RemoteSource:
    """An endpoint at an address; `revision` is known when the endpoint is one of ours."""

    def __init__(self, address: str, revision: int | str | None = None) -> None:
        self.name = address
        self.revision: int | None = revision if isinstance(revision, int) else None
        #: Those of the ontology, as soon as the endpoint is known to be one of ours.
        self.prefixes: Mapping[str, str] = {}
        self._wanted = revision
        #: What a service that tells its revision is asked for from then on: one of ours writes
        #: every term out in TSV, which is read several times as fast as JSON.
        self._accept = ACCEPT
        #: True for one that cuts graphs without a word, and tables with a header (Virtuoso).
        self._as_tables = False

    def answer(self, query: str, bindings: Mapping[str, Term]) -> Answer:
        """The complete answer; raises EndpointFailed with what the endpoint said.

        Raises PartialAnswer where it tells that there is more.
        """
        if self._as_tables:
            return self._as_table(query, bindings)
        form = {"query": _bound(query, bindings)}
        if self._wanted is not None:
            form["revision"] = str(self._wanted)
        try:
            found = httpx.post(
                self.name,
                data=form,
                headers={"Accept": self._accept},
                timeout=SECONDS,
                follow_redirects=True,
            )
        except httpx.HTTPError as error:
            raise EndpointFailed(self.name, str(error) or type(error).__name__) from error
        if found.status_code != httpx.codes.OK:
            raise EndpointFailed(self.name, _sentence(found), found.status_code)
        if sign := sign_of_part(found.headers):
            raise PartialAnswer(self.name, sign)
        if found.headers.get("revision", "").isdigit():
            self.revision = int(found.headers["revision"])
            self._accept = OURS
            self.prefixes = _ours()
        self._as_tables = bool(recognised(found.headers.get("server", "")).cut)
        return self._as_table(query, bindings) if self._as_tables else self._read(found)

    def _as_table(self, query: str, bindings: Mapping[str, Term]) -> Answer:
        budget = replace(budget_of_settings(), seconds=SECONDS)
        with asked_only(self.name, self.prefixes) as engine:
            return engine.answer(Ask(query, OURS, bindings=tuple(bindings.items())), budget)

    def at(self, revision: int | str) -> RemoteSource:
        """The same endpoint, asked for another revision (ours only)."""
        return RemoteSource(self.name, revision)

    def dataset(self) -> Dataset:
        """An endpoint's graphs stay where they are; raises UsageError."""
        raise no_dataset(self.name)

    def _read(self, found: httpx.Response) -> Answer:
        media_type = found.headers.get("content-type", "").partition(";")[0].strip()
        if table := format_named(media_type, TEXT_FORMATS):
            body = rows_as(found.content, table, TSV)
            if body is None:
                return Answer(found.content, BOOLEAN_FORMATS[0], "boolean")
            return Answer(body, TSV, "solutions")
        if graph := format_named(media_type, GRAPH_FORMATS):
            return Answer(found.content, graph, "graph")
        raise EndpointFailed(self.name, f"it answers with {media_type or 'no media type'}")


@cache
def _ours() -> Mapping[str, str]:
    return prefixes(installed().ontology)


def _bound(query: str, bindings: Mapping[str, Term]) -> str:
    """The query with parameters as a closing VALUES, which joins with what is projected."""
    if not bindings:
        return query
    names = " ".join(f"?{name}" for name in bindings)
    terms = " ".join(str(term) for term in bindings.values())
    return f"{query}\nVALUES ({names}) {{ ({terms}) }}"


def _sentence(found: httpx.Response) -> str:
    if found.headers.get("content-type", "").startswith("application/problem+json"):
        problem = found.json()
        return str(problem.get("detail") or problem.get("title"))
    return found.text.strip().partition("\n")[0][:200] or found.reason_phrase
