"""A run of several processes (`pytest -n 2`): who runs what, in which order.

One process runs all tests of a file, and all of a room whose fixtures are dear; tests may not care
which others run before them or beside them. What all processes share: `made_once`.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

#: Rooms that stay in one process: their engines and browsers are started once.
ROOMS = ("tests/engines/", "tests/endpoint/browser/")

#: Begun first, so that no process still has a long one when the others have ended.
LONGEST = (
    "tests/reconciliation/test_matching.py",
    "tests/test_shape_files.py",
    "tests/engines/",
    "tests/endpoint/browser/",
    "tests/test_query_files.py",
    "tests/test_maintenance.py",
    "tests/test_cells.py",
    "tests/test_build.py",
    "tests/test_reasoning.py",
    "tests/test_cli.py",
    "tests/endpoint/test_resources.py",
    "tests/test_docs.py",
    "tests/test_empty.py",
    "tests/test_contribution_again.py",
    "tests/w3c/test_sparql.py",
    "tests/test_matches.py",
)


def together(nodeid: str) -> str:
    """The file or room whose tests one process runs."""
    return next((room for room in ROOMS if nodeid.startswith(room)), nodeid.partition("::")[0])


def turn(item: pytest.Item) -> int:
    """Smaller for what is to begin earlier."""
    group = together(item.nodeid)
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


class Dealer(LoadScopeScheduling):
    """Gives a process the next file or room when it is nearly done with its last."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Dealer:
    config.option.loadscopereorder = False
    return Dealer(config, log)
