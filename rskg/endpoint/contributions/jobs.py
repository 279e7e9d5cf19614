"""Contributions that are dealt with while their sender goes on: a status resource for each.

Its address can't be guessed, and it ends with the server: what was accepted is in the graph and
listed at `/contributions`, and sending the document again changes nothing.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from rskg.endpoint.http.negotiation import accepted
from rskg.endpoint.problems import FORESEEN, NOT_FOUND, Problem, handled
from rskg.syntax import Format, negotiate

router = APIRouter()
PATH = "/contributions/status/"
JSON, EVENTS = Format("json", "application/json"), Format("events", "text/event-stream")
#: So many are remembered, the running ones and the latest.
_MOST = 500
#: How often a stream of events says that it is alive, in seconds.
_PULSE = 15.0
_LATER = "2"
Progress = Callable[[str, str], None]
Work = Callable[[Progress], Awaitable[Response]]


@dataclass
class Job:
    """What is being done for one request; `told` are its steps, `answer` is what came of it."""

    told: list[dict[str, str]] = field(default_factory=list)
    answer: Response | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def step(self, name: str, said: str) -> None:
        """Another step is done."""
        self.told.append({"step": name, "said": said})
        self._wake()

    def end(self, answer: Response) -> None:
        """This came of it."""
        self.answer = answer
        self._wake()

    def document(self) -> dict[str, object]:
        """The job as JSON has it."""
        if self.answer is None:
            return {"done": False, "steps": self.told}
        body = bytes(self.answer.body).decode()
        is_json = "json" in self.answer.headers["content-type"]
        return {
            "done": True,
            "steps": self.told,
            "status": self.answer.status_code,
            "location": self.answer.headers.get("location"),
            "answer": json.loads(body) if is_json else body,
        }

    def _wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class Jobs:
    """The jobs of a server, by the ends of their addresses."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, request: Request, work: Work) -> Response:
        """Do it while the sender goes on: 202, with the address of the status."""
        ticket, job = secrets.token_urlsafe(18), Job()
        self._jobs[ticket] = job
        done = [name for name, one in self._jobs.items() if one.answer is not None]
        for name in done[: max(len(self._jobs) - _MOST, 0)]:
            del self._jobs[name]
        task = asyncio.create_task(self._run(request, job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        headers = {
            "Location": PATH + ticket,
            "Cache-Control": "no-store",
            "Retry-After": _LATER,
            "Preference-Applied": "respond-async",
        }
        body = json.dumps({"status": PATH + ticket})
        return Response(body, 202, headers, media_type=JSON.media_type)

    def of(self, ticket: str) -> Job:
        """A job; a Problem where there is none."""
        if ticket not in self._jobs:
            raise Problem(
                NOT_FOUND, "No such status is known: look at /contributions, or send it again."
            )
        return self._jobs[ticket]

    def stop(self) -> None:
        """Let go of all that is being done."""
        for task in self._tasks:
            task.cancel()

    async def _run(self, request: Request, job: Job, work: Work) -> None:
        try:
            job.end(await work(job.step))
        except FORESEEN as error:
            job.end(await handled(request, error))


@router.get("/contributions/status/{ticket}", summary="How far a contribution is")
async def status(request: Request, ticket: str) -> Response:
    """Its steps, and at the end what came of it; as server-sent events each step as it comes."""
    job = request.app.state.jobs.of(ticket)
    form = negotiate(accepted(request), (JSON, EVENTS))
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if form is EVENTS:
        return StreamingResponse(_events(job), 200, headers, media_type=EVENTS.media_type)
    if job.answer is None:
        headers["Retry-After"] = _LATER
    return Response(json.dumps(job.document()), 200, headers, media_type=JSON.media_type)


async def _events(job: Job) -> AsyncIterator[str]:
    """Server-sent events (HTML 9.2): `step` for each step, and `done` as the last."""
    said = 0
    while True:
        changed = job.changed
        for step in job.told[said:]:
            yield f"event: step\nid: {said}\ndata: {json.dumps(step)}\n\n"
            said += 1
        if job.answer is not None:
            yield f"event: done\nid: {said}\ndata: {json.dumps(job.document())}\n\n"
            return
        try:
            async with asyncio.timeout(_PULSE):
                await changed.wait()
        except TimeoutError:
            yield ": still at it\n\n"
