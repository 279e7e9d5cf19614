"""Names and identifiers of tables found among the things of a graph.

An `Index` holds what the things of one revision are called and which registers number them;
`rskg.reconciliation.matching` finds the likeliest things for a name.
"""

from rskg.reconciliation.index import Index, Thing, read
from rskg.reconciliation.matching import Candidate, Wanted, match, suggestions

__all__ = ["Candidate", "Index", "Thing", "Wanted", "match", "read", "suggestions"]
