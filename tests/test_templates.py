"""Templates made of the shapes: what a person fills in is read back, each mistake at its cell."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from rskg import ontology, shapes
from rskg.check import Collected, Options, judged
from rskg.errors import InputError, UsageError
from rskg.paths import Files, installed
from rskg.report import Result
from rskg.syntax import parse, parse_bytes
from rskg.syntax.media_types import TURTLE
from rskg.templates import Filled, Templates, load, sheets, to_csv, to_workbook
from tests.conftest import Run

MOST = 10_000_000
SITES = (
    "id,type,label@en,label@fr,located in,of commodity,site operator,source,confidence\r\n"
    'north-pit,Site,"North\npit",Fosse nord,country:CL,Copper|gold,acme,https://a.example/r,high\r\n'
    "acme,Company,Acme,,,,,A report in print,medium\r\n"
)


@cache
def templates() -> Templates:
    return load(installed())


def filled(content: bytes, name: str = "sites.csv", dataset: str = "acme") -> Filled:
    return Filled(name, lambda: content, templates, dataset, MOST)


def with_example_rows(content: bytes) -> bytes:
    """A template's CSV in which the example rows are real ones."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for row in rows[2:]:
        row[0] = row[0].removeprefix("#")
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def lines(one: Filled) -> set[str]:
    return {str(triple) for triple in one.triples}


def said(results: list[Result]) -> set[tuple[int, str | None]]:
    return {(result.place.line, result.place.cell) for result in results if result.place}


def test_each_example_row_conforms(files: Files) -> None:
    known = [templates().template(name) for name in templates().classes]
    assert len(known) > 70
    assert [one.name for one in known if not one.example] == []
    tables = [filled(with_example_rows(to_csv(one)), f"{one.name}.csv") for one in known]
    assert [fault for one in tables for fault in one.faults()] == []
    told = {triple.subject for one in tables for triple in one.triples}
    others = [
        triple
        for path in sorted(files.examples.glob("*/valid.ttl"))
        for triple in parse(path)
        if triple.subject not in told
    ]
    for one in tables:  # each says all that its columns are for
        assert len(one.triples) > 5, one.name
    report = judged(
        Collected(tuple(one.source() for one in tables)),
        shapes.load([files.shapes]).triples,
        ontology.load(files.ontology).triples,
        Options(elsewhere=others),
    )
    assert report.at_least("violation") == []
    assert report.focus_nodes > 140


@pytest.mark.parametrize("name", ["Site", "Benchmark", "ProductionFigure"])
def test_a_workbook_says_the_same_as_the_csv(name: str) -> None:
    one = templates().template(name)
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(one)))
    sheet = book.worksheets[0]
    for (cell,) in sheet.iter_rows(2, max_col=1):
        cell.value = str(cell.value).removeprefix("#")
    out = io.BytesIO()
    book.save(out)
    workbook = filled(out.getvalue(), "x.xlsx")
    assert lines(workbook) == lines(filled(with_example_rows(to_csv(one))))
    offered = {str(rule.sqref).partition("2:")[0] for rule in sheet.data_validations.dataValidation}
    listed = {n for n, each in enumerate(one.columns, 3) if each.choices} | {2}
    assert offered == {openpyxl.utils.get_column_letter(number) for number in listed}
    assert all(cell.comment for (cell,) in sheet.iter_cols(max_row=1))


def test_cells_become_what_their_columns_say() -> None:
    told = lines(filled(SITES.encode()))
    base, term = "<https://w3id.org/rskg/id/", "<https://w3id.org/rskg/ontology#"
    site, company = f"{base}site/acme-north-pit>", f"{base}actor/acme-acme>"
    assert {
        f'{site} <http://www.w3.org/2000/01/rdf-schema#label> "North\\npit"@en',
        f'{site} <http://www.w3.org/2000/01/rdf-schema#label> "Fosse nord"@fr',
        f"{site} {term}ofCommodity> {base}commodity/copper>",
        f"{site} {term}ofCommodity> {base}commodity/gold>",
        f"{site} {term}siteOperator> {company}",
        f"{site} {term}locatedIn> {base}country/CL>",
    } <= told
    sources = {line.split("source> ")[1] for line in told if "terms/source>" in line}
    assert sources == {"<https://a.example/r>", '"A report in print"'}
    assert len([line for line in told if "#states>" in line]) == 2


