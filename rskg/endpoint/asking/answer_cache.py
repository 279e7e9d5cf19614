"""Complete answers kept in memory: by revision, question and media type, bounded in bytes."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field

from rskg.store import Answer
from rskg.store.answer import Form, format_for
from rskg.store.ask import Ask
from rskg.store.reach import calls_service
from rskg.syntax import Term

#: A revision, and all that decides an answer there but its format.
Question = tuple[int, str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, Term], ...]]

#: Functions whose value another evaluation would change (SPARQL 1.1 17.4.2, 17.4.4, 17.4.5).
_FLEETING = re.compile(r"\b(?:NOW|RAND|(?:STR)?UUID|BNODE)\s*\(", re.IGNORECASE)
#: What a question and an answer take beside their text and body, roughly, in bytes.
_AROUND = 1_000


@dataclass
class _Kept:
    """What is known of a question: its form, its answers by the names of their formats."""

    form: Form
    cost: int
    answers: dict[str, Answer] = field(default_factory=dict)


class AnswerCache:
    """Answers up to `most` bytes in all; the question that was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self.hits = 0
        self._kept: OrderedDict[Question, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """What is held, in bytes."""
        return self._bytes

    def get(self, ask: Ask, revision: int) -> Answer | None:
        """The answer, in the format that the question prefers for a query of its form.

        Raises NotAcceptable when the form is known and none of its formats will do.
        """
        question = _question(ask, revision)
        kept = self._kept.get(question)
        if kept is None:
            return None
        answer = kept.answers.get(format_for(kept.form, ask.accept, ask.format_name).name)
        if answer is not None:
            self._kept.move_to_end(question)
            self.hits += 1
        return answer

    def keep(self, ask: Ask, revision: int, answer: Answer) -> None:
        """Remember an answer, unless it takes more than an eighth of the room or won't last."""
        cost = len(answer.body) + _AROUND
        question = _question(ask, revision)
        whole = cost + _AROUND + len(ask.query)
        if whole > self._most // 8 or ("(" in ask.query and _FLEETING.search(ask.query)):
            return
        if calls_service(ask.query):
            return
        kept = self._kept.get(question)
        if kept is None:
            kept = self._kept[question] = _Kept(answer.form, whole - cost)
            self._bytes += kept.cost
        if answer.format.name in kept.answers:
            return
        kept.answers[answer.format.name] = answer
        kept.cost += cost
        self._bytes += cost
        while self._bytes > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.cost


def _question(ask: Ask, revision: int) -> Question:
    return (revision, ask.query, ask.default_graphs, ask.named_graphs, ask.bindings)
