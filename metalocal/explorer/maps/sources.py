"""`/maps/sources` and `/maps/source/<id>`: which lines of the articles are in the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graph_builder.problems import closest
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.maps.asking import Choice, Filter, address, asked
from metalocal.explorer.maps.downloads import download
from metalocal.explorer.maps.gathering import Gathering
from metalocal.explorer.maps.lines import KINDS, Line, Read, Source, lines_of, places_of, sources_of
from metalocal.explorer.maps.strip import strip_of
from metalocal.pages import html_page
from metalocal.pages.addresses import Link, iri_of
from metalocal.render.sheets import rows_as_csv

PATH = "/maps/source"
_COLUMNS = ("line", "place", "kind", "of", "item", "printed", "our_words", "report")
_WIDEST = 2_000
_MOST_ROWS = 500


@dataclass(frozen=True)
class Range:
    """Lines asked for, the first and the last of them."""

    first: int
    last: int

    @property
    def words(self) -> str:
        """Such as "line 85" or "lines 80 to 90"."""
        one = self.first == self.last
        return f"line {self.first}" if one else f"lines {self.first} to {self.last}"


def source_routes(gathering: Gathering) -> list[BaseRoute]:
    """The list of sources, and a page for each."""

    async def listing(request: Request) -> Response:
        asked(request, {})
        held = await gathering.of("sources", sources_of, request)
        told = [(source, await lines_in(gathering, source.id, request)) for source in held.values()]
        return html_page(request, "map_sources.html", _list_values(told))

    async def page(request: Request) -> Response:
        source, lines, chosen = await _asked(gathering, request)
        return html_page(request, "map_source.html", _values(source, lines, chosen))

    async def file(request: Request) -> Response:
        source, lines, chosen = await _asked(gathering, request)
        text = rows_as_csv(_COLUMNS, (_row(one) for one in _read(lines, chosen)))
        return download(text, f"lines-{source.id}", gathering.version, "csv")

    return [
        Route("/maps/sources", listing),
        Route(f"{PATH}/{{id}}.csv", file),
        Route(f"{PATH}/{{id}}", page),
    ]


async def _asked(
    gathering: Gathering, request: Request
) -> tuple[Source, tuple[Line, ...], dict[str, str]]:
    """The source of the path, its cited lines, and what the query string chooses of them."""
    held = await gathering.of("sources", sources_of, request)
    name = request.path_params["id"]
    if name not in held:
        raise RefusedError(404, f"There is no source of this name: {closest(name, held)}")
    chosen = asked(request, {"kind": list(KINDS)}, ("line", "from", "to"))
    return held[name], await lines_in(gathering, name, request), chosen


async def lines_in(gathering: Gathering, source: str, request: Request) -> tuple[Line, ...]:
    """The cited lines of a source, by its word."""
    gather = partial(lines_of, source=source)
    return await gathering.of(f"lines of {source}", gather, request)


def range_of(chosen: Mapping[str, str]) -> Range | None:
    """The lines that are asked for; None where none are.

    Raises:
        RefusedError: 400, a range that ends before it begins or is too wide.
    """
    if "line" in chosen:
        if "from" in chosen or "to" in chosen:
            raise RefusedError(400, "Give one line, or from and to, not both.")
        return Range(int(chosen["line"]), int(chosen["line"]))
    if "from" not in chosen and "to" not in chosen:
        return None
    first = int(chosen.get("from", chosen.get("to", "1")))
    last = int(chosen.get("to", first))
    if last < first or last - first >= _WIDEST:
        raise RefusedError(
            400, f"from={first}, to={last} is no range of at most {_WIDEST} lines; correct it."
        )
    return Range(first, last)


def _list_values(told: Sequence[tuple[Source, tuple[Line, ...]]]) -> dict[str, object]:
    return {
        "title": "Lines of the sources",
        "here": "/maps",
        "sheets": ["maps"],
        "crumbs": [Link("Maps", "/maps")],
        "sources": [(source, _counts(lines)) for source, lines in told],
        "kinds": KINDS,
    }


def _counts(lines: Sequence[Line]) -> dict[str, int]:
    """Cited lines, the last of them, and what was read by kind."""
    last = lines[-1].number if lines else 0
    kinds = {kind: sum(line.count(kind) for line in lines) for kind in KINDS}
    share = round(100 * len(lines) / last) if last else 0
    return {"cited": len(lines), "last": last, "share": share, **kinds}


def _values(source: Source, lines: Sequence[Line], chosen: Mapping[str, str]) -> dict[str, object]:
    asked_range, kind = range_of(chosen), chosen.get("kind", "")
    read = _read(lines, chosen) if asked_range else []
    kinds = tuple(Choice(word, word) for word in KINDS)
    return {
        "title": f"{source.label}: lines in the graph",
        "here": "/maps",
        "sheets": ["maps"],
        "script": "maps",
        "crumbs": [Link("Maps", "/maps"), Link("Sources", "/maps/sources")],
        "path": f"{PATH}/{source.id}",
        "source": source,
        "counts": _counts(lines),
        "kinds": KINDS,
        "kind_filter": Filter("kind", "Kind", kinds, kind),
        "picture": strip_of(lines),
        "range": asked_range,
        "read": read[:_MOST_ROWS],
        "count": len(read),
        "beside": _beside(lines, asked_range),
        "places": places_of(lines),
        "files": [Link("These lines (CSV)", address(f"{PATH}/{source.id}.csv", **chosen))],
    }


def _read(lines: Sequence[Line], chosen: Mapping[str, str]) -> list[Read]:
    """What was read from the lines asked for, of the kind asked for; from all where none is."""
    asked_range, kind = range_of(chosen), chosen.get("kind", "")
    return [
        one
        for line in lines
        if asked_range is None or asked_range.first <= line.number <= asked_range.last
        for one in line.read
        if kind in ("", one.kind)
    ]


def _row(one: Read) -> tuple[object, ...]:
    words = "yes" if one.is_wording else ""
    report = iri_of(one.report_path)
    return (one.line, one.place, one.kind, one.owner, one.item, one.printed, words, report)


def _beside(lines: Sequence[Line], asked_range: Range | None) -> tuple[int | None, int | None]:
    """The cited lines just before and just after a range."""
    if asked_range is None:
        return None, None
    before = [line.number for line in lines if line.number < asked_range.first]
    after = [line.number for line in lines if line.number > asked_range.last]
    return (before[-1] if before else None), (after[0] if after else None)
