"""The small parts: words, charts, rows and negotiation by themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.requests import Request

from rskg.endpoint.charts import bars, matrix, shown
from rskg.endpoint.charts.lines import lines
from rskg.endpoint.charts.maps import Ground, pointed
from rskg.endpoint.charts.networks import network
from rskg.endpoint.charts.sankeys import sankey
from rskg.endpoint.http.negotiation import DOCUMENT_FORMATS, chosen, suffix_of, wants_page
from rskg.endpoint.pages.solutions import Table, Value, table
from rskg.endpoint.pages.words import (
    cell,
    count,
    curie,
    families,
    family,
    heading,
    licence,
    local,
    name,
    plural,
)
from rskg.errors import InputError, NotAcceptable
from rskg.namespaces import BASE, TERM, THING, XSD
from rskg.query import Chart, load
from rskg.world import HEIGHT, WIDTH, World

INTEGER = XSD + "integer"


def request(accept: str, query: str = "") -> Request:
    headers = [(b"accept", accept.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    return Request({**scope, "query_string": query.encode()})


def number(value: int) -> Value:
    return Value("literal", str(value), datatype=INTEGER)


def text(value: str) -> Value:
    return Value("literal", value)


def test_our_iris_become_paths_and_others_stay() -> None:
    assert local(BASE + "id/actor/oecd") == "/id/actor/oecd"
    assert local(TERM + "Actor") == "/ontology#Actor"
    assert local("https://example.org/x") == "https://example.org/x"
    assert '"' not in local(BASE + 'id/actor/a"b')


def test_names_and_short_forms() -> None:
    assert name(TERM + "coversStage") == "covers stage"
    assert name(BASE + "id/topic/child-labour") == "child labour"
    assert curie(BASE + "id/actor/oecd") == "actor:oecd"
    assert curie("http://www.w3.org/2004/02/skos/core#broader") == "skos:broader"
    assert heading("linkedInstruments") == "Linked instruments"
    assert heading("siteLabel") == "Site"
    assert licence("https://creativecommons.org/licenses/by/4.0/") == "CC BY 4.0"
    assert licence("https://spdx.org/licenses/GPL-3.0-only") == "GPL-3.0"
    assert licence("https://spdx.org/licenses/MIT") == "MIT"
    assert licence("https://opendatacommons.org/licenses/by/1-0/") == "ODC-By 1-0"


def test_numbers_are_grouped_but_years_are_not() -> None:
    assert count(12345) == "12\u202f345"
    assert plural(1, "actor") == "1 actor"
    assert plural(2, "query", "queries") == "2 queries"
    assert cell(number(2024)) == "2024"
    assert cell(number(20240)) == "20\u202f240"


def test_a_family_colours_things_and_classes_below() -> None:
    assert family(BASE + "id/process/irma") == "process"
    known = families({"Mine": ["Site"], "Pit": ["Mine"], "Other": ["Thing"]})
    assert (known["Mine"], known["Pit"]) == ("chain", "chain")
    assert "Other" not in known


def test_rows_are_decoded_and_label_columns_hidden() -> None:
    body = {
        "head": {"vars": ["x", "xLabel", "n"]},
        "results": {
            "bindings": [
                {
                    "x": {"type": "uri", "value": "urn:x"},
                    "n": {"type": "literal", "value": "3", "datatype": INTEGER},
                }
            ]
        },
    }
    found = table(json.dumps(body).encode())
    assert shown(found) == ("x", "n")
    assert found.first["n"].number == 3
    assert "xLabel" not in found.first
    assert table(b'{"head": {}, "boolean": true}').first["boolean"].text == "true"


def test_bars_take_the_last_number() -> None:
    rows = tuple(
        {"what": text(label), "year": number(year), "n": number(n)}
        for label, year, n in (("a", 2020, 9), ("b", 2022, 4), ("c", 2021, 1))
    )
    chart = bars(Table(("what", "year", "n"), rows), {})
    assert chart is not None
    assert chart.measure == "N"
    assert [bar.value for bar in chart.bars] == [9, 4, 1]
    assert chart.bars[0].length > chart.bars[1].length
    assert bars(Table(("what",), ()), {}) is None


def test_a_matrix_leaves_the_unknown_unknown() -> None:
    rows = (
        {"down": text("a"), "across": text("x"), "n": number(5)},
        {"down": text("b"), "across": text("y"), "n": number(0)},
    )
    drawn = matrix(Table(("down", "across", "n"), rows), {})
    assert drawn is not None
    assert drawn.columns == ("x", "y")
    values = [[one.value for one in cells] for _, _, cells in drawn.rows]
    assert values == [[5, None], [None, 0]]


@pytest.mark.parametrize(
    ("accept", "query", "given"),
    [
        ("text/html", "", "html"),
        ("*/*", "", "html"),
        ("text/turtle", "", "ttl"),
        ("text/turtle;q=0.2, application/ld+json;q=0.7", "", "jsonld"),
        ("text/html", "format=nt", "nt"),
        ("text/html;q=0, */*;q=0.1", "", "ttl"),
    ],
)
def test_formats_are_chosen_by_weight_or_by_name(accept: str, query: str, given: str) -> None:
    assert chosen(request(accept, query), DOCUMENT_FORMATS).name == given


def test_nothing_fitting_is_told() -> None:
    with pytest.raises(NotAcceptable):
        chosen(request("image/png"), DOCUMENT_FORMATS)
    with pytest.raises(NotAcceptable):
        chosen(request("*/*", "format=pdf"), DOCUMENT_FORMATS)


def test_pages_are_for_those_who_prefer_them() -> None:
    assert wants_page(request("text/html,application/xml;q=0.9,*/*;q=0.8"))
    assert not wants_page(request("*/*"))
    assert not wants_page(request("application/json, text/html;q=0.5"))


def test_endings_name_formats_and_other_dots_do_not() -> None:
    assert suffix_of("id/a/b.ttl", DOCUMENT_FORMATS)[0] == "id/a/b"
    assert suffix_of("id/a/b-2.0", DOCUMENT_FORMATS) == ("id/a/b-2.0", None)


# --- Pictures ---


def iri_row(**cells: str) -> dict[str, Value]:
    """A row of our own things and of whole numbers."""
    return {
        name: Value("literal", text, datatype=XSD + "integer")
        if text.isdigit() and name == "n"
        else Value("uri" if text.startswith("http") else "literal", text)
        for name, text in cells.items()
    }


def test_lines_have_a_zero_where_a_year_has_no_row() -> None:
    rows = tuple(iri_row(x=day) for day in ("2019-03-01", "2019", "2021-12-31", "soon"))
    drawn = lines(Table(("x",), rows), {}, Chart("line", {"x": "x"}))
    assert drawn is not None
    assert [(dot.year, dot.value) for dot in drawn.lines[0].dots] == [
        (2019, 2),
        (2020, 0),
        (2021, 1),
    ]
    assert drawn.lines[0].dots[0].y < drawn.lines[0].dots[1].y
    assert [dot.rows for dot in drawn.lines[0].dots] == ["1,2", "", "3"]


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (["37", "3"], [0, 10, 20, 30, 40]),
        (["2", "1"], [0, 1, 2]),
        (["0", "0"], [0, 1]),
        (["0.55", "0.2"], [0, 0.2, 0.4, 0.6]),
        (["-3", "1700.5"], [0, 500, 1000, 1500, 2000]),
    ],
)
def test_lines_stand_before_round_numbers(values: list[str], levels: list[float]) -> None:
    rows = tuple(
        {"x": Value("literal", str(year)), "n": Value("literal", value, datatype=XSD + "decimal")}
        for year, value in enumerate(values, 2020)
    )
    drawn = lines(Table(("x", "n"), rows), {}, Chart("line", {"x": "x", "y": "n"}))
    assert drawn is not None
    assert [level for _, level in drawn.levels] == levels
    assert all(dot.y >= drawn.levels[-1][0] for dot in drawn.lines[0].dots)


def test_a_map_shades_countries_places_points_and_names_what_has_neither() -> None:
    told = {"CL": "9", "AU": "2", "XK": "3", "XX": "1"}
    rows = tuple(iri_row(place=f"{THING}country/{c}", n=n) for c, n in told.items())
    rows += (iri_row(place=f"{THING}country/NO"),)
    chart = Chart("map", {"place": "place", "value": "n"})
    numbers = {f"{THING}country/{c}": m for c, m in {"CL": "152", "AU": "036", "NO": "578"}.items()}
    shapes = World("", {"152": "M0 0h9z", "578": "M1 1h1z", "360": "M2 2h1z"}, {"036": (1, 2)})
    places = {f"{THING}country/XK": (0.0, 0.0), f"{THING}country/CL": (-70.0, -30.0)}
    drawn = pointed(Table(("place", "n"), rows), {}, chart, Ground(places, numbers, shapes))
    assert drawn is not None
    styles = {area.number: area.style for area in drawn.areas}
    assert styles["152"] != styles["036"]
    assert styles["578"] == "unknown"
    assert drawn.unknown
    assert {band.style for band in drawn.classes} >= {styles["152"], styles["036"]}
    assert [(point.x, point.y, point.value) for point in drawn.points] == [
        (WIDTH / 2, HEIGHT / 2, 3)
    ]
    assert [iri for iri, _ in drawn.nowhere] == [f"{THING}country/XX"]
    assert drawn.bare == ["360"]
    plain = pointed(
        Table(("place", "n"), rows), {}, chart, Ground(places, numbers, World("", {}, {}))
    )
    assert plain is not None
    assert [point.iri[-2:] for point in plain.points] == ["CL", "XK"]


def test_a_network_ties_each_pair_once_and_comes_out_the_same_again() -> None:
    pairs = [("a", "b"), ("a", "b"), ("b", "c"), ("d", "a")]
    rows = tuple(iri_row(source=f"{THING}actor/{s}", target=f"{THING}actor/{t}") for s, t in pairs)
    chart = Chart("network", {"source": "source", "target": "target"})
    found = Table(("source", "target"), rows)
    drawn = network(found, {}, chart)
    assert drawn is not None
    assert (len(drawn.nodes), len(drawn.ties)) == (4, 3)
    again = network(Table(found.names, rows[::-1]), {}, chart)
    assert again is not None and again.nodes == drawn.nodes


def test_the_flows_of_a_sankey_fill_its_blocks() -> None:
    steps = [("a", "x", "3"), ("a", "y", "1"), ("b", "y", "4")]
    rows = tuple(iri_row(one=one, other=other, n=n) for one, other, n in steps)
    chart = Chart("sankey", {"from": "one", "to": "other", "value": "n"})
    drawn = sankey(Table(("one", "other", "n"), rows), {}, chart)
    assert drawn is not None
    heights = {(block.label, block.last): block.height for block in drawn.blocks}
    assert {label: block.value for block in drawn.blocks for label in [block.label]} == {
        "a": 4,
        "b": 4,
        "x": 3,
        "y": 5,
    }
    assert sum(flow.width for flow in drawn.flows) == pytest.approx(
        heights["a", False] + heights["b", False], abs=0.5
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("pie", "one of none, bar, line"),
        ("{kind: map}", "names the column of its place"),
        ("{kind: bar, height: n}", "has no height"),
    ],
)
def test_a_chart_that_nobody_draws_is_refused(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "q.rq"
    path.write_text(f"#+ summary: What?\n#+ chart: {written}\nSELECT * {{ ?s ?p ?o }}\n")
    with pytest.raises(InputError, match=told):
        load(path)
