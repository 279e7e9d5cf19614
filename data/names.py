"""How alike two names of companies are: what the scripts that look for matches share.

No build needs it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

import carry
from rapidfuzz import fuzz, process

#: Words for the legal form, which companies of one name differ in.
FORMS = re.compile(
    r"\b(limited|ltd|plc|inc|incorporated|corp|corporation|company|co|sa|s a|ag|nv|llc|gmbh|pty|"
    r"spa|sab de cv|sa de cv|ab|asa|oyj|as|pjsc|ojsc|jsc|pt|tbk|the)\b"
)
#: From this score on, two names are a candidate. `data/fineprint/judge.py` prints what other values would do.
ENOUGH = 0.9
#: Two words are one from this likeness on (0 to 100), as where a letter is missing.
ONE_WORD = 85
#: So many names of the likest spelling are compared word by word.
LIKELY = 20
#: What a label of a pair makes of a candidate.
VERDICTS = {"same": "confirmed", "different": "rejected", "unclear": "candidate"}


def folded(name: str) -> str:
    """A name without case, accents, signs and words for the legal form."""
    return " ".join(FORMS.sub(" ", carry.slug(name).replace("-", " ")).split())


class Names:
    """Names to look in. A word weighs more the rarer it is among them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = [folded(name) for name in names]
        self._often = Counter(word for name in self.names for word in set(name.split()))

    def weight(self, word: str) -> float:
        """Inverse document frequency."""
        return math.log((1 + len(self.names)) / (1 + self._often[word]))

    def score(self, one: str, other: str) -> float:
        """How much of the weight of both names is in words that they share, from 0 to 1."""
        here, there = folded(one).split(), folded(other).split()
        if here and here == there:
            return 1.0
        left, shared = list(there), 0.0
        whole = sum(map(self.weight, here)) + sum(map(self.weight, there))
        for word in here:
            found = max(left, key=lambda each: fuzz.ratio(word, each), default="")
            if found and fuzz.ratio(word, found) >= ONE_WORD:
                left.remove(found)
                shared += self.weight(word) + self.weight(found)
        # two names with the same words in another order, or a letter apart, are not yet the same
        return min(shared / whole, 0.99) if whole else 0.0

    def candidates(self, name: str) -> list[tuple[int, float]]:
        """The positions of the names that may be this one, with their scores."""
        told = folded(name)
        likely = {
            position
            for scorer in (fuzz.ratio, fuzz.token_set_ratio)
            for _, _, position in process.extract(told, self.names, scorer=scorer, limit=LIKELY)
        }
        likely |= {position for position, each in enumerate(self.names) if each == told}
        scored = [(position, self.score(told, self.names[position])) for position in sorted(likely)]
        return [(position, score) for position, score in scored if score >= ENOUGH]
