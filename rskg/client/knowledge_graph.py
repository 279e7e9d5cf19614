"""A graph to ask."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from rdflib import Dataset

from rskg.client.result import Result
from rskg.client.source import Source
from rskg.errors import UsageError
from rskg.query import Chart, Query
from rskg.syntax import Term, rows_of


class KnowledgeGraph:
    """The graph at one revision of a store, or behind a SPARQL endpoint."""

    def __init__(self, source: Source, questions: Mapping[str, Query]) -> None:
        self._source = source
        self._questions = dict(questions)

    @property
    def questions(self) -> dict[str, str]:
        """The named questions: for each name what it asks."""
        return {slug: query.summary for slug, query in self._questions.items()}

    def query(self, text: str) -> Result:
        """The complete answer to a SPARQL query; raises RskgError with the engine's reason."""
        return self._result(text, {})

    def ask(self, name: str, **parameters: object) -> Result:
        """The answer to a named question; a thing is its IRI, the last part of it, or a code.

        Raises UsageError for an unknown name or parameter, or a value of the wrong type.
        """
        query = self._questions.get(name)
        if query is None:
            near = get_close_matches(name, self._questions, n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"there is no question called {name}{hint} (see .questions)")
        values = _texts(parameters)
        bindings = query.bindings(values)
        if text := query.codes(values):
            _, rows = rows_of(self._source.answer(text, {}).body)
            bindings = query.bindings(query.with_things(values, rows))
        return self._result(query.sparql, bindings, query.chart)

    def revision(self, revision: int | str) -> KnowledgeGraph:
        """The graph as it was at a revision or a release."""
        return KnowledgeGraph(self._source.at(revision), self._questions)

    def graph(self) -> Dataset:
        """A read-only rdflib Dataset over the store: to walk and look up, not for pySHACL.

        Raises UsageError for an endpoint.
        """
        return self._source.dataset()

    def __repr__(self) -> str:
        return f"<KnowledgeGraph {self._source.name}, revision {self._source.revision}>"

    def _result(
        self, text: str, bindings: Mapping[str, Term], chart: Chart | None = None
    ) -> Result:
        answer = self._source.answer(text, bindings)
        return Result(answer, text, self._source, bindings, chart)


def _texts(parameters: Mapping[str, object]) -> dict[str, str]:
    """Parameters as people write them in an address; None is one that isn't given."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
        if value is not None
    }
