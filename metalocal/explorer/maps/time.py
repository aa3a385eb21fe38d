"""`/maps/time`: when studies were published, or ran, and what they found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.evidence_map.records import DIRECTIONS
from metalocal.evidence_map.words import SIGNS
from metalocal.explorer.maps.asking import Choice, Filter, address, asked
from metalocal.explorer.maps.audit import audit_of
from metalocal.explorer.maps.cells import css_of, gap_map
from metalocal.explorer.maps.downloads import download
from metalocal.explorer.maps.gathering import Gathering
from metalocal.explorer.maps.timeline import SHAPES, by_period, by_publication
from metalocal.explorer.maps.years import Dated, dated_studies, directions_of
from metalocal.pages import html_page
from metalocal.pages.addresses import Link
from metalocal.render.sheets import rows_as_csv

PATH = "/maps/time"
_BY = {"publication": "year of publication", "period": "years from start to end"}
_COLUMNS = (
    "study", "label", "question", "design", "status", "direction", "published", "began", "ended",
    "open", "printed",
)  # fmt: skip


def time_routes(gathering: Gathering) -> list[BaseRoute]:
    """The page, and its table as CSV."""

    async def page(request: Request) -> Response:
        studies = await studies_in_time(gathering, request)
        chosen = asked(request, _known(studies))
        audit = await gathering.of("audit", audit_of, request)
        values = _values(studies, chosen) | {"doubted": audit.by_study}
        return html_page(request, "map_time.html", values)

    async def file(request: Request) -> Response:
        studies = await studies_in_time(gathering, request)
        chosen = asked(request, _known(studies))
        text = rows_as_csv(_COLUMNS, (_row(study) for study in _chosen(studies, chosen)))
        return download(text, "-".join(["time", *chosen.values()]), gathering.version, "csv")

    return [Route(PATH, page), Route(f"{PATH}.csv", file)]


async def studies_in_time(gathering: Gathering, request: Request) -> tuple[Dated, ...]:
    """Every study with its years and what it found."""
    held = await gathering.of("gap map", gap_map, request)
    gather = partial(dated_studies, found=directions_of(held.found))
    return await gathering.of("time", gather, request)


def _known(studies: tuple[Dated, ...]) -> dict[str, list[str]]:
    return {
        "question": list({study.question: "" for study in studies}),
        "design": list({study.design: "" for study in studies}),
        "by": list(_BY),
    }


def _chosen(studies: tuple[Dated, ...], chosen: Mapping[str, str]) -> list[Dated]:
    question, design = chosen.get("question", ""), chosen.get("design", "")
    return [s for s in studies if question in ("", s.question) and design in ("", s.design)]


def _values(studies: tuple[Dated, ...], chosen: Mapping[str, str]) -> dict[str, object]:
    by = chosen.get("by", "publication")
    shown = _chosen(studies, chosen)
    draw = by_publication if by == "publication" else by_period
    drawn = draw(shown)
    marked = {mark.study.id for lane in drawn.lanes for mark in lane.marks}
    return {
        "title": "Studies over time",
        "here": "/maps",
        "sheets": ["maps"],
        "script": "maps",
        "crumbs": [Link("Maps", "/maps")],
        "path": PATH,
        "filters": _filters(studies, chosen),
        "by": by,
        "by_words": _BY[by],
        "picture": drawn,
        "shapes": SHAPES,
        "directions": [(css_of(each), SIGNS[each], each) for each in DIRECTIONS],
        "studies": sorted(shown, key=lambda s: (s.published or (9999,), s.label)),
        "marked": len(marked),
        "unmarked": [study for study in shown if study.id not in marked],
        "files": [Link("Table (CSV)", address(f"{PATH}.csv", **chosen))],
    }


def _filters(studies: tuple[Dated, ...], chosen: Mapping[str, str]) -> list[Filter]:
    questions = {study.question: study.question_label for study in studies}
    designs = {s.design: s.design_label for s in sorted(studies, key=lambda s: s.rank)}
    named = [("question", "Question", questions), ("design", "Design", designs)]
    filters = [
        Filter(name, label, tuple(Choice(*pair) for pair in words.items()), chosen.get(name, ""))
        for name, label, words in named
    ]
    years = tuple(Choice(word, words) for word, words in _BY.items())
    return [*filters, Filter("by", "Across", years, chosen.get("by", "publication"), "")]


def _row(study: Dated) -> tuple[object, ...]:
    printed = "; ".join(f"{p.label}: {p.text} {{{p.source}:{p.line}}}" for p in study.printed)
    return (
        study.id,
        study.label,
        study.question,
        study.design,
        study.status,
        study.direction,
        " or ".join(map(str, study.published)),
        study.began or "",
        study.ended or "",
        "yes" if study.is_open else "",
        printed,
    )
