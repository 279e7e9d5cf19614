"""The nursery of workers that ask an engine: they have the network, and read no store."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import partial

from rskg.store.engines import Address, Engine, Login, Profile, profiles
from rskg.store.inquiries.reader import EngineStates
from rskg.store.workers.nurse import Household
from rskg.store.workers.nursery import live


def of_engine(
    base: str, profile: Profile, memory: int, prefixes: Mapping[str, str], login: Login | None
) -> Household:
    """The workers that ask the engine at an address."""
    told = {
        "base": base,
        "profile": profile.name,
        "prefixes": dict(prefixes),
        "login": list(login) if login else None,
    }
    return Household(__name__, memory, told)


def main(handle: str, parent: str, memory: str) -> None:
    """The process: `python -m` this module with HANDLE PARENT MEMORY, with where and as whom."""
    told = json.load(sys.stdin)
    profile = profiles()[told["profile"]]
    login = Login(*told["login"]) if told["login"] else None
    connect = partial(Engine, Address(told["base"], profile), profile, told["prefixes"], login)
    live(handle, parent, memory, EngineStates(connect), apart=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
