"""`/maps`: the maps, a line and a small picture of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.explorer.maps import previews
from metalocal.explorer.maps.asking import asked
from metalocal.explorer.maps.audit import audit_of
from metalocal.explorer.maps.cells import gap_map
from metalocal.explorer.maps.gathering import Gathering
from metalocal.explorer.maps.lines import sources_of
from metalocal.explorer.maps.overlapping import overlaps_of
from metalocal.explorer.maps.previews import Box
from metalocal.explorer.maps.sources import lines_in
from metalocal.explorer.maps.time import studies_in_time
from metalocal.pages import html_page


@dataclass(frozen=True)
class Map:
    """A map: where it is, what it is called, what it tells, and what its picture shows."""

    path: str
    title: str
    line: str
    picture: str


MAPS = {
    "evidence": Map(
        "/maps/evidence",
        "Evidence gap map",
        "For each question, pattern of metastases and subtype: how many studies there are, which "
        "way they point, and where there is nothing.",
        "Cells of six questions, darker where more is known",
    ),
    "time": Map(
        "/maps/time",
        "Studies over time",
        "When studies were published or ran, of which design, and what they found.",
        "Number of studies by year of publication",
    ),
    "audit": Map(
        "/maps/audit",
        "Audit",
        "What the sources print and does not fit: the prints side by side, and what a reader "
        "should do.",
        "A square for each finding, in rows by severity",
    ),
    "overlap": Map(
        "/maps/overlap",
        "Overlap of meta-analyses",
        "Which reviews pooled the same studies, as far as their lists are known.",
        "Citation matrix of studies by reviews",
    ),
    "sources": Map(
        "/maps/sources",
        "Lines of the sources",
        "Which lines of each article are in the graph, and what was read there.",
        "Five articles from first to last line, darker where more was read",
    ),
}


def index_routes(gathering: Gathering) -> list[BaseRoute]:
    """The list of maps, and a picture for each: the list waits for none of them."""

    async def page(request: Request) -> Response:
        asked(request, {})
        values = {"title": "Maps", "here": "/maps", "sheets": ["maps"], "maps": MAPS}
        return html_page(request, "map_index.html", values)

    pictures = [Route(f"/maps/preview/{name}.svg", _picture(gathering, name)) for name in MAPS]
    return [Route("/maps", page), *pictures]


def _picture(gathering: Gathering, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        text = previews.as_svg(await _boxes(gathering, name, request))
        return Response(text, headers={"Content-Type": "image/svg+xml"})

    return respond


async def _boxes(gathering: Gathering, name: str, request: Request) -> list[Box]:
    if name == "evidence":
        held = await gathering.of("gap map", gap_map, request)
        return previews.of_gaps(held.found)
    if name == "time":
        return previews.of_years(await studies_in_time(gathering, request))
    if name == "audit":
        audit = await gathering.of("audit", audit_of, request)
        return previews.of_findings(audit.findings)
    if name == "overlap":
        return previews.of_overlap(await gathering.of("overlap", overlaps_of, request))
    sources = await gathering.of("sources", sources_of, request)
    return previews.of_lines([await lines_in(gathering, source, request) for source in sources])
