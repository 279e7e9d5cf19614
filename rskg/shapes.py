"""The shapes as files say them; `meta/` holds the shapes about our own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rskg.errors import InputError, NothingChecked
from rskg.syntax import Triple, is_document, parse, skolemise


@dataclass(frozen=True)
class Shapes:
    """Shape documents, parsed as they are: a path that isn't one predicate must stay blank."""

    documents: Mapping[Path, tuple[Triple, ...]]

    @property
    def triples(self) -> list[Triple]:
        """All documents as one shapes graph, each triple once."""
        return list(dict.fromkeys(t for document in self.documents.values() for t in document))

    @property
    def published(self) -> list[Triple]:
        """The same for the store, where nothing is blank."""
        return list(
            dict.fromkeys(t for document in self.documents.values() for t in skolemise(document))
        )


def load(paths: Iterable[Path]) -> Shapes:
    """Read shape files, and the files right inside folders.

    Raises InputError where a path can't be read, NothingChecked where there is no document.
    """
    documents: dict[Path, tuple[Triple, ...]] = {}
    for path in paths:
        if not path.exists():
            raise InputError("no such file or folder", path=path)
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for document in inside:
            if document.is_file() and (is_document(document) or not path.is_dir()):
                documents[document] = tuple(parse(document))
    if not documents:
        raise NothingChecked(
            "no shapes were found: give --shapes a Turtle file or a folder of them"
        )
    return Shapes(documents)
