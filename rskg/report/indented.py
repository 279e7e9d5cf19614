"""JSON that people may read: indented, in their letters, quick for many results."""

from __future__ import annotations

import json
from dataclasses import asdict

import orjson


def indented(told: object) -> str:
    """A value, dataclasses in it as objects, with a newline at its end."""
    try:
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # a file's name that is no UTF-8
        return json.dumps(told, indent=2, ensure_ascii=False, default=asdict) + "\n"
