"""The statements behind an answer: of each thing that its rows name, who states it and whence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rskg.namespaces import THING

_TEXT = Path(__file__).with_name("evidence.rq").read_text(encoding="utf-8")


def evidence(iris: Iterable[str]) -> str:
    """The query for the statements behind those of the IRIs that are things of the graph.

    It gives a row a statement and source: `thing statement source confidence graph`.
    """
    things = sorted({iri for iri in iris if iri.startswith(THING)})
    return _TEXT.replace("#VALUES#", " ".join(f"<{iri}>" for iri in things))
