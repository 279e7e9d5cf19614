"""A filled-in template as a document: the triples of its rows, and the cell behind each.

A row makes a thing and the statement that gives its source. An `id` is an IRI, or a short name from
which one is minted under `…/id/<kind>/`, begun with the dataset's name so that two partners' never
meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

from rskg.errors import DocumentTooLarge, InputError, NothingFilled
from rskg.namespaces import BASE, RDF, thing
from rskg.report import Place, Result
from rskg.syntax import NT, Literal, NamedNode, Source, Triple, serialize
from rskg.templates import sheets
from rskg.templates.fields import ID, REMARK, TYPE, Field, Template, local
from rskg.templates.library import STATEMENT, STATES, Templates
from rskg.templates.terms import SLUG, NoTerm, Reader

_IRI = re.compile(r"<([^<>]*)>")
_BEGIN = 4096
_NO_CLASS = "say which class the row is of"
_MISSING = ("MinCountConstraintComponent", "QualifiedMinCountConstraintComponent")


@dataclass(frozen=True)
class _Row:
    line: int
    cells: Sequence[str]
    template: Template
    subject: str
    statement: str


@dataclass(frozen=True)
class _Fault:
    line: int
    index: int
    sentence: str
    value: str = ""


class Filled:
    """One filled-in template; it is read when its triples or its faults are asked for.

    `dataset` is what minted names begin with. `templates` gives the templates when they are needed.
    """

    def __init__(
        self,
        name: str,
        content: Callable[[], bytes],
        templates: Callable[[], Templates],
        dataset: str,
        most_bytes: int,
    ) -> None:
        self.name, self._content, self._templates = name, content, templates
        self._dataset, self._most = dataset, most_bytes
        self._faults: list[_Fault] = []

    def source(self) -> Source:
        """The triples as a document; reading it raises InputError where the table can't be read."""
        return Source(self.name, NT.engine, lambda: BytesIO(self._lines))

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """What the rows say; raises InputError where the table can't be read, NothingFilled."""
        found = tuple(dict.fromkeys(t for row in self._rows for t in self._said(row)))
        if not self._rows and not self._faults:
            raise NothingFilled(
                "no row is filled in below the heading: write one with an id and a type; "
                f"rows that begin with {REMARK} are there to copy and aren't read",
                path=self.name,
                line=self._sheet.line,
            )
        return found

    def faults(self) -> list[Result]:
        """The cells that are no values of their columns, as results with their places."""
        _ = self.triples
        return [
            Result(
                focus=self._focus(fault.line),
                path=None,
                value=str(Literal(fault.value)) if fault.value else None,
                component=f"{BASE}templates#Cell",
                severity="Violation",
                shape="",
                messages=(f"{self._heading(fault.index)}: {fault.sentence}",),
                place=self._place(fault.line, fault.index),
            )
            for fault in self._faults
        ]

    def placed(self, results: Sequence[Result]) -> list[Result]:
        """The results about this table at the cell at fault; none for cells that faults tell of."""
        _ = self.triples
        told = {(fault.line, fault.index) for fault in self._faults}
        found = []
        for result in results:
            if result.place and result.place.path == self.name:
                cell = self._cell_of(result)
                if cell in told:
                    continue
                result = result.at(self._place(*cell))  # noqa: PLW2901
            found.append(result)
        return found

    @cached_property
    def _lines(self) -> bytes:
        return serialize(self.triples, NT)

    @cached_property
    def _sheet(self) -> sheets.Sheet:
        return sheets.read(self._content(), self.name, self._most)

    @cached_property
    def _rows(self) -> list[_Row]:
        self._require_heading()
        found: dict[str, _Row] = {}
        for line, cells in self._sheet.rows:
            if cells[0].lstrip().startswith(REMARK):
                continue
            row = self._row(line, cells)
            if row and row.subject in found:
                self._fault(line, 0, "another row has this id", cells[0])
            elif row:
                found[row.subject] = row
        return list(found.values())

    @cached_property
    def _reader(self) -> Reader:
        ids = {row.cells[0].strip(): row for row in self._rows}

        def own(text: str, one: Field) -> str | None:
            row = ids.get(text)
            wanted = {k for each in one.classes for k in self._templates().vocabulary.below(each)}
            return row.subject if row and row.template.iri in wanted else None

        return Reader(self._templates().vocabulary, self._templates().prefixes, own)

    def _require_heading(self) -> None:
        names = [name.strip().casefold() for name in self._sheet.heading]
        if names[:2] != [ID, TYPE]:
            raise InputError(
                f"the first columns of a template are {ID} and {TYPE}", path=self.name, line=1
            )
        for index, name in enumerate(names):
            if name and names.index(name) < index:
                self._fault(self._sheet.line, index, "another column has this heading")

    def _row(self, line: int, cells: Sequence[str]) -> _Row | None:
        if len(cells) > len(self._sheet.heading):
            self._fault(
                line,
                len(self._sheet.heading) - 1,
                f"this row has {len(cells)} cells, the heading has {len(self._sheet.heading)}",
            )
            return None
        kind = cells[1].strip() if len(cells) > 1 else ""
        template = self._templates().find(kind.rpartition(":")[2]) if kind else None
        if template is None:
            self._fault(line, 1, f"`{kind}` is no class with a template" if kind else _NO_CLASS)
            return None
        subject = self._minted(line, cells[0].strip(), template)
        if subject is None:
            return None
        return _Row(line, cells, template, subject, self._statement(subject))

    def _minted(self, line: int, name: str, template: Template) -> str | None:
        plain = Reader(self._templates().vocabulary, self._templates().prefixes, lambda *_: None)
        iri = plain.iri(name)
        if iri is None and SLUG.fullmatch(name):
            iri = thing(template.kind, f"{self._dataset}-{name}" if self._dataset else name)
        if iri is None:
            said = "give a short name in letters, digits and hyphens, or an IRI"
            self._fault(line, 0, said, name)
        return iri

    def _statement(self, subject: str) -> str:
        mark = blake2b(subject.encode(), digest_size=6).hexdigest()
        return thing("statement", f"{self._dataset or 'table'}-{mark}")

    def _said(self, row: _Row) -> Iterator[Triple]:
        yield _triple(row.subject, RDF + "type", NamedNode(row.template.iri))
        yield _triple(row.statement, RDF + "type", NamedNode(STATEMENT))
        yield _triple(row.statement, STATES, NamedNode(row.subject))
        for index, cell in enumerate(row.cells[2:], 2):
            if not cell.strip():
                continue
            known = row.template.field_of(self._sheet.heading[index])
            if known is None:
                self._fault(row.line, index, _unknown(row.template, self._heading(index)), cell)
                continue
            one, language = known
            try:
                terms = self._reader.terms(one, cell, language)
            except NoTerm as error:
                self._fault(row.line, index, str(error), cell)
                continue
            for term in terms:
                yield Triple(
                    NamedNode(row.statement if one.stated else row.subject),
                    NamedNode(one.path),
                    term,
                )

    def _cell_of(self, result: Result) -> tuple[int, int]:
        """The row and column that a result is about; the row's id where no column is."""
        row, stated = self._subjects.get(result.focus.strip("<>"), (None, False))
        if row is None:
            value = (result.value or "").strip("<>")
            row, stated = self._subjects.get(value, (self._rows[0], False))
        steps = _IRI.findall(result.path or "")
        columns = []
        for index, heading in enumerate(self._sheet.heading):
            known = row.template.field_of(heading) if index > 1 else None
            if known and known[0].path in steps and known[0].stated == stated:
                columns.append(index)
        if RDF + "type" in steps:
            columns.append(1)
        filled = [index for index in columns if index < len(row.cells) and row.cells[index].strip()]
        if result.value and result.component not in _MISSING:
            spelt = local(result.value.strip("<>")).casefold()
            near = [index for index in filled if spelt in row.cells[index].casefold()]
            columns = near or filled or columns
        return row.line, columns[0] if columns else 0

    @cached_property
    def _subjects(self) -> dict[str, tuple[_Row, bool]]:
        named = {row.subject: (row, False) for row in self._rows}
        return {row.statement: (row, True) for row in self._rows} | named

    def _focus(self, line: int) -> str:
        subject = next((row.subject for row in self._rows if row.line == line), None)
        return f"<{subject or BASE + 'templates'}>"

    def _fault(self, line: int, index: int, sentence: str, value: str = "") -> None:
        self._faults.append(_Fault(line, index, sentence, value.strip()))

    def _heading(self, index: int) -> str:
        return self._sheet.heading[index].strip() or f"column {index + 1}"

    def _place(self, line: int, index: int) -> Place:
        at = self._sheet.at(line, index)
        return Place(self.name, *at, cell=self._heading(index))


def of_file(
    path: Path, templates: Callable[[], Templates], dataset: str, most_bytes: int
) -> Filled | None:
    """A workbook, or a CSV that begins as templates do; None for another file.

    Without a dataset, minted names begin with the file's own.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", path=path) from error
    if path.suffix == ".csv" and not sheets.begins_a_template(begin):
        return None

    def content() -> bytes:
        if path.stat().st_size > most_bytes:
            raise DocumentTooLarge(f"the table is larger than {most_bytes:,} bytes", path=path)
        return path.read_bytes()

    return Filled(str(path), content, templates, dataset or slug(path.stem), most_bytes)


def _unknown(template: Template, heading: str) -> str:
    """That a class has no such column, and which one may be meant."""
    said = f"a {template.name} has no such column"
    names = [name for one in template.fields for name in one.names.values()]
    near = get_close_matches(heading.partition("@")[0], names, n=1)
    meant = f"did you mean {near[0]}?" if near else f"`rskg template {template.name}` lists them"
    return f"{said}; {meant}"


def slug(name: str) -> str:
    """A name as a part of an IRI."""
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold())) or "table"


def _triple(subject: str, predicate: str, value: NamedNode) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
