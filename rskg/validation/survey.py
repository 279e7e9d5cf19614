"""What data hold that decides which shapes look at which of their nodes, from lines of N-Triples.

Terms stand as the lines write them: this runs over each statement of a big file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from itertools import repeat

from rskg.syntax import canonical
from rskg.validation.coverage import BELOW, IMPORTS, TYPE, Targets

_Nodes = dict[bytes, set[bytes]]
#: An IRI that holds an escape, which canonical lines write out.
_ESCAPED = re.compile(rb"<[^<>\" ]*\\")
_IRI, _END, _BLANK, _LITERAL = b'<>_"'


@dataclass
class Survey:
    """What shapes can see of data: `known` are the subjects of a context, `touched` those of them
    that the data speak about.
    """

    targets: Targets
    known: Set[bytes] = frozenset()
    touched: set[bytes] = field(default_factory=set)
    instances: _Nodes = field(default_factory=lambda: defaultdict(set))
    below: _Nodes = field(default_factory=lambda: defaultdict(set))
    predicates: set[bytes] = field(default_factory=set)
    aimed_at: set[bytes] = field(default_factory=set)
    imports: set[bytes] = field(default_factory=set)
    #: Targets' classes that stand as a value, each with a property that has it.
    as_value: dict[bytes, bytes] = field(default_factory=dict)

    def add(self, stretch: bytes) -> None:
        """Take note of whole lines of N-Triples; raises InputError where they are none."""
        if b"\r" in stretch:
            stretch = re.sub(rb"[\r\n]+", b"\n", stretch)
        if (b"\\" in stretch and _ESCAPED.search(stretch)) or b" . #" in stretch:
            stretch = canonical(stretch)
        try:
            self._read(_statements(stretch))
        except (_OddError, ValueError, IndexError):
            # what was noted before the odd line is noted once more, to no effect
            self._read(_statements(canonical(stretch)))

    def _read(self, statements: list[bytes]) -> None:
        """Raises ValueError, IndexError or _OddError at a line that isn't canonical."""
        targets, predicates = self.targets, self.predicates
        special = {TYPE, BELOW, IMPORTS, *targets.subjects_of, *targets.objects_of}
        plain = predicates - special
        values = targets.classes | targets.nodes
        last = b""
        terms = map(bytes.split, statements, repeat(b" "), repeat(2))
        for subject, predicate, value in terms:
            if value[0] != _LITERAL:
                if value[-1] != _END:
                    _require_node(value)
                if value in values:
                    self._note_value(predicate, value)
            if subject != last:
                last = subject
                self._note_subject(subject)
            if predicate not in plain:
                if predicate in special:
                    self._note(subject, predicate, value)
                else:
                    _require_node(predicate)
                    plain.add(predicate)
                predicates.add(predicate)

    def _note_subject(self, subject: bytes) -> None:
        _require_node(subject)
        if subject in self.known:
            self.touched.add(subject)
        if subject in self.targets.nodes:
            self.aimed_at.add(subject)

    def _note(self, subject: bytes, predicate: bytes, value: bytes) -> None:
        if predicate == TYPE:
            self.instances[value].add(subject)
        elif predicate == BELOW:
            self.below[value].add(subject)
        elif predicate == IMPORTS:
            self.imports.add(value)
        if predicate in self.targets.subjects_of:
            self.aimed_at.add(subject)
        if predicate in self.targets.objects_of:
            self.aimed_at.add(value)

    def _note_value(self, predicate: bytes, value: bytes) -> None:
        if value in self.targets.nodes:
            self.aimed_at.add(value)
        if predicate != TYPE and value in self.targets.classes:
            self.as_value.setdefault(value, predicate)

    def merge(self, other: Survey) -> None:
        """Take in what another document holds."""
        for name, nodes in other.instances.items():
            self.instances[name] |= nodes
        for name, nodes in other.below.items():
            self.below[name] |= nodes
        self.predicates |= other.predicates
        self.aimed_at |= other.aimed_at
        self.imports |= other.imports
        self.touched |= other.touched
        self.as_value = {**other.as_value, **self.as_value}

    def classes(self, context: Context) -> set[bytes]:
        """The classes that shapes look at, with those below them in data and context."""
        found: set[bytes] = set()
        pending = list(self.targets.classes)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self.below.get(name, ())
                pending += context.below.get(name, ())
        return found

    def focus_nodes(self, classes: Set[bytes], context: Context) -> set[bytes]:
        """The nodes that some shape looks at, given the classes that count."""
        found = set(self.aimed_at)
        for name in classes:
            found |= self.instances.get(name, set())
            if self.touched:
                found |= context.instances.get(name, set()) & self.touched
        return found


@dataclass(frozen=True)
class Context:
    """What data refer to and isn't itself judged: no blank nodes, canonical lines."""

    lines: bytes = b""
    subjects: Set[bytes] = frozenset()
    instances: Mapping[bytes, set[bytes]] = field(default_factory=dict)
    below: Mapping[bytes, set[bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: bytes) -> Context:
        """The context that these lines tell."""
        subjects: set[bytes] = set()
        instances, below = defaultdict[bytes, set[bytes]](set), defaultdict[bytes, set[bytes]](set)
        for statement in lines.split(b" .\n")[:-1]:
            subject, predicate, value = statement.split(b" ", 2)
            subjects.add(subject)
            if predicate == TYPE:
                instances[value].add(subject)
            elif predicate == BELOW:
                below[value].add(subject)
        return cls(lines, {node for node in subjects if node.startswith(b"<")}, instances, below)


class _OddError(Exception):
    """A line in another layout than the canonical one."""


def _statements(stretch: bytes) -> list[bytes]:
    found = stretch.split(b" .\n")
    if found.pop() or len(found) != stretch.count(b"\n"):
        raise _OddError
    return found


def _require_node(token: bytes) -> None:
    """One IRI, blank node or triple term, and nothing else."""
    if token[0] == _IRI:
        if token.find(b">") != len(token) - 1 and token[1] != _IRI:
            raise _OddError
    elif token[0] != _BLANK or b" " in token:
        raise _OddError
