"""Errors as answers: `kinds` has what can go wrong, `answers` how it is told (RFC 9457)."""

from rskg.endpoint.problems.answers import (
    BROKEN_OFF,
    FORESEEN,
    UNFORESEEN,
    Problem,
    Refusal,
    answer,
    as_sent,
    handled,
    problem_of,
)
from rskg.endpoint.problems.kinds import *  # noqa: F403 - each kind by its name

__all__ = [
    "BROKEN_OFF",
    "FORESEEN",
    "UNFORESEEN",
    "Problem",
    "Refusal",
    "answer",
    "as_sent",
    "handled",
    "problem_of",
]
