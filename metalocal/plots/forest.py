"""A forest of ratios into a drawing: words, marks on a log axis, numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, sqrt

from metalocal.plots.checks import check_forest
from metalocal.plots.drawing import (
    INK,
    QUIET,
    SMALL,
    Drawing,
    Line,
    Mark,
    Point,
    Shape,
    Sheet,
    Text,
    arrow_head,
    square,
)
from metalocal.plots.lettering import wrapped
from metalocal.plots.page import (
    GAP,
    KEY,
    MARGIN,
    NARROWEST,
    finished,
    grouped,
    lay_axis,
    lay_footer,
    lay_group,
    lay_legend,
    lay_rule,
    lay_title,
    middle_of_line,
    noted,
    notes_of,
    verdict_legend,
    verdict_sign,
)
from metalocal.plots.records import Forest, ForestRow, PooledRow
from metalocal.plots.scales import Scale, ratio_scale
from metalocal.plots.table import (
    LEADING,
    Column,
    cell_marks,
    column,
    heading_lines,
    heading_marks,
    lefts,
    row_lines,
)
from metalocal.plots.wording import (
    effect_heading,
    effect_text,
    forest_words,
    prediction_text,
    weight_text,
)

PLOT = 230.0
"""Width of the axis, in points."""
GREATEST, LEAST, UNWEIGHED = 11.0, 3.0, 5.5
"""Sides of the squares: of the greatest weight, at least, and where no weight is known."""
DIAMOND = 5.0
"""Half the height of a diamond."""
FILLS = {"": "#1f4e79", "included": "#1f4e79", "indeterminate": "#7fa3c7", "excluded": "#c4c4c4"}
POOLED = "#b3400e"


@dataclass(frozen=True)
class Layout:
    """Where everything stands: columns with their left edges, the axis between them."""

    before: tuple[Column, ...]
    after: tuple[Column, ...]
    places_before: tuple[float, ...]
    places_after: tuple[float, ...]
    scale: Scale
    width: float

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns from left to right."""
        return (*self.before, *self.after)

    @property
    def places(self) -> tuple[float, ...]:
        """The left edge of each column."""
        return (*self.places_before[: len(self.before)], *self.places_after[: len(self.after)])


def forest_drawing(forest: Forest) -> Drawing:
    """The forest plot, as wide as its words ask for and as high as its rows.

    Raises:
        ValueError: there is nothing to draw, or a number that cannot be drawn.
    """
    check_forest(forest)
    layout, notes = layout_of(forest), notes_of(forest.rows)
    sheet = Sheet()
    lay_title(sheet, forest.title, forest.subtitle, layout.width)
    sheet.y += heading_lines(layout.columns) * LEADING
    sheet.add(*heading_marks(layout.columns, layout.places, sheet.y))
    sheet.y += 5
    lay_rule(sheet, layout.width)
    lay_body(sheet, forest, layout)
    lay_axis(sheet, layout.scale, f"{forest.measure}, {forest.outcome} (log scale)")
    lay_directions(sheet, forest, layout)
    lay_legend(sheet, verdict_legend(forest.rows))
    lay_footer(sheet, notes, forest.footer, layout.width)
    return finished(sheet, layout.width, forest.title, forest_words(forest))


def rows_of(forest: Forest) -> list[ForestRow]:
    """The rows in the order in which they are drawn."""
    return [row for _, rows in grouped(forest.rows) for row in rows]


