"""What the tools do; each gives plain text, and raises what becomes the tool's error."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from rskg.endpoint.asking.evaluation import Caller
from rskg.endpoint.pages.words import kind_of
from rskg.endpoint.validate.checking import Checking
from rskg.endpoint.validate.sent import typed
from rskg.errors import UsageError
from rskg.evidence import evidence
from rskg.mcp.graph import Graph, Told
from rskg.mcp.telling import said
from rskg.namespaces import BASE, THING
from rskg.parameter import Parameter
from rskg.query import Query
from rskg.syntax import NamedNode, rows_of

_HERE = Path(__file__).resolve().parent
_FACTS = (_HERE / "facts.rq").read_text("utf-8")
_INCOMING = (_HERE / "incoming.rq").read_text("utf-8")
#: How many rows of each part of a description are shown.
MOST_PART = 100


class Tools:
    """The tools over a graph, its questions and the shapes."""

    def __init__(self, graph: Graph, questions: Mapping[str, Query], checking: Checking) -> None:
        self._graph, self._questions, self._checking = graph, questions, checking

    async def query(self, sparql: str, rows: int, caller: Caller, revision: str = "") -> str:
        """The answer to a query, and whether it is complete."""
        return said(await self._graph.answer(sparql, {}, caller, revision), rows)

    async def find(self, text: str, language: str, most: int, revision: str = "") -> str:
        """The things and terms with a name like this, one a line."""
        names = await self._graph.names(revision)
        found = await asyncio.to_thread(names.find, text, language, most)
        if not found:
            return f"Nothing has a name like {text!r}."
        lines = [
            f"{each.thing}\t{each.label}\t{kind_of(each.thing) or 'term'}"
            + (f"\tby its name {each.match!r}" if each.match != each.label else "")
            for each in found
        ]
        return "\n".join([f"{len(found)} of up to {most}, the likest first:", *lines])

    async def describe(self, thing: str, caller: Caller, revision: str = "") -> str:
        """What is said of a thing and by whom, what names it, and the statements behind that."""
        iri = _iri(thing)
        facts = await self._asked(_FACTS, iri, caller, revision)
        incoming = await self._asked(_INCOMING, iri, caller, revision)
        if not _first_column(facts) and not _first_column(incoming):
            raise UsageError(f"the graph says nothing about <{iri}>: look for its IRI with `find`")
        things = {iri, *_first_column(incoming)}
        sources = await self._graph.answer(evidence(things), {}, caller, revision)
        parts = {
            f"What is said of <{iri}>, and in which graph": facts,
            "What names it": incoming,
            "The statements behind it and what names it, with source and confidence": sources,
        }
        return "\n\n".join(f"# {title}\n{said(part, MOST_PART)}" for title, part in parts.items())

    def questions(self, text: str) -> str:
        """The named questions that hold a text, each with its parameters."""
        wanted = text.casefold().split()
        found = [
            each
            for each in self._questions.values()
            if all(w in f"{each.slug} {each.summary} {each.description}".casefold() for w in wanted)
        ]
        lines = [_told(each) for each in found]
        return "\n".join([f"{len(found)} of {len(self._questions)} questions:", *lines])

    async def ask(
        self,
        name: str,
        parameters: Mapping[str, str],
        rows: int,
        caller: Caller,
        revision: str = "",
    ) -> str:
        """The answer to a named question, with what its rows mean and can't mean."""
        asked = self._questions.get(name)
        if asked is None:
            raise UsageError(f"there is no question called {name}: `questions` lists them")
        bound = asked.bindings(parameters)
        if codes := asked.codes(parameters):
            _, things = rows_of((await self._graph.answer(codes, {}, caller, revision)).body)
            bound = asked.bindings(asked.with_things(parameters, things))
        found = await self._graph.answer(asked.sparql, bound, caller, revision)
        parts = [asked.summary, asked.description, said(found, rows)]
        parts += [f"Limits: {asked.limits}"] if asked.limits else []
        if found.form == "solutions" and not rows_in(found) and asked.missing:
            parts.append(f"What is missing: {asked.missing}")
        return "\n\n".join(part for part in parts if part)

    async def validate(self, document: str, shapes: str, caller: Caller) -> str:
        """The report on a document, checked in a process that can be killed."""
        sent = typed(document)
        sent.choice = shapes
        return (await self._checking.report(sent, "text", caller.name)).decode()

    async def _asked(self, text: str, iri: str, caller: Caller, revision: str) -> Told:
        return await self._graph.answer(text.replace("#VALUES#", f"<{iri}>"), {}, caller, revision)


def rows_in(told: Told) -> bool:
    """Whether an answer has any row."""
    return told.cut or told.body.strip().count(b"\n") > 0


def _iri(thing: str) -> str:
    """The IRI that is meant: whole, or what follows `…/id/` or `…/rskg/` in one of ours."""
    text = thing.strip().removeprefix("<").removesuffix(">")
    if "://" not in text:
        known = text.removeprefix("/")
        is_thing = "/" in known and not known.startswith(("id/", "graph/", "dataset/", "queries/"))
        text = (THING if is_thing else BASE) + known
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise UsageError(f"{thing!r} is no IRI: look for one with `find`") from error


def _first_column(told: Told) -> set[str]:
    """The IRIs in the first column of rows that are all there, else none but the first lines'."""
    body = told.body if not told.cut else told.body.rpartition(b"\n")[0] + b"\n"
    _, rows = rows_of(body)
    return {row[0].value for row in rows if isinstance(row[0], NamedNode)}


def _told(query: Query) -> str:
    takes = "".join(f"\n    {_parameter(each)}" for each in query.parameters)
    return f"- {query.slug}: {query.summary}{takes}"


def _parameter(each: Parameter) -> str:
    default = f", default {each.default}" if each.default else ""
    slug = "".join(f" or a slug of …/id/{scheme}/" for scheme in each.schemes)
    choices = f", one of {', '.join(each.choices)}" if each.choices else ""
    return f"{each.name} ({each.type}{slug}{choices}{default}): {each.description}"
