"""Contributions taken in again by a build: from the documents that were kept, as they were sent.

The newest revision says which. One that newer shapes don't accept stays in, and is listed; one
with which the graph contradicts itself is left out, and tried again by every build.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rskg.cache import Cache, key, key_of
from rskg.check import Limits
from rskg.contribution import documents
from rskg.contribution.acts import exchange
from rskg.contribution.judging import Judgement, Library, Store, judge, stored
from rskg.contribution.record import Contribution, described, known
from rskg.errors import ContradictionError, InputError, StoreError, UsageError
from rskg.reasoning import Contradiction
from rskg.report import sentences
from rskg.store import Draft, Revisions
from rskg.syntax import Triple, skolemise
from rskg.templates import Templates

#: What contradicts, each with the thing that it is about.
Found = Sequence[Contradiction]
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

    @property
    def present(self) -> list[Contribution]:
        """Those that weren't withdrawn, the oldest first."""
        found = [one for one in self.record.values() if one.withdrawn is None]
        return sorted(found, key=lambda one: (one.accepted, one.id))

    def without(self, reasons: Mapping[str, str]) -> Taken:
        """The same but for those that are left out, each for its reason."""
        record = {
            name: one if one.withdrawn else replace(one, left_out=reasons.get(name))
            for name, one in self.record.items()
        }
        return Taken(record, {one.graph: self.graphs[one.graph] for one in _in(record)})

    def speaking_of(self, things: Collection[str]) -> list[Contribution]:
        """The contributions that say something of one of these IRIs."""
        return [
            one
            for one in self.present
            if any(
                str(getattr(end, "value", "")) in things
                for triple in self.graphs[one.graph]
                for end in (triple.subject, triple.object)
            )
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


def without_contradictions(taken: Taken, found: Found, tried: Callable[[Taken], Found]) -> Taken:
    """The contributions with which nothing contradicts, as many as can be; the rest is left out.

    `found` contradicts with all of them, `tried` closes anew and tells what contradicts then. One
    that was accepted earlier goes before a later one; they are tried by halves. Raises
    ContradictionError where the files contradict each other without any contribution.
    """
    if not taken.graphs:
        raise ContradictionError("\n".join(map(str, found)))
    speaking = taken.speaking_of({one.this for one in found})
    suspects, others = speaking, [one for one in taken.present if one not in speaking]
    if not suspects or tried(_only(taken, others)):  # what they say leads further than its words
        suspects, others = taken.present, []
        if alone := tried(_only(taken, [])):
            raise ContradictionError("\n".join(map(str, alone)))
    reasons: dict[str, str] = {}

    def take_in(some: Sequence[Contribution]) -> None:
        wrong = tried(_only(taken, [*others, *some]))
        if not wrong:
            others.extend(some)
        elif len(some) == 1:
            reasons[some[0].id] = "; ".join(map(str, wrong[:_ENOUGH]))
        else:
            half = len(some) // 2
            take_in(some[:half])
            take_in(some[half:])

    take_in(suspects)
    return taken.without(reasons)


def _only(taken: Taken, some: Collection[Contribution]) -> Taken:
    return taken.without({one.id: "-" for one in taken.present if one not in some})


def _in(record: Mapping[str, Contribution]) -> list[Contribution]:
    return [one for one in record.values() if one.is_in]


def catching_up(
    revisions: Revisions,
    first: Taken,
    taken: Taken,
    library: Library,
    warn: Callable[[str], None] = lambda _: None,
) -> Callable[[Draft], None]:
    """What applies to a build, as the last thing, what partners did while it ran.

    `first` is what the build began with, `taken` what it holds of it. One that came meanwhile and
    contradicts is left out, and told to `warn`.
    """

    def catch_up(draft: Draft) -> None:
        if draft.base is None:
            return
        now = known(revisions.open(draft.base).select)
        if now == first.record:
            return
        late = _Late(revisions.root, library, now, taken)
        late.leave_out_what_contradicts(draft)
        for one in late.left_out:
            warn(_left_out(one))
        late.apply(draft)

    return catch_up


class _Late:
    """What has to be done for a build to hold what the newest revision does."""

    def __init__(
        self, root: Path, library: Library, now: Mapping[str, Contribution], taken: Taken
    ) -> None:
        self._library, self._now, self._taken = library, now, taken
        self._reasons = {one.id: one.left_out for one in taken.present if one.left_out}
        self._came = [one for one in _in(self._after()) if one.graph not in taken.graphs]
        self._triples = {one.graph: _triples(root, one) for one in self._came}

    @property
    def left_out(self) -> list[Contribution]:
        """Those that came meanwhile and contradict."""
        after = self._after()
        return [after[one.id] for one in self._came if not after[one.id].is_in]

    def leave_out_what_contradicts(self, draft: Draft) -> None:
        """Try what came on copies of the draft: together, else the older ones first."""
        if not self._came or not self._wrong(draft):
            return
        late = sorted(self._came, key=lambda one: (one.accepted, one.id))
        self._reasons |= {one.id: "-" for one in late}
        for one in late:
            del self._reasons[one.id]
            if wrong := self._wrong(draft):
                self._reasons[one.id] = wrong

    def apply(self, draft: Draft) -> None:
        """Change the draft; raises ContradictionError."""
        after = self._after()
        staying = {one.graph for one in _in(after)}
        gone = [one for one in _in(self._taken.record) if one.graph not in staying]
        came = {name: said for name, said in self._triples.items() if name in staying}
        exchange(draft, self._library, self._taken.record, after, came=came, gone=gone)

    def _wrong(self, draft: Draft) -> str:
        with draft.rehearsal() as copy:
            try:
                self.apply(copy)
            except ContradictionError as error:
                return str(error)
        return ""

    def _after(self) -> dict[str, Contribution]:
        return {
            name: one if one.withdrawn else replace(one, left_out=self._reasons.get(name))
            for name, one in self._now.items()
        }


def _left_out(one: Contribution) -> str:
    return (
        f"warning: {one.id} of <{one.partner}> is left out, as the graph contradicts itself with "
        f"it ({one.left_out}); each build tries it again, and its partner can withdraw it"
    )


def failing(
    root: Path, taken: Taken, library: Library, *, store: Store, limits: Limits, kept: Cache
) -> list[str]:
    """A sentence for each contribution that is left out, or that today's shapes don't accept.

    What these shapes said of a document is kept, and isn't asked again.
    """
    found = [_left_out(one) for one in taken.present if one.left_out]
    if not taken.graphs:
        return found
    ground = key_of(map(str, (*library.shapes, *library.ontology)))
    for one in taken.present:
        if one.is_in:
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
