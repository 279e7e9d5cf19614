"""What a document refers to is looked up in an engine as it is in the embedded store."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run
from tests.endpoint.contributing import PREFIXES, site
from tests.engines.conftest import Filled

#: Known and unknown, one of another kind, and one that the graph describes as well.
SITES = (
    site("here"),
    site("nowhere", "NOWHERE"),
    site("wrong").replace("country:CL", "<https://w3id.org/rskg/id/region/150>"),
    site("twice", label="Chile").replace("site:twice", "country:CL"),
)


def test_the_results_are_those_of_the_embedded_store(
    small: Filled, rskg: Run, few_store: Path, tmp_path: Path
) -> None:
    document = PREFIXES + "".join(one.removeprefix(PREFIXES) for one in SITES)
    (tmp_path / "sites.ttl").write_text(document)

    def judged(place: str | Path) -> tuple[int, list[dict[str, object]]]:
        told = rskg("validate", "sites.ttl", "--against", place, "--report", "json", **known)
        assert told.stdout, told.stderr
        return told.returncode, json.loads(told.stdout)["results"]

    known = small.peer.environment
    here = judged(few_store)
    assert (here[0], len(here[1]) > 2) == (1, True)
    assert judged(small.peer.address) == here


def test_an_engine_that_is_not_there_is_no_verdict(rskg: Run, tmp_path: Path) -> None:
    (tmp_path / "sites.ttl").write_text(site("here"))
    told = rskg("validate", "sites.ttl", "--against", "sparql+http://127.0.0.1:1/")
    assert (told.returncode, told.stdout) == (5, "")
    assert "http://127.0.0.1:1 does not answer" in told.stderr
