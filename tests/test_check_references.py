"""What is described elsewhere: a warning, until a store or an endpoint tells about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rskg.store import Reader
from tests.conftest import Run
from tests.endpoint.servers import running

PREFIXES = """@prefix confidence: <https://w3id.org/rskg/id/confidence/> .
@prefix country: <https://w3id.org/rskg/id/country/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/rskg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rskg: <https://w3id.org/rskg/ontology#> .
"""
SITE = (
    PREFIXES
    + """
<https://w3id.org/rskg/id/site/mine> a rskg:Site ; rdfs:label "Mine"@en ; rskg:locatedIn {} .
<https://w3id.org/rskg/id/statement/s1> a rskg:Statement ;
    rskg:states <https://w3id.org/rskg/id/site/mine> ; dcterms:source <https://reports.example/1> ;
    rskg:confidence confidence:high .
"""
)
KNOWN, UNKNOWN = "country:CD", "country:NOWHERE"


def checked(
    rskg: Run, folder: Path, country: str, *more: str | Path
) -> tuple[int, list[dict[str, object]], str]:
    (folder / "site.ttl").write_text(SITE.format(country))
    told = rskg("validate", "site.ttl", *more, "--report", "json")
    results = json.loads(told.stdout)["results"] if told.stdout else []
    return told.returncode, results, told.stderr


def test_what_nobody_was_asked_about_is_a_warning(rskg: Run, tmp_path: Path) -> None:
    code, (found,), _ = checked(rskg, tmp_path, KNOWN)
    assert code == 0
    assert found["severity"] == "Warning"
    assert "these files don't describe" in str(found["explanation"])
    assert rskg("validate", "site.ttl", "--fail-on", "warning").returncode == 1


def test_a_store_supplies_it_or_it_is_wrong(rskg: Run, store: Path, tmp_path: Path) -> None:
    assert checked(rskg, tmp_path, KNOWN, "--against", store) == (0, [], "")
    code, (found,), _ = checked(rskg, tmp_path, UNKNOWN, "--against", store)
    assert (code, found["severity"]) == (1, "Violation")
    assert "neither these files nor the graph that was asked" in str(found["explanation"])


def test_a_thing_of_another_kind_in_the_store_is_wrong(
    rskg: Run, store: Path, reader: Reader, tmp_path: Path
) -> None:
    (row,) = reader.select("SELECT ?s { ?s a rskg:Process } ORDER BY ?s LIMIT 1")
    code, (found,), _ = checked(rskg, tmp_path, str(row["s"]))
    assert (code, found["severity"]) == (0, "Warning")
    code, (found,), _ = checked(rskg, tmp_path, str(row["s"]), "--against", store)
    assert (code, found["severity"], found["explanation"]) == (1, "Violation", None)


def test_an_endpoint_supplies_it_and_standard_input_is_read_once(
    rskg: Run, store: Path, tmp_path: Path
) -> None:
    with running(store) as client:
        address = f"{client.base_url}/sparql".replace("//sparql", "/sparql")
        assert checked(rskg, tmp_path, KNOWN, "--against", address) == (0, [], "")
        assert checked(rskg, tmp_path, UNKNOWN, "--against", address)[0] == 1
        told = rskg("validate", "-", "--against", address, stdin=SITE.format(KNOWN))
        assert (told.returncode, told.stderr) == (0, "")
        assert "2 focus nodes: 0 violation, 0 warning" in told.stdout


@pytest.mark.parametrize("place", ["http://127.0.0.1:1/sparql", "absent"])
def test_a_graph_that_does_not_answer_is_no_verdict(rskg: Run, tmp_path: Path, place: str) -> None:
    code, results, said = checked(rskg, tmp_path, KNOWN, "--against", place)
    assert (code, results) == (5, [])
    assert len(said.splitlines()) == 1


def test_a_list_of_values_that_is_known_whole_has_nothing_elsewhere(
    rskg: Run, tmp_path: Path
) -> None:
    text = SITE.format(KNOWN).replace("confidence:high", "confidence:hihg")
    (tmp_path / "site.ttl").write_text(text)
    told = rskg("validate", "site.ttl")
    assert told.returncode == 1
    assert "hihg" in told.stdout
