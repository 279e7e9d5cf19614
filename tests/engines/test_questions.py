"""All questions give the same rows on the embedded store and on the engines of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rskg.errors import EndpointFailed
from rskg.paths import installed
from rskg.query import Query, load_all
from rskg.store import Reader
from rskg.store.ask import Ask
from rskg.store.budget import Budget
from tests.engines.conftest import Filled

QUESTIONS = load_all(installed().queries)
#: The questions that an engine answers otherwise, by profile, and how its fault shows.
KNOWN: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("known.json").read_text(encoding="utf-8")
)
_NUMBERS = {"integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_a_question_gives_the_same_rows(filled: Filled, reader: Reader, question: Query) -> None:
    bindings = question.bindings({})
    here = reader.answer(question.sparql, format_name="json", bindings=bindings).body
    ask = Ask(question.sparql, format_name="json", bindings=tuple(bindings.items()))
    known = KNOWN.get(filled.engine.profile.name, {}).get(question.slug)
    try:
        there = filled.engine.answer(ask, Budget(seconds=120)).body
    except EndpointFailed:
        if known is None:
            raise
        return
    same = _rows(there) == _rows(here)
    assert same == (known is None), known or _difference(filled, ask, here, there)


def _rows(answer: bytes) -> list[str]:
    """Each row as a text, sorted."""
    found = json.loads(answer)
    names = found["head"]["vars"]
    return sorted(
        repr([_value(row.get(name)) for name in names]) for row in found["results"]["bindings"]
    )


def _difference(filled: Filled, ask: Ask, here: bytes, there: bytes) -> str:
    """Rows of one side only, and whether the engine says the same when it is asked again."""
    again = _rows(filled.engine.answer(ask, Budget(seconds=120)).body) == _rows(there)
    return (
        f"{_only(here, there)} only here, {_only(there, here)} only there, "
        f"{'each time' if again else 'and otherwise when asked again'}"
    )


def _only(one: bytes, other: bytes) -> list[str]:
    return sorted({*_rows(one)} - {*_rows(other)})[:3]


def _value(term: dict[str, Any] | None) -> object:
    """A term as a value: the same number may be written in several ways."""
    if term is None:
        return None
    kind = term.get("datatype", "").rpartition("#")[2]
    if kind in _NUMBERS:
        return round(float(term["value"]), 9)
    return term["value"], kind, term.get("xml:lang")
