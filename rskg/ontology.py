"""The ontology as files say it: modules, alignments, external terms, and the prefix table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rskg.namespaces import SH
from rskg.syntax import NamedNode, Term, Triple, parse, skolemise

#: The property `sh:namespace` in Turtle, whatever its prefix.
_NAMESPACE = re.compile(rb"[:#]namespace\b")


@dataclass(frozen=True)
class Ontology:
    """Every Turtle file under `ontology/`, parsed; no blank nodes."""

    documents: Mapping[Path, tuple[Triple, ...]]

    @property
    def triples(self) -> list[Triple]:
        """All files as one graph, each triple once."""
        return list(dict.fromkeys(t for document in self.documents.values() for t in document))

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefix table (`sh:declare`): prefix name to namespace IRI, sorted by name."""
        names: dict[Term, str] = {}
        spaces: dict[Term, str] = {}
        for triple in self.triples:
            if triple.predicate == NamedNode(SH + "prefix"):
                names[triple.subject] = _lexical(triple.object)
            elif triple.predicate == NamedNode(SH + "namespace"):
                spaces[triple.subject] = _lexical(triple.object)
        return dict(sorted((names[node], spaces[node]) for node in names if node in spaces))


def load(folder: Path) -> Ontology:
    """Read `ontology/`; raises InputError with file, line and column."""
    paths = sorted(folder.rglob("*.ttl"))
    return Ontology({path: tuple(skolemise(parse(path))) for path in paths})


def prefixes(folder: Path) -> dict[str, str]:
    """The prefix table of `ontology/`, without reading what can't say any of it."""
    paths = sorted(path for path in folder.rglob("*.ttl") if _NAMESPACE.search(path.read_bytes()))
    return Ontology({path: tuple(skolemise(parse(path))) for path in paths}).prefixes


def _lexical(term: Term) -> str:
    return str(getattr(term, "value", term))
