"""Checks of documents that were sent: so many at once, each apart, none of it kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rskg.check import Limits, apart
from rskg.endpoint.asking.admission import Admission
from rskg.endpoint.problems import (
    CHECK_BUDGET,
    INVALID_DOCUMENT,
    INVALID_SHAPES,
    PARAMETER,
    TOO_LARGE,
    Problem,
    problem_of,
)
from rskg.endpoint.validate.sent import Sent, write
from rskg.errors import (
    BudgetExceeded,
    DocumentTooLarge,
    InputError,
    NotAllChecked,
    NothingChecked,
    RskgError,
    ShapesError,
)
from rskg.paths import Files
from rskg.settings import (
    CHECK_TRIPLES,
    VALIDATE_AT_ONCE,
    VALIDATE_BYTES,
    VALIDATE_MEMORY,
    VALIDATE_SECONDS,
)

FAIL_ON = ("violation", "warning", "info", "none")
MOST_WAITING, RETRY_AFTER = 20, 5
#: So many requests more than are checked at once are read and held meanwhile.
MORE_TAKEN = 4


class Checking:
    """What checks need: our own files, places, and bounds."""

    def __init__(self, files: Files) -> None:
        self._files = files
        at_once = int(VALIDATE_AT_ONCE.number())
        self._taken = Admission(at_once + MORE_TAKEN, MOST_WAITING, RETRY_AFTER)
        self._admission = Admission(at_once, at_once + MORE_TAKEN, RETRY_AFTER)
        self._limits = Limits(
            VALIDATE_SECONDS.number(),
            int(VALIDATE_MEMORY.number()),
            int(VALIDATE_BYTES.number()),
            int(CHECK_TRIPLES.number()),
        )
        apart.sweep()

    @property
    def names(self) -> list[str]:
        """Our shape files, by name."""
        return sorted(path.stem for path in self._files.shapes.glob("*.ttl"))

    @asynccontextmanager
    async def taken(self, client: str) -> AsyncIterator[None]:
        """A place for a request whose documents are held; a Problem where too many wait for one."""
        try:
            async with self._taken.place(client):
                yield
        except RskgError as error:
            raise _problem(error) from error

    async def report(self, asked: Sent, form: str, client: str) -> bytes:
        """The report in a format; a Problem tells why there is none."""
        chosen: tuple[str, ...] = ()
        if asked.choice:
            if asked.choice not in self.names:
                raise Problem(
                    PARAMETER, f"There is no shape file {asked.choice!r}.", {"offered": self.names}
                )
            chosen = (str((self._files.shapes / f"{asked.choice}.ttl").resolve()),)
        fail_on = _threshold(asked)
        try:
            async with self._admission.place(client):
                with apart.folder() as place:
                    documents = await asyncio.to_thread(_written, asked, place)
                    own = tuple(str(Path("shapes") / one.name) for one in asked.shapes)
                    root = str(self._files.root.resolve())
                    order = apart.Order(documents, own or chosen, root, form, fail_on)
                    return await apart.report(order, place, self._limits)
        except RskgError as error:
            raise _problem(error) from error


def _written(asked: Sent, place: Path) -> tuple[str, ...]:
    """Documents into the folder, shapes beside them; the documents' names, maps left out."""
    write(asked.shapes, place / "shapes")
    write(asked.documents, place)
    return tuple(one.name for one in asked.documents if not one.name.endswith(".rq"))


def _threshold(asked: Sent) -> str:
    if asked.fail_on and asked.fail_on not in FAIL_ON:
        raise Problem(PARAMETER, f"fail-on takes {', '.join(FAIL_ON)}.", {"parameter": "fail-on"})
    return asked.fail_on or FAIL_ON[0]


def _problem(error: RskgError) -> Problem:
    """How an error of a check looks from outside."""
    if isinstance(error, DocumentTooLarge):
        return Problem(TOO_LARGE, str(error), {"setting": VALIDATE_BYTES.variable})
    if isinstance(error, InputError):
        where = {"file": error.path, "line": error.line, "column": error.column}
        known = {name: value for name, value in where.items() if value is not None}
        return Problem(INVALID_DOCUMENT, error.reason, known)
    if isinstance(error, ShapesError | NothingChecked | NotAllChecked):
        return Problem(INVALID_SHAPES, str(error))
    if isinstance(error, BudgetExceeded):
        spent = {"budget": error.budget, "limit": error.limit, "used": error.used}
        return Problem(CHECK_BUDGET, str(error), spent)
    return problem_of(error)
