"""What becomes of a contribution: accepted, put in place of its dataset's others, withdrawn.

Each is one revision. A contribution is the same when the same dataset gets the same document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from rskg.check import Limits
from rskg.contribution import documents
from rskg.contribution.judging import Judgement, Library, Store, judge, refused
from rskg.contribution.record import PROVENANCE, Contribution, described, joined, known
from rskg.errors import ContradictionError, InputError, RskgError, StoreError, UsageError
from rskg.maintenance import maintain
from rskg.report import Report
from rskg.store import Draft, Revisions
from rskg.store.revisions import folders
from rskg.syntax import Triple

KEYS = "contribution-keys"
#: Told after each step: its name, and what came of it.
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Offer:
    """What a partner sent: for which dataset, as which file, in which format, when.

    `replaces` has it take the place of all that the dataset holds. `key` is the sender's name for
    the request, by which a repetition is known.
    """

    dataset: str
    title: str
    licence: str
    partner: str
    name: str
    path: Path
    form: str
    packed: str
    received: str
    replaces: bool = False
    dry: bool = False
    key: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of an offer.

    `state` is `accepted`, `already` (nothing changed), `judged` (a dry run that conforms) or
    `refused` (the report says why).
    """

    state: str
    report: Report
    contribution: Contribution | None = None
    revision: int | None = None
    withdrawn: Sequence[str] = field(default=())


class KeyUsed(RskgError):
    """An Idempotency-Key that came with another document."""


class Gone(RskgError):
    """A contribution that was withdrawn before."""

    def __init__(self, contribution: Contribution) -> None:
        self.contribution = contribution
        super().__init__(
            f"{contribution.id} was withdrawn by <{contribution.withdrawn_by}> "
            f"at {contribution.withdrawn}"
        )


