"""The store: immutable revisions in directories, read by queries, written by one builder.

The only door to pyoxigraph's stores. Strings and triples in, bytes and rows out.
"""

from rskg.store.answer import Answer
from rskg.store.difference import Change, Difference, changes, difference
from rskg.store.draft import Draft
from rskg.store.local import ENGINE, Pattern, Reader, Row, Workbench
from rskg.store.revisions.backup import backup, restore
from rskg.store.revisions.compaction import compact, scattered
from rskg.store.revisions.heap import Heap, Layer, heap, lay
from rskg.store.revisions.history import Mode, Revision, Revisions
from rskg.store.tokens import keywords

__all__ = [
    "ENGINE",
    "Answer",
    "Change",
    "Difference",
    "Draft",
    "Heap",
    "Layer",
    "Mode",
    "Pattern",
    "Reader",
    "Revision",
    "Revisions",
    "Row",
    "Workbench",
    "backup",
    "changes",
    "compact",
    "difference",
    "heap",
    "keywords",
    "lay",
    "restore",
    "scattered",
]
