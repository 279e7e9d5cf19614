"""A visit: one request at one revision, what it may ask of the graph and how it answers.

The templates and the queries of the pages (`asks/*.rq`) are read once, when the app is made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rskg.endpoint.asking.evaluation import Ask, Caller, Evaluator
from rskg.endpoint.asking.history import History
from rskg.endpoint.exchange import memento
from rskg.endpoint.exchange.transfer import transferred
from rskg.endpoint.http.negotiation import wants_page
from rskg.endpoint.http.representation import digest, said
from rskg.endpoint.languages import ENGLISH, GLOBALS, labelled, language_of, numbered
from rskg.endpoint.pages.assets import Bundle
from rskg.endpoint.pages.kept import Pages
from rskg.endpoint.pages.solutions import Table, table
from rskg.endpoint.pages.trails import trail
from rskg.endpoint.pages.words import FILTERS, TESTS, count, family
from rskg.endpoint.problems import GONE, NOT_FOUND, PARAMETER, Problem
from rskg.errors import UsageError
from rskg.namespaces import BASE
from rskg.store import Answer
from rskg.store.workers.flow import Flow
from rskg.syntax import Format, Literal, NamedNode, Term

HERE = Path(__file__).resolve().parent.parent
TABLE_TYPE = "application/sparql-results+json"
#: The longest number that a revision may have.
MOST_DIGITS = 15
#: Of how many revisions and languages the labels are kept.
KEPT_LABELS = 4
NAVIGATION = (
    ("/instruments", "Instruments"),
    ("/actors", "Actors"),
    ("/value-chains", "Value chains"),
    ("/map", "Map"),
    ("/queries", "Questions"),
    ("/sparql", "Query"),
    ("/datasets", "Datasets"),
    ("/ontology", "Ontology"),
    ("/validate", "Validate"),
)


def environment(classes: Mapping[str, str], bundle: Bundle) -> Environment:
    """The templates with their filters; an unknown name is an error, never a gap.

    `classes` gives the colour family of each class by its name; `bundle` is what browsers run.
    """
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS, family=partial(family, classes=classes))
    made.filters.update(labelled=labelled, plural=numbered(count))
    made.tests.update(TESTS)
    made.globals.update(GLOBALS, trail=trail)
    made.globals.update(base=BASE, navigation=NAVIGATION, style=style_version(), bundle=bundle)
    return made


def style() -> bytes:
    """The one style sheet."""
    return (HERE / "style.css").read_bytes()


def style_version() -> str:
    """Changes with the style sheet, so that browsers may keep it for ever."""
    return digest(style())


def page_queries() -> dict[str, str]:
    """The queries behind the pages, by name."""
    return {path.stem: path.read_text("utf-8") for path in sorted((HERE / "asks").glob("*.rq"))}


@dataclass(frozen=True)
class Visit:
    """One request, answered from one revision throughout, which is held meanwhile.

    `pinned` is the revision as it was asked for, by number, release or date; "" for the newest.
    """

    request: Request
    revision: int
    evaluator: Evaluator
    environment: Environment
    queries: Mapping[str, str]
    pinned: str = ""
    hold: object = None
    links: tuple[str, ...] = ()

    def linking(self, *links: str) -> Visit:
        """This visit with more links on its answers."""
        return replace(self, links=(*self.links, *links))

    async def answer(self, ask: Ask, timeout: str | None = None) -> Answer:
        """A query's answer at this visit's revision; `timeout` asks for less time than there is."""
        return await self.evaluator.answer(ask, self.revision, self._caller(timeout))

    async def deliver(self, ask: Ask, timeout: str | None = None) -> Answer | Flow:
        """The same for whoever takes a large answer in pieces."""
        return await self.evaluator.deliver(ask, self.revision, self._caller(timeout))

    def _caller(self, timeout: str | None) -> Caller:
        client = self.request.client
        return Caller(client.host if client else "", timeout, self._gone)

    async def _gone(self) -> None:
        """Returns when the client closed the connection."""
        while (await self.request.receive())["type"] != "http.disconnect":
            pass

    async def rows(self, query: str, **bindings: Term) -> Table:
        """The rows of a SELECT given as text."""
        ask = Ask(query, TABLE_TYPE, bindings=tuple(bindings.items()))
        return table((await self.answer(ask)).body)

    async def table(self, name: str, **bindings: Term) -> Table:
        """The rows of one of the pages' own queries, by its name in `asks/`.

        Where `asks/NAME-told.rq` finds the numbers that the build has counted, nothing is counted.
        """
        told = self.queries.get(f"{name}-told")
        if told and self.request.app.state.mode == "built":
            found = await self.rows(told, **bindings)
            if len(found):
                return found
        return await self.rows(self.queries[name], **bindings)

    async def tables(self, *names: str, **bindings: Term) -> list[Table]:
        """Several of the pages' queries with the same bindings, side by side."""
        return await asyncio.gather(*(self.table(name, **bindings) for name in names))

    async def labels(self, iris: set[str]) -> dict[str, str]:
        """The English labels of many IRIs, by one query."""
        if not iris:
            return {}
        values = " ".join(f"<{iri}>" for iri in sorted(iris))
        found = await self.rows(self.queries["labels"].replace("#VALUES#", values))
        return {row["thing"].text: row["label"].text for row in found if "label" in row}

    async def places(self, iris: set[str]) -> dict[str, tuple[float, float]]:
        """Longitude and latitude of many things: their own, or those of a thing in them."""
        found: dict[str, tuple[float, float]] = {}
        for name in ("places", "places-within"):
            values = " ".join(f"<{iri}>" for iri in sorted(iris - found.keys()))
            text = self.queries[name].replace("#VALUES#", values)
            for row in await self.rows(text) if values else ():
                if "longitude" in row and "latitude" in row:
                    found[row["thing"].text] = row["longitude"].number, row["latitude"].number
        return found

    async def numbers(self, iris: set[str]) -> dict[str, str]:
        """The numbers in ISO 3166-1 of those things that are countries."""
        found = await self.table("map-countries") if iris else ()
        return {
            row["country"].text: row["number"].text for row in found if row["country"].text in iris
        }

    def page(self, template: str, *, status: int = 200, **context: object) -> Response:
        """An HTML page; 304 when the browser has this very page already."""
        return self._html(self._written(template, context), status)

    async def kept(
        self, template: str, context: Callable[[], Awaitable[Mapping[str, object]]]
    ) -> Response:
        """The same for a page that changes with the revision alone: it is written once."""
        pages: Pages = self.request.app.state.pages
        key = (self.revision, language_of(self.request), str(self.request.url))
        body = pages.get(key)
        if body is None:
            body = self._written(template, await context())
            pages.keep(key, body)
        return self._html(body)

    def _written(self, template: str, context: Mapping[str, object]) -> bytes:
        text = self.environment.get_template(template).render(
            request=self.request, revision=self.revision, **context
        )
        return text.encode()

    def _html(self, body: bytes, status: int = 200) -> Response:
        headers = {**self.headers(digest(body)), "Vary": "Accept, Accept-Language"}
        if status == 200 and self.holds(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return HTMLResponse(body, status, headers)

    async def document(
        self, ask: Ask, form: Format, links: Mapping[str, str] | None = None
    ) -> Response:
        """A graph or a table of results in a chosen format, under a strong ETag."""
        identity = digest(self.revision, repr(ask), form.media_type)
        headers = {**self.headers(identity), **(links or {})}
        if self.holds(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return transferred(self.request, await self.deliver(ask), headers)

    async def described(
        self, name: str, form: Format, links: Mapping[str, str] | None = None, **bindings: Term
    ) -> Response:
        """What one of the pages' own queries constructs, as RDF."""
        ask = Ask(self.queries[name], form.media_type, bindings=tuple(bindings.items()))
        return await self.document(ask, form, links)

    def headers(self, identity: str) -> dict[str, str]:
        """What every answer from the graph says about itself."""
        told = said(self.revision, identity, self.links)
        if not memento.remembers(self.request):
            return told
        revisions: History = self.request.app.state.revisions
        of_then = memento.headers(self.request, revisions.describe(self.revision))
        return {**told, **of_then, "Link": f"{told['Link']}, {of_then['Link']}"}

    def holds(self, tag: str) -> bool:
        """True when If-None-Match names this representation (RFC 9110 13.1.2)."""
        wanted = self.request.headers.get("if-none-match", "")
        tags = [part.strip().removeprefix("W/") for part in wanted.split(",")]
        return tag in tags or "*" in tags


def visit_of(request: Request) -> Visit:
    """The visit of a request: at the newest revision, at `revision=`, or at a date of old."""
    wanted = request.query_params.get("revision", "").strip()
    date = request.headers.get("accept-datetime")
    if not wanted and date and memento.remembers(request):
        revisions: History = request.app.state.revisions
        known = [revisions.describe(number) for number in revisions.numbers()]
        wanted = str(memento.then(date, known)) if known else ""
    return visit_at(request, wanted)


def visit_at(request: Request, wanted: str) -> Visit:
    """A visit at a revision, by number or release; at the newest one for "".

    Raises NoRevision, or the Problem of a revision that was removed or never was.
    """
    state = request.app.state
    evaluator: Evaluator = state.evaluator
    newest = evaluator.current()
    number = _number_of(state.revisions, wanted) if wanted else newest
    try:
        hold = state.revisions.of(number)
    except UsageError as error:
        if 1 <= number < newest:
            raise Problem(GONE, f"Revision {number} was removed; see /revisions.") from error
        raise _no_revision(str(number)) from error
    queries = state.page_queries
    visit = Visit(request, number, evaluator, state.environment, queries, wanted, hold)
    if not wanted or memento.remembers(request):
        return visit
    names = sorted(name for name, named in state.revisions.names().items() if named == number)
    return visit.linking(*(f'<{BASE}revisions/{name}>; rel="cite-as"' for name in names[:1]))


def _number_of(revisions: History, wanted: str) -> int:
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= MOST_DIGITS:
        return int(wanted)
    number = revisions.names().get(wanted)
    if number is None:
        raise _no_revision(wanted)
    return number


def _no_revision(wanted: str) -> Problem:
    return Problem(NOT_FOUND, f"There is no revision or release {wanted!r}; see /revisions.")


def number_parameter(request: Request, name: str, default: int, most: int) -> int:
    """A whole number of the query string between 1 and `most`."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise Problem(PARAMETER, f"{name} is a whole number from 1 to {most}.", {"parameter": name})
    return int(text)


def node_of(iri: str) -> NamedNode:
    """An IRI that a path was made into; the 404 of one that can't be an IRI."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise unknown(iri) from error


def unknown(iri: str) -> Problem:
    """The 404 of an IRI that the graph says nothing about."""
    return Problem(NOT_FOUND, f"The graph says nothing about <{iri}>.", {"iri": iri})


async def visiting(request: Request) -> Visit:
    """The visit of a request, begun in the event loop: the workers are told of new revisions.

    A page in another language than English has the labels of that language at hand.
    """
    visit = visit_of(request)
    language = language_of(request)
    if language != ENGLISH and wants_page(request):
        request.state.labels = await labels_in(visit, language)
    return visit


async def labels_in(visit: Visit, language: str) -> Mapping[str, str]:
    """Every label of a language at a revision, by what it names; kept for the next visits."""
    kept: dict[tuple[int, str], Mapping[str, str]] = visit.request.app.state.labels
    key = (visit.revision, language)
    if key not in kept:
        found = await visit.table("labels-in", language=Literal(language))
        while len(kept) >= KEPT_LABELS:
            del kept[next(iter(kept))]
        kept[key] = {row["thing"].text: row["label"].text for row in found if "label" in row}
    return kept[key]


Visiting = Annotated[Visit, Depends(visiting)]
