"""Contributions taken in again by a build: from the documents that were kept, as they were sent.

The newest revision says which. One that newer shapes don't accept stays in, and is listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rskg.cache import Cache, key, key_of
from rskg.check import Limits
from rskg.contribution import documents
from rskg.contribution.acts import exchange
from rskg.contribution.judging import Judgement, Library, Store, judge, stored
from rskg.contribution.record import Contribution, described, known
from rskg.errors import InputError, StoreError, UsageError
from rskg.report import sentences
from rskg.store import Draft, Revisions
from rskg.syntax import Triple, skolemise
from rskg.templates import Templates

#: So many sentences tell why newer shapes don't accept one.
_ENOUGH = 3


@dataclass(frozen=True)
class Taken:
    """What the newest revision knew of contributions, and the graphs of those that are in."""

    record: Mapping[str, Contribution]
    graphs: Mapping[str, Sequence[Triple]]

    @property
    def provenance(self) -> set[Triple]:
        """What the graph of provenance says of them."""
        return described(self.record.values())

    def speaking_of(self, things: Collection[str]) -> list[str]:
        """A sentence for each contribution that says something of one of these IRIs."""
        spoken = {
            name: {str(getattr(end, "value", "")) for t in triples for end in (t.subject, t.object)}
            for name, triples in self.graphs.items()
        }
        return [
            f"contribution {one.id} of <{one.partner}> speaks of it: to withdraw it is one way out"
            for one in self.record.values()
            if not spoken.get(one.graph, set()).isdisjoint(things)
        ]

    def require_apart(self, datasets: Sequence[str]) -> None:
        """Raise UsageError where a folder has the name of a partner's dataset."""
        for one in self.record.values():
            if one.dataset in datasets:
                raise UsageError(
                    f"data/{one.dataset}/ has the name of a dataset of <{one.partner}>: rename it"
                )


def take(revisions: Revisions) -> Taken:
    """The contributions of the newest revision, from their documents; raises StoreError."""
    if revisions.current() is None:
        return Taken({}, {})
    record = known(revisions.open().select)
    present = [one for one in record.values() if one.withdrawn is None]
    return Taken(record, {one.graph: _triples(revisions.root, one) for one in present})


def catching_up(revisions: Revisions, taken: Taken, library: Library) -> Callable[[Draft], None]:
    """What applies to a build, as the last thing, what partners did while it ran."""

    def catch_up(draft: Draft) -> None:
        if draft.base is None:
            return
        now = known(revisions.open(draft.base).select)
        if now == taken.record:
            return
        before = {name: one for name, one in taken.record.items() if one.withdrawn is None}
        after = {name: one for name, one in now.items() if one.withdrawn is None}
        came = [one for name, one in after.items() if name not in before]
        gone = [one for name, one in before.items() if name not in after]
        triples = {one.graph: _triples(revisions.root, one) for one in came}
        exchange(draft, library, taken.record, now, came=triples, gone=gone)

    return catch_up


def failing(
    root: Path, taken: Taken, library: Library, *, store: Store, limits: Limits, kept: Cache
) -> list[str]:
    """A sentence for each contribution that the shapes of today don't accept.

    What these shapes said of a document is kept, and isn't asked again.
    """
    if not taken.graphs:
        return []
    ground = key_of(map(str, (*library.shapes, *library.ontology)))
    found = []
    for one in taken.record.values():
        if one.withdrawn is None:
            lines = json.loads(
                kept.get(
                    key("contributed", ground, one.sha256, one.id),
                    lambda one=one: _said(root, one, library, store, limits),  # type: ignore[misc]
                )
            )
            if lines:
                found.append(f"{one.id} stays, though today's shapes refuse it: {'; '.join(lines)}")
    return found


def _said(root: Path, one: Contribution, library: Library, store: Store, limits: Limits) -> bytes:
    found = _judged(root, one, library, store, limits).report.at_least("violation")
    return json.dumps(sentences(found[:_ENOUGH])).encode()


def _judged(
    root: Path, one: Contribution, library: Library, store: Store, limits: Limits
) -> Judgement:
    path, dataset = documents.path_of(root, one), one.dataset
    document = documents.reading(
        path,
        limits.document,
        limits.triples,
        lambda: library.templates,
        dataset,
        context=lambda: library.context,
    )
    return judge(document, library, store, limits, own=[one.graph])


def _no_templates() -> Templates:
    raise StoreError("a table that was accepted is read as it was understood then")


def _triples(root: Path, one: Contribution) -> list[Triple]:
    """What a document says; raises StoreError where it isn't what was accepted."""
    path = documents.path_of(root, one)
    limits = Limits()
    try:
        document = documents.reading(
            path, limits.document, limits.triples, _no_templates, one.dataset
        )
        if document.sha256 == one.sha256:
            told = documents.said(root, one)
            if told is not None:
                return told
            return stored(skolemise(quad.triple for quad in document.source.quads()))
    except InputError as error:
        raise StoreError(f"the document of {one.id} can't be read: {error}") from error
    raise StoreError(f"{path} isn't the document of {one.id} any more: take it from a backup")
