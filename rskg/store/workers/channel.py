"""A socket to another process of ours, in the running event loop: bytes there, bytes back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

_PIECE = 1 << 18


class Channel:
    """Calls `heard` with each piece that comes and `lost`, once, when the other end closes.

    A piece is only good during the call: the next one is read into the same memory.
    """

    def __init__(
        self, end: socket.socket, heard: Callable[[memoryview], None], lost: Callable[[], None]
    ) -> None:
        end.setblocking(False)
        self._end, self._heard, self._lost = end, heard, lost
        self._unsent = b""
        self._open = True
        self._paused = False
        self._piece = memoryview(bytearray(_PIECE))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end, self._read)

    def send(self, data: bytes) -> None:
        """Send now what the socket takes and the rest as soon as it takes more."""
        if not self._open:
            return
        if self._unsent:
            self._unsent += data
            return
        self._unsent = self._rest(data)
        if self._unsent:
            self._loop.add_writer(self._end, self._write)

    def send_with(self, data: bytes, handle: int) -> None:
        """Send a few bytes and a copy of an open file's handle with them."""
        if self._open:
            socket.send_fds(self._end, [data], [handle])

    def pause(self) -> None:
        """Read no more until `resume`; the other end waits when the socket is full."""
        if self._open and not self._paused:
            self._paused = True
            self._loop.remove_reader(self._end)

    def resume(self) -> None:
        """Read on."""
        if self._open and self._paused:
            self._paused = False
            self._loop.add_reader(self._end, self._read)

    def close(self) -> None:
        """Close this end; `lost` isn't called any more."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._end)
            self._loop.remove_writer(self._end)
            self._end.close()

    def _read(self) -> None:
        try:
            size = self._end.recv_into(self._piece)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size:
            self._heard(self._piece[:size])
        else:
            self.close()
            self._lost()

    def _write(self) -> None:
        self._unsent = self._rest(self._unsent)
        if not self._unsent:
            self._loop.remove_writer(self._end)

    def _rest(self, data: bytes) -> bytes:
        try:
            return data[self._end.send(data) :]
        except BlockingIOError:
            return data
        except OSError:
            return b""  # the other end is gone: the reader hears of it
