"""Asks other endpoints, within bounds of time and bytes, at addresses that were checked.

A host is resolved once a connection, and the connection goes to an address that was checked then:
a name that leads elsewhere a moment later changes nothing. Each redirect is a new place to check.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPResponse
from importlib.metadata import version
from urllib.parse import urlencode, urljoin

from rskg.errors import RefusedFeature, ServiceFailed
from rskg.store.ask import Call, Reply
from rskg.store.federation.hosts import Address, Listed, Place
from rskg.store.partial import sign_of_part

MOST_BYTES = 20_000_000
MOST_REDIRECTS = 3
MOST_AT_ONCE = 16
_TYPES = {"application/sparql-results+json": "json", "application/sparql-results+xml": "xml"}
_HEADERS = {
    "Accept": "application/sparql-results+json, application/sparql-results+xml;q=0.8",
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": f"rskg/{version('rskg')} (+https://w3id.org/rskg)",
}


class Client:
    """Asks listed services, several at once; to be closed."""

    def __init__(self, listed: Listed) -> None:
        self._listed = listed
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="service")
        self._open: set[_Connection] = set()

    def close(self) -> None:
        """Cut whatever is under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for connection in list(self._open):
            connection.cut()

    def replies(self, calls: Sequence[Call], seconds: float) -> tuple[Reply | None, ...]:
        """The reply to each call in its time; None where one failed that may fail.

        Raises RefusedFeature before anything is asked when one isn't listed, ServiceFailed.
        """
        end = time.monotonic() + seconds
        places = [self._listed.place(call.iri) for call in calls]
        asked = [
            self._pool.submit(self._ask, place, call, end)
            for place, call in zip(places, calls, strict=True)
        ]
        return tuple(
            _heard(future, call, end, seconds) for future, call in zip(asked, calls, strict=True)
        )

    def _ask(self, place: Place, call: Call, end: float) -> Reply:
        """One service's reply; `end` is when it must be there, on the monotonic clock."""
        seconds, iri = end - time.monotonic(), call.iri
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with _Connection(self._listed, place, end, self._open) as connection:
                    response = connection.post(urlencode({"query": call.query}).encode())
                    _in_time(end)
                    if not 300 <= response.status < 400:
                        reply = _reply(call, response)
                        _in_time(end)
                        return reply
                    iri = urljoin(iri, response.headers.get("Location", ""))
                    place = self._listed.place(iri)
        except (OSError, HTTPException, ValueError) as error:
            if time.monotonic() >= end:
                raise _late(call, seconds) from error
            raise ServiceFailed(call.iri, _said(error)) from error
        raise ServiceFailed(call.iri, f"it redirects more than {MOST_REDIRECTS} times")


def _heard(future: Future[Reply], call: Call, end: float, seconds: float) -> Reply | None:
    try:
        return future.result(max(end - time.monotonic(), 0.01))
    except RefusedFeature:
        raise  # what is forbidden is said, even to those who would rather not hear
    except ServiceFailed:
        if call.may_fail:
            return None
        raise
    except TimeoutError:
        future.cancel()
        if call.may_fail:
            return None
        raise _late(call, seconds) from None


class _Connection:
    """A connection to a checked address of a place, cut when its time is over."""

    def __init__(self, listed: Listed, place: Place, end: float, opened: set[_Connection]) -> None:
        addresses = listed.addresses(place)
        self._place, self._opened = place, opened
        self._socket = _connected(addresses, place.port, end)
        self._timer = threading.Timer(max(end - time.monotonic(), 0), self.cut)
        self._timer.daemon = True

    def cut(self) -> None:
        """Have whoever reads or writes notice that it is over."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already

    def __enter__(self) -> _Connection:
        self._opened.add(self)
        self._timer.start()
        if self._place.scheme == "https":
            context = ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=self._place.host)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._opened.discard(self)
        self._socket.close()

    def post(self, form: bytes) -> HTTPResponse:
        """Send a form; the response's head is read, its body isn't."""
        host = f"[{self._place.host}]" if ":" in self._place.host else self._place.host
        talk = HTTPConnection(host, self._place.port)
        talk.default_port = {"http": 80, "https": 443}[self._place.scheme]
        talk.sock = self._socket
        talk.request("POST", self._place.path, form, _HEADERS)
        return talk.getresponse()


def _connected(addresses: Sequence[Address], port: int, end: float) -> socket.socket:
    """A socket to the first address that takes it; raises OSError."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((str(address), port), _left(end) / 2)
        except OSError:
            continue
    return socket.create_connection((str(addresses[-1]), port), _left(end))


def _in_time(end: float) -> None:
    """Raise TimeoutError after it: what was read of a connection that was cut may look whole."""
    if time.monotonic() >= end:
        raise TimeoutError


def _left(end: float) -> float:
    return max(end - time.monotonic(), 0.01)


def _reply(call: Call, response: HTTPResponse) -> Reply:
    if response.status != 200:
        raise ServiceFailed(call.iri, f"it answered {response.status} {response.reason}")
    if sign := sign_of_part(dict(response.headers.items())):
        raise ServiceFailed(call.iri, f"it gives only part of the answer ({sign})")
    sent = response.headers.get_content_type()
    form = _TYPES.get(sent)
    if form is None or response.headers.get("Content-Encoding", "identity") != "identity":
        raise ServiceFailed(call.iri, f"it answered with {sent}, not with a table of results")
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise ServiceFailed(call.iri, f"it answered with more than {MOST_BYTES:,} bytes")
    if response.length:
        raise ServiceFailed(call.iri, "its answer breaks off")
    return Reply(form, body.decode())


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _late(call: Call, seconds: float) -> ServiceFailed:
    return ServiceFailed(call.iri, f"it did not answer in {seconds:.3g} seconds", late=True)
