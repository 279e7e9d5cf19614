"""A revision as rdflib sees it, through oxrdflib: read-only, the store's own files."""

from __future__ import annotations

from oxrdflib import OxigraphStore
from rdflib import Dataset

from rskg.store.local import Reader


def dataset(reader: Reader) -> Dataset:
    """All graphs of a revision; it is held as long as the dataset lives.

    Every look-up crosses from Python to the engine and back: for walking and small patterns, and
    not for pySHACL, which gives false results over it.
    """
    made = Dataset(store=_View(reader))
    made.default_union = False
    return made


class _View(OxigraphStore):
    """Keeps the reader, and with it the revision, alive."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(store=reader.engine)
        self.reader = reader