def layout_of(forest: Forest) -> Layout:
    """Columns from the words of the rows, and the axis where they leave off."""
    rows, notes, pooled = rows_of(forest), notes_of(forest.rows), forest.pooled
    weighed = any(row.weight is not None for row in rows)
    below = ["" for _ in pooled]
    before = (
        column("Study", [*(noted(r.study, [r.note], notes) for r in rows), *below], 120),
        column("Population", [*(r.population for r in rows), *below], 150),
        column("n", [*(r.patients for r in rows), *below], 60, "end"),
    )
    effects = [*map(effect_text, rows), *map(effect_text, pooled)]
    after = (
        column(effect_heading(forest), effects, 150, bold=bool(pooled)),
        column("Weight", [*(weight_text(r) if weighed else "" for r in rows), *below], 60, "end"),
    )
    start = MARGIN + (KEY if any(row.verdict for row in rows) else 0.0)
    places_before = lefts(before, start, GAP)
    left = places_before[-1]
    scale = ratio_scale(forest, left + 3, left + 3 + PLOT)
    places_after = lefts(after, scale.right + GAP + 3, GAP)
    width = max(NARROWEST, places_after[-1] - GAP + MARGIN)
    return Layout(before, after, tuple(places_before), tuple(places_after), scale, width)


def lay_body(sheet: Sheet, forest: Forest, layout: Layout) -> None:
    """The line at 1 and the dashed line of the pooled ratio, and on top of them all rows."""
    top, behind = sheet.y, len(sheet.marks)
    heaviest = max((row.weight or 0.0 for row in forest.rows), default=0.0)
    number = 0
    for group, rows in grouped(forest.rows):
        lay_group(sheet, group, layout.scale.left)
        for row in rows:
            lay_row(sheet, row, (number, side_of(row, heaviest)), layout)
            number += 1
    if forest.pooled:
        sheet.y += 4
        lay_rule(sheet, layout.width)
    for i, pooled in enumerate(forest.pooled):
        lay_pooled(sheet, pooled, number + i, layout)
    sheet.y += 6
    one = layout.scale.at(1.0)
    lines: list[Mark] = [Line(((one, top), (one, sheet.y)), 0.8, QUIET, name="line-at-1")]
    if len(forest.pooled) == 1:
        x = layout.scale.at(forest.pooled[0].estimate)
        lines.append(Line(((x, top), (x, sheet.y)), 0.7, POOLED, True, "line-at-pooled"))
    sheet.marks[behind:behind] = lines


def side_of(row: ForestRow, heaviest: float) -> float:
    """The side of a square whose area goes with the weight."""
    if row.weight is None or not heaviest:
        return UNWEIGHED
    return max(LEAST, GREATEST * sqrt(row.weight / heaviest))


def lay_row(sheet: Sheet, row: ForestRow, place: tuple[int, float], layout: Layout) -> None:
    """One estimate: its words, its whisker, its square; `place` is its number and the side."""
    number, side = place
    baseline = sheet.y + LEADING + 2
    y = middle_of_line(baseline)
    colour = QUIET if row.verdict == "excluded" else INK
    sheet.add(*verdict_sign(row.verdict, (MARGIN + 3.5, y)))
    for each, left in zip(layout.columns, layout.places, strict=True):
        if each.width:
            sheet.add(*cell_marks(each, number, left, baseline, colour))
    for mark in whisker(row.low, row.high, y, layout.scale, number):
        sheet.add(replace(mark, colour=colour) if isinstance(mark, Line) else mark)
    corners = square((layout.scale.at(row.estimate), y), side)
    if row.low is None:
        sheet.add(Shape(corners, "#ffffff", INK, f"estimate row-{number}"))
    else:
        edge = INK if row.verdict in {"indeterminate", "excluded"} else ""
        sheet.add(Shape(corners, FILLS[row.verdict], edge, f"estimate row-{number}"))
    sheet.y += row_lines(layout.columns, number) * LEADING + 4


def whisker(
    low: float | None, high: float | None, y: float, scale: Scale, number: int
) -> list[Mark]:
    """The interval as a line, with an arrow where the axis ends before it does."""
    if low is None or high is None:
        return []
    start, end = scale.at(low), scale.at(high)
    marks: list[Mark] = [Line(((start, y), (end, y)), 1.0, name=f"interval row-{number}")]
    if low < scale.low:
        marks.append(Shape(arrow_head((start, y), -1), name=f"clipped-low row-{number}"))
    if high > scale.high:
        marks.append(Shape(arrow_head((end, y), 1), name=f"clipped-high row-{number}"))
    return marks


