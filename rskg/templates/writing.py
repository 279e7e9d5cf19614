"""A template as a file to fill in: CSV, or a workbook whose cells offer the lists of values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from importlib import import_module

from rskg.namespaces import THING, thing
from rskg.syntax import TURTLE, Triple, serialize
from rskg.syntax.turtle import normal_form
from rskg.templates.fields import (
    ID,
    LANGUAGE,
    REMARK,
    SEPARATOR,
    TYPE,
    Field,
    Template,
    listed,
    local,
    said,
)
from rskg.templates.library import Templates

#: So many rows of a workbook offer the lists.
_ROWS = 1000
_WIDTH = 24
_THING = re.compile(rf"<{re.escape(THING)}([a-z0-9-]+)/[\w.-]+>")
_CHOICES, _NOTES = "choices", "notes"


def to_csv(template: Template, language: str = LANGUAGE) -> bytes:
    """The heading, a row that explains it and a row to copy; both begin with `#` and aren't read.

    With a byte order mark, by which spreadsheet programs know that it is UTF-8.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([ID, TYPE, *template.headings(language)])
    writer.writerow([REMARK + _about_id(template), *_notes(template, language)])
    writer.writerows(_examples(template))
    return out.getvalue().encode("utf-8-sig")


def to_workbook(template: Template, language: str = LANGUAGE) -> bytes:
    """The same as an Excel workbook: what a column is as a note on its heading, lists to choose."""
    openpyxl = import_module("openpyxl")
    comments, styles = import_module("openpyxl.comments"), import_module("openpyxl.styles")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = (said(template.labels, language) or template.name)[:31]
    notes, choices = book.create_sheet(_NOTES), book.create_sheet(_CHOICES)
    headings = [ID, TYPE, *template.headings(language)]
    words = [_about_id(template), *_notes(template, language)]
    sheet.append(headings)
    for row in _examples(template):
        sheet.append(row)
    notes.append(["column", "what it takes"])
    required = [True, True, *(one.required for one in template.columns)]
    for number, (heading, told) in enumerate(zip(headings, words, strict=True), 1):
        cell = sheet.cell(1, number)
        cell.font = styles.Font(bold=required[number - 1])
        cell.comment = comments.Comment(told, "rskg", width=320, height=140)
        sheet.column_dimensions[cell.column_letter].width = _WIDTH
        notes.append([heading, told])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = _WIDTH, 4 * _WIDTH
    sheet.freeze_panes = "A2"
    _offer(sheet, choices, 2, _classes(template), only=True)
    for number, one in enumerate(template.columns, 3):
        if one.choices:
            only = one.single and not one.classes
            _offer(sheet, choices, number, [choice.slug for choice in one.choices], only=only)
    choices.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer(sheet: object, choices: object, number: int, words: list[str], *, only: bool) -> None:
    """Have the cells of a column offer a list; `only` refuses anything else."""
    validation = import_module("openpyxl.worksheet.datavalidation").DataValidation
    letter = import_module("openpyxl.utils").get_column_letter(number)
    for line, word in enumerate(words, 1):
        choices.cell(line, number, word)  # type: ignore[attr-defined]
    rule = validation(
        type="list",
        formula1=f"={_CHOICES}!${letter}$1:${letter}${len(words)}",
        allow_blank=True,
        showErrorMessage=only,
    )
    rule.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(rule)  # type: ignore[attr-defined]


def _about_id(template: Template) -> str:
    return (
        f" a short name of your own, or the IRI of a {template.kind}; "
        f"rows that begin with {REMARK} are not read"
    )


def _notes(template: Template, language: str) -> list[str]:
    kinds = ", ".join(_classes(template)[:12])
    return [f"required: {kinds}", *(_note(one, language) for one in template.columns)]


def _classes(template: Template) -> list[str]:
    return [local(iri) for each in template.together for iri in each.classes]


def _note(one: Field, language: str) -> str:
    """What a column takes, in a line."""
    parts = ["required" if one.required else "optional"]
    if one.choices:
        parts.append(f"one of {listed(one.choices)}")
    elif one.classes:
        kinds = " or ".join(local(iri) for iri in one.classes)
        parts.append(f"{kinds}: the id of a row here, a name such as kind:name, or an IRI")
    elif one.worded:
        parts.append("words; copy the column for another language and change the code behind @")
    elif one.datatypes:
        parts.append(" or ".join(local(datatype) for datatype in one.datatypes))
    elif one.addresses:
        parts.append("an address, or text" if one.texts else "an address")
    if not one.single and not one.worded:
        parts.append(f"several parted by {SEPARATOR}")
    told = "; ".join(parts)
    note = said(one.notes, language)
    return f"{told}. {note}" if note else told


def _examples(template: Template) -> list[list[str]]:
    return [
        [REMARK + each.example[""], each.name]
        + [each.example.get(one.path, "") for one in template.columns]
        for each in template.together
        if each.example
    ]


def to_turtle(triples: Sequence[Triple], templates: Templates) -> bytes:
    """Triples as Turtle, laid out as our own files are."""
    iris = (str(term) for triple in triples for term in (triple.subject, triple.object))
    kinds = {found[1] for iri in iris if (found := _THING.match(iri))}
    spaces = {kind: thing(kind, "") for kind in sorted(kinds)} | templates.prefixes
    return normal_form(serialize(triples, TURTLE, spaces).decode()).encode()
