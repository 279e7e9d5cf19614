"""An engine that somebody runs, asked and written to over HTTP.

SPARQL 1.1 Protocol for queries and updates, Graph Store HTTP Protocol for what is loaded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import httpx

from rskg import settings
from rskg.errors import BudgetExceeded, EndpointFailed, InputError
from rskg.namespaces import BASE, GRAPH
from rskg.store.answer import Answer, Outlet, format_for
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from rskg.store.engines.address import Address
from rskg.store.engines.filling import filled, rows_of
from rskg.store.engines.profile import Profile, profiles, recognised
from rskg.store.engines.whole import JSON, first_line, require_whole
from rskg.store.engines.wording import Wording, worded
from rskg.store.local import Row
from rskg.syntax import Literal, NamedNode

#: The graph that stands for the default graph where an engine's own is the union of all.
MERGED = f"{GRAPH}merged"
#: How the names of graphs begin that are ours and no part of the graph.
STAGING = f"{BASE}staging/"
#: How long a write may take: a graph of a million triples is moved in one request.
_WRITING = httpx.Timeout(1800.0, connect=30.0)
#: How long a chunk may take: an engine may write down all it has in the middle of it.
_LOADING = httpx.Timeout(600.0, connect=30.0)
#: What publishing and counting may use.
AT_HOME = Budget(seconds=600.0, size=50_000_000)


class Login(NamedTuple):
    """Who asks and writes."""

    user: str
    password: str

    @classmethod
    def of_settings(cls) -> Login | None:
        """The operator's; None where no user is set."""
        user = settings.ENGINE_USER.value()
        return cls(user, settings.ENGINE_PASSWORD.value()) if user else None


