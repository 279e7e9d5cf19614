"""The endpoint over the store in RSKG_STORE, for servers that are told a module and a name."""

from __future__ import annotations

import os
from pathlib import Path

from rskg.cli.options import files
from rskg.endpoint import create_app
from rskg.store import Revisions

app = create_app(Revisions(Path(os.environ["RSKG_STORE"])), files())
