"""`/maps/overlap`: which meta-analyses share primary studies, as far as their lists are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.explorer.maps.asking import Choice, Filter, address, asked
from metalocal.explorer.maps.cells import css_of
from metalocal.explorer.maps.downloads import download
from metalocal.explorer.maps.gathering import Gathering
from metalocal.explorer.maps.matrix import MEANINGS, matrix_of, state_of
from metalocal.graph import EvidenceGraph
from metalocal.overlap import Overlap, overlaps
from metalocal.pages import html_page
from metalocal.pages.addresses import Link
from metalocal.render.overlap import as_csv

PATH = "/maps/overlap"
_BANDS = (
    ("slight", "up to 5%"),
    ("moderate", "6 to 10%"),
    ("high", "11 to 15%"),
    ("very high", "above 15%"),
)


def overlap_routes(gathering: Gathering) -> list[BaseRoute]:
    """The page, and the citation matrices as CSV."""

    async def page(request: Request) -> Response:
        found = await gathering.of("overlap", overlaps_of, request)
        chosen = asked(request, _known(found))
        return html_page(request, "map_overlap.html", _values(found, chosen))

    async def file(request: Request) -> Response:
        found = await gathering.of("overlap", overlaps_of, request)
        chosen = asked(request, _known(found))
        text = as_csv(_shown(found, chosen))
        return download(text, "-".join(["overlap", *chosen.values()]), gathering.version, "csv")

    return [Route(PATH, page), Route(f"{PATH}.csv", file)]


def overlaps_of(graph: EvidenceGraph, queries: Path) -> tuple[Overlap, ...]:
    """The overlap of each question that has a review."""
    return overlaps(graph, queries)


def _known(found: tuple[Overlap, ...]) -> dict[str, list[str]]:
    return {"question": [one.question for one in found]}


def _shown(found: tuple[Overlap, ...], chosen: Mapping[str, str]) -> list[Overlap]:
    return [one for one in found if chosen.get("question", one.question) == one.question]


def _values(found: tuple[Overlap, ...], chosen: Mapping[str, str]) -> dict[str, object]:
    questions = tuple(Choice(one.question, one.question_label) for one in found)
    return {
        "title": "Overlap of meta-analyses",
        "here": "/maps",
        "sheets": ["maps"],
        "script": "maps",
        "crumbs": [Link("Maps", "/maps")],
        "path": PATH,
        "filters": [Filter("question", "Question", questions, chosen.get("question", ""))],
        "overlaps": [(one, matrix_of(one)) for one in _shown(found, chosen)],
        "state_of": state_of,
        "css_of": css_of,
        "states": [(css_of(state), state, why) for state, why in MEANINGS.items()],
        "bands": _BANDS,
        "files": [Link("Citation matrix (CSV)", address(f"{PATH}.csv", **chosen))],
    }
