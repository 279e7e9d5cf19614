"""What is peculiar to a kind of engine, from `profiles.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any
from typing import Literal as OneOf

_FILE = Path(__file__).with_name("profiles.toml")


@dataclass(frozen=True)
class Quirk:
    """What an engine does unlike the standard, what we do about it, and where it is written."""

    what: str
    answer: str
    source: str


@dataclass(frozen=True)
class Profile:
    """A kind of engine; paths are relative to its address. The fields are told in the file."""

    name: str
    title: str
    query: str
    update: str
    graph_store: str
    default_graph: OneOf["own", "union"]
    authentication: OneOf["basic", "digest"]
    query_with_password: str | None = None
    server: str | None = None
    graph_parameter: str = "graph"
    triples: str = "application/n-triples"
    cut: tuple[str, ...] = ()
    timeout: str | None = None
    timeout_unit: float = 1.0
    late: str | None = None
    chunk: int = 50_000
    connections: int = 1
    atomic: bool = False
    quirks: tuple[Quirk, ...] = ()

    def patience(self, seconds: float) -> dict[str, str]:
        """What tells the engine how long a query may take, where it can be told."""
        if self.timeout is None:
            return {}
        return {self.timeout: str(max(1, ceil(max(seconds, 1.0) / self.timeout_unit)))}

    def out_of_time(self, headers: Mapping[str, str]) -> bool:
        """True for an answer that the engine ended at that time."""
        return self.late is not None and any(
            headers.get(name, "").startswith(self.late) for name in self.cut
        )


@cache
def profiles() -> Mapping[str, Profile]:
    """All of them, by name."""
    return {
        name: _profile(name, said)
        for name, said in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
    }


def recognised(server: str) -> Profile:
    """The profile of an engine that calls itself so in its Server header, else the generic one."""
    known = (each for each in profiles().values() if each.server and server.startswith(each.server))
    return next(known, profiles()["generic"])


def _profile(name: str, said: dict[str, Any]) -> Profile:
    quirks = tuple(Quirk(**each) for each in said.pop("quirks", ()))
    return Profile(name=name, cut=tuple(said.pop("cut", ())), quirks=quirks, **said)
