"""What can go wrong, as one tree; each kind knows its exit code.

RskgError
├── UsageError          2  an unknown name, parameter or revision
├── InputError          3  a file, table or query text that can't be read: where, and why
│   ├── QuerySyntaxError   the same for SPARQL, with line and column
│   ├── DocumentTooLarge   a document of more bytes or triples than one may hold
│   └── NothingFilled   4  a template in which no row was filled in
├── UpdateFailed        3  an update that parses and can't be done
├── ShapesError         4  the shapes are not valid shapes
├── NothingChecked      4  a check that checked nothing
├── NotAllChecked       4  a check that left out what it was asked to check
├── DataInvalid         1  data breaks its shapes; carries the report
├── ContradictionError  1  what follows from the data contradicts itself
├── RefusedFeature      2  a query asks for what we never do (SERVICE, LOAD, updates)
├── NotAcceptable       2  no offered format is one that the caller takes
├── BudgetExceeded      5  a query used more time, memory, stack, rows or bytes than it may,
│                          or its reader let it wait too long
├── ServiceFailed       5  an endpoint that SERVICE names did not answer, or not with a table
├── Overloaded          5  more long queries are waiting than may wait
├── StoreError          5  the store's folder can't be used
│   └── StoreBusy          another process writes to it
├── WorkerLost          5  the process that evaluated a query ended for no fault of the query's
├── OutputError         5  a file that was asked for can't be written
├── GraphChanged        5  the graph in an engine is being replaced, or was meanwhile
├── AddressTaken        5  another program listens where we would
├── FetchFailed         5  an address does not give the file that was asked for
├── EndpointFailed      5  another SPARQL endpoint answers with an error, or not at all
│   └── PartialAnswer      the same for one that gives part of an answer
└── EnvironmentLacks    5  a program on this machine is missing
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class RskgError(Exception):
    """One clear sentence for a person: what happened, where, what to do next."""

    exit_code = 5


class UsageError(RskgError):
    """An unknown name, parameter or revision."""

    exit_code = 2


class InputError(RskgError):
    """A document that can't be read. `line` and `column` count from 1."""

    exit_code = 3

    def __init__(
        self,
        reason: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.reason, self.path, self.line, self.column = reason, path, line, column
        places = [str(place) for place in (path, line, column) if place is not None]
        super().__init__(f"{':'.join(places)}: {reason}" if places else reason)


class QuerySyntaxError(InputError):
    """A query that doesn't parse."""


class DocumentTooLarge(InputError):
    """A document that holds more bytes, once unpacked, or more triples than it may."""


class NothingFilled(InputError):
    """A template without a row that is read: there is nothing to check in it."""

    exit_code = 4


class UpdateFailed(RskgError):
    """An update that parses and can't be done, as dropping a graph that isn't there."""

    exit_code = 3


class ShapesError(RskgError):
    """A shapes graph that the engine refuses."""

    exit_code = 4


class NothingChecked(RskgError):
    """A run that would have looked green because nothing was checked."""

    exit_code = 4


class NotAllChecked(RskgError):
    """A run that would have looked green because it left something out."""

    exit_code = 4


class DataInvalid(RskgError):
    """Data that breaks its shapes; `lines` says each result in a sentence."""

    exit_code = 1

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class ContradictionError(RskgError):
    """Facts that can't all be true under the ontology."""

    exit_code = 1


class RefusedFeature(RskgError):
    """A SPARQL feature that this endpoint never serves."""

    exit_code = 2

    def __init__(self, feature: str, advice: str) -> None:
        self.feature, self.advice = feature, advice
        super().__init__(f"{feature} is refused: {advice}")


class NotAcceptable(RskgError):
    """None of the offered media types is acceptable; `offered` lists them."""

    exit_code = 2

    def __init__(self, accept: str, offered: Sequence[str]) -> None:
        self.accept, self.offered = accept, tuple(offered)
        super().__init__(f"no format for `{accept}`: choose one of {', '.join(self.offered)}")


class BudgetExceeded(RskgError):
    """A query or update that was stopped: which budget, its limit and what was used, in `UNITS`."""

    UNITS: ClassVar[dict[str, str]] = {
        "time": "seconds",
        "memory": "bytes of memory",
        "stack": "bytes of stack",
        "rows": "rows",
        "bytes": "bytes of answer",
        "transfer": "seconds of waiting for the reader",
    }

    def __init__(
        self,
        budget: str,
        limit: float,
        used: float,
        what: str = "query",
        advice: str | None = None,
    ) -> None:
        self.budget, self.limit, self.used = budget, limit, used
        super().__init__(
            f"the {what} was stopped at its {budget} budget: {used:,.12g} of {limit:,.12g} "
            f"{self.UNITS[budget]} used; {advice or 'narrow it, or ask in parts'}"
        )


class ServiceFailed(RskgError):
    """An endpoint that a SERVICE block asks; `late` when it did not answer in time."""

    def __init__(self, iri: str, reason: str, *, late: bool = False) -> None:
        self.iri, self.reason, self.late = iri, reason, late
        super().__init__(
            f"SERVICE <{iri}> failed: {reason}; ask again, or do without it by SERVICE SILENT"
        )


class Overloaded(RskgError):
    """More is asked than may wait; `retry_after` is in seconds, `own` when one client asks it."""

    def __init__(self, retry_after: int, *, own: bool = False) -> None:
        self.retry_after, self.own = retry_after, own
        who = "too many queries of yours" if own else "too many queries"
        super().__init__(f"{who} are waiting: try again in {retry_after} seconds")


class StoreError(RskgError):
    """The store's folder can't be read, written or locked."""


class StoreBusy(StoreError):
    """Another process writes to the store, and didn't end in time."""


class WorkerLost(RskgError):
    """The process that evaluated a query ended, and not because of a budget."""


class OutputError(RskgError):
    """A file that a command was asked to write can't be written."""


class EndpointFailed(RskgError):
    """Another endpoint's error: its address, what it said, and its HTTP status if it gave one."""

    def __init__(self, address: str, reason: str, status: int | None = None) -> None:
        self.address, self.reason, self.status = address, reason, status
        told = f"HTTP {status}: {reason}" if status else reason
        super().__init__(f"{address} does not answer: {told}")


class PartialAnswer(EndpointFailed):
    """An endpoint that gives part of an answer: `sign` is how that shows."""

    def __init__(self, address: str, sign: str) -> None:
        super().__init__(address, sign)
        RskgError.__init__(
            self,
            f"{address} gives only part of the answer ({sign}); ask for less, or raise its limits",
        )


class GraphChanged(RskgError):
    """The graph in an engine isn't, or isn't any more, the state that was asked."""

    def __init__(self) -> None:
        super().__init__("the graph in the engine is being replaced, or was meanwhile: ask again")


class FetchFailed(RskgError):
    """An address that does not give the file that was asked for, and why."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address} gives no file: {reason}; nothing was rewritten")


class EnvironmentLacks(RskgError):
    """A program that this machine doesn't have; the sentence says how to get it."""


class AddressTaken(RskgError):
    """Another program listens on the address that was asked for."""
