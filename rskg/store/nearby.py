"""What a store says of each subject, looked up once: a commit asks of the same ones many times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Subject = NamedNode | BlankNode | Triple
_Known = list[tuple[NamedNode, NamedNode | BlankNode | Literal | Triple, object, Quad]]
#: Of a subject that says more than this, each question goes to the store.
_MOST_QUADS = 200
#: So many subjects are remembered: those of a large contribution are asked about often.
_MOST_SUBJECTS = 60_000


class Nearby:
    """The quads of the subjects that were asked about, kept true while quads come and go."""

    def __init__(self, asked: Callable[[Subject], Iterator[Quad]]) -> None:
        self._asked = asked
        self._known: dict[Subject, _Known | None] = {}

    def of(
        self, subject: Subject, predicate: object, value: object, graph: object
    ) -> list[Quad] | None:
        """The quads of a pattern; None where the store has to be asked."""
        known = self._known[subject] if subject in self._known else self._look(subject)
        if known is None:
            return None
        return [
            quad
            for p, o, g, quad in known
            if (predicate is None or p == predicate)
            and (value is None or o == value)
            and (graph is None or g == graph)
        ]

    def add(self, quads: Iterable[Quad]) -> None:
        """These have come."""
        if not self._known:
            return
        for quad in quads:
            known = self._known.get(quad.subject)
            entry = _entry(quad)
            if known is not None and entry not in known:
                known.append(entry)

    def remove(self, quad: Quad) -> None:
        """This has left."""
        known = self._known.get(quad.subject)
        if known is not None and (entry := _entry(quad)) in known:
            known.remove(entry)

    def forget(self) -> None:
        """Anything may have changed."""
        self._known.clear()

    def _look(self, subject: Subject) -> _Known | None:
        if len(self._known) >= _MOST_SUBJECTS:
            self._known.clear()
        found = [_entry(quad) for quad in islice(self._asked(subject), _MOST_QUADS + 1)]
        known = self._known[subject] = found if len(found) <= _MOST_QUADS else None
        return known


def _entry(quad: Quad) -> tuple[NamedNode, NamedNode | BlankNode | Literal | Triple, object, Quad]:
    return quad.predicate, quad.object, quad.graph_name, quad
