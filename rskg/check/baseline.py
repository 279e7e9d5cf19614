"""A ratchet: results that are known and accepted for a while; only new ones count.

A result's fingerprint is made of what it says, not of where it stands: it survives reordering,
reserialising and the renaming of blank nodes, of which it takes what they say instead.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from rskg.errors import InputError
from rskg.report import Report, Result
from rskg.syntax import BlankNode, Source, Triple, blank_names, read_text

_BLANK = re.compile(r"_:b\d+")
FORM = 1


def fingerprinted(results: Iterable[Result], sources: Sequence[Source]) -> list[Result]:
    """The results with their fingerprints; documents are read again only for blank nodes."""
    found = list(results)
    terms = (term for one in found for term in (one.focus, one.value) if term)
    names = _names(sources) if any(map(_BLANK.fullmatch, terms)) else {}
    seen: Counter[str] = Counter()
    told = []
    for one in found:
        said = (names.get(one.focus, one.focus), one.path, names.get(one.value or "", one.value))
        text = "\n".join(str(each) for each in (*said, one.component, one.shape))
        seen[text] += 1
        mark = blake2b(f"{text}\n{seen[text]}".encode(), digest_size=12).hexdigest()
        told.append(one.but(fingerprint=mark))
    return told


def compare(report: Report, path: Path, today: date) -> Report:
    """Mark what the baseline knows, and tell what has vanished or expired.

    Raises InputError where the file is no baseline.
    """
    entries = _read(path)
    gone = [mark for mark in entries if mark not in {one.fingerprint for one in report.results}]
    old = {mark for mark, entry in entries.items() if _expired(entry, path, today)}
    results = [
        one.but(known=one.fingerprint in entries and one.fingerprint not in old)
        for one in report.results
    ]
    notes = [f"gone from the baseline: {entries[mark].get('result', mark)}" for mark in gone]
    notes += [
        f"expired on {entries[mark]['expires']}: {entries[mark].get('result', mark)}"
        for mark in sorted(old - set(gone))
    ]
    return replace(report, results=tuple(results), notes=(*report.notes, *notes))


def write(report: Report, path: Path) -> None:
    """Write what was found as known; reasons and dates of entries that stay are kept."""
    before = _read(path) if path.exists() else {}
    entries = [
        {
            "fingerprint": one.fingerprint,
            "result": f"{one.severity}: {one.sentence} [{one.focus}]",
            "reason": before.get(one.fingerprint, {}).get("reason", ""),
            "expires": before.get(one.fingerprint, {}).get("expires"),
        }
        for one in sorted(report.results, key=lambda one: (one.focus, one.fingerprint))
    ]
    content = {"baseline": FORM, "known": entries}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        content = json.loads(read_text(path))
        return {entry["fingerprint"]: entry for entry in content["known"]}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"no baseline that --write-baseline wrote: {error}", path=path) from error


def _expired(entry: dict[str, Any], path: Path, today: date) -> bool:
    if not entry.get("expires"):
        return False
    try:
        return date.fromisoformat(entry["expires"]) < today
    except (ValueError, TypeError) as error:
        raise InputError(f"`expires` is no date such as 2027-01-31: {error}", path=path) from error


def _names(sources: Sequence[Source]) -> dict[str, str]:
    """Each blank node, numbered through all documents, by what it says."""
    names: dict[str, str] = {}
    before = 0
    for source in sources:
        numbers: dict[BlankNode, int] = {}
        triples: list[Triple] = [quad.triple for quad in source.quads()]
        for triple in triples:
            for end in (triple.subject, triple.object):
                if isinstance(end, BlankNode):
                    numbers.setdefault(end, len(numbers))
        for node, name in blank_names(triples).items():
            if node in numbers:
                names[f"_:b{before + numbers[node]}"] = name.value
        before += len(numbers)
    return names
