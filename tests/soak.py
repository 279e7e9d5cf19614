"""Whether what takes long runs whole: in `make soak` it does, in `make test` a tenth of it."""

from __future__ import annotations

import os

FULL = os.environ.get("RSKG_SOAK") == "full"
