"""The ratchet: what a baseline knows doesn't count, whatever the document looks like."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run

HEAD = "@prefix ex: <http://example.org/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = f"{HEAD}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:S-p .\n"
RULES = f"{SHAPES}ex:S-p sh:path ex:p ; sh:nodeKind sh:IRI .\n"
DATA = f"{HEAD}ex:a ex:p 1 , 2 .\n[] ex:q 3 ; ex:p [ ex:p 4 ] .\n_:x ex:p ex:a , 'x' .\n"
#: The same, reordered, reserialised, blank nodes renamed.
_INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
AGAIN = """<http://example.org/a> <http://example.org/p> "2"^^INTEGER .
_:m <http://example.org/p> "4"^^INTEGER .
_:l <http://example.org/p> "x" .
_:l <http://example.org/p> <http://example.org/a> .
_:k <http://example.org/p> _:m .
_:k <http://example.org/q> "3"^^INTEGER .
<http://example.org/a> <http://example.org/p> "1"^^INTEGER .
""".replace("INTEGER", _INTEGER)


def test_the_ratchet(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(RULES)
    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "again.nt").write_text(AGAIN)
    (tmp_path / "more.nt").write_text(
        AGAIN.replace('"4"', '"5"') + '<http://example.org/b> <http://example.org/p> "new" .\n'
    )
    rules = ("--shapes", "shapes.ttl")
    assert rskg("validate", "data.ttl", *rules).returncode == 1
    written = rskg("validate", "data.ttl", *rules, "--write-baseline", "known.json")
    assert written.returncode == 0, written.stderr
    known = json.loads((tmp_path / "known.json").read_text())["known"]
    assert len({entry["fingerprint"] for entry in known}) == len(known) == 5

    again = rskg("validate", "again.nt", *rules, "--baseline", "known.json")
    assert again.returncode == 0, again.stdout
    assert "gone from the baseline" not in again.stderr

    more = rskg("validate", "more.nt", *rules, "--baseline", "known.json", "--report", "json")
    assert more.returncode == 1
    new = [one for one in json.loads(more.stdout)["results"] if not one["known"]]
    assert '"new"' in {one["value"] for one in new}
    assert "gone from the baseline" in more.stderr

    known[0] |= {"reason": "agreed", "expires": "2000-01-31"}
    (tmp_path / "known.json").write_text(json.dumps({"baseline": 1, "known": known}))
    expired = rskg("validate", "again.nt", *rules, "--baseline", "known.json")
    assert expired.returncode == 1
    assert "expired on 2000-01-31" in expired.stderr
    rskg("validate", "again.nt", *rules, "--write-baseline", "known.json")
    kept = json.loads((tmp_path / "known.json").read_text())["known"]
    assert "agreed" in {entry["reason"] for entry in kept}

    (tmp_path / "bad.json").write_text("[]")
    told = rskg("validate", "data.ttl", *rules, "--baseline", "bad.json")
    assert told.returncode == 3
    assert told.stderr.startswith("rskg: bad.json: no baseline")
