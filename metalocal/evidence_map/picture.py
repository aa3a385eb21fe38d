"""The map as SVG: a panel for each question, a tile for each cell, numbers in every tile.

What colour tells is told by number or outline as well; fills and bars differ in lightness too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from textwrap import wrap
from xml.sax.saxutils import escape

from metalocal.answers.directions import AGAINST, FAVOURS, MIXED, NO_DIFFERENCE
from metalocal.evidence_map.records import (
    ABSOLUTE,
    DIRECTIONS,
    GAPS,
    NOT_ESTIMABLE,
    SYNTHESISED,
    THIN,
    UNSYNTHESISED,
    Cell,
    EvidenceMap,
    Panel,
)
from metalocal.evidence_map.words import (
    KEY,
    MIX_KEY,
    SIGNS,
    TITLE,
    indirect_words,
    marks_of,
    sentence_of,
    summary_of,
)

FILLS = {ABSOLUTE: "#ffffff", THIN: "#eeeeee", UNSYNTHESISED: "#fdebb3", SYNTHESISED: "#c5e3d6"}
BARS = {
    FAVOURS: ("#00558c", "#ffffff"),
    NO_DIFFERENCE: ("#9aa3ab", "#111111"),
    AGAINST: ("#d55e00", "#111111"),
    MIXED: ("#e6a9cb", "#111111"),
    NOT_ESTIMABLE: ("#ffffff", "#111111"),
}
"""Fill and letter colours of directions, told apart in the common forms of colour blindness."""

_TILE_W, _TILE_H, _LABELS, _HEAD = 116, 44, 148, 54
_GAP, _MARGIN, _LEGEND, _TOP = 36, 28, 190, 102
_FONT = "font-family='Helvetica, Arial, DejaVu Sans, sans-serif'"


def as_svg(found: EvidenceMap, notice: str) -> str:
    """The map as one SVG, two panels side by side where there are more than one."""
    columns = min(2, len(found.panels))
    panel_w = _LABELS + _TILE_W * len(found.axes.subtypes)
    width = max(columns * panel_w + (columns - 1) * _GAP, 800) + 2 * _MARGIN
    heights = [_HEAD + _TILE_H * len(panel.patterns) + _GAP for panel in found.panels]
    rows = [max(heights[i : i + columns]) for i in range(0, len(heights), columns)]
    tops = [_TOP, *accumulate(rows, initial=_TOP)][1:]
    height = tops[-1] + _LEGEND
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}'"
        f" height='{height}' role='img' aria-labelledby='map-title map-desc' {_FONT}>",
        f"<title id='map-title'>{escape(TITLE)}</title>",
        f"<desc id='map-desc'>{escape(_description(found, notice))}</desc>",
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>",
        _text(_MARGIN, 34, TITLE, size=20, bold=True),
    ]
    for number, said in enumerate((*summary_of(found).split(". "), notice.rstrip("."))):
        parts.append(_text(_MARGIN, 52 + 16 * number, f"{said}.", size=12, colour="#444444"))
    for number, panel in enumerate(found.panels):
        x = _MARGIN + (number % columns) * (panel_w + _GAP)
        parts += _panel(found, panel, x, tops[number // columns])
    parts += _legend(_MARGIN, tops[-1], width)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _description(found: EvidenceMap, notice: str) -> str:
    panels = ", ".join(panel.label for panel in found.panels)
    return f"Rows: metastatic pattern; columns: subtype; panels: {panels}. {KEY} {notice}"


def _text(  # noqa: PLR0913  (each is an attribute of the text)
    x: float,
    y: float,
    text: str,
    *,
    size: float = 11,
    bold: bool = False,
    anchor: str = "start",
    colour: str = "#111111",
) -> str:
    weight = " font-weight='bold'" if bold else ""
    return (
        f"<text x='{x:g}' y='{y:g}' font-size='{size:g}' text-anchor='{anchor}' fill='{colour}'"
        f"{weight}>{escape(text)}</text>"
    )


def _panel(found: EvidenceMap, panel: Panel, x: float, y: float) -> Iterator[str]:
    yield _text(x, y + 14, panel.label[:1].upper() + panel.label[1:], size=15, bold=True)
    yield _text(x, y + 30, f"bars: {panel.family}", size=10.5, colour="#444444")
    for column, subtype in enumerate(found.axes.subtypes):
        middle = x + _LABELS + (column + 0.5) * _TILE_W
        yield _text(middle, y + _HEAD - 6, subtype.label, bold=True, anchor="middle")
    for row, pattern in enumerate(panel.patterns):
        top = y + _HEAD + row * _TILE_H
        label = _text(x + _LABELS - 8, top + _TILE_H / 2 + 4, pattern.label, anchor="end")
        yield f"<g><title>{escape(pattern.definition)}</title>{label}</g>"
        for column, subtype in enumerate(found.axes.subtypes):
            left = x + _LABELS + column * _TILE_W
            yield _tile(panel, panel.cell(pattern.id, subtype.id), left, top)


def _tile(panel: Panel, cell: Cell, x: float, y: float) -> str:
    parts = [f"<g><title>{escape(sentence_of(panel, cell))}</title>", _ground(cell.gap, x, y)]
    strong = bool(cell.direct)
    number = str(len(cell.direct))
    colour = "#111111" if strong else "#666666"
    parts.append(_text(x + 9, y + 21, number, size=17, bold=strong, colour=colour))
    parts.append(_text(x + 38, y + 15, marks_of(cell), size=10.5, bold=True))
    parts.append(_text(x + 38, y + 27, indirect_words(cell), size=9.5, colour="#333333"))
    return "".join([*parts, *_bar(cell, x + 8, y + _TILE_H - 14), "</g>"])


def _ground(gap: str, x: float, y: float) -> str:
    dashed = " stroke-dasharray='4 3'" if gap == ABSOLUTE else ""
    edge = {ABSOLUTE: "#111111", THIN: "#c8c8c8"}.get(gap, "#7a7a7a")
    return (
        f"<rect x='{x + 1.5:g}' y='{y + 1.5:g}' width='{_TILE_W - 3}' height='{_TILE_H - 3}' rx='3'"
        f" fill='{FILLS[gap]}' stroke='{edge}'{dashed}/>"
    )


def _bar(cell: Cell, x: float, y: float) -> Iterator[str]:
    """Counts of comparisons by direction as lengths; each is wide enough for its number."""
    shown = [(d, cell.mix[d]) for d in DIRECTIONS if cell.mix[d]]
    total = sum(count for _, count in shown)
    least = 18.0
    spare = _TILE_W - 16 - least * len(shown)
    for direction, count in shown:
        width = least + spare * count / total
        yield _segment(direction, f"{count}{SIGNS[direction]}", x, y, width)
        x += width


def _segment(direction: str, text: str, x: float, y: float, width: float) -> str:
    fill, letters = BARS[direction]
    box = (
        f"<rect x='{x:.1f}' y='{y:g}' width='{width:.1f}' height='10.5' fill='{fill}'"
        " stroke='#444444' stroke-width='0.6'/>"
    )
    return box + _text(
        round(x + width / 2, 1), y + 8.6, text, size=9, anchor="middle", colour=letters, bold=True
    )


def _legend(x: float, y: float, width: float) -> Iterator[str]:
    step = (width - 2 * _MARGIN) / 4
    for number, (gap, why) in enumerate(GAPS.items()):
        left = x + number * step
        dashed = " stroke-dasharray='4 3'" if gap == ABSOLUTE else ""
        yield (
            f"<rect x='{left:g}' y='{y:g}' width='26' height='18' rx='3' fill='{FILLS[gap]}'"
            f" stroke='#444444'{dashed}/>"
        )
        yield _text(left + 34, y + 13, gap, bold=True)
        for line, words in enumerate(wrap(why, int(step / 6.2))):
            yield _text(left + 34, y + 28 + 13 * line, words, size=10.5)
    left = x
    for direction in DIRECTIONS:
        yield _segment(direction, f"n{SIGNS[direction]}", left, y + 68, 26)
        yield _text(left + 34, y + 77, direction)
        left += 60 + 6.2 * len(direction)
    lines = wrap(f"{KEY} {MIX_KEY}", int((width - 2 * _MARGIN) / 6.1))
    for line, words in enumerate(lines):
        yield _text(x, y + 102 + 15 * line, words)
