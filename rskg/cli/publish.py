"""`rskg publish`: an engine brought to the newest revision of a store, once or for good."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from types import FrameType

import click

from rskg.cli import options
from rskg.errors import EndpointFailed
from rskg.ontology import prefixes
from rskg.store import Revisions
from rskg.store.engines import Engine, connected, require_capable
from rskg.store.following import Followed, follow

#: How often a folder is looked at for a new revision, in seconds.
_PAUSE = 0.2
#: How long to wait for an engine that fails, at most.
_LONGEST = 30.0


@click.command("publish")
@options.store
@click.option("--to", required=True, metavar="URL", help="The engine: sparql+https://HOST/…")
@click.option("--follow", "following", is_flag=True, help="Go on: bring it each new revision.")
def command(root: Path, to: str, following: bool) -> None:
    """Have an engine hold the newest revision of a store.

    What differs from the revision that it holds is moved, or all where that one isn't known here.
    Readers of the engine see one revision or the other. What was broken off is ended by the next
    run. With --follow it runs until it is stopped, and waits for an engine that doesn't answer.
    """
    names = prefixes(options.files().ontology)
    revisions = Revisions(root, names)
    if not following:
        with connected(to, names) as engine:
            require_capable(engine)
            _tell(follow(revisions, engine, _told), engine)
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    pause = 1.0
    while True:
        try:
            with connected(to, names) as engine:
                require_capable(engine)
                pause = 1.0
                _follow(revisions, engine)
        except EndpointFailed as error:
            click.echo(f"rskg: {error}; next try in {pause:.0f} s", err=True)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST)


def _follow(revisions: Revisions, engine: Engine) -> None:
    while True:
        done = follow(revisions, engine, _told)
        _tell(done, engine)
        while revisions.current() == done.revision:
            time.sleep(_PAUSE)


def _tell(done: Followed, engine: Engine) -> None:
    how = "loaded" if done.whole else "changed"
    moved = f"{done.moved:,} triples {how}" if done.moved else "as it was"
    click.echo(f"{engine.name} holds revision {done.revision}: {moved}")
    sys.stdout.flush()


def _told(graph: str, triples: int, said: str) -> None:
    click.echo(f"engine: {triples:,} triples of {graph} {said}", err=True)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