def lay_pooled(sheet: Sheet, pooled: PooledRow, number: int, layout: Layout) -> None:
    """A pooled ratio: its label across the columns, its diamond, below it what is predicted."""
    room = layout.places_before[-1] - MARGIN - GAP
    lines = wrapped(pooled.label, max(room, 60.0), bold=True)
    baseline = sheet.y + LEADING + 3
    for i, line in enumerate(lines):
        at = (MARGIN, baseline + i * LEADING)
        sheet.add(Text(at, line, bold=True, name=f"pooled row-{number}"))
    effect = layout.after[0]
    for i, line in enumerate(effect.cells[number]):
        at = (layout.places_after[0], baseline + i * LEADING)
        sheet.add(Text(at, line, bold=True, name=f"cell row-{number}"))
    y = middle_of_line(baseline)
    name = f"diamond row-{number}"
    fill, edge = ("#ffffff", POOLED) if pooled.printed else (POOLED, "")
    sheet.add(Shape(diamond(pooled, y, layout.scale), fill, edge, name))
    sheet.y = baseline + (max(len(lines), len(effect.cells[number])) - 1) * LEADING + 4
    if pooled.prediction_low is not None:
        lay_prediction(sheet, pooled, number, layout)


def diamond(pooled: PooledRow, y: float, scale: Scale) -> tuple[Point, ...]:
    """The interval from tip to tip, the ratio at the waist; cut off where the axis ends."""
    waist = scale.at(pooled.estimate)

    def half_height(bound: float, end: float) -> float:
        if bound == end:
            return 0.0
        return DIAMOND * log(end / bound) / log(pooled.estimate / bound)

    left = half_height(pooled.low, max(pooled.low, scale.low))
    right = half_height(pooled.high, min(pooled.high, scale.high))
    start, end = scale.at(pooled.low), scale.at(pooled.high)
    return (
        *((start, y + left), (start, y - left)),
        (waist, y - DIAMOND),
        *((end, y - right), (end, y + right)),
        (waist, y + DIAMOND),
    )


def lay_prediction(sheet: Sheet, pooled: PooledRow, number: int, layout: Layout) -> None:
    """The prediction interval as a thin bar on a line of its own."""
    baseline = sheet.y + LEADING
    y = middle_of_line(baseline)
    text = f"{pooled.level:g}% prediction interval"
    sheet.add(Text((MARGIN, baseline), text, size=SMALL, colour=QUIET, name="prediction-label"))
    at = (layout.places_after[0], baseline)
    sheet.add(Text(at, prediction_text(pooled), colour=QUIET, name="prediction-text"))
    low, high = pooled.prediction_low, pooled.prediction_high
    for mark in whisker(low, high, y, layout.scale, number):
        if isinstance(mark, Line):
            sheet.add(replace(mark, width=2.2, colour=POOLED, name=f"prediction row-{number}"))
        elif isinstance(mark, Shape):
            sheet.add(replace(mark, fill=POOLED))
    sheet.y = baseline + 4


def lay_directions(sheet: Sheet, forest: Forest, layout: Layout) -> None:
    """What a ratio below, and above, 1 favours, on either side of the line at 1."""
    one = layout.scale.at(1.0)
    left = f"← {forest.better_left}" if forest.better_left else ""
    right = f"{forest.better_right} →" if forest.better_right else ""
    if not left and not right:
        return
    room = max(60.0, min(180.0, one - MARGIN - 6)), max(60.0, min(180.0, layout.width - one - 20))
    before, after = wrapped(left, room[0]), wrapped(right, room[1])
    sheet.y += 3
    for i in range(max(len(before), len(after))):
        sheet.y += LEADING + 1
        for lines, x, anchor in ((before, one - 6, "end"), (after, one + 6, "start")):
            if i < len(lines) and lines[i]:
                sheet.add(Text((x, sheet.y), lines[i], anchor, name="direction"))
