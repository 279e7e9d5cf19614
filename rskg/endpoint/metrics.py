"""The server's figures for Prometheus, at `/metrics`.

They are read from where they are counted when somebody asks, so that counting costs a request
nothing but an addition; the library only writes them down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from itertools import accumulate

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.ahead import Ahead
from rskg.endpoint.asking.answer_cache import AnswerCache
from rskg.endpoint.asking.evaluation import Evaluator
from rskg.endpoint.asking.history import History
from rskg.endpoint.http.compression import Packed
from rskg.endpoint.http.headers import PACKED
from rskg.endpoint.http.traffic import BOUNDS, Traffic
from rskg.errors import BudgetExceeded
from rskg.store.workers.job import PHASES

router = APIRouter()
#: Endings that are shown even while none happened.
ENDINGS = ("answered", *BudgetExceeded.UNITS, "Overloaded", "WorkerLost")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@router.get("/metrics", summary="The server's figures, for Prometheus")
async def metrics(request: Request) -> Response:
    """In the text format, or in OpenMetrics where Accept prefers that."""
    state = request.app.state
    registry = CollectorRegistry()
    registry.register(Figures(state.traffic, state.evaluator, state.revisions, state.ahead))
    ProcessCollector(registry=registry)
    encoder, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(
        encoder(registry), headers={"Cache-Control": "no-store", "Content-Type": media_type}
    )


class Figures(Collector):
    """What is known now."""

    def __init__(
        self, traffic: Traffic, evaluator: Evaluator, revisions: History, ahead: Ahead
    ) -> None:
        self._traffic, self._evaluator, self._revisions = traffic, evaluator, revisions
        self._ahead = ahead

    def collect(self) -> Iterator[Metric]:
        """All figures."""
        yield InfoMetricFamily(
            "rskg_build",
            "The program and its engine.",
            {"version": version("rskg"), "pyoxigraph": version("pyoxigraph")},
        )
        yield GaugeMetricFamily(
            "rskg_revision", "The published revision; 0 for none.", self._revisions.current() or 0
        )
        yield GaugeMetricFamily(
            "rskg_revision_prepared",
            "The last revision whose overview pages were prepared; 0 for none.",
            self._ahead.done or 0,
        )
        yield from self._of_requests()
        yield from self._of_workers()
        yield from self._of_caches()

    def _of_requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "rskg_requests", "Requests by route and class of status.", labels=["route", "status"]
        )
        for labels, number in sorted(self._traffic.requests.items()):
            requests.add_metric(labels, number)
        yield requests
        durations = HistogramMetricFamily(
            "rskg_request_seconds", "From a request to the end of its answer.", labels=["route"]
        )
        for route, taken in sorted(self._traffic.durations.items()):
            bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
            buckets = list(zip(bounds, accumulate(taken.classes), strict=True))
            durations.add_metric([route], buckets, taken.seconds)
        yield durations
        yield CounterMetricFamily(
            "rskg_transfers_cut", "Answers that began and were not ended.", self._traffic.cut
        )

    def _of_workers(self) -> Iterator[Metric]:
        answerer = self._evaluator.answerer
        state, counted = answerer.state(), answerer.counted
        answers = CounterMetricFamily(
            "rskg_answers", "Queries that workers did, by how they ended.", labels=["ending"]
        )
        for ending in dict.fromkeys((*ENDINGS, *sorted(counted))):
            answers.add_metric([_CAPITAL.sub("_", ending).lower()], counted[ending])
        yield answers
        queries = GaugeMetricFamily(
            "rskg_queries",
            "Queries now: waiting, in fast and slow lanes, resting, sending to slow readers.",
            labels=["phase"],
        )
        for phase in PHASES:
            queries.add_metric([phase], float(str(state[phase])))
        yield queries
        yield GaugeMetricFamily("rskg_workers", "Worker processes.", float(str(state["workers"])))
        yield GaugeMetricFamily(
            "rskg_workers_isolated",
            "1 when they are cut from the network.",
            int(bool(state["isolated"])),
        )

    def _of_caches(self) -> Iterator[Metric]:
        held: dict[str, AnswerCache | Packed]
        held = {"answers": self._evaluator.cache, "packed": PACKED}
        sizes = GaugeMetricFamily("rskg_cache_bytes", "What is kept, in bytes.", labels=["cache"])
        hits = CounterMetricFamily("rskg_cache_hits", "Answers from memory.", labels=["cache"])
        for name, cache in held.items():
            sizes.add_metric([name], cache.bytes)
            hits.add_metric([name], cache.hits)
        yield sizes
        yield hits
