"""The store: immutable revisions in directories, read by queries, written by one builder.

The only door to pyoxigraph's stores. Strings and triples in, bytes and rows out.
"""

from rskg.store.answer import Answer
from rskg.store.local import Reader, Row, Workbench
from rskg.store.revisions import Revisions

__all__ = ["Answer", "Reader", "Revisions", "Row", "Workbench"]
