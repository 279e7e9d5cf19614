"""The server that carries the endpoint, in the foreground."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from rskg.confinement import give_way
from rskg.endpoint.front import Front, connection
from rskg.endpoint.http.access_log import AccessLog, log_of_settings
from rskg.errors import AddressTaken


def serve(
    make: Callable[[AccessLog | None], Front],
    *,
    name: str,
    host: str,
    port: int,
) -> None:
    """Serve what is made, called `name`, in the foreground until SIGTERM or SIGINT.

    Raises AddressTaken for a taken port, and what is wrong with the files of the pages.
    """
    give_way()
    with _listening(host, port) as listener:
        app = make(log_of_settings())
        config = uvicorn.Config(
            app,
            http=connection(app),
            ws="none",
            log_level="info",
            server_header=False,
            access_log=False,
        )
        print(f"rskg serves {name} on http://{host}:{port}/", file=sys.stderr)  # noqa: T201
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        server = uvicorn.Server(config)

        def stop() -> None:
            server.should_exit = True

        app.failed = stop
        server.run(sockets=[listener])
        if app.failure is not None:
            raise app.failure


def _leave(number: int, frame: FrameType | None) -> None:
    """What uvicorn hands the signal on to once it has shut down: a stop that was asked for."""
    raise SystemExit(0)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise AddressTaken(
            f"can't listen on {host} port {port} ({error.strerror}): choose another with --port"
        ) from error
