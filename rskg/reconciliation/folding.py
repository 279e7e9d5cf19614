"""Names as they are compared: without case, accents, signs and words for the legal form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_SIGNS = re.compile(r"[\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019`](?=s\b)")
_BETWEEN = re.compile(r"[\s.\-_/]+")
#: Letters that Unicode doesn't take apart.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
#: Words that names come with and without.
_SMALL = frozenset(("the", "and", "of"))


def folded(text: str) -> str:
    """Small letters and digits, a space between words: `Société d'Or` as `societe d or`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    whole = _APOSTROPHE.sub("", bare.translate(_LETTERS))
    return " ".join(_SIGNS.sub(" ", whole).split())


def core(name: str) -> str:
    """A folded name without words for the legal form; the name where nothing else is left."""
    bare = _forms().sub(" ", name)
    words = [word for word in bare.split() if word not in _SMALL]
    return " ".join(words) or name


def identifier(text: str) -> str:
    """An identifier without spaces, dots and hyphens, in capitals: `7110.11` as `711011`."""
    return _BETWEEN.sub("", text).upper()


@lru_cache(maxsize=1)
def _forms() -> re.Pattern[str]:
    lines = Path(__file__).with_name("legal-forms.txt").read_text("utf-8").splitlines()
    forms = sorted((line for line in lines if not line.startswith("#")), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b")
