"""VoID: what the default graph and each named one hold (https://www.w3.org/TR/void/).

`counting` counts it all, as a build does; `adjusting` adds and takes away what a commit changed.
"""

from rskg.statistics.adjusting import Delta, adjust
from rskg.statistics.counting import QUERIES, VERDICTS, WHOLE, describe

__all__ = ["QUERIES", "VERDICTS", "WHOLE", "Delta", "adjust", "describe"]
