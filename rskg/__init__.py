"""rskg: the knowledge graph of responsible sourcing of minerals, built, checked and served.

`rskg.open()` gives the graph to Python, `rskg.validate()` checks files against the shapes; what
they need is loaded when they are called.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rskg.check import validate
    from rskg.client import open

    __version__: str

__all__ = ["__version__", "open", "validate"]

_ROOMS = {
    "open": "rskg.client",
    "validate": "rskg.check",
    "load_ipython_extension": "rskg.client.notebook",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":  # reading it takes as long as a small check
        return import_module("importlib.metadata").version("rskg")
    if name not in _ROOMS:
        raise AttributeError(f"module rskg has no {name}")
    return getattr(import_module(_ROOMS[name]), name)
