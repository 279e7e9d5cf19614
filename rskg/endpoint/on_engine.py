"""The graph in an engine that others run, as something to serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rskg.endpoint.problems import EMBEDDED_ONLY, Refusal
from rskg.endpoint.serving import Serving
from rskg.store.budget import budget_of_settings
from rskg.store.engines import Address, Login, connected
from rskg.store.inquiries import AT_ONCE, Inquirer, Watch
from rskg.store.inquiries.nursery import of_engine

_NO_CONTRIBUTIONS = Refusal(
    EMBEDDED_ONLY,
    "This server asks an engine, which doesn't check what is sent: offer it to a server of the "
    "embedded store, which checks, attributes and can withdraw it, and which the engine follows.",
)


@contextmanager
def serving(
    address: str, prefixes: Mapping[str, str], at_once: int | None = None
) -> Iterator[Serving]:
    """What stands in the engine at `sparql+https://…`, of which so many queries are asked at once.

    Raises UsageError for an
    address that is none or a setting that is no number, EndpointFailed for an engine that doesn't
    answer or in which nothing was published.
    """
    budget = budget_of_settings()
    with connected(address, prefixes) as engine:
        watch = Watch(engine, Address.of(address).folder)
        login = Login.of_settings()
        household = of_engine(engine.name, engine.profile, budget.memory, prefixes, login)
        inquirer = Inquirer(household, budget, at_once or AT_ONCE)
        try:
            inquirer.prepare()
            yield Serving(engine.name, watch, inquirer, watch, _NO_CONTRIBUTIONS)
        finally:
            inquirer.stop()
