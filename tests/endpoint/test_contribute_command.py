"""`rskg contribute`: checked here, sent with a token that nobody sees, told at local lines."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Run
from tests.endpoint.contributing import PREFIXES, Partner, ask, site, sites_table

Send = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def send(rskg: Run, acme: Partner) -> Send:
    """`rskg contribute … --dataset acme-sites --to` the server, with the partner's token."""

    def sent(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        where = ("--dataset", acme.dataset, "--to", str(acme.client.base_url))
        return rskg("contribute", *arguments, *where, **{"RSKG_TOKEN": acme.token, **settings})

    return sent


def test_documents_are_sent_and_the_report_has_local_lines(
    send: Send, acme: Partner, tmp_path: Path
) -> None:
    (tmp_path / "good.ttl").write_text(site("local"))
    done = send("good.ttl")
    assert done.returncode == 0, done.stderr
    assert "accepted as acme-sites-" in done.stderr
    assert "conforms" in done.stdout
    assert ask(acme.client, "ASK { site:local a rskg:Site }")
    assert "is there already" in send("good.ttl").stderr

    elsewhere = tmp_path / "elsewhere.ttl"
    elsewhere.write_text(site("far", country="QQ"))
    refused = send("elsewhere.ttl", "--report", "json")
    assert refused.returncode == 1
    result = json.loads(refused.stdout)["results"][0]
    assert (result["place"]["path"], result["place"]["line"]) == ("elsewhere.ttl", 9)
    assert "not accepted" in refused.stderr


def test_a_filled_in_template_is_sent_as_it_is(send: Send, acme: Partner, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(sites_table("hill", "dale", country="QQ"))
    refused = send("sites.csv", "--report", "json")
    assert refused.returncode == 1, refused.stderr
    places = [result["place"] for result in json.loads(refused.stdout)["results"]]
    assert {(p["path"], p["line"], p["column"]) for p in places} == {
        ("sites.csv", 2, 16),
        ("sites.csv", 3, 16),
    }
    assert {place["cell"] for place in places} == {"located in"}
    path.write_text(sites_table("hill", "dale"))
    done = send("sites.csv")
    assert done.returncode == 0, done.stderr
    assert ask(acme.client, "ASK { site:acme-sites-hill a rskg:Site }")
    listed = acme.client.get("/contributions", params={"format": "json"}).json()
    assert [each["form"] for each in listed["contributions"] if "withdrawn" not in each] == ["csv"]
    assert "is there already" in send("sites.csv").stderr

    book = openpyxl.Workbook()
    for row in csv.reader(sites_table("glen").splitlines()):
        book.active.append(row)
    book.save(tmp_path / "more.xlsx")
    assert "accepted" in send("more.xlsx").stderr
    assert ask(acme.client, "ASK { site:acme-sites-glen a rskg:Site }")
    acme.clear()
    assert not ask(acme.client, "ASK { site:acme-sites-hill ?p ?o }")


def test_what_fails_here_is_not_sent(send: Send, acme: Partner, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(PREFIXES + "site:bad a rskg:Site .\n")
    (tmp_path / "good.ttl").write_text(site("unsent"))
    done = send("good.ttl", "bad.ttl")
    assert done.returncode == 1
    assert "nothing was sent" in done.stderr
    assert "bad.ttl:9" in done.stdout
    assert not ask(acme.client, "ASK { site:unsent ?p ?o }")


def test_replace_and_dry_run(send: Send, acme: Partner, tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text(site("first"))
    (tmp_path / "two.ttl").write_text(site("second"))
    assert send("one.ttl").returncode == 0
    assert "would be accepted" in send("two.ttl", "--dry-run").stderr
    assert not ask(acme.client, "ASK { site:second ?p ?o }")
    assert "in place of" in send("two.ttl", "--replace").stderr
    assert ask(acme.client, "ASK { site:second ?p ?o FILTER NOT EXISTS { site:first ?q ?r } }")
    both = send("one.ttl", "two.ttl", "--replace")
    assert (both.returncode, "one document" in both.stderr) == (2, True)


def test_a_token_comes_from_a_file_too_and_goes_nowhere_in_the_open(
    send: Send, acme: Partner, tmp_path: Path, rskg: Run
) -> None:
    (tmp_path / "one.ttl").write_text(site("filed"))
    (tmp_path / "token").write_text(acme.token + "\n")
    filed = send("one.ttl", "--token-file", "token", "--dry-run", RSKG_TOKEN="")
    assert filed.returncode == 0, filed.stderr
    none = send("one.ttl", RSKG_TOKEN="")
    assert (none.returncode, "no token" in none.stderr) == (2, True)
    wrong = send("one.ttl", RSKG_TOKEN="rskg_0")
    assert (wrong.returncode, "401" in wrong.stderr) == (2, True)
    plain = rskg(
        *("contribute", "one.ttl", "--dataset", "x", "--to", "http://rskg.example"),
        RSKG_TOKEN=acme.token,
    )
    assert (plain.returncode, "https only" in plain.stderr) == (2, True)
    other = rskg(
        *("contribute", "one.ttl", "--dataset", "others", "--to", str(acme.client.base_url)),
        RSKG_TOKEN=acme.token,
    )
    assert (other.returncode, "403" in other.stderr) == (2, True)
    for each in (filed, none, wrong, plain, other):
        assert acme.token not in each.stdout + each.stderr
