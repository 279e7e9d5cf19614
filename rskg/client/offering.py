"""Documents sent to a server as contributions, each until the server has said what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from rskg.errors import EndpointFailed, InputError, UsageError

SECONDS = 330.0
#: So often a request is sent when the server can't take it right now.
TRIES = 4
_LATER = (408, 429, 502, 503, 504)
_LONGEST_PAUSE = 30.0
_TYPES = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".owl": "application/rdf+xml",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CODINGS = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True)
class Answer:
    """What the server said: its status, and its document."""

    status: int
    told: Mapping[str, Any]


class Server:
    """A server that takes contributions to one dataset from whoever has the token.

    Raises UsageError for an address at which a token would travel in the open.
    """

    def __init__(self, address: str, dataset: str, token: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"--to takes the address of a server as https://…, not {address!r}")
        if parts.scheme == "http" and not _is_here(parts.hostname):
            raise UsageError(
                f"--to {address}: a token is sent by https only, so that nobody reads it"
            )
        self.address = address.rstrip("/").removesuffix("/contributions")
        self._dataset = dataset
        self._client = httpx.Client(timeout=SECONDS, headers={"Authorization": f"Bearer {token}"})

    def offer(
        self,
        path: Path,
        *,
        replaces: bool = False,
        dry: bool = False,
        progress: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """Send a document; raises EndpointFailed, and InputError for one that can't be sent."""
        headers = {**_headers(path), "Idempotency-Key": str(uuid4()), "Accept": "application/json"}
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"can't be read: {error.strerror}", path=path) from error
        query = {"dataset": self._dataset, **({"dry-run": "true"} if dry else {})}
        request = self._client.build_request(
            "PUT" if replaces else "POST",
            f"{self.address}/contributions",
            params=query,
            content=content,
            headers=headers,
        )
        answer = self._sent(request)
        if answer.status_code == httpx.codes.ACCEPTED:
            return self._followed(answer, progress)
        return Answer(answer.status_code, self._document(answer))

    def _followed(self, answer: httpx.Response, progress: Callable[[str], None]) -> Answer:
        """What came of it, once it is done."""
        address, said = self.address + self._document(answer)["status"], 0
        while True:
            pause = answer.headers.get("retry-after", "1")
            time.sleep(min(float(pause) if pause.isdigit() else 1.0, _LONGEST_PAUSE))
            headers = {"Accept": "application/json"}
            answer = self._sent(self._client.build_request("GET", address, headers=headers))
            told = self._document(answer)
            if answer.status_code != httpx.codes.OK:
                return Answer(answer.status_code, told)
            for step in told["steps"][said:]:
                progress(f"{step['step']}: {step['said']}")
                said += 1
            if told["done"]:
                return Answer(told["status"], told["answer"])

    def _sent(self, request: httpx.Request) -> httpx.Response:
        """The answer; a repetition has the same key, so that nothing is taken twice."""
        for turn in range(1, TRIES + 1):
            try:
                answer = self._client.send(request)
            except httpx.HTTPError as error:
                if turn == TRIES:
                    raise EndpointFailed(
                        self.address, str(error) or type(error).__name__
                    ) from error
                time.sleep(turn)
                continue
            if answer.status_code not in _LATER or turn == TRIES:
                return answer
            pause = answer.headers.get("retry-after", str(turn))
            time.sleep(min(float(pause) if pause.isdigit() else turn, _LONGEST_PAUSE))
        raise AssertionError(request)

    def _document(self, answer: httpx.Response) -> Mapping[str, Any]:
        try:
            told = answer.json()
        except ValueError as error:
            raise EndpointFailed(
                self.address, "it doesn't answer as a server of contributions", answer.status_code
            ) from error
        return told if isinstance(told, dict) else {}


def _headers(path: Path) -> dict[str, str]:
    """What the document is, by its name."""
    coding = _CODINGS.get(path.suffix.lower())
    inner = Path(path.stem) if coding else path
    media = _TYPES.get(inner.suffix.lower())
    if media is None:
        known = " ".join((*_TYPES, *_CODINGS))
        raise InputError(f"can't be contributed by its name; known endings: {known}", path=path)
    return {"Content-Type": media, **({"Content-Encoding": coding} if coding else {})}


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
