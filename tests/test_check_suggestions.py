"""What was probably meant is asked where one word alone is near; a fix where it is certain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rskg.check.nearness import nearest
from tests.conftest import ROOT, Run

PREFIXES = """@prefix confidence: <https://w3id.org/rskg/id/confidence/> .
@prefix ex: <http://example.org/> .
@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
SHAPES = f"""{PREFIXES}
ex:S a sh:NodeShape ; sh:targetClass ex:T ;
  sh:property [ sh:path ex:grade ; sh:in ( "very good" "good" "bad" ex:Unknown ) ] ;
  sh:property [ sh:path ex:how ; sh:class rskg:Confidence ] ;
  sh:property [ sh:path ex:sure ; sh:hasValue confidence:high ] .
"""
SURE = "ex:sure confidence:high"


def told(rskg: Run, folder: Path, said: str) -> dict[str, object]:
    (folder / "shapes.ttl").write_text(SHAPES)
    (folder / "a.ttl").write_text(f"{PREFIXES}ex:a a ex:T ;\n  {said} .\n")
    ran = rskg("validate", "a.ttl", "--shapes", "shapes.ttl", "--report", "json")
    assert ran.returncode == 1, ran.stderr
    (result,) = json.loads(ran.stdout)["results"]
    found: dict[str, object] = result
    return found


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (f'ex:grade "godo" ; {SURE}', 'did you mean "good"?'),
        (f'ex:grade "very gud" ; {SURE}', 'did you mean "very good"?'),
        (f'ex:grade "verygood" ; {SURE}', 'did you mean "very good"?'),
        (f"ex:grade ex:Unknwon ; {SURE}", "did you mean <http://example.org/Unknown>?"),
        (f'ex:grade "fine" ; {SURE}', None),
        (f'ex:grade "good"@en ; {SURE}', None),
        (
            f"ex:how confidence:hihg ; {SURE}",
            "did you mean <https://w3id.org/rskg/id/confidence/high>?",
        ),
        (f"ex:how ex:hihg ; {SURE}", None),
        (f"ex:how rskg:Confidence ; {SURE}", None),
        (
            "ex:sure confidence:hihg",
            "it has <https://w3id.org/rskg/id/confidence/hihg>; "
            "did you mean <https://w3id.org/rskg/id/confidence/high>?",
        ),
        ("ex:sure confidence:low", None),
    ],
)
def test_the_nearest_is_asked_for(rskg: Run, tmp_path: Path, said: str, meant: str | None) -> None:
    found = told(rskg, tmp_path, said)
    assert (found["explanation"], found["fix"]) == (meant, None)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (f'ex:grade "Good" ; {SURE}', '"good"'),
        (f'ex:grade " very  GOOD" ; {SURE}', '"very good"'),
        (f"ex:grade ex:unknown ; {SURE}", "<http://example.org/Unknown>"),
        (f"ex:grade <http://example.org/UNKNOWN> ; {SURE}", "<http://example.org/Unknown>"),
        (f"ex:how confidence:High ; {SURE}", "<https://w3id.org/rskg/id/confidence/high>"),
    ],
)
def test_what_is_spelled_the_same_is_a_fix_that_mends(
    rskg: Run, tmp_path: Path, said: str, text: str
) -> None:
    fix = told(rskg, tmp_path, said)["fix"]
    assert isinstance(fix, dict)
    assert fix["text"] == text
    at, path = fix["place"], tmp_path / "a.ttl"
    lines = path.read_text().split("\n")
    line = lines[at["line"] - 1]
    lines[at["line"] - 1] = line[: at["column"] - 1] + text + line[at["end_column"] - 1 :]
    path.write_text("\n".join(lines))
    ran = rskg("validate", "a.ttl", "--shapes", "shapes.ttl")
    assert ran.returncode == 0, ran.stdout


def test_our_own_shapes_ask_too(rskg: Run, tmp_path: Path) -> None:
    text = (ROOT / "examples" / "lead" / "valid.ttl").read_text()
    assert "confidence:high" in text
    (tmp_path / "a.ttl").write_text(text.replace("confidence:high", "confidence:hgih"))
    ran = rskg("validate", "a.ttl", "--report", "text")
    assert ran.returncode == 1, ran.stderr
    assert "did you mean <https://w3id.org/rskg/id/confidence/high>?" in ran.stdout


@pytest.mark.parametrize(
    ("wanted", "words", "found"),
    [
        ("colour", ["color", "colon"], "color"),
        ("cat", ["bat", "hat"], None),  # a tie
        ("a", ["b"], None),  # nothing of it is left
        ("Mine", ["mine"], "mine"),
        ("assessment", ["asessmnet"], "asessmnet"),
        ("certification", ["classification"], None),
    ],
)
def test_near_is_near_and_alone(wanted: str, words: list[str], found: str | None) -> None:
    assert nearest(wanted, words) == found


@pytest.mark.parametrize(
    ("said", "meant", "fixed"),
    [
        ("a rskg:Compny", "Company", False),
        ("a rskg:company", None, True),  # a fix says it all
        ("a rskg:Zzzzzzz", None, False),
        ("rskg:actorKnd ex:b", "actorKind", False),  # not the class ActorKind
        ("rskg:actorkind ex:b", "actorKind", False),
        ("rskg:zzzzzzz ex:b", None, False),
    ],
)
def test_a_term_that_is_none_is_compared_with_those_of_its_kind(
    rskg: Run, tmp_path: Path, said: str, meant: str | None, fixed: bool
) -> None:
    (tmp_path / "a.ttl").write_text(f"{PREFIXES}ex:a a ex:T ; {said} .\n")
    ran = rskg("validate", "a.ttl", "--report", "json")
    assert ran.returncode == 1, ran.stderr
    (result,) = json.loads(ran.stdout)["results"]
    asked = f"did you mean <https://w3id.org/rskg/ontology#{meant}>?"
    assert (result["explanation"] == asked) == (meant is not None)
    assert (result["fix"] is not None) == fixed
