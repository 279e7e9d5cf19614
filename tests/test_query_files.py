"""The questions in `queries/`: each header, each word, and the rows that each gives today.

The rows are kept in `queries/expected/<slug>.csv`. After a change that is meant, write them anew
and read the difference before it is committed:

    RSKG_UPDATE_EXPECTED=1 .venv/bin/pytest tests/test_query_files.py -k rows
"""

from __future__ import annotations

import difflib
import functools
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rskg import reasoning
from rskg.endpoint.charts import Ground, draw, on_map
from rskg.endpoint.charts.bars import Bars
from rskg.endpoint.pages.solutions import table as solutions_of
from rskg.evidence.counted import counts, facts
from rskg.namespaces import BASE, DCTERMS, ONTOLOGY, TERM, thing
from rskg.ontology import load as load_ontology
from rskg.paths import Files
from rskg.query import CHARTS, Query, load
from rskg.store import Reader, Revisions, Row, Workbench
from rskg.syntax import NamedNode, parse
from rskg.world import World

FOLDER = Path(__file__).resolve().parent.parent / "queries"
EXPECTED = FOLDER / "expected"
PATHS = {path.stem: path for path in sorted(FOLDER.glob("*.rq"))}
#: What SPARQL text is made of here; strings, IRIs and comments first, as names in them don't count.
TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*")|<(?P<iri>[^<>\s]*)>|(?P<comment>\#[^\n]*)"""
    r"""|(?<![\w?$-])(?P<prefix>[A-Za-z][\w-]*):(?P<local>[\w-]*)"""
)
PREFIX = re.compile(r"^PREFIX ([\w-]+): <([^>]*)>$", re.MULTILINE)
QUESTIONS = {f"Q{number:02}" for number in range(1, 48)}
MIN_QUESTIONS_WITH_ROWS = 34
MIN_FURTHER = 20
CONCEPTS = 157
#: At least so many questions are answered by each kind of picture.
MIN_OF_A_KIND = 2
MIN_MEASURES = 7


@pytest.fixture(scope="module")
def reader(whole: Reader) -> Reader:
    """The questions are asked of everything."""
    return whole


@pytest.fixture(params=PATHS, ids=str)
def query(request: pytest.FixtureRequest) -> Query:
    """Each question file, found by itself."""
    return load(PATHS[request.param])


@pytest.fixture(scope="module")
def known(reader: Reader) -> set[str]:
    """Every IRI that the ontology or the data say something about, and every graph."""
    subjects = (quad.subject for quad in reader.quads("default"))
    named = {subject.value for subject in subjects if isinstance(subject, NamedNode)}
    return named | set(reader.graph_names()) | {ONTOLOGY}


