"""The ledger: how many queries are in each phase now, and how those that are over ended."""

from __future__ import annotations

from collections import Counter

from rskg.errors import BudgetExceeded, RskgError
from rskg.store.workers.job import PHASES, Job, Phase


class Ledger:
    """Counts jobs by phase; every change of a job's phase goes through here."""

    def __init__(self) -> None:
        self._phases: dict[Phase, int] = dict.fromkeys((*PHASES, "over"), 0)
        #: What was counted since the start, by the budget or error that ended it, or "answered".
        self.counted: Counter[str] = Counter()

    def __getitem__(self, phase: Phase) -> int:
        return self._phases[phase]

    @property
    def busy(self) -> bool:
        """True while a job is in any phase before its end."""
        return any(self._phases[phase] for phase in PHASES)

    @property
    def crowded(self) -> bool:
        """True while a query that took long holds a slow lane, or rests until it gets one."""
        return bool(self._phases["slow"] or self._phases["resting"])

    def come(self, job: Job) -> None:
        """A job was handed in."""
        self._phases[job.phase] += 1

    def enter(self, job: Job, phase: Phase) -> None:
        """A job goes from the phase that it is in to another."""
        self._phases[job.phase] -= 1
        self._phases[phase] += 1
        job.phase = phase

    def over(self, job: Job, error: RskgError | None = None) -> bool:
        """A job ends, with an error or answered; False when it had ended already."""
        if job.phase == "over":
            return False
        self.enter(job, "over")
        if error is None:
            self.counted["answered"] += 1
        else:
            kind = error.budget if isinstance(error, BudgetExceeded) else type(error).__name__
            self.counted[kind] += 1
        return True

    def told(self) -> dict[str, object]:
        """All figures, by name."""
        return {**{phase: self._phases[phase] for phase in PHASES}, **self.counted}
