"""Acts on a store, each told when it is done, in a process made to be killed.

    python -m tests.writing ROOT ACT            act again and again until killed
    python -m tests.writing ROOT ACT STEP       act once; kill -9 before the STEPth step on disk

A line on standard output says what was acknowledged. The note of a revision says what it holds,
so that anyone can tell whether it is whole.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from rskg import store
from rskg.store import Draft, Reader, Revisions, Workbench, backup, restore
from rskg.syntax import Literal, NamedNode, Triple

TRIPLES = 300
#: Python tells of these before they happen; together they are every change that we make on disk.
STEPS = {"os.rename", "os.mkdir", "os.rmdir", "os.link", "os.remove", "open", "shutil.copyfile"}


def content(label: str) -> list[Triple]:
    """The triples that a commit called `label` adds."""
    subject = NamedNode(f"http://example.org/{label}")
    return [
        Triple(subject, NamedNode(f"http://example.org/p{n % 7}"), Literal(f"{label} {n}"))
        for n in range(TRIPLES)
    ]


def whole(reader: Reader, note: str, triples: int | None) -> bool:
    """True when a revision holds all that its note tells and no triple more or less."""
    kind, _, label = note.partition(" ")
    here = set(reader.graph("http://example.org/graph"))
    told = kind in ("rollback", "compacted") or here.issuperset(content(label))
    return told and reader.size() == triples and reader.count() == 2 * reader.size()


def build(revisions: Revisions, label: str) -> str:
    bench = Workbench()
    bench.add(content(label))
    bench.add(content(label), "http://example.org/graph")
    return f"revision {revisions.commit(bench, f'build {label}')}"


def amend(revisions: Revisions, label: str) -> str:
    """By both of the engine's ways: files of their own, and its memory."""
    told = " ".join(f"{triple} ." for triple in content(label))

    def change(draft: Draft) -> None:
        draft.add(content(label))
        counted = draft.triples
        draft.update(f"INSERT {{ GRAPH <http://example.org/graph> {{ {told} }} }} WHERE {{ }}")
        draft.triples = counted

    return f"revision {revisions.amend(change, f'amend {label}')}"


def rollback(revisions: Revisions, label: str) -> str:
    return f"revision {revisions.rollback(revisions.numbers()[0])}"


def prune(revisions: Revisions, label: str) -> str:
    return f"pruned {revisions.prune(2)}"


def compact(revisions: Revisions, label: str) -> str:
    return f"revision {store.compact(revisions)}"


def name(revisions: Revisions, label: str) -> str:
    revisions.name(revisions.numbers()[0], f"release-{label}")
    return f"release release-{label}"


def back_up(revisions: Revisions, label: str) -> str:
    backup(revisions, place(revisions, label))
    return f"backup {label}"


def bring_back(revisions: Revisions, label: str) -> str:
    elsewhere = Revisions(place(revisions, f"restored-{label}"))
    restore(revisions.root, elsewhere)
    return f"backup restored-{label}"


def place(revisions: Revisions, label: str) -> Path:
    return revisions.root.parent / f"backup-{label}"


ACTS: dict[str, Callable[[Revisions, str], str]] = {
    "build": build,
    "amend": amend,
    "rollback": rollback,
    "prune": prune,
    "compact": compact,
    "name": name,
    "backup": back_up,
    "restore": bring_back,
}


def kill_before(step: int, root: Path) -> None:
    """Kill this process before its `step`th step below the folder that holds the store."""
    steps = count(1)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        below = any(str(each).startswith(str(root.parent)) for each in arguments[:2])
        if event in STEPS and below and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main() -> None:
    root, act = Path(sys.argv[1]), sys.argv[2]
    revisions = Revisions(root)
    print("ready", flush=True)
    if len(sys.argv) > 3:
        kill_before(int(sys.argv[3]), root)
        print(ACTS[act](revisions, f"{act}-{sys.argv[3]}"), flush=True)
        return
    for turn in count():
        print(ACTS[act](revisions, f"{act}-{os.getpid()}-{turn}"), flush=True)


if __name__ == "__main__":
    main()
