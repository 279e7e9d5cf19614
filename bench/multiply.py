"""The real graph multiplied: things anew, what is shared as it is, every shape kept.

What the datasets say of things (actors, instruments, sites, companies, deposits …) is told again,
of fresh IRIs with labels of their own. Vocabulary and countries are shared, and so is what is said
of countries year by year: a country doesn't have two outputs of one metal in one year. A copy is
no record of anybody's register either, so that its LEI and its matches outside are left out.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rskg import mapping, source
from rskg.cache import Cache
from rskg.namespaces import BASE, OWL, RDFS, SKOS, term
from rskg.paths import Files

#: The datasets that are told once: vocabulary, and series about countries.
SHARED = {
    *("countries", "isic", "harmonized-system", "cgi", "value-chains", "briefing", "questions"),
    *("mitigating-factors", "wgi", "usgs", "ilab", "production"),
}
_ELSEWHERE = tuple(
    f" <{name}> ".encode()
    for name in (term("lei"), SKOS + "exactMatch", SKOS + "closeMatch", OWL + "sameAs")
)
_THING = re.compile(rf"<({re.escape(BASE)}id/[^>\s]+)>".encode())
_CONCEPT = re.compile(rf"^<([^>]+)> \S+type> <{re.escape(SKOS)}Concept".encode(), re.MULTILINE)
_LABEL = re.compile(
    rf'^(<[^>]*\0> <{re.escape(RDFS)}label> "(?:[^"\\]|\\.)*)"'.encode(), re.MULTILINE
)
_STATES = re.compile(rf"^(<\S+>) <{re.escape(term('states'))}> (<\S+>) \.$".encode(), re.MULTILINE)
#: A dataset of more triples is checked by a sample.
_LARGE = 10_000
#: So far a sample's context reaches.
_STEPS = 3
#: Where a copy's number goes: into an IRI, and into a label.
_IRI, _NAME = b"\0", b"\1"


class Multiplied:
    """The files' datasets, each as the lines that it states and a pattern of its copies."""

    def __init__(self, files: Files, kept: Path) -> None:
        self.files = files
        read = source.read(files)
        cache = Cache(kept)
        self.lines = {
            each.slug: cache.get(mapping.identity(each), lambda each=each: mapping.lines(each))
            for each in read.datasets
        }
        told = [lines for slug, lines in self.lines.items() if slug not in SHARED]
        fresh = {
            line.split(b" ", 1)[0][1:-1]
            for lines in told
            for line in lines.splitlines()
            if line.startswith(f"<{BASE}id/".encode())
        }
        for lines in told:
            fresh -= set(_CONCEPT.findall(lines))
        self._fresh = fresh
        self.patterns = {
            slug: _pattern(lines, fresh) for slug, lines in self.lines.items() if slug not in SHARED
        }
        self.base = sum(lines.count(b"\n") for lines in self.lines.values())
        self.more = sum(lines.count(b"\n") for lines in self.patterns.values())

    def copies(self, triples: int) -> int:
        """How often things are told so that it comes to so many triples, at least once."""
        return 1 + max(0, round((triples - self.base) / self.more))

    def write(self, root: Path, copies: int) -> Files:
        """A folder of files from which `rskg build` builds the multiplied graph."""
        for folder in (
            *(self.files.ontology, self.files.shapes, self.files.queries, self.files.examples),
        ):
            (root / folder.name).symlink_to(folder)
        (root / "data").mkdir()
        for slug, lines in self.lines.items():
            target = root / "data" / slug
            target.mkdir()
            shutil.copy(self.files.data / slug / "dataset.ttl", target)
            with (target / "facts.nt").open("wb") as out:
                out.write(lines)
                for number in range(2, copies + 1 if slug in self.patterns else 2):
                    out.write(self.copy(slug, number))
        return Files(root)

    def copy(self, slug: str, number: int) -> bytes:
        """What a dataset states in its copy of this number."""
        told = self.patterns[slug].replace(_IRI, f"-copy-{number}".encode())
        return told.replace(_NAME, f" ({number})".encode())

    def follow(self, inferred: bytes) -> None:
        """Tell what is inferred of things again with them, in the graph of what is inferred."""
        self.patterns["inferred"] = _pattern(inferred, self._fresh)

    def small(self, number: int) -> bytes:
        """All that the small datasets state in their copies of this number."""
        return b"".join(self.copy(slug, number) for slug in self.patterns if not self._large(slug))

    def samples(self, number: int, statements: int) -> Iterator[tuple[bytes, bytes]]:
        """Of each large dataset the copies of so many statements with what they state, and around.

        Around them is all that is said of the large datasets' things that they lead to.
        """
        said: dict[bytes, list[bytes]] = defaultdict(list)
        large = {slug: self.copy(slug, number) for slug in self.patterns if self._large(slug)}
        for lines in large.values():
            for line in lines.splitlines(keepends=True):
                said[line.split(b" ", 1)[0]].append(line)
        for lines in large.values():
            found = islice(_STATES.finditer(lines), statements)
            chosen = {name for each in found for name in each.groups()}
            reached = set(chosen)
            for _ in range(_STEPS):
                told = b"".join(line for name in reached for line in said.get(name, ()))
                reached |= {b"<" + name + b">" for name in _THING.findall(told)}
            sample, around = (
                b"".join(line for name in sorted(names) for line in said.get(name, ()))
                for names in (chosen, reached - chosen)
            )
            yield sample, around

    def _large(self, slug: str) -> bool:
        return self.patterns[slug].count(b"\n") > _LARGE


def _pattern(lines: bytes, fresh: set[bytes]) -> bytes:
    """The lines of a copy with marks where its number goes."""
    own = b"".join(
        line
        for line in lines.splitlines(keepends=True)
        if line.split(b" ", 1)[0][1:-1] in fresh and not any(p in line for p in _ELSEWHERE)
    )

    def marked(found: re.Match[bytes]) -> bytes:
        return b"<" + found[1] + _IRI + b">" if found[1] in fresh else found[0]

    return _LABEL.sub(lambda found: found[1] + _NAME + b'"', _THING.sub(marked, own))
