"""Who waits on loopback: an ear that counts who calls, and a host that answers badly."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Ear:
    """A listener on loopback, by IPv4 and where there is one by IPv6, that counts who calls."""

    def __init__(self) -> None:
        self.heard = 0
        first = socket.create_server(("127.0.0.1", 0))
        self.port: int = first.getsockname()[1]
        self._listeners = [first]
        with contextlib.suppress(OSError):
            second = socket.create_server(("::1", self.port), family=socket.AF_INET6)
            self._listeners.append(second)
        for listener in self._listeners:
            threading.Thread(target=self._listen, args=[listener], daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = listener.accept()
                self.heard += 1
                caller.close()

    def fill(self, text: str) -> str:
        """A template with this ear's IRI and address."""
        address = f"127.0.0.1:{self.port}"
        filled = text.replace("~", f"http://{address}/").replace("//I/", f"//{address}/")
        return filled.replace("PORT", str(self.port))

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()


class BadHost(ThreadingHTTPServer):
    """A host whose every path answers in a way of its own; `asked` counts the requests."""

    daemon_threads = True

    def __init__(self, elsewhere: str) -> None:
        super().__init__(("127.0.0.1", 0), _Bad)
        self.elsewhere = elsewhere
        self.closing = threading.Event()
        self.asked: list[str] = []
        self.iri = f"http://127.0.0.1:{self.server_address[1]}"


class _Bad(BaseHTTPRequestHandler):
    server: BadHost

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        with contextlib.suppress(OSError):
            getattr(self, f"_{self.path.strip('/')}")()

    def _redirect(self) -> None:
        self._answer(307, Location=self.server.elsewhere)

    def _moved(self) -> None:
        self._answer(301, Location=self.server.elsewhere)

    def _circle(self) -> None:
        self._answer(302, Location="/circle")

    def _page(self) -> None:
        self._answer(200, b"<html>", **{"Content-Type": "text/html"})

    def _broken(self) -> None:
        self._answer(200, b'{"head": {', **{"Content-Type": "application/sparql-results+json"})

    def _cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")

    def _yes(self) -> None:
        told = b'{"head": {}, "boolean": true}'
        self._answer(200, told, **{"Content-Type": "application/sparql-results+json"})

    def _part(self) -> None:
        rows = b'{"head": {"vars": ["b", "n"]}, "results": {"bindings": []}}'
        told = {"Content-Type": "application/sparql-results+json", "X-SPARQL-MaxRows": "10000"}
        self._answer(200, rows, **told)

    def _error(self) -> None:
        self._answer(500)

    def _silent(self) -> None:
        self.server.closing.wait()

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def bad_host(elsewhere: str) -> Iterator[BadHost]:
    """Such a host, while it is needed."""
    host = BadHost(elsewhere)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield host
    host.closing.set()
    host.shutdown()
    host.server_close()
