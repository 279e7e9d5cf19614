"""What a listing tells of terms and shapes: rows of subject, property and value, by subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rskg.endpoint.languages import ENGLISH
from rskg.endpoint.pages.solutions import Table, Value, text_of

_TOLD = ("property", "value")


@dataclass(frozen=True)
class Said:
    """What is said of one subject: the values of each property, with their labels or ""."""

    facts: Mapping[str, Mapping[Value, str]]

    def values(self, name: str) -> list[Value]:
        """The values of a property, each once."""
        return list(self.facts.get(name, ()))

    def linked(self, name: str) -> list[tuple[str, str]]:
        """The IRIs that a property leads to, with their labels."""
        return [(v.text, label) for v, label in self.facts.get(name, {}).items() if v.is_iri]

    def texts(self, name: str, language: str = ENGLISH) -> list[str]:
        """The texts of a property in a language; in English where there is none in it."""
        told = self.values(name)
        return [v.text for v in told if v.language == language] or [
            v.text for v in told if not v.is_iri and v.language in (ENGLISH, "")
        ]

    def text(self, name: str, language: str = ENGLISH) -> str:
        """The same as one text."""
        return " ".join(self.texts(name, language))


def by_subject(found: Table, name: str) -> dict[str, Said]:
    """What the rows say of each subject, whose column is `name`, in order.

    Sorted here, for sorting thousands of rows takes the engine longer than finding them.
    """
    said: dict[str, dict[str, dict[Value, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(found, key=lambda row: [row[one].text for one in (name, *_TOLD)]):
        said[row[name].text][row["property"].text][row["value"]] = text_of(row, "label")
    return {subject: Said(facts) for subject, facts in said.items()}
