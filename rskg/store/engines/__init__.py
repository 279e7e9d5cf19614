"""Engines that others run, over the SPARQL 1.1 Protocol: the graph published there, and asked.

`address` says where one is, `profile` what is peculiar to its kind, `wording` how a query is put to
it, `engine` asks it and writes to it, `publishing` moves a revision there, `standing` says what
is there.
"""

from rskg.store.engines.address import Address, is_endpoint, is_engine
from rskg.store.engines.engine import Engine, Login, asked_only, connected
from rskg.store.engines.probing import require_capable
from rskg.store.engines.profile import Profile, profiles, recognised
from rskg.store.engines.publishing import Published, publish
from rskg.store.engines.standing import Standing, require_published, require_same, standing

__all__ = [
    "Address",
    "Engine",
    "Login",
    "Profile",
    "Published",
    "Standing",
    "asked_only",
    "connected",
    "is_endpoint",
    "is_engine",
    "profiles",
    "publish",
    "recognised",
    "require_capable",
    "require_published",
    "require_same",
    "standing",
]
