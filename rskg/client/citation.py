"""How to cite an answer, so that others can ask again and see whether it is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from rskg.syntax import Term


@dataclass(frozen=True)
class Citation:
    """Where was asked, at which revision, and digests (SHA-256, hex) of question and answer.

    The answer's digest doesn't depend on the order of its rows.
    """

    source: str
    revision: int | None
    query: str
    result: str
    rows: int

    def __str__(self) -> str:
        at = f", revision {self.revision}" if self.revision is not None else ""
        return (
            f"rskg, the knowledge graph of responsible sourcing of minerals. {self.source}{at}. "
            f"Query sha256:{self.query}; {self.rows} rows sha256:{self.result}."
        )

    def bibtex(self) -> str:
        """The same as a BibTeX entry."""
        return (
            f"@misc{{rskg-{self.query[:8]}-{self.result[:8]},\n"
            "  title = {rskg, the knowledge graph of responsible sourcing of minerals},\n"
            f"  howpublished = {{{self.source}}},\n"
            + (f"  version = {{revision {self.revision}}},\n" if self.revision is not None else "")
            + f"  note = {{query sha256:{self.query}; {self.rows} rows sha256:{self.result}}}\n}}"
        )


def digest_of_query(text: str, bindings: Mapping[str, Term]) -> str:
    """The digest of a query's text without what stands around it, and of its parameters' values.

    Each value is a line more, `?name = term`, by name.
    """
    lines = [f"?{name} = {term}" for name, term in sorted(bindings.items())]
    return hashlib.sha256("\n".join([text.strip(), *lines]).encode()).hexdigest()


def digest_of_lines(body: bytes, *, head: bool) -> str:
    """The digest of a result's lines in order, after its first line when that is a heading."""
    lines = body.splitlines()
    first, rest = (lines[:1], lines[1:]) if head else ([], lines)
    return hashlib.sha256(b"\n".join([*first, *sorted(rest)])).hexdigest()
