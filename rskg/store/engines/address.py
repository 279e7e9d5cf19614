"""Where an engine is: `sparql+http://…` or `sparql+https://…`, perhaps with `?profile=NAME`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

from rskg.errors import UsageError
from rskg.settings import ENGINE_SCHEME
from rskg.store.engines.profile import Profile, profiles


def is_engine(store: str) -> bool:
    """True for what is meant as an engine's address, False for a folder or an endpoint."""
    return store.startswith(ENGINE_SCHEME)


def is_endpoint(store: str) -> bool:
    """True for the address of somebody's SPARQL endpoint, which is only asked."""
    return store.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Address:
    """An engine's base address over HTTP, and its profile where the operator names one."""

    base: str
    profile: Profile | None

    @classmethod
    def of(cls, text: str) -> Address:
        """Read an address; raises UsageError, naming no password that may stand in it."""
        parts = urlsplit(text.removeprefix(ENGINE_SCHEME))
        if not is_engine(text) or parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("an engine's address is sparql+https://HOST/… or sparql+http://HOST/…")
        if parts.username or parts.password:
            raise UsageError(
                f"{parts.hostname}: a password has no place in an address; set RSKG_ENGINE_USER "
                "and RSKG_ENGINE_PASSWORD"
            )
        said = parse_qs(parts.query)
        unknown = sorted(set(said) - {"profile"})
        if unknown:
            raise UsageError(f"{parts.hostname}: the address has only ?profile=, not {unknown[0]}")
        named = said.get("profile", [None])[0]
        if named is not None and named not in profiles():
            offered = ", ".join(profiles())
            raise UsageError(f"there is no profile {named}; there are {offered}")
        base = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
        return cls(base, profiles()[named] if named else None)

    @property
    def folder(self) -> Path:
        """Where we keep what is of this engine on this machine, under the current folder."""
        return Path(".rskg") / "engines" / re.sub(r"[^\w.-]+", "-", self.base)

    def at(self, path: str) -> str:
        """The address of one of a profile's paths."""
        return f"{self.base}/{path}" if path else self.base
