"""A dataset's source, from its address or from a path, and its tables made anew from it.

Never part of a build. The description names each source file (`spdx:fileName`), its checksum and,
where an address gives the file itself, that address (`dcat:downloadURL`).
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import httpx

from rskg.dataset import DESCRIPTION, Dataset
from rskg.errors import FetchFailed, InputError, UsageError
from rskg.namespaces import DCAT, SPDX
from rskg.syntax import NamedNode, read_text

SCRIPT = "make_table.py"
#: A source of more bytes, or one that takes more seconds between two parts, is refused.
MOST_BYTES, MOST_SECONDS = 500 * 2**20, 60.0
_SCRIPT_SECONDS = 600

Rows = list[list[str]]


@dataclass(frozen=True)
class SourceFile:
    """A file that a table is made from: its name, sha256, address (of the file) and page."""

    name: str
    checksum: str
    address: str | None
    page: str | None


@dataclass(frozen=True)
class Change:
    """What became of a table: how many rows were added, removed and changed, of how many now."""

    table: str
    added: int
    removed: int
    changed: int
    rows: int

    def __str__(self) -> str:
        if not (self.added or self.removed or self.changed):
            return f"{self.table}: {self.rows:,} rows, as they were"
        counts = f"{self.added:,} added, {self.removed:,} removed, {self.changed:,} changed"
        return f"{self.table}: {self.rows:,} rows: {counts}"


def fetch(dataset: Dataset, start: Path | None = None) -> list[Change]:
    """Get the source files, from `start` or from their addresses, and make the tables of them.

    Raises UsageError where the dataset has no source or script, InputError for a file that isn't
    there, isn't what the description says or makes no table, FetchFailed for an address that gives
    nothing. Then every table is as it was.
    """
    wanted, script = sources(dataset), dataset.folder / SCRIPT
    if not wanted or not script.is_file():
        raise UsageError(f"{dataset.slug} is not made from a file: its table is kept by hand")
    if start is None and (pages := [each for each in wanted if each.address is None]):
        raise UsageError(
            f"no address gives {pages[0].name} itself: get it from {pages[0].page}, "
            f"and call rskg fetch {dataset.slug} --from PATH"
        )
    with TemporaryDirectory(prefix="rskg-fetch-") as aside:
        inbox = Path(aside, "source")
        inbox.mkdir()
        for each in wanted:
            _get(each, inbox / each.name, start)
            _check(each, inbox / each.name, dataset)
        made = _make(dataset, inbox, Path(aside, "data"))
        changes = [_compare(dataset.folder / path.name, path) for path in made]
        for path in made:
            _replace(dataset.folder / path.name, path)
    return changes


def sources(dataset: Dataset) -> list[SourceFile]:
    """The files that the description names with a checksum, by name; raises InputError."""
    said: dict[tuple[object, str], str] = {
        (t.subject, t.predicate.value): getattr(t.object, "value", "") for t in dataset.description
    }
    found = []
    for triple in dataset.description:
        if triple.predicate.value != SPDX + "fileName":
            continue
        of, name = triple.subject, getattr(triple.object, "value", "")
        node = NamedNode(said.get((of, SPDX + "checksum"), "urn:rskg:none"))
        checksum = said.get((node, SPDX + "checksumValue"))
        if not checksum or Path(name).name != name:
            raise InputError(
                f"{name!r} needs a name without a folder, and a checksum",
                path=dataset.folder / DESCRIPTION,
            )
        address, page = (said.get((of, f"{DCAT}{key}")) for key in ("downloadURL", "accessURL"))
        found.append(SourceFile(name, checksum.lower(), address, page))
    return sorted(found, key=lambda each: each.name)


def _get(wanted: SourceFile, to: Path, start: Path | None) -> None:
    """Put the file at `to`."""
    if start is None:
        _download(wanted.address or "", to)
        return
    if start.is_file():
        found = [start]
    else:
        found = sorted(start.rglob(wanted.name), key=lambda path: (len(path.parts), path))
    if not found:
        raise InputError(f"there is no {wanted.name} in it", path=start)
    right = [path for path in found if _digest(path) == wanted.checksum]
    shutil.copyfile((right or found)[0], to)


def _download(address: str, to: Path) -> None:
    """Write what the address gives, as long as it is by HTTP and within bounds."""
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=MOST_SECONDS) as client,
            client.stream("GET", address) as answer,
            to.open("wb") as out,
        ):
            if answer.status_code != httpx.codes.OK:
                raise FetchFailed(address, f"HTTP {answer.status_code}")
            size = 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > MOST_BYTES:
                    raise FetchFailed(address, f"more than {MOST_BYTES:,} bytes")
                out.write(part)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchFailed(address, str(error) or type(error).__name__) from error


def _check(wanted: SourceFile, path: Path, dataset: Dataset) -> None:
    if (found := _digest(path)) != wanted.checksum:
        raise InputError(
            f"{wanted.name} is not the file that was described: its sha256 is {found}, not "
            f"{wanted.checksum}; nothing was rewritten. To carry this one over, say its checksum "
            "and day of retrieval here",
            path=dataset.folder / DESCRIPTION,
        )


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as content:
        while part := content.read(2**20):
            digest.update(part)
    return digest.hexdigest()


def _make(dataset: Dataset, inbox: Path, copies: Path) -> list[Path]:
    """Run the script in a copy of `data/`; returns the tables that it wrote there."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(dataset.folder.parent, copies, ignore=skip)
    folder = copies / dataset.slug
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.csv")}
    try:
        ran = subprocess.run(  # noqa: S603  (a script of these files, no shell)
            [sys.executable, str(folder / SCRIPT), str(inbox)],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SCRIPT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"no table after {error.timeout:g} seconds", path=folder / SCRIPT
        ) from error
    if ran.returncode:
        last = ran.stderr.strip().splitlines()[-1:] or [f"it ended with {ran.returncode}"]
        raise InputError(
            last[0].replace(f"{inbox}/", "") + "; nothing was rewritten",
            path=dataset.folder / SCRIPT,
        )
    written = [
        path for path in folder.glob("*.csv") if before.get(path.name) != path.stat().st_mtime_ns
    ]
    if not written:
        raise InputError("it wrote no table", path=dataset.folder / SCRIPT)
    return sorted(written)


def _compare(old: Path, new: Path) -> Change:
    """How two tables differ, row by row; a row is known by the first columns that tell it apart."""
    now, were = _rows(new), _rows(old) if old.exists() else []
    width = len(now[0]) if now else 0
    same_heading = bool(were) and were[0] == now[0]
    there, here = were[1:], now[1:]
    size = next((n for n in range(1, width) if _apart(here, n) and _apart(there, n)), width)

    def by(rows: Rows) -> dict[tuple[str, ...], list[str]]:
        return {tuple(row[:size]): row for row in rows}

    one, other = by(there), by(here)
    changed = sum(not same_heading or row != one[k] for k, row in other.items() if k in one)
    return Change(
        new.name, len(other.keys() - one.keys()), len(one.keys() - other.keys()), changed, len(here)
    )


def _apart(rows: Rows, size: int) -> bool:
    return len({tuple(row[:size]) for row in rows}) == len(rows)


def _rows(path: Path) -> Rows:
    return list(csv.reader(read_text(path).splitlines(keepends=True)))


def _replace(old: Path, new: Path) -> None:
    """Put the new table where the old one is, in one step."""
    aside = old.with_suffix(f".{token_hex(6)}")
    shutil.copyfile(new, aside)
    aside.replace(old)