def test_figures_and_days_keep_their_datatypes() -> None:
    head = "id,type,produced at,producer country,production year,quantity,unit,source,confidence\n"
    row = "x,Production figure,node:a,CL,2019,12.50,tonne-content,https://a.example/,high\n"
    told = lines(filled((head + row).encode()))
    space = "http://www.w3.org/2001/XMLSchema#"
    assert any(line.endswith(f'"12.50"^^<{space}decimal>') for line in told)
    assert any(line.endswith(f'"2019"^^<{space}gYear>') for line in told)
    wrong = filled((head + row.replace("12.50", "12 kt").replace("2019", "last")).encode()).faults()
    assert said(wrong) == {(2, "quantity"), (2, "production year")}
    assert "a unit has a column of its own" in wrong[1].sentence


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_a_byte_order_mark(delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(SITES, newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert lines(filled(out.getvalue().encode("utf-8-sig"))) == lines(filled(SITES.encode()))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_excel_writes_otherwise_is_read(ending: str) -> None:
    """“Unicode text”, and a first line that says what parts the cells."""
    rows = list(csv.reader(io.StringIO(SITES.replace("Copper|gold", "Copper|xx"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator=ending).writerows(rows)
    plain = filled(out.getvalue().encode())
    said_first = filled(f"sep=;{ending}{out.getvalue()}".encode("utf-8-sig"))
    unicode = filled(out.getvalue().encode("utf-16"))
    assert lines(plain) == lines(said_first) == lines(unicode)
    (one,), (below,), (same,) = plain.faults(), said_first.faults(), unicode.faults()
    assert one.place
    assert below.place
    assert (below.place.line, below.place.column) == (one.place.line + 1, one.place.column)
    assert same.place == one.place
    assert sheets.begins_a_template(f"sep=;{ending}id;type;label@en{ending}".encode())
    assert sheets.begins_a_template("id\ttype\tlabel@en\n".encode("utf-16"))


def test_a_cell_that_is_none_says_what_may_be_meant() -> None:
    head = "id;type;label@en;locate in;colour;source;confidence\n"
    row = "x;Site;X;country:CL;red;https://a.example/;high\n"
    told = [result.sentence for result in filled((head + row).encode()).faults()]
    assert told == [
        "locate in: a Site has no such column; did you mean located in?",
        "colour: a Site has no such column; `rskg template Site` lists them",
    ]
    head = "id;type;quantity;share of world output;source;confidence\n"
    row = "x;Production figure;1 234,5;1,234;https://a.example/;high\n"
    told = [result.sentence for result in filled((head + row).encode()).faults()]
    assert told[0].endswith("a point before decimals, and no spaces or commas: 1234.5")
    assert told[1].endswith("a point before decimals, and no spaces or commas")


@pytest.mark.parametrize(
    ("old", "new", "cell", "words"),
    [
        ("Copper|gold", "Copper|unobtanium", (3, 28, "of commodity"), "isn't on the list"),
        ("country:CL", "somewhere far", (3, 17, "located in"), "names nothing"),
        ("country:CL", "country:CL|country:PE", (3, 17, "located in"), "one value only"),
        ("north-pit,", "north pit,", (2, 1, "id"), "short name"),
        ("acme,Company", "north-pit,Site", (4, 1, "id"), "another row"),
        (",Company", ",Firm", (4, 6, "type"), "no class"),
        (",Company", ",", (4, 6, "type"), "say which class"),
        ("label@fr", "label", (3, 6, "label"), "say the language"),
        ("Acme,,,", "Acme,,country:CL,", (4, 20, "located in"), "no such column"),
        ("https://a.example/r,high", "https://a.example/r,sure", (3, 65, "confidence"), "list"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(
    old: str, new: str, cell: tuple[int, int, str], words: str
) -> None:
    assert old in SITES
    wrong = filled(SITES.replace(old, new).encode()).faults()
    places = {(r.place.line, r.place.column, r.place.cell): r.sentence for r in wrong if r.place}
    assert words in places.get(cell, ""), places


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"id,type,label@en\n#x,Site,\n", 1, "no row is filled in"),
        (b"id,type,label@en\nx,Site,caf\xe9\n", 2, "isn't UTF-8"),
        (b'id,type,label@en\nx,Site,"open\n', 2, "not a CSV table"),
        (b"PK\x03\x04 no workbook", None, "not a workbook"),
    ],
)
def test_what_is_no_table_is_told(content: bytes, line: int | None, words: str) -> None:
    with pytest.raises(InputError, match=words) as told:
        _ = filled(content).triples
    assert told.value.line == line


def damaged(content: bytes, turn: int) -> bytes:
    """The workbook with some bytes changed, cut or put elsewhere; every third within one part."""
    chance = random.Random(turn)
    if turn % 3 == 0:
        return within_a_part(content, chance)
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(4, len(made))
        if chance.random() < 0.5:
            made[place] = chance.randrange(256)
        else:
            del made[place : place + chance.randrange(1, 400)]
    return bytes(made[: chance.randrange(8, len(made))] if turn % 7 == 0 else made)


def within_a_part(content: bytes, chance: random.Random) -> bytes:
    """The same with one of the files inside it left out or spoilt, packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == chosen and chance.random() < 0.3:
                continue
            if name == chosen:
                words = re.findall(rb"[\w.:/-]+", part)
                part = part.replace(chance.choice(words), chance.choice([b"", b"x", b"-1", b"A0"]))
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_damaged_workbook_is_read_or_refused_in_a_sentence() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(templates().template("Agenda"))))
    book.worksheets[0]["A2"] = "ours"
    out = io.BytesIO()
    book.save(out)
    content = out.getvalue()
    assert filled(content, "x.xlsx").triples
    read, refused = 0, 0
    for turn in range(200):
        one = filled(damaged(content, turn), "x.xlsx")
        try:
            _ = one.triples, one.faults()
            read += 1
        except InputError as error:
            refused += 1
            assert "x.xlsx" in str(error)
    assert read > 10
    assert refused > 100


def test_a_zip_that_is_no_workbook_is_refused(rskg: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as packed:
        packed.writestr("readme.txt", "no workbook")
    for command in ("validate", "convert"):
        told = rskg(command, "x.xlsx")
        assert told.returncode == 3, told.stderr
        assert "x.xlsx: not a workbook that can be read" in told.stderr


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    content = to_workbook(templates().template("Site"))
    with pytest.raises(InputError, match="unpacks to more than"):
        _ = Filled("x.xlsx", lambda: content, templates, "acme", 1000).triples


def test_names_of_classes_are_found_in_words_and_the_like() -> None:
    assert templates().template("audit-mandate").name == "AuditMandate"
    assert templates().template("Mandat d'audit").name == "AuditMandate"
    with pytest.raises(UsageError, match="did you mean Site"):
        templates().template("Sites")


def test_templates_on_the_command_line(rskg: Run, tmp_path: Path) -> None:
    listed = rskg("template")
    assert listed.returncode == 0
    assert "\nSite  " in listed.stdout
    assert rskg("template", "Site", "-o", "sites.csv").returncode == 0
    path = tmp_path / "sites.csv"
    path.write_bytes(with_example_rows(path.read_bytes()))
    told = rskg("convert", "sites.csv", "--dataset", "acme", "-o", "sites.ttl")
    assert told.returncode == 0, told.stderr
    turtle = (tmp_path / "sites.ttl").read_bytes()
    assert set(parse_bytes(turtle, TURTLE)) == set(filled(path.read_bytes()).triples)
    assert rskg("validate", "sites.ttl").returncode == 0
    assert rskg("validate", "sites.csv").returncode == 0
    assert rskg("template", "Sight").returncode == 2
    path.write_text("id,type\nx,Sight\n")
    told = rskg("convert", "sites.csv")
    assert told.returncode == 1
    assert "sites.csv:2:3: violation: type: `Sight` is no class with a template" in told.stdout
    assert "()" not in told.stdout
    assert told.stdout.endswith(
        "does not conform: no shape was tried: 1 violation, 0 warning, 0 info\n"
    )
    path.write_text("name\nx\n")
    assert rskg("convert", "sites.csv").returncode == 3
    assert rskg("template", "Site", "-o", "sites.csv").returncode == 0
    for command in ("validate", "convert"):  # as it came: nothing to check in it
        told = rskg(command, "sites.csv")
        assert told.returncode == 4, told.stderr
        assert "no row is filled in below the heading" in told.stderr


def test_what_shapes_say_of_a_table_is_told_at_its_cell(rskg: Run, tmp_path: Path) -> None:
    rows = SITES.replace(",country:CL,", ",,").replace("\r\nacme", "\r\n\r\nacme")
    (tmp_path / "s.csv").write_bytes(rows.replace("Copper|gold", "Copper|xx").encode())
    told = rskg("validate", "s.csv", "--report", "csv", "--report", "text=text.txt")
    assert told.returncode == 1, told.stderr
    found = {
        (row["line"], row["column"])
        for row in csv.DictReader(io.StringIO(told.stdout))
        if row["severity"] == "Violation"
    }
    assert found == {("3", "located in"), ("3", "of commodity"), ("5", "id")}
