"""A commit's closure and statistics, kept true from its difference.

What a build works out whole — the merge, what follows from it, VoID — is adjusted here for the
triples that came into a graph or left it. The result is quad for quad what a build would give.
"""

from rskg.maintenance.commit import Maintained, maintain
from rskg.maintenance.programs import prepare, schema_now

__all__ = ["Maintained", "maintain", "prepare", "schema_now"]
