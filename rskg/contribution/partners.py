"""Partners' tokens: each lets one agent contribute to one dataset, until it ends.

They stand in `tokens.json` beside the revisions, so that a backup has them and no query sees
them. Of a token only its hash is kept: it is 256 random bits, which nobody finds by trying, so a
plain SHA-256 protects it as well as a slow hash would.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from rskg.errors import StoreError, UsageError
from rskg.namespaces import BASE, graph
from rskg.store import Revisions
from rskg.store.revisions import folders
from rskg.syntax import NamedNode

FILE = "tokens.json"
#: What a token is: a mark by which scanners know leaked ones, its public part and its secret.
_FORM = re.compile(r"rskg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NO_HASH = "0" * 64
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Grant:
    """What a token allows: `partner` (an IRI) may contribute to `dataset` until `expires`.

    Times are UTC, as `2027-01-31T00:00:00Z`; `hashed` is the SHA-256 of the secret.
    """

    id: str
    hashed: str
    partner: str
    name: str
    dataset: str
    title: str
    licence: str
    created: str
    expires: str | None = None
    revoked: str | None = None

    def state(self, now: datetime) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires and self.expires <= told(now) else "valid"


class Partners:
    """The grants of a store; read again when the file changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / FILE
        self._read: tuple[object, dict[str, Grant]] = (None, {})

    def grants(self) -> dict[str, Grant]:
        """All grants by the public part of their token; raises StoreError."""
        try:
            status = self._path.stat()
            state = (status.st_mtime_ns, status.st_ino, status.st_size)
            if state != self._read[0]:
                records = json.loads(self._path.read_text(encoding="utf-8"))
                self._read = (state, {each["id"]: Grant(**each) for each in records})
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreError(f"{self._path} can't be read: {error}") from error
        return self._read[1]

    def holder(self, token: str, now: datetime) -> Grant | None:
        """What a token allows now; None for one that isn't ours, has expired or was revoked.

        However it ends, the same is computed and compared in constant time.
        """
        form = _FORM.fullmatch(token)
        grant = self.grants().get(form[1]) if form else None
        right = hmac.compare_digest(
            sha256(token.encode()).hexdigest(), grant.hashed if grant else _NO_HASH
        )
        return grant if grant and right and grant.state(now) == "valid" else None

    def create(
        self,
        partner: str,
        dataset: str,
        now: datetime,
        *,
        expires: datetime | None = None,
        name: str = "",
        title: str = "",
        licence: str = "",
    ) -> tuple[str, Grant]:
        """A new token, which is told this once, and what it allows.

        Name, title and licence are those of the dataset's other tokens unless given. Raises
        UsageError for what can't be granted.
        """
        _check(partner, dataset, licence, expires, now)
        revisions = Revisions(self._root)
        revisions.require("built")
        with revisions.writing():
            grants = list(self.grants().values())
            _check_free(revisions, grants, partner, dataset)
            before = next((each for each in reversed(grants) if each.dataset == dataset), None)
            public = secrets.token_hex(6)
            token = f"rskg_{public}_{secrets.token_urlsafe(32)}"
            grant = Grant(
                id=public,
                hashed=sha256(token.encode()).hexdigest(),
                partner=partner,
                name=name or (before.name if before else partner),
                dataset=dataset,
                title=title or (before.title if before else dataset),
                licence=licence or (before.licence if before else CC_BY),
                created=told(now),
                expires=told(expires) if expires else None,
            )
            self._write([*grants, grant])
        return token, grant

    def revoke(self, public: str, now: datetime) -> Grant:
        """End a token at once; raises UsageError where there is none by this public part."""
        with Revisions(self._root).writing():
            grants = self.grants()
            if public not in grants:
                raise UsageError(f"there is no token {public}: see `rskg token list`")
            if grants[public].revoked:
                return grants[public]
            ended = replace(grants[public], revoked=told(now))
            self._write((grants | {public: ended}).values())
        return ended

    def _write(self, grants: Iterable[Grant]) -> None:
        records = json.dumps([asdict(each) for each in grants], indent=1)
        folders.replace(self._path, records + "\n", private=True)


def now() -> str:
    """This moment, as `told` writes it."""
    return told(datetime.now(UTC))


def told(moment: datetime) -> str:
    """A moment as `2027-01-31T00:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check(
    partner: str, dataset: str, licence: str, expires: datetime | None, now: datetime
) -> None:
    for what, iri in (("partner", partner), ("licence", licence)):
        if iri and not _is_web_address(iri):
            raise UsageError(f"--{what} takes an IRI as https://…, not {iri!r}")
    if not _SLUG.fullmatch(dataset):
        raise UsageError(
            f"`{dataset}` can't name a dataset: take up to 63 small letters, digits and -, "
            "as in acme-sites"
        )
    if expires and expires <= now:
        raise UsageError(f"--expires {told(expires)} is over already")


def _is_web_address(iri: str) -> bool:
    try:
        return NamedNode(iri).value.startswith(("https://", "http://"))
    except ValueError:
        return False


def _check_free(revisions: Revisions, grants: Iterable[Grant], partner: str, dataset: str) -> None:
    """A dataset is one partner's, or a folder's."""
    others = {each.partner for each in grants if each.dataset == dataset} - {partner}
    if others:
        raise UsageError(f"the dataset {dataset} is <{others.pop()}>'s: choose another name")
    if revisions.current() is None:
        return
    ours = graph(f"data/{dataset}")
    if dataset == "rskg" or revisions.open().ask(f"ASK {{ GRAPH <{ours}> {{ ?s ?p ?o }} }}"):
        raise UsageError(f"{BASE}dataset/{dataset} is built from files: choose another name")
