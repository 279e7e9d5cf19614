"""The languages of the interface: which one a reader wants, and its words.

`fr.json` has the translation of each English text; the browser's part reads the same file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
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


@pass_context
def say(context: Context, text: str, **values: object) -> str:
    """A text of a template in the reader's language."""
    return translated(text, spoken(context), **values)


@pass_context
def spoken(context: Context) -> str:
    """The language of a page."""
    return language_of(context["request"])


@pass_context
def labelled(context: Context, iri: object, label: str) -> str:
    """The label of a thing in the reader's language, where there is one; else the one given."""
    labels: Mapping[str, str] = getattr(context["request"].state, "labels", {})
    return labels.get(str(iri), label)


def numbered(count: Callable[[float], str]) -> Callable[..., str]:
    """`1 actor`, `2 actors` in the reader's language; `count` writes the number."""

    @pass_context
    def plural(context: Context, number: int, one: str, many: str | None = None) -> str:
        language = spoken(context)
        single = number == 1 or (language == "fr" and number == 0)
        word = one if single else many or one + "s"
        return f"{count(number)} {translated(word, language)}"

    return plural


#: What the templates have for it.
GLOBALS: Mapping[str, Any] = {"_": say, "language": spoken, "languages": LANGUAGES.items()}


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
