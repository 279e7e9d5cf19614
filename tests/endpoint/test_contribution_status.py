"""A large contribution: 202, a status that says how far it is, and its steps as events."""

from __future__ import annotations

import json
from typing import Any

from tests.endpoint.contributing import Partner, ask, site
from tests.endpoint.processes import until

EVENTS = {"Accept": "text/event-stream"}


def _events(acme: Partner, address: str) -> list[tuple[str, Any]]:
    found = []
    with acme.client.stream("GET", address, headers=EVENTS) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
    return found


def test_whoever_asks_need_not_wait(acme: Partner) -> None:
    begun = acme.post(site("later"), Prefer="respond-async")
    assert begun.status_code == 202
    assert begun.headers["preference-applied"] == "respond-async"
    events = _events(acme, begun.headers["location"])
    steps = [told["step"] for name, told in events if name == "step"]
    assert steps == ["received", "validated", "merging", "published"]
    name, done = events[-1]
    assert (name, done["status"], done["answer"]["state"]) == ("done", 201, "accepted")
    assert ask(acme.client, "ASK { site:later a rskg:Site }")
    told = acme.client.get(begun.headers["location"]).json()
    assert (told["done"], told["location"]) == (True, done["answer"]["address"])
    assert [step["step"] for step in told["steps"]] == steps


def test_a_refusal_is_told_there_too(acme: Partner) -> None:
    begun = acme.post(site("refused", country="QQ"), Prefer="respond-async")
    assert begun.status_code == 202
    address = begun.headers["location"]
    until(lambda: bool(acme.client.get(address).json()["done"]))
    told = acme.client.get(address).json()
    assert told["status"] == 422
    assert told["answer"]["report"]["results"][0]["place"]["line"] == 9
    assert acme.client.get(address + "x").status_code == 404


def test_what_is_known_at_once_is_told_at_once(acme: Partner) -> None:
    assert (
        acme.post("", Content_Type="application/msword", Prefer="respond-async").status_code == 415
    )
