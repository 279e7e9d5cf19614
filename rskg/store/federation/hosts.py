"""Which hosts may be asked: those on the operator's list, at addresses of the public internet.

A name on the list that leads to a private address is refused, whoever runs its DNS; only an
address (or `localhost`) that is itself on the list may be one.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from rskg.errors import RefusedFeature, UsageError

Address = IPv4Address | IPv6Address

_PORTS = {"http": 80, "https": 443}
#: Networks whose addresses carry an IPv4 address in their last or second 32 bits.
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_6TO4 = IPv6Network("2002::/16")


@dataclass(frozen=True)
class Place:
    """Where an IRI leads: scheme, host in the letters of DNS, port, and path with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_of(self) -> tuple[str, str, int]:
        """What a connection depends on."""
        return self.scheme, self.host, self.port


@dataclass(frozen=True)
class Listed:
    """The IRI prefixes that an operator listed."""

    prefixes: tuple[Place, ...]

    @classmethod
    def of(cls, iris: Sequence[str]) -> Listed:
        """A list from IRIs as typed; raises UsageError for what is no http or https IRI."""
        places = []
        for iri in iris:
            try:
                places.append(place_of(iri))
            except RefusedFeature as error:
                raise UsageError(f"--allow-service takes an IRI's beginning: {error}") from error
        return cls(tuple(places))

    def __bool__(self) -> bool:
        return bool(self.prefixes)

    def place(self, iri: str) -> Place:
        """Where a listed IRI leads; raises RefusedFeature for any other."""
        wanted = place_of(iri)
        for listed in self.prefixes:
            if listed.host_of == wanted.host_of and wanted.path.startswith(listed.path):
                return wanted
        raise _refused(iri, "the operator of this endpoint has not listed it")

    def addresses(self, place: Place) -> list[Address]:
        """The addresses of a listed place, each checked; raises RefusedFeature, OSError."""
        try:
            found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise _refused(place.host, "its host is no name") from error
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not addresses:
            raise OSError(f"{place.host} has no address")
        for address in addresses:
            if not is_public(address) and not _is_address(place.host):
                raise _refused(place.host, f"it leads to {address}, inside this network")
        return addresses


NOBODY = Listed(())


def place_of(iri: str) -> Place:
    """Where an IRI leads; raises RefusedFeature where that is not told plainly."""
    try:
        parts = urlsplit(iri)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().rstrip(".")
    except ValueError as error:
        raise _refused(iri, f"it is no IRI of a host ({error})") from error
    if parts.scheme not in _PORTS:
        raise _refused(iri, "only http and https are spoken")
    if not host or "%" in host or parts.username is not None or parts.password is not None:
        raise _refused(iri, "its host is missing or has something before or in it")
    return Place(parts.scheme, host, port or _PORTS[parts.scheme], _path(iri, parts))


def _path(iri: str, parts: SplitResult) -> str:
    path = parts.path or "/"
    climbs = any(step in ("..", ".") for step in path.lower().replace("%2e", ".").split("/"))
    if climbs or "\\" in iri or not iri.isprintable() or " " in iri:
        raise _refused(iri, "its path climbs or has signs that don't belong there")
    return f"{path}?{parts.query}" if parts.query else path


def is_public(address: Address) -> bool:
    """True for an address of the public internet, and so is the one that it carries, if any."""
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
        if address.is_site_local or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _6TO4:
        return IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    if int(address) >> 32 == 0 and int(address) > 1:
        return IPv4Address(int(address))
    return None


def _is_address(host: str) -> bool:
    """True for what can't lead elsewhere tomorrow: an address as such, or this very machine."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _refused(what: str, why: str) -> RefusedFeature:
    return RefusedFeature(f"SERVICE <{what}>", why)