class _End(Exception):
    """Ends a commit without a revision."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__()


def offer(
    revisions: Revisions,
    library: Library,
    sent: Offer,
    limits: Limits,
    progress: Progress = lambda *_: None,
) -> Outcome:
    """Judge what was sent and put it in as one revision, or say why not.

    Raises TooLarge, KeyUsed, StoreError, and BudgetExceeded for what the graph knows too much of.
    """
    try:
        document = documents.reading(
            sent.path,
            limits.document,
            limits.triples,
            lambda: library.templates,
            sent.dataset,
            context=lambda: library.context,
        )
    except InputError as error:
        return Outcome("refused", refused(error.reason, "Syntax"))
    progress("received", f"sha256 {document.sha256}")
    return _Acceptance(revisions, library, sent, limits, progress, document).run()


def withdraw(
    revisions: Revisions, library: Library, contribution_id: str, partner: str, when: str
) -> Outcome:
    """Take a contribution out, and all that nobody else states and that follows from it.

    Raises UsageError for an unknown one, Gone for one that was withdrawn before.
    """
    found: list[Contribution] = []

    def change(draft: Draft) -> None:
        before = known(draft.select)
        one = before.get(contribution_id)
        if one is None:
            raise UsageError(f"there is no contribution {contribution_id}")
        if one.withdrawn:
            raise Gone(one)
        ended = replace(one, withdrawn=when, withdrawn_by=partner)
        found.append(ended)
        exchange(draft, library, before, before | {one.id: ended}, came={}, gone=[one])

    number = revisions.amend(change, f"withdraw {contribution_id}")
    return Outcome("withdrawn", Report((), 0, 0), found[0], number)


def exchange(
    draft: Draft,
    library: Library,
    before: Mapping[str, Contribution],
    after: Mapping[str, Contribution],
    *,
    came: Mapping[str, Sequence[Triple]],
    gone: Sequence[Contribution],
) -> None:
    """Change a draft from the contributions before to those after.

    `came` are the triples of new graphs, `gone` the contributions whose graphs leave. Raises
    ContradictionError.
    """
    old, new = described(before.values()), described(after.values())
    maintain(
        draft,
        library.rulebook,
        added={**came, PROVENANCE: new - old},
        removed={**{one.graph: draft.graph(one.graph) for one in gone}, PROVENANCE: old - new},
    )
    for one in gone:
        draft.drop(one.graph)


@dataclass
class _Acceptance:
    revisions: Revisions
    library: Library
    sent: Offer
    limits: Limits
    progress: Progress
    document: documents.Document

    def run(self) -> Outcome:
        """Judge against the newest revision, and again where another has come meanwhile."""
        reader = self.revisions.open()
        early = self._unneeded(known(reader.select))
        if early:
            return early
        judgement = self._judged(reader)
        if not judgement.report.conforms():
            return Outcome("refused", judgement.report)
        made: list[Outcome] = []

        def change(draft: Draft) -> None:
            made.append(self._changed(draft, judgement, reader.number))

        note = f"contribution to {self.sent.dataset} of {self.sent.partner}"
        try:
            number = self.revisions.amend(change, note)
        except _End as end:
            return end.outcome
        self.progress("published", f"revision {number}")
        return replace(made[0], revision=number)

    def _judged(self, store: Store) -> Judgement:
        mine = self._mine(known(store.select))
        graphs = [one.graph for one in mine]
        replaced = graphs if self.sent.replaces else []
        found = judge(
            self.document, self.library, store, self.limits, own=graphs, replaced=replaced
        )
        self.progress("validated", f"{len(found.report.results):,} results")
        return found

    def _changed(self, draft: Draft, judgement: Judgement, seen: int) -> Outcome:
        before = known(draft.select)
        early = self._unneeded(before)
        if early:
            raise _End(early)
        if draft.base != seen:
            judgement = self._judged(draft)
            if not judgement.report.conforms():
                raise _End(Outcome("refused", judgement.report))
        gone = [
            one
            for one in self._mine(before)
            if self.sent.replaces and one.sha256 != self.document.sha256
        ]
        kept = [one for one in self._mine(before) if one.sha256 == self.document.sha256]
        new = kept[0] if kept else self._named(before, judgement)
        ended = {
            one.id: replace(one, withdrawn=self.sent.received, withdrawn_by=self.sent.partner)
            for one in gone
        }
        came = {} if kept else {new.graph: judgement.triples}
        self.progress("merging", f"{new.triples:,} triples")
        try:
            exchange(draft, self.library, before, joined(before | ended, new), came=came, gone=gone)
        except ContradictionError as error:
            raise _End(Outcome("refused", refused(str(error), "Contradiction"))) from error
        outcome = Outcome("accepted", judgement.report, new, withdrawn=[one.id for one in gone])
        if self.sent.dry:
            raise _End(replace(outcome, state="judged"))
        documents.keep(self.revisions.root, self.sent.path, new)
        if came:
            documents.keep_said(self.revisions.root, new, judgement.triples)
        self._remember(new.id)
        return outcome

    def _unneeded(self, before: Mapping[str, Contribution]) -> Outcome | None:
        """What to say at once when all that is asked for is so already."""
        told = self._remembered()
        if told and told in before:
            return Outcome("already", Report((), 0, 0), before[told])
        mine = self._mine(before)
        same = [one for one in mine if one.sha256 == self.document.sha256]
        if not same or (self.sent.replaces and len(mine) > 1):
            return None
        return Outcome("already", Report((), 0, 0), same[0])

    def _mine(self, before: Mapping[str, Contribution]) -> list[Contribution]:
        """What the dataset holds."""
        return [
            one
            for one in before.values()
            if one.dataset == self.sent.dataset and one.withdrawn is None
        ]

    def _named(self, before: Mapping[str, Contribution], judgement: Judgement) -> Contribution:
        stem = f"{self.sent.dataset}-{self.document.sha256[:12]}"
        turns = (f"{stem}-{turn}" if turn > 1 else stem for turn in range(1, len(before) + 2))
        return Contribution(
            id=next(name for name in turns if name not in before),
            dataset=self.sent.dataset,
            title=self.sent.title,
            licence=self.sent.licence,
            partner=self.sent.partner,
            name=self.sent.name,
            sha256=self.document.sha256,
            form=self.sent.form,
            packed=self.sent.packed,
            accepted=self.sent.received,
            shapes=self.library.version,
            triples=len(judgement.triples),
        )

    def _key_file(self) -> Path:
        name = sha256(f"{self.sent.dataset}\0{self.sent.key}".encode()).hexdigest()
        return self.revisions.root / KEYS / f"{name}.json"

    def _remembered(self) -> str | None:
        """The contribution that came with this key; raises KeyUsed where it was another one."""
        if not self.sent.key:
            return None
        try:
            told = json.loads(self._key_file().read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StoreError(f"{self._key_file()} can't be read: {error}") from error
        if told["sha256"] != self.document.sha256 or told["replaces"] != self.sent.replaces:
            raise KeyUsed("this Idempotency-Key came with another request before: make a new one")
        return str(told["id"])

    def _remember(self, contribution_id: str) -> None:
        """Before the revision is published: what came with the key counts once it is."""
        if not self.sent.key:
            return
        path = self._key_file()
        path.parent.mkdir(exist_ok=True)
        told = {
            "id": contribution_id,
            "sha256": self.document.sha256,
            "replaces": self.sent.replaces,
        }
        folders.replace(path, json.dumps(told) + "\n")
