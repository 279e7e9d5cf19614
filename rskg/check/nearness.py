"""What was probably meant: the one word that is nearest to another, where it is near."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 3
#: Longer ones are texts, not words that are mistyped.
_LONGEST = 200


def nearest(wanted: str, words: Iterable[str]) -> str | None:
    """The word with the fewest slips, one for each four letters and three at most; None for a tie.

    Capitals and spaces count for nothing; the wanted word itself is no answer.
    """
    ours = plain(wanted)
    found: list[tuple[int, str]] = []
    for word in set(words) - {wanted}:
        theirs = plain(word)
        most = min(_MOST, max(1, len(ours) // 4))
        if abs(len(ours) - len(theirs)) <= most and max(len(ours), len(theirs)) <= _LONGEST:
            slips = _slips(ours, theirs)
            if slips <= most and slips < min(len(ours), len(theirs)):
                found.append((slips, word))
    found.sort()
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


def plain(text: str) -> str:
    """The text without what people get wrong first: capitals, and spaces around and between."""
    return " ".join(text.casefold().split())


def _slips(one: str, other: str) -> int:
    """Letters to add, drop or change, or neighbours to swap (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != right))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
