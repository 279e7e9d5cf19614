"""Every setting, in one tuple: the command line and the docs read it from here."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A setting: its environment variable, its default as text, what it is for."""

    variable: str
    default: str
    help: str

    def value(self) -> str:
        """The environment's value, else the default."""
        return os.environ.get(self.variable) or self.default


STORE = Setting("RSKG_STORE", ".rskg/store", "folder of the store")
FILES = Setting("RSKG_FILES", "", "folder that holds ontology/, shapes/, data/ and queries/")
MAX_REQUEST_BYTES = Setting("RSKG_MAX_REQUEST_BYTES", "1000000", "largest query text, in bytes")

SETTINGS = (STORE, FILES, MAX_REQUEST_BYTES)
