"""`/map`: the page, its rows in every format, the points and the cards that a browser asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rskg.endpoint.asking.evaluation import Ask
from rskg.endpoint.atlas.asked import sparql
from rskg.endpoint.atlas.card import card_of
from rskg.endpoint.atlas.indicators import Indicator, Measured, indicators, measured
from rskg.endpoint.atlas.kept import Kept
from rskg.endpoint.atlas.sites import Chosen, Site, Sites, read
from rskg.endpoint.exchange.paging import Window, window
from rskg.endpoint.http.negotiation import PAGE, chosen, is_page
from rskg.endpoint.http.representation import digest
from rskg.endpoint.languages import language_of, translated
from rskg.endpoint.pages.evidence import Subject, statements
from rskg.endpoint.pages.visit import Visit, Visiting
from rskg.endpoint.pages.words import tail
from rskg.endpoint.problems import NOT_FOUND, PARAMETER, Problem
from rskg.namespaces import thing
from rskg.syntax import SOLUTION_FORMATS
from rskg.world import HEIGHT, WIDTH, world

router = APIRouter()
MOST_ROWS = 50
#: In an address: the countries of which an indicator says nothing.
UNKNOWN = "unknown"
DOWNLOADS = tuple((form.name, form.media_type) for form in SOLUTION_FORMATS)
#: Of how many revisions the sites, and of how many indicators the values are kept.
KEPT, KEPT_INDICATORS = 2, 100


@dataclass(frozen=True)
class Asked:
    """What an address asks of the map: slugs as given, and what they stand for."""

    given: dict[str, str]
    wanted: Chosen
    measured: Measured | None


class Atlas:
    """The sites and indicators that were asked for last, by revision."""

    def __init__(self) -> None:
        self._sites: Kept[Sites] = Kept(KEPT)
        self._indicators: Kept[dict[str, Indicator]] = Kept(KEPT)
        self._measured: Kept[Measured] = Kept(KEPT_INDICATORS)

    async def sites(self, visit: Visit) -> Sites:
        """The sites of a visit's revision."""
        return await self._sites.of((visit.revision,), lambda: read(visit))

    async def indicators(self, visit: Visit) -> dict[str, Indicator]:
        """The indicators of a visit's revision."""

        async def make() -> dict[str, Indicator]:
            return dict(await indicators(visit))

        return await self._indicators.of((visit.revision,), make)

    async def measured(self, visit: Visit, indicator: Indicator) -> Measured:
        """The values of one of them."""
        key = (visit.revision, indicator.key)
        return await self._measured.of(key, lambda: measured(visit, indicator))


@router.get("/map", summary="The sites on a map, by commodity, stage and country")
async def map_page(request: Request, visit: Visiting) -> Response:
    """HTML page; the same sites as CSV, TSV, JSON, XML, Arrow or Parquet by Accept or `format=`.

    `commodity`, `stage`, `country` by their slugs; `indicator` of the countries, and `band`, the
    number of one of its classes or `unknown`; `site` opens a card; `picture=no` draws nothing,
    `picture=colours` says how countries are coloured and draws nothing.
    """
    form = chosen(request, (PAGE, *SOLUTION_FORMATS))
    atlas: Atlas = request.app.state.atlas
    sites, offered = await asyncio.gather(atlas.sites(visit), atlas.indicators(visit))
    asked = await _asked(request, visit, sites, offered)
    by = asked.measured.indicator if asked.measured else None
    text = sparql(visit.queries["map-rows"], asked.wanted, by)
    if not is_page(form):
        return await visit.document(Ask(text, form.media_type), form)
    found = sites.chosen(asked.wanted)
    part = window(request) or Window(MOST_ROWS, 0)
    part = Window(min(part.limit, MOST_ROWS), part.offset)
    opened = asked.given.get("site", "")
    drawn = request.query_params.get("picture", "")
    return visit.page(
        "map.html",
        sites=sites,
        indicators=_grouped(offered),
        given=asked.given,
        measured=asked.measured,
        found=found,
        placed=[site for site in found if site.place],
        rows=found[part.offset : part.offset + part.limit],
        first_row=part.offset + 1,
        parts_of=part.links(request, len(found)),
        card=await card_of(visit, _known(sites, opened)) if opened else None,
        datasets=await _datasets(visit, asked.measured),
        world=world(),
        marks=() if drawn else sites.marks(found),
        drawn=drawn,
        told_bands=_bands_of(asked.measured, sites),
        width=WIDTH,
        height=HEIGHT,
        arguments=urlencode({k: v for k, v in asked.given.items() if k != "site"}),
        address=str(request.base_url) + "map",
        sparql=text,
        downloads=DOWNLOADS,
    )


