"""`rskg query`: a named question, a query file or standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from rskg import settings
from rskg.cli import options
from rskg.cli.graphs import Graph, opened
from rskg.errors import EnvironmentLacks, UsageError
from rskg.linting import reasons, told
from rskg.ontology import load as load_ontology
from rskg.query import Query, load, load_all
from rskg.settings import duration
from rskg.store import Answer
from rskg.store.ask import Ask
from rskg.store.budget import Budget, budget_of_settings
from rskg.syntax import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    WANTING_FORMATS,
    Literal,
    NamedNode,
    Term,
    decoded,
    read_text,
    rows_of,
)

#: The seconds that each look at the data may take, to say why there are no rows.
MOST_SECONDS = 5.0
ROWS = (*SOLUTION_FORMATS, *WANTING_FORMATS)
FORMATS = ["table", *(form.name for form in (*ROWS, *GRAPH_FORMATS[:4]))]


@click.command("query")
@click.argument("name", required=False, metavar="NAME|FILE|-")
@options.asked
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="Set a parameter.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@options.revision
@click.option(
    "--timeout",
    metavar="TIME",
    help=f"How long it may take: 30s, 500ms.  [default: ${settings.QUERY_SECONDS.variable}, "
    f"else {settings.QUERY_SECONDS.default}s]",
)
@options.allow_service
@click.option("--list", "listing", is_flag=True, help="List the named questions (needs no store).")
def command(
    name: str | None,
    place: str,
    params: tuple[str, ...],
    form: str,
    revision: str | None,
    timeout: str | None,
    services: tuple[str, ...],
    listing: bool,
) -> None:
    """Ask a question that has a name, a query file, or standard input (-)."""
    named = load_all(options.files().queries)
    if listing:
        _list(named.values())
        return
    if name is None:
        raise UsageError("name a question, a query file or -; `rskg query --list` shows them")
    if any(form == wanting.name for wanting in WANTING_FORMATS):
        raise EnvironmentLacks(
            f"pyarrow isn't installed: pip install 'rskg[frames]' brings what --format {form} needs"
        )
    values = _values(params)
    query, text, bindings = _asked(name, named, values)
    prefixes = load_ontology(options.files().ontology).prefixes
    budget = budget_of_settings()
    if timeout:
        budget = replace(budget, seconds=duration(timeout))
    name_of_form = None if form == "table" else form
    with opened(place, revision, prefixes, services) as graph:
        if query and (codes := query.codes(values)):
            _, rows = rows_of(graph.answer(Ask(codes, format_name="tsv"), budget).body)
            bindings = query.bindings(query.with_things(values, rows))
        ask = Ask(text, format_name=name_of_form, bindings=tuple(bindings.items()))
        answer = graph.answer(ask, budget)
        if form == "table" and answer.form == "solutions":
            _print_table(answer, graph.name)
        else:
            _print_answer(answer)
        if answer.empty:
            _missing(query)
            _why(ask, prefixes, graph, budget)


def _why(ask: Ask, prefixes: Mapping[str, str], graph: Graph, budget: Budget) -> None:
    """What of a query the data never matches, on stderr."""
    less = replace(budget, seconds=min(budget.seconds, MOST_SECONDS))

    def rows(query: str) -> bytes:
        return graph.answer(Ask(query, format_name="tsv"), less).body

    for each in told(reasons(ask.query, prefixes, dict(ask.bindings)), rows):
        click.echo(f"query:{each}", err=True)


def _missing(query: Query | None) -> None:
    """What a question's author knows to be missing from the data."""
    if query and query.missing:
        click.echo(f"What is missing: {' '.join(query.missing.split())}", err=True)


def _asked(
    name: str, named: dict[str, Query], values: Mapping[str, str]
) -> tuple[Query | None, str, dict[str, Term]]:
    if name == "-":
        text = decoded(sys.stdin.buffer.read(), "standard input")
        return None, text, {key: _term(value) for key, value in values.items()}
    if name in named:
        return named[name], named[name].sparql, named[name].bindings(values)
    path = Path(name)
    if not path.is_file():
        near = [slug for slug in named if name.lower() in slug] or get_close_matches(name, named, 1)
        hint = f"did you mean {' or '.join(near)}?" if near else "see --list"
        raise UsageError(f"there is no question and no file `{name}`: {hint}")
    text = read_text(path)
    if text.startswith("#+"):
        query = load(path)
        return query, query.sparql, query.bindings(values)
    return None, text, {key: _term(value) for key, value in values.items()}


def _values(params: Iterable[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in map(_pair, params):
        if key in values:
            raise UsageError(f"--param {key} is given twice: it takes one value")
        values[key] = value
    return values


def _pair(param: str) -> tuple[str, str]:
    key, sign, value = param.partition("=")
    if not sign:
        raise UsageError(f"--param takes KEY=VALUE, not `{param}`")
    return key, value


def _term(value: str) -> Term:
    return NamedNode(value) if "://" in value else Literal(value)


def _print_answer(answer: Answer) -> None:
    out = sys.stdout.buffer
    out.write(answer.body)
    if not answer.format.columnar and not answer.body.endswith(b"\n"):
        out.write(b"\n")


def _print_table(answer: Answer, name: str) -> None:
    found = json.loads(answer.body)
    names, rows = found["head"]["vars"], found["results"]["bindings"]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in names:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_shown(row.get(column, {})) for column in names))
    console = Console() if sys.stdout.isatty() else Console(width=240)
    if rows:
        console.print(table, highlight=False, markup=False)
    click.echo(f"{len(rows)} rows, {name}", err=True)


def _shown(term: dict[str, Any]) -> str:
    value = term.get("value", "")
    if not isinstance(value, dict):
        return str(value)
    parts = (_shown(value[part]) for part in ("subject", "predicate", "object"))
    return f"<<( {' '.join(parts)} )>>"


def _list(named: Iterable[Query]) -> None:
    for query in sorted(named, key=lambda query: (query.question or "further", query.slug)):
        click.echo(f"{query.slug:<44} {query.question or '   '}  {query.summary}")
