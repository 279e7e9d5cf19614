"""What decides whether branches hold at some nodes: of a big document that is sorted by subject
only what shapes can reach from there, else the lines with the predicates that they look at, else
the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from rskg.namespaces import RDF, RDFS, SH
from rskg.report import Result
from rskg.syntax import Blocks, NamedNode, Source, Triple, odd, stretches, with_predicates
from rskg.validation.engines import Engine
from rskg.validation.feed import numbered

#: The predicate of the statements that lead shapes to nodes, and the start of their own names.
MARK = "urn:rskg:branch"
#: Statements about nodes that are reached; where there are more, nearly all may be.
_FAR = 200_000
#: What asks in other words than SHACL Core: of that nobody can tell what it looks at.
_BEYOND = {"sparql", "js", "target", "rule", "expression", "values"}
_SAID = {RDF + name for name in ("type", "first", "rest")}
_SAID |= {RDFS + name for name in ("label", "comment")}


@dataclass(frozen=True)
class Looks:
    """How shapes look at data: by which predicates, as N-Triples has them; at every predicate of a
    node, as closed ones do; from a value back to what has it; or beyond all that can be told.
    """

    predicates: frozenset[bytes]
    every: bool
    back: bool
    beyond: bool

    @classmethod
    def of(cls, shapes: Iterable[Triple]) -> Looks:
        """What can be told of a shapes graph."""
        named, said = {RDF + "type", RDFS + "subClassOf"}, set[str]()
        beyond = False
        for triple in shapes:
            space, _, name = triple.predicate.value.rpartition("#")
            if f"{space}#" == SH:
                said.add(name)
            elif triple.predicate.value not in _SAID:
                beyond = True  # a parameter of a component that shapes define, asked in SPARQL
            if isinstance(triple.object, NamedNode) and not name.startswith("target"):
                named.add(triple.object.value)
        predicates = frozenset(f"<{iri}>".encode() for iri in named if not iri.startswith(MARK))
        return cls(
            predicates, "closed" in said, "inversePath" in said, beyond or bool(said & _BEYOND)
        )


class Data:
    """What is checked, as it is given to an engine: blank nodes have the numbers of the results."""

    def __init__(
        self, sources: Sequence[Source], context: bytes, blocks: Mapping[str, Blocks]
    ) -> None:
        self._sources, self._context = sources, context
        self._blocks = [blocks[one.name] for one in sources if one.name in blocks]
        self._numbered = ""
        self._part, self._part_of = "", frozenset[bytes]()
        self._near: dict[bytes, list[bytes]] = {}
        self._told: dict[bytes, list[bytes]] | None = None

    def results(
        self, engine: Engine, marks: Sequence[str], looks: Looks, nodes: Iterable[str]
    ) -> list[Result]:
        """What the engine finds at these nodes; the marks are told beside the data."""
        more = "".join(marks)
        if " _:" not in more:
            part = self._around({node.encode() for node in nodes}, looks) or self._with(looks)
            if part:
                return engine.run_lines(part + self._context.decode() + more)
            return engine.check(self._sources, self._context + more.encode())
        if not self._numbered:
            told = (quad.triple for source in self._sources for quad in source.quads())
            self._numbered = "".join([*numbered(told), self._context.decode()])
        return engine.run_lines(self._numbered + more)

    def _around(self, nodes: Set[bytes], looks: Looks) -> str:
        """The lines about all that the predicates lead to from the nodes; none where not known."""
        if looks.beyond or looks.back or len(self._blocks) < len(self._sources):
            return ""
        if not all(one.certain() for one in self._blocks):
            return ""
        kept: dict[bytes, list[bytes]] = {}
        size, pending = 0, nodes
        while pending:
            if not self._read(pending - self._near.keys()):
                return ""
            found = {node: self._near[node] for node in pending}
            size += sum(map(len, found.values()))
            if size > _FAR:
                return ""
            kept |= found
            pending = {
                end
                for node in pending
                for line in (*found[node], *self._about(node))
                if (end := _led_to(line, looks.predicates)) and end not in kept
            }
        return b"".join(line for lines in kept.values() for line in lines).decode()

    def _read(self, nodes: Set[bytes]) -> bool:
        """Take in what is told about the nodes; False where that isn't in the usual layout."""
        for blocks in self._blocks if nodes else ():
            text = blocks.about(nodes)
            if odd(text):
                return False
            for line in text.splitlines(keepends=True):
                self._near.setdefault(line[: line.find(b" ")], []).append(line)
        self._near |= {node: [] for node in nodes - self._near.keys()}
        return True

    def _about(self, node: bytes) -> Sequence[bytes]:
        """What the context tells about a node."""
        if self._told is None:
            self._told = defaultdict(list)
            for line in self._context.splitlines(keepends=True):
                self._told[line[: line.find(b" ")]].append(line)
        return self._told.get(node, ())

    def _with(self, looks: Looks) -> str:
        """The lines with these predicates; none where it isn't lines, or where one has a blank
        node, which is told by its number in the whole.
        """
        if looks.beyond or looks.every:
            return ""
        if any(source.form.name != "N-Triples" for source in self._sources):
            return ""
        if not self._part or looks.predicates - self._part_of:
            kept = []
            for source in self._sources:
                for stretch in stretches(source):
                    if b"_:" in stretch:
                        return ""
                    kept.append(with_predicates(stretch, looks.predicates))
            self._part, self._part_of = b"".join(kept).decode(), looks.predicates
        return self._part


def _led_to(line: bytes, predicates: Set[bytes]) -> bytes | None:
    """The IRI that a statement with one of these predicates has as its value."""
    _, predicate, value = line.split(None, 2)
    if predicate not in predicates or value[:1] != b"<":
        return None
    return value[: value.find(b">") + 1]