@router.get("/map/evidence", summary="The statements behind the sites on a map")
async def behind_map(request: Request, visit: Visiting) -> Response:
    """Of each site that the address asks for, or of `site` alone: who states it, and whence."""
    atlas: Atlas = request.app.state.atlas
    sites, offered = await asyncio.gather(atlas.sites(visit), atlas.indicators(visit))
    asked = await _asked(request, visit, sites, offered)
    by = asked.measured.indicator if asked.measured else None
    text = visit.queries["map-rows"]
    if slug := asked.given.get("site"):
        text = text.replace("#CHOSEN#\n", f"      VALUES ?site {{ <{_known(sites, slug).iri}> }}\n")
    page = "?".join(filter(None, ("/map", urlencode(asked.given))))
    title = translated("Map", language_of(request))
    return await statements(visit, Subject(sparql(text, asked.wanted, by), title, page))


@router.get("/map/sites", summary="Every site with a place, a list a column (JSON)")
async def map_sites(request: Request, visit: Visiting) -> Response:
    """What the page draws: places on its sheet, names, commodities, stages, countries."""
    atlas: Atlas = request.app.state.atlas
    body = (await atlas.sites(visit)).document
    headers = visit.headers(digest(body))
    if visit.holds(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


@router.get("/map/sites/{slug}", summary="The card of a site on the map (HTML)")
async def map_card(request: Request, visit: Visiting, slug: str) -> Response:
    """A fragment of a page: name, what it yields, its stage, its owners, who says so."""
    atlas: Atlas = request.app.state.atlas
    sites, offered = await asyncio.gather(atlas.sites(visit), atlas.indicators(visit))
    asked = await _asked(request, visit, sites, offered)
    card = await card_of(visit, _known(sites, slug))
    return visit.page("map-card.html", card=card, measured=asked.measured)


def _known(sites: Sites, slug: str) -> Site:
    found = sites.by_slug.get(slug)
    if found is None:
        raise Problem(NOT_FOUND, f"There is no site called {slug} on the map.")
    return found


async def _asked(
    request: Request, visit: Visit, sites: Sites, offered: dict[str, Indicator]
) -> Asked:
    """What the address asks; raises a Problem for a slug that isn't offered."""
    names = ("commodity", "stage", "country", "indicator", "band", "site")
    given = {n: v for n in names if (v := request.query_params.get(n, "").strip())}
    known = {
        "commodity": sites.commodities,
        "stage": sites.stages,
        "country": sites.by_country,
    }
    iris = {}
    for name, iri_of in known.items():
        slug = given.get(name, "")
        iris[name] = thing(name, slug) if slug else ""
        if slug and iris[name] not in iri_of:
            raise _refused(name, slug)
    told = None
    countries = None
    if key := given.get("indicator"):
        if key not in offered:
            raise _refused("indicator", key)
        atlas: Atlas = request.app.state.atlas
        told = await atlas.measured(visit, offered[key])
        countries = _of_band(told, given.get("band", ""), sites)
    else:
        given.pop("band", None)
    return Asked(given, Chosen(**iris, countries=countries), told)


def _of_band(told: Measured, band: str, sites: Sites) -> set[str] | None:
    if not band:
        return None
    if band == UNKNOWN:
        return told.of_band(None, sites.by_country)
    if not (band.isascii() and band.isdigit() and int(band) < len(told.bands)):
        raise _refused("band", band)
    return told.of_band(int(band), sites.by_country)


def _bands_of(told: Measured | None, sites: Sites) -> dict[str, int]:
    """The class of each country with sites, by its slug; none where nothing is known of it."""
    known = told.countries if told else {}
    bands = {tail(iri): known[iri].band for iri in sites.by_country if iri in known}
    return {slug: band for slug, band in bands.items() if band is not None}


def _refused(name: str, value: str) -> Problem:
    told = f"The map has no {name} {value!r}: the form of /map lists what there is."
    return Problem(PARAMETER, told, {"parameter": name})


def _grouped(offered: dict[str, Indicator]) -> list[tuple[str, list[Indicator]]]:
    groups: dict[str, list[Indicator]] = {}
    for one in offered.values():
        groups.setdefault(one.cube_label, []).append(one)
    return list(groups.items())


async def _datasets(visit: Visit, told: Measured | None) -> Sequence[object]:
    """The datasets that name sites, and the one of the indicator, as rows of their catalogue."""
    rows = await visit.table("datasets")
    speak = {row["dataset"].text for row in await visit.table("map-datasets")}
    wanted = speak | ({told.indicator.dataset} if told else set())
    return [row for row in rows if row["dataset"].text in wanted]
