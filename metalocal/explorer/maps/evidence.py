"""`/maps/evidence`: the evidence gap map as page, and as CSV, JSON and SVG."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.answers import NOTICE
from metalocal.endpoint.refusal import RefusedError
from metalocal.evidence_map import EvidenceMap
from metalocal.evidence_map.axes import AxisValue
from metalocal.evidence_map.data import as_csv, as_json
from metalocal.evidence_map.picture import as_svg
from metalocal.evidence_map.records import DIRECTIONS, GAPS, Panel
from metalocal.evidence_map.words import KEY, MIX_KEY, SIGNS, summary_of
from metalocal.explorer.maps.asking import Choice, Filter, address, asked
from metalocal.explorer.maps.audit import audit_of
from metalocal.explorer.maps.cells import (
    GapMap,
    Tile,
    css_of,
    gap_map,
    name_of,
    narrowed,
    opened,
    tile_of,
)
from metalocal.explorer.maps.downloads import download
from metalocal.explorer.maps.gathering import Gathering
from metalocal.pages import html_page
from metalocal.pages.addresses import Link

PATH = "/maps/evidence"
_FILES = {"csv": "Cells (CSV)", "studies.csv": "Studies (CSV)", "json": "JSON", "svg": "Picture"}


def evidence_routes(gathering: Gathering) -> list[BaseRoute]:
    """The page, and a file for each form."""

    async def page(request: Request) -> Response:
        held = await gathering.of("gap map", gap_map, request)
        chosen = asked(request, _known(held))
        audit = await gathering.of("audit", audit_of, request)
        values = _values(held, chosen) | {"doubted": audit.by_study}
        return html_page(request, "map_evidence.html", values)

    files = [Route(f"{PATH}.{form}", _file(gathering, form)) for form in _FILES]
    return [Route(PATH, page), *files]


def _file(gathering: Gathering, form: str) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        held = await gathering.of("gap map", gap_map, request)
        known = _known(held)
        chosen = asked(request, {name: known[name] for name in ("question", "design")})
        studies = ["studies"] if form.startswith("studies") else []
        name = "-".join(["evidence-map", *studies, *chosen.values()])
        text = await to_thread.run_sync(_written, narrowed(held, **chosen), form)
        return download(text, name, gathering.version, form.rpartition(".")[2])

    return respond


def _written(shown: EvidenceMap, form: str) -> str:
    if form == "json":
        return as_json(shown, NOTICE)
    if form == "svg":
        return as_svg(shown, NOTICE)
    return as_csv(shown, studies=form == "studies.csv")


def _known(held: GapMap) -> dict[str, list[str]]:
    """The words of each filter."""
    panels = held.found.panels
    return {
        "question": [panel.question for panel in panels],
        "design": list(_designs(held)),
        "cell": [name_of(panel, cell) for panel in panels for cell in panel.cells],
    }


def _designs(held: GapMap) -> dict[str, str]:
    """Designs of which a study stands in the map."""
    there = {e.design for p in held.found.panels for c in p.cells for e in c.entries}
    return {word: label for word, label in held.designs.items() if label in there}


def _values(held: GapMap, chosen: Mapping[str, str]) -> dict[str, object]:
    question, design, cell = (chosen.get(name, "") for name in ("question", "design", "cell"))
    if question and cell and not cell.startswith(f"{question}-"):
        text = f"cell={cell} is no cell of the question {question}; leave question out."
        raise RefusedError(400, text)
    of_cell = question or cell.partition("-")[0]
    shown = narrowed(held, of_cell, design)
    return {
        "title": "Evidence gap map",
        "here": "/maps",
        "sheets": ["maps"],
        "script": "maps",
        "crumbs": [Link("Maps", "/maps")],
        "filters": _filters(held, of_cell, design),
        "path": PATH,
        "chosen": {"question": question, "design": design},
        "design": held.designs.get(design, ""),
        "summary": summary_of(shown),
        "subtypes": shown.axes.subtypes,
        "panels": [(panel, _rows(panel)) for panel in shown.panels],
        "opened": opened(held, shown, cell) if cell else None,
        "gaps": [(css_of(gap), gap, why) for gap, why in GAPS.items()],
        "directions": [(css_of(each), SIGNS[each], each) for each in DIRECTIONS],
        "key": KEY,
        "mix_key": MIX_KEY,
        "address": address,
        "signs": SIGNS,
        "css_of": css_of,
        "files": [
            Link(words, address(f"{PATH}.{form}", question=question, design=design))
            for form, words in _FILES.items()
        ],
    }


def _rows(panel: Panel) -> list[tuple[AxisValue, list[Tile]]]:
    """For each pattern, its tiles in the order of the subtypes."""
    return [
        (pattern, [tile_of(panel, cell) for cell in panel.cells if cell.pattern == pattern])
        for pattern in panel.patterns
    ]


def _filters(held: GapMap, question: str, design: str) -> list[Filter]:
    questions = tuple(Choice(panel.question, panel.label) for panel in held.found.panels)
    designs = tuple(Choice(word, label) for word, label in _designs(held).items())
    return [
        Filter("question", "Question", questions, question),
        Filter("design", "Design", designs, design),
    ]
