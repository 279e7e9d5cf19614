"""Releases: revisions with a name, kept in `releases.json` beside the revisions."""

from __future__ import annotations

import json
import re
from pathlib import Path

from rskg.errors import StoreError, UsageError
from rskg.store.revisions.folders import replace

_FILE = "releases.json"
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: Words that have another meaning where a release may be named.
_TAKEN = {"diff", "current", "latest", "timemap"}


def load(root: Path) -> dict[str, int]:
    """Each name with the revision that it names; raises StoreError when they can't be read."""
    path = root / _FILE
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} can't be read: {error}") from error
    return {str(label): int(number) for label, number in names.items()}


def add(root: Path, label: str, number: int) -> None:
    """Name a revision for good; raises UsageError for a name that can't be given."""
    if not _LABEL.fullmatch(label) or label.isdigit() or label in _TAKEN:
        raise UsageError(
            f"`{label}` can't name a release: letters, digits, dots, - and _, not digits alone, "
            f"none of {', '.join(sorted(_TAKEN))}"
        )
    names = load(root)
    if names.get(label, number) != number:
        raise UsageError(f"{label} names revision {names[label]}: a release never moves")
    names[label] = number
    replace(root / _FILE, json.dumps(names, indent=1, sort_keys=True) + "\n")
