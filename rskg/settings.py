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


def inherited(**more: str) -> dict[str, str]:
    """The environment of a process that works for this one: all of its own but the secrets."""
    secret = {setting.variable for setting in SECRETS}
    return {name: value for name, value in os.environ.items() if name not in secret} | more


STORE = Setting("RSKG_STORE", ".rskg/store", "folder of the store")
FILES = Setting("RSKG_FILES", "", "folder that holds ontology/, shapes/, data/ and queries/")
MAX_REQUEST_BYTES = Setting("RSKG_MAX_REQUEST_BYTES", "1000000", "largest query text, in bytes")
MAX_WRITE_BYTES = Setting(
    "RSKG_MAX_WRITE_BYTES", "100000000", "largest update or document of a write, in bytes"
)
ADMIN_TOKEN = Setting(
    "RSKG_ADMIN_TOKEN", "", "the token that a write to a bare store must carry; none: no writes"
)
QUERY_SECONDS = Setting("RSKG_QUERY_SECONDS", "30", "time budget of a query, in seconds")
QUERY_MEMORY = Setting("RSKG_QUERY_MEMORY", "1000000000", "memory budget of a query, in bytes")
QUERY_ROWS = Setting("RSKG_QUERY_ROWS", "1000000", "most rows in an answer")
QUERY_BYTES = Setting("RSKG_QUERY_BYTES", "100000000", "largest answer, in bytes")
WHOLE_BYTES = Setting(
    "RSKG_WHOLE_BYTES", "8000000", "an answer up to here is complete before its status is sent"
)
TRANSFER_SECONDS = Setting(
    "RSKG_TRANSFER_SECONDS", "60", "how long a larger answer may wait for its reader, in all"
)
KEEP_REVISIONS = Setting("RSKG_KEEP_REVISIONS", "20", "how many unnamed revisions are kept")
WORKERS = Setting("RSKG_WORKERS", "", "how many short queries run at once (default: the cores)")
ACCESS_LOG = Setting(
    "RSKG_ACCESS_LOG", "on", "requests on standard error: off, on, network or client (who asked)"
)

SETTINGS = (
    STORE,
    FILES,
    MAX_REQUEST_BYTES,
    MAX_WRITE_BYTES,
    ADMIN_TOKEN,
    QUERY_SECONDS,
    QUERY_MEMORY,
    QUERY_ROWS,
    QUERY_BYTES,
    WHOLE_BYTES,
    TRANSFER_SECONDS,
    KEEP_REVISIONS,
    WORKERS,
    ACCESS_LOG,
)
#: What no process needs but the one that was given it.
SECRETS = (ADMIN_TOKEN,)