@pytest.fixture(scope="module")
def on_examples(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A store of the ontology and the valid examples, with what follows from them."""
    ontology = load_ontology(files.ontology)
    bench = Workbench(ontology.prefixes)
    bench.add(ontology.triples)
    for path in sorted(files.examples.glob("*/valid.ttl")):
        bench.add(parse(path))
    reasoning.close(bench.update, bench.count, reasoning.load_rules(files.ontology / "rules"))
    revisions = Revisions(tmp_path_factory.mktemp("examples"), ontology.prefixes)
    revisions.commit(bench, "the examples")
    return revisions.open()


@pytest.fixture(scope="module")
def prefixes(files: Files) -> dict[str, str]:
    """The table of prefixes."""
    return load_ontology(files.ontology).prefixes


@functools.cache
def table(reader: Reader, slug: str) -> str:
    """The answer on defaults, as the CSV that is kept."""
    asked = load(PATHS[slug])
    found = reader.answer(asked.sparql, format_name="csv", bindings=asked.bindings({}))
    return found.body.decode().replace("\r\n", "\n")


@functools.cache
def rows(reader: Reader, slug: str) -> Sequence[Row]:
    """The answer on defaults, as terms."""
    asked = load(PATHS[slug])
    return reader.select(asked.sparql, **asked.bindings({}))


def names(query: Query) -> Iterator[tuple[str, str]]:
    """The prefixed names of a query outside its prologue."""
    for match in TOKEN.finditer(PREFIX.sub("", query.sparql)):
        if match["prefix"]:
            yield match["prefix"], match["local"]


def value(row: Row, name: str) -> str:
    return str(getattr(row[name], "value", row[name]))


# --- What each file says --------------------------------------------------------------------------


def test_the_header_is_complete(query: Query, files: Files) -> None:
    assert query.summary.endswith("?"), "the summary is a plain question"
    assert query.description, "the description says what a row means"
    assert query.limits, "the limits say what the answer cannot mean"
    for slug in query.datasets:
        assert (files.data / slug).is_dir(), f"there is no dataset {slug}"
    for parameter in query.parameters:
        assert parameter.description, f"{parameter.name} is not described"


def test_its_question_is_one_of_the_briefing(query: Query, known: set[str]) -> None:
    if query.question:
        assert thing("question", query.question) in known


def test_its_prefixes_are_those_of_the_ontology(query: Query, prefixes: dict[str, str]) -> None:
    declared = dict(PREFIX.findall(query.sparql))
    assert list(declared) == sorted(declared), "prefixes stand in order"
    for name, space in declared.items():
        assert prefixes.get(name) == space, f"{name}: is not so in ontology/rskg.ttl"
    assert set(declared) == {prefix for prefix, _ in names(query)}, "declared, but not used"


def test_it_names_only_what_exists(query: Query, known: set[str]) -> None:
    spaces = dict(PREFIX.findall(query.sparql))
    said = {spaces[prefix] + local for prefix, local in names(query)}
    body = PREFIX.sub("", query.sparql)
    said |= {match["iri"] for match in TOKEN.finditer(body) if match["iri"]}
    for iri in sorted(said):
        if iri.startswith(BASE) and iri not in known:
            near = difflib.get_close_matches(iri, known, n=1)
            pytest.fail(f"<{iri}> is nowhere defined" + (f"; <{near[0]}>?" if near else ""))


def test_its_parameters_can_be_set(
    query: Query, reader: Reader, known: set[str], prefixes: dict[str, str]
) -> None:
    projected = table(reader, query.slug).split("\n", 1)[0].split(",")
    for parameter in query.parameters:
        assert parameter.name in projected, "only projected variables can be set"
        assert set(parameter.schemes) <= prefixes.keys()
        default = query.bindings({}).get(parameter.name)
        assert not isinstance(default, NamedNode) or default.value in known


def test_a_parameter_only_narrows_the_answer(query: Query, reader: Reader) -> None:
    defaults = query.bindings({})
    whole = rows(reader, query.slug)
    for parameter in query.parameters:
        values = [term for row in whole if (term := row[parameter.name]) is not None]
        if values:
            chosen = values[len(values) // 2]
            part = reader.select(query.sparql, **{**defaults, parameter.name: chosen})
            assert part == [row for row in whole if row[parameter.name] == chosen]


def test_its_choices_are_what_its_rows_say(query: Query, reader: Reader) -> None:
    """Where a parameter has choices, each value in its column is one of them."""
    for parameter in query.parameters:
        if parameter.choices:
            column = {value(row, parameter.name) for row in reader.select(query.sparql)}
            assert column <= set(parameter.choices), f"{query.slug} {parameter.name}"


def test_it_keeps_to_forms_that_stay_quick(query: Query) -> None:
    """NOT EXISTS over several steps is planned uncorrelated; MINUS or nested EXISTS are not."""
    for inner in re.findall(r"NOT EXISTS \{([^{}]*)\}", query.sparql):
        triples = re.sub(r"FILTER\(.*\)", "", inner).strip(" .")
        assert not re.search(r" [.;] |/", triples), f"NOT EXISTS over several steps: {triples}"
    assert "ORDER BY" in query.sparql, "rows come in one order only"


# --- What each answers ----------------------------------------------------------------------------


def test_the_rows_are_those_that_we_keep(query: Query, reader: Reader) -> None:
    path = EXPECTED / f"{query.slug}.csv"
    now = table(reader, query.slug)
    if os.environ.get("RSKG_UPDATE_EXPECTED"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8", newline="\n")
    kept = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    changes = [
        line
        for line in difflib.unified_diff(kept, now.splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", ""))
    ]
    assert not changes, f"{path.name} differs:\n" + "\n".join(changes)


def test_no_row_comes_twice(query: Query, reader: Reader) -> None:
    found = table(reader, query.slug).splitlines()
    assert len(found) == len(set(found))


def test_its_picture_shows_what_it_says(query: Query, reader: Reader) -> None:
    """The header's columns are there, and what has rows has a picture."""
    answer = reader.answer(query.sparql, format_name="json", bindings=query.bindings({}))
    found = solutions_of(answer.body)
    assert set(query.chart.columns.values()) <= set(found.names)
    if query.chart.kind == "none" or not found:
        return
    places = dict.fromkeys(on_map(query.chart, found), (0.0, 0.0))
    picture = draw(query.chart, found, {}, Ground(places, {}, World("", {}, {})))
    assert picture is not None
    if isinstance(picture, Bars):
        assert all(bar.label and not bar.label.startswith("http") for bar in picture.bars)


def test_what_it_counts_leads_to_facts(query: Query, reader: Reader, known: set[str]) -> None:
    """What is behind the rows can be asked, and leads to things that are stated."""
    found = rows(reader, query.slug)
    made = counts(query.sparql, {})
    assert made
    if not found:
        return
    behind = [(each, reader.select(f"{each.solutions(found)} LIMIT 3")) for each in made]
    told = {fact[0] for each, rows in behind for row in rows for fact in facts(each, row)}
    told |= {term for _, rows in behind for row in rows for term in row.values() if term}
    # An aggregate over what no row of it binds has none: then there is nothing to be known.
    assert not told or {getattr(term, "value", "") for term in told} & known


def test_each_kind_of_picture_is_drawn(reader: Reader) -> None:
    kinds = Counter(load(PATHS[slug]).chart.kind for slug in PATHS if rows(reader, slug))
    assert all(kinds[kind] >= MIN_OF_A_KIND for kind in CHARTS)


def test_every_kept_table_has_its_question() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(PATHS)


# --- What they answer together --------------------------------------------------------------------


def test_every_question_of_the_briefing_is_asked() -> None:
    assert {query.question for query in map(load, PATHS.values())} - {None} == QUESTIONS


def test_every_part_of_the_agenda_has_a_question_with_rows(reader: Reader) -> None:
    parts = reader.select(
        f"SELECT ?question ?part WHERE {{ ?question a <{TERM}Question> ; <{TERM}askedIn> ?part }}"
    )
    part_of = {value(row, "question"): value(row, "part") for row in parts}
    answered = [query for query in map(load, PATHS.values()) if rows(reader, query.slug)]
    numbers = {query.question for query in answered} - {None}
    assert len(numbers) >= MIN_QUESTIONS_WITH_ROWS
    assert {part_of[thing("question", number)] for number in numbers} == set(part_of.values())
    further = {query.slug for query in map(load, PATHS.values()) if not query.question}
    assert len(further) >= MIN_FURTHER
    assert further <= {query.slug for query in answered}


def test_without_rows_it_says_what_is_missing_and_answers_on_the_examples(
    reader: Reader, on_examples: Reader, files: Files
) -> None:
    """The data are not there yet; the question and the way to contribute are."""
    for query in map(load, PATHS.values()):
        if rows(reader, query.slug):
            continue
        assert query.missing, f"{query.slug} gives no rows and doesn't say what is missing"
        assert rows(on_examples, query.slug), f"{query.slug} gives no rows on the examples"


def test_the_examples_that_it_sends_contributors_to_exist(query: Query, files: Files) -> None:
    named = re.findall(r"examples/[\w./-]+\.ttl", query.missing)
    assert bool(named) == bool(query.missing), "it names an example to copy"
    for path in named:
        assert (files.examples.parent / path).is_file(), f"there is no {path}"


def test_every_concept_is_carried_or_decided_upon(reader: Reader) -> None:
    found = rows(reader, "concept-coverage")
    assert len({value(row, "concept") for row in found}) == CONCEPTS
    adrift = {value(row, "concept") for row in found if not (row["carrier"] or row["decision"])}
    assert not adrift


@pytest.mark.parametrize(
    ("slug", "had", "wanting"),
    [
        ("terms-without-translation", "named", "lacking"),
        ("assertions-without-source", "sourced", "unsourced"),
    ],
)
def test_nothing_is_left_out(reader: Reader, slug: str, had: str, wanting: str) -> None:
    for row in rows(reader, slug):
        assert int(value(row, had)) > 0
        assert (int(value(row, wanting)), row["first"]) == (0, None), row


def test_every_published_row_that_is_open_is_a_lead(reader: Reader) -> None:
    """A lead is no fact: nothing of the same name is published."""
    kinds = {"instruments": "process", "actors": "actor", "adoption": "involvement"}
    for row in rows(reader, "open-leads"):
        if kind := kinds.get(value(row, "dataset")):
            held = thing(kind, value(row, "row"))
            assert not reader.ask(f"ASK {{ <{held}> ?property ?value }}"), held


def test_every_measure_has_a_formula_a_source_and_a_question(reader: Reader) -> None:
    """What the header of a question computes is defined in the ontology, and nothing else is."""
    found = reader.select(
        f"""SELECT ?measure ?formula ?source {{
          ?measure a <{TERM}Measure> .
          OPTIONAL {{ ?measure <{TERM}formula> ?formula }}
          OPTIONAL {{ ?measure <{DCTERMS}source> ?source }} }}"""
    )
    assert len(found) >= MIN_MEASURES
    assert all(row["formula"] and row["source"] for row in found)
    computed = {thing("measure", one) for path in PATHS.values() for one in load(path).measures}
    assert computed == {value(row, "measure") for row in found}


def test_standalone_instruments_are_those_that_no_link_touches(reader: Reader) -> None:
    ends = reader.select(
        f"SELECT ?end WHERE {{ ?link <{TERM}linkSource>|<{TERM}linkTarget> ?end }}"
    )
    every = reader.select(f"SELECT ?process WHERE {{ ?process a <{TERM}Process> }}")
    alone = {value(row, "process") for row in every} - {value(row, "end") for row in ends}
    assert {value(row, "process") for row in rows(reader, "standalone-instruments")} == alone


def test_the_coverage_table_has_each_stage_of_each_commodity_once(reader: Reader) -> None:
    found = rows(reader, "instrument-coverage")
    pairs = [(value(row, "commodity"), value(row, "stage")) for row in found]
    stages = {value(row, "stage") for row in rows(reader, "low-coverage-stages")}
    assert len(pairs) == len(set(pairs)) == len({one for one, _ in pairs}) * len(stages)
