"""rskg: the knowledge graph of responsible sourcing of minerals, built, checked and served."""

from importlib.metadata import version

__version__ = version("rskg")