class Engine:
    """An engine of one profile; to be closed. `prefixes` need no declaration in a query."""

    def __init__(
        self,
        address: Address,
        profile: Profile,
        prefixes: Mapping[str, str],
        login: Login | None = None,
    ) -> None:
        self.name, self.profile = address.base, profile
        self._address, self._prefixes = address, prefixes
        self._known = login is not None
        kind = httpx.DigestAuth if profile.authentication == "digest" else httpx.BasicAuth
        self._client = httpx.Client(auth=kind(*login) if login else None, timeout=30.0)
        self._graphs: tuple[str, ...] | None = None
        # where graphs aren't named with a query, it would see what is being loaded
        self._hidden = STAGING if profile.default_graph == "own" else ""

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def answer(
        self,
        ask: Ask,
        budget: Budget,
        outlet: Outlet | None = None,
        settled: Callable[[], None] = lambda: None,
    ) -> Answer:
        """The complete answer in the format that was asked for.

        `settled` is called when all of it has come and nothing is passed on; the outlet takes what
        comes before the answer's body.

        Raises what a revision's reader raises, BudgetExceeded, EndpointFailed, and PartialAnswer
        where the engine gives part of an answer.
        """
        said = worded(ask.query, dict(ask.bindings), self._prefixes, self._hidden)
        wanted = format_for(said.form, ask.accept, ask.format_name)
        table = self._table(said, ask, budget)
        settled()
        with self._failing(self.name):
            return filled(said, table, wanted, budget, outlet)

    def rows(self, query: str, budget: Budget = AT_HOME) -> list[Row]:
        """All rows of a SELECT about the engine's own graphs, whichever they are."""
        said = worded(query, {}, {})
        return rows_of(self._table(Wording(said.text, said.form, named=True), Ask(query), budget))

    def forget(self) -> None:
        """Ask again for what was learnt of its graphs: they are others now."""
        self._graphs = None

    def count(self, graph: str | None) -> int:
        """How many triples a named graph holds, or the default graph."""
        inner = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        found = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {inner} }}")[0]["n"]
        return int(found.value) if isinstance(found, Literal) else 0

    def load(self, graph: str, lines: bytes) -> None:
        """Add N-Triples to a named graph (Graph Store HTTP Protocol 5.5)."""
        place = self._address.at(self.profile.graph_store)
        with self._failing(place):
            answer = self._client.post(
                place,
                params={self.profile.graph_parameter: graph},
                content=lines,
                headers={"Content-Type": self.profile.triples},
                timeout=_LOADING,
            )
            self._require_written(place, answer)

    def update(self, text: str) -> None:
        """Run a SPARQL update."""
        place = self._address.at(self.profile.update)
        with self._failing(place):
            answer = self._client.post(place, data={"update": text}, timeout=_WRITING)
            self._require_written(place, answer)

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the graphs of ours that hold something, sorted."""
        if self._graphs is None:
            rows = self.rows("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
            found = {row["g"].value for row in rows if isinstance(row["g"], NamedNode)}
            self._graphs = tuple(sorted(g for g in found if g.startswith(GRAPH) and g != MERGED))
        return self._graphs

    def _table(self, said: Wording, ask: Ask, budget: Budget) -> bytes:
        place = self._address.at(self._query_path())
        data: dict[str, str | list[str]] = {
            "query": said.text,
            **self.profile.patience(budget.seconds),
            **self._dataset(said, ask),
        }
        end = time.monotonic() + budget.seconds
        body = bytearray()
        with (
            self._failing(place, budget),
            self._client.stream(
                "POST", place, data=data, headers={"Accept": JSON}, timeout=budget.seconds
            ) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                answer.read()
            if self.profile.out_of_time(answer.headers) and _nearly(end, budget):
                raise BudgetExceeded("time", budget.seconds, budget.seconds)
            require_whole(answer, place)
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > budget.size:
                    raise BudgetExceeded("bytes", budget.size, len(body))
                if time.monotonic() > end:
                    raise BudgetExceeded("time", budget.seconds, budget.seconds)
        return bytes(body)

    def _query_path(self) -> str:
        guarded = self.profile.query_with_password
        return guarded if guarded and self._known else self.profile.query

    def _dataset(self, said: Wording, ask: Ask) -> dict[str, list[str]]:
        """The graphs that a query is about, where neither it nor the engine says so by itself."""
        if said.named:
            return {}
        if ask.default_graphs or ask.named_graphs:
            told = {"default-graph-uri": ask.default_graphs, "named-graph-uri": ask.named_graphs}
            return {name: list(iris) for name, iris in told.items() if iris}
        if self.profile.default_graph == "own":
            return {}
        named = {"named-graph-uri": list(self.graphs())} if said.graphs else {}
        return {"default-graph-uri": [MERGED], **named}

    @staticmethod
    def _require_written(place: str, answer: httpx.Response) -> None:
        if not answer.is_success:
            raise EndpointFailed(place, first_line(answer), answer.status_code)

    @contextmanager
    def _failing(self, place: str, budget: Budget | None = None) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            if budget is None:
                raise EndpointFailed(place, "it takes too long to write") from error
            raise BudgetExceeded("time", budget.seconds, budget.seconds) from error
        except httpx.HTTPError as error:
            raise EndpointFailed(place, str(error) or type(error).__name__) from error
        except InputError as error:
            raise EndpointFailed(place, f"its answer can't be read: {error}") from error


def _nearly(end: float, budget: Budget) -> bool:
    """True when the budget's time is nearly over, so that it is no limit of the engine's own."""
    return end - time.monotonic() < budget.seconds / 2


@contextmanager
def connected(
    text: str, prefixes: Mapping[str, str] | None = None, login: Login | None = None
) -> Iterator[Engine]:
    """The engine at `sparql+https://…`, known by its profile, as `login` or the settings say.

    Raises UsageError for an address that is none, EndpointFailed.
    """
    address = Address.of(text)
    profile = address.profile or _introduced(address)
    engine = Engine(address, profile, prefixes or {}, login or Login.of_settings())
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def asked_only(address: str, prefixes: Mapping[str, str] | None = None) -> Iterator[Engine]:
    """Somebody's endpoint at `https://…`, of which nothing is known: asked as it is, as nobody.

    Raises EndpointFailed.
    """
    place = Address(address, None)
    profile = replace(
        _introduced(place), query="", query_with_password=None, default_graph="own", timeout=None
    )
    engine = Engine(place, profile, prefixes or {})
    try:
        yield engine
    finally:
        engine.close()


def _introduced(address: Address) -> Profile:
    """The profile that fits what the engine calls itself."""
    try:
        server = httpx.get(address.base or "/", timeout=10.0).headers.get("server", "")
    except httpx.HTTPError as error:
        raise EndpointFailed(address.base, str(error) or type(error).__name__) from error
    return recognised(server) if server else profiles()["generic"]
