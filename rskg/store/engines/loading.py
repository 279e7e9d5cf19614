"""A graph on its way into an engine: in chunks, as they come out of the store, several at once
where the engine takes that. Memory is bounded by the chunks that are under way.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from hashlib import sha256

from rskg.store.engines.engine import Engine

#: The largest request of the graph store, in bytes, whatever it holds.
MOST_BYTES = 16_000_000


class Measure:
    """A file that keeps what its lines amount to: how many, and a digest of them in their order."""

    def __init__(self) -> None:
        self.lines = 0
        self._whole = sha256()

    def write(self, piece: bytes) -> int:
        """Take the next piece."""
        self.lines += piece.count(b"\n")
        self._whole.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def digest(self) -> bytes:
        """Of all that was written."""
        return self._whole.digest()


class Chunks:
    """A file of N-Triples whose lines are loaded into a graph; raises what loading raises."""

    def __init__(self, engine: Engine, graph: str, pool: ThreadPoolExecutor) -> None:
        self._engine, self._graph, self._pool = engine, graph, pool
        self._held, self._lines = bytearray(), 0
        self._under_way: set[Future[None]] = set()

    def write(self, piece: bytes) -> int:
        """Take the next piece; waits while as many chunks are under way as may be."""
        self._held += piece
        self._lines += piece.count(b"\n")
        if self._lines >= self._engine.profile.chunk or len(self._held) >= MOST_BYTES:
            end = self._held.rfind(b"\n") + 1
            self._load(bytes(self._held[:end]))
            del self._held[:end]
            self._lines = 0
        return len(piece)

    def flush(self) -> None:
        """Nothing to do before the end."""

    def close(self) -> None:
        """Load what is left, and wait for all."""
        if self._held:
            self._load(bytes(self._held))
        self._settle(0)

    def _load(self, lines: bytes) -> None:
        if not lines:
            return  # one line that isn't ended yet
        self._settle(self._engine.profile.connections - 1)
        self._under_way.add(self._pool.submit(self._engine.load, self._graph, lines))

    def _settle(self, most: int) -> None:
        """Wait until no more than so many chunks are under way."""
        while len(self._under_way) > most:
            done, self._under_way = wait(self._under_way, return_when=FIRST_COMPLETED)
            for each in done:
                each.result()


@contextmanager
def into(engine: Engine, graph: str) -> Iterator[Chunks]:
    """A file whose lines have all come to the graph at its end; raises EndpointFailed."""
    with ThreadPoolExecutor(engine.profile.connections) as pool:
        chunks = Chunks(engine, graph, pool)
        yield chunks
        chunks.close()
