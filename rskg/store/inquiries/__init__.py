"""A server's queries answered by an engine that others run.

Each is asked by a process that can be killed, of which so many work at once (`inquirer`): its
connection ends with it. `reader` asks, and holds the answer against the state that was asked of;
`watch` knows which state stands in the engine.
"""

from rskg.store.inquiries.inquirer import AT_ONCE, Inquirer
from rskg.store.inquiries.watch import Watch

__all__ = ["AT_ONCE", "Inquirer", "Watch"]
