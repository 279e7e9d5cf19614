"""The languages of the interface: which one a reader wants, and its words.

`fr.json` has the translation of each English text; the browser's part reads the same file.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.requests import Request

HERE = Path(__file__).resolve().parent
ENGLISH = "en"
LANGUAGES = {"en": "English", "fr": "Français"}


def language_of(request: Request) -> str:
    """By `lang=`, else by Accept-Language (RFC 9110 12.5.4), else English."""
    wanted = request.query_params.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    return _preferred(request.headers.get("accept-language", ""))


@cache
def table(language: str) -> dict[str, str]:
    """The translations of a language by English text."""
    path = HERE / f"{language}.json"
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def translated(text: str, language: str, **values: object) -> str:
    """A text in a language; `{name}` stands for a value."""
    said = table(language).get(text, text)
    return said.format(**values) if values else said


def _preferred(header: str) -> str:
    best, chosen = 0.0, ENGLISH
    for part in header.split(","):
        name, _, rest = part.strip().partition(";")
        language = name.strip().lower().partition("-")[0]
        weight = _weight(rest)
        if language in LANGUAGES and weight > best:
            best, chosen = weight, language
    return chosen


def _weight(parameter: str) -> float:
    key, _, value = parameter.partition("=")
    if key.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
