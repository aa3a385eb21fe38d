"""Results of arms into a drawing: a line for each arm, what belongs together joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metalocal.plots.checks import check_arms
from metalocal.plots.drawing import (
    INK,
    QUIET,
    Drawing,
    Line,
    Mark,
    Point,
    Shape,
    Sheet,
    disc,
    square,
)
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
from metalocal.plots.records import ArmRow, ArmsPlot
from metalocal.plots.scales import Scale, linear_scale
from metalocal.plots.table import (
    LEADING,
    Column,
    cell_marks,
    column,
    heading_lines,
    heading_marks,
    lefts,
)
from metalocal.plots.wording import arm_text, arms_words

PLOT = 230.0
"""Width of the axis, in points."""
INTERVENTION, COMPARATOR, OTHER = "#1f4e79", "#d55e00", "#777777"


@dataclass(frozen=True)
class Arm:
    """All printings of one arm."""

    rows: tuple[ArmRow, ...]

    @property
    def first(self) -> ArmRow:
        """The printing that tells name, role and patients."""
        return self.rows[0]

    @property
    def text(self) -> str:
        """What is printed, each once."""
        return " or ".join(dict.fromkeys(arm_text(row) for row in self.rows))

    @property
    def patients(self) -> str:
        """The numbers of patients, each once."""
        return " or ".join(dict.fromkeys(row.patients for row in self.rows if row.patients))


@dataclass(frozen=True)
class Pair:
    """The arms of one population of one study, intervention before comparator before others."""

    arms: tuple[Arm, ...]

    @property
    def first(self) -> ArmRow:
        """The row that tells study, population and verdict."""
        return self.arms[0].first

    @property
    def rows(self) -> list[ArmRow]:
        """All printings of all arms."""
        return [row for arm in self.arms for row in arm.rows]


@dataclass(frozen=True)
class Layout:
    """Columns of pairs, of arms, and of numbers, each with its left edge; the axis."""

    of_pairs: tuple[Column, ...]
    of_arms: tuple[Column, ...]
    numbers: Column
    places: tuple[float, ...]
    scale: Scale
    width: float


def arms_drawing(plot: ArmsPlot) -> Drawing:
    """The paired plot, as wide as its words ask for and as high as its rows.

    Raises:
        ValueError: there is nothing to draw, or a number that cannot be drawn.
    """
    check_arms(plot)
    layout = layout_of(plot)
    columns = (*layout.of_pairs, *layout.of_arms, layout.numbers)
    sheet = Sheet()
    lay_title(sheet, plot.title, plot.subtitle, layout.width)
    sheet.y += heading_lines(columns) * LEADING
    sheet.add(*heading_marks(columns, layout.places, sheet.y))
    sheet.y += 5
    lay_rule(sheet, layout.width)
    lay_body(sheet, plot, layout)
    lay_axis(sheet, layout.scale, f"{plot.outcome}, {plot.measure} ({plot.unit})")
    lay_legend(sheet, role_legend(plot.rows))
    lay_legend(sheet, verdict_legend(plot.rows))
    lay_footer(sheet, notes_of(plot.rows), plot.footer, layout.width)
    return finished(sheet, layout.width, plot.title, arms_words(plot))


def pairs_of(rows: Sequence[ArmRow]) -> list[Pair]:
    """The rows of one group by study and population, and in each by arm; order as they come."""
    pairs: dict[tuple[str, str], dict[tuple[str, str], list[ArmRow]]] = {}
    for row in rows:
        arms = pairs.setdefault((row.study, row.population), {})
        arms.setdefault((row.role, row.arm), []).append(row)
    return [
        Pair(tuple(Arm(tuple(arms[key])) for key in sorted(arms, key=lambda key: rank(key[0]))))
        for arms in pairs.values()
    ]


def rank(role: str) -> int:
    """Intervention before comparator before any other role."""
    return {"intervention": 0, "comparator": 1}.get(role, 2)


def layout_of(plot: ArmsPlot) -> Layout:
    """Columns from the words of the rows, and the axis where they leave off."""
    pairs = [pair for _, rows in grouped(plot.rows) for pair in pairs_of(rows)]
    arms = [arm for pair in pairs for arm in pair.arms]
    notes = notes_of(plot.rows)
    studies = [noted(p.first.study, [r.note for r in p.rows], notes) for p in pairs]
    of_pairs = (
        column("Study", studies, 120),
        column("Population", [pair.first.population for pair in pairs], 140),
    )
    of_arms = (
        column("Arm", [arm.first.arm for arm in arms], 150),
        column("n", [arm.patients for arm in arms], 60, "end"),
    )
    heading = f"{plot.measure[:1].upper()}{plot.measure[1:]}, {plot.unit}"
    numbers = column(heading, [arm.text for arm in arms], 130)
    start = MARGIN + (KEY if any(row.verdict for row in plot.rows) else 0.0)
    places = lefts((*of_pairs, *of_arms), start, GAP)
    shown = [n for row in plot.rows for n in (row.value, row.low, row.high) if n is not None]
    scale = linear_scale(shown, plot.unit, places[-1] + 3, places[-1] + 3 + PLOT)
    places[-1] = scale.right + GAP + 3
    width = max(NARROWEST, places[-1] + numbers.width + MARGIN)
    return Layout(of_pairs, of_arms, numbers, tuple(places), scale, width)


def lay_body(sheet: Sheet, plot: ArmsPlot, layout: Layout) -> None:
    """Faint lines at the ticks, and on top of them all pairs."""
    top, behind, pair_number, arm_number = sheet.y, len(sheet.marks), 0, 0
    for group, rows in grouped(plot.rows):
        lay_group(sheet, group, layout.scale.left)
        for pair in pairs_of(rows):
            lay_pair(sheet, pair, (pair_number, arm_number), layout)
            pair_number += 1
            arm_number += len(pair.arms)
    sheet.y += 4
    ticks = (layout.scale.at(tick) for tick in layout.scale.ticks)
    sheet.marks[behind:behind] = [
        Line(((x, top), (x, sheet.y)), 0.5, "#e3e3e3", name="grid") for x in ticks
    ]


def lay_pair(sheet: Sheet, pair: Pair, numbers: tuple[int, int], layout: Layout) -> None:
    """The words of a study, a line for each arm; `numbers` of this pair and of its first arm."""
    number, arm_number = numbers
    top = sheet.y
    baseline = top + LEADING + 2
    colour = QUIET if pair.first.verdict == "excluded" else INK
    sheet.add(*verdict_sign(pair.first.verdict, (MARGIN + 3.5, middle_of_line(baseline))))
    for each, left in zip(layout.of_pairs, layout.places, strict=False):
        if each.width:
            sheet.add(*cell_marks(each, number, left, baseline, colour))
    behind, heights = len(sheet.marks), []
    for i, arm in enumerate(pair.arms):
        heights.append(middle_of_line(sheet.y + LEADING + 2))
        lay_arm(sheet, arm, arm_number + i, layout)
    sheet.marks[behind:behind] = joints(pair, heights, layout.scale)
    lines = max(1, *(len(each.cells[number]) for each in layout.of_pairs))
    sheet.y = max(sheet.y, top + lines * LEADING) + 6


def lay_arm(sheet: Sheet, arm: Arm, number: int, layout: Layout) -> None:
    """The words of an arm, and a mark with its interval for each printing."""
    baseline = sheet.y + LEADING + 2
    y = middle_of_line(baseline)
    columns = (*layout.of_arms, layout.numbers)
    colour = QUIET if arm.first.verdict == "excluded" else INK
    for each, left in zip(columns, layout.places[len(layout.of_pairs) :], strict=True):
        if each.width:
            sheet.add(*cell_marks(each, number, left, baseline, colour))
    for row in arm.rows:
        if row.low is not None and row.high is not None:
            ends = (layout.scale.at(row.low), y), (layout.scale.at(row.high), y)
            sheet.add(Line(ends, 1.0, name=f"interval arm-{number}"))
        if row.value is not None:
            centre = (layout.scale.at(row.value), y)
            sheet.add(role_mark(row.role, centre, f"value arm-{number}"))
    sheet.y += max(1, *(len(each.cells[number]) for each in columns)) * LEADING + 1.5


def joints(pair: Pair, heights: Sequence[float], scale: Scale) -> list[Mark]:
    """A thin line from each printing of the first arm to each printing of each other arm."""

    def places(arm: Arm, y: float) -> list[Point]:
        values = dict.fromkeys(row.value for row in arm.rows if row.value is not None)
        return [(scale.at(value), y) for value in values]

    return [
        Line((start, end), 0.9, "#8c8c8c", name="joint")
        for arm, y in list(zip(pair.arms, heights, strict=True))[1:]
        for start in places(pair.arms[0], heights[0])
        for end in places(arm, y)
    ]


def role_mark(role: str, centre: Point, name: str) -> Shape:
    """A full disc for the intervention, an open square for the comparator, grey for the rest."""
    if role == "intervention":
        return Shape(disc(centre, 3.4), INTERVENTION, INTERVENTION, name)
    if role == "comparator":
        return Shape(square(centre, 6.0), "#ffffff", COMPARATOR, name)
    return Shape(disc(centre, 3.0), OTHER, OTHER, name)


def role_legend(rows: Sequence[ArmRow]) -> list[tuple[list[Mark], str]]:
    """The marks of the roles that occur; roles other than the two share a mark."""
    roles = sorted(dict.fromkeys(row.role for row in rows), key=rank)
    named = dict.fromkeys(role if rank(role) < 2 else "another arm" for role in roles)
    return [([role_mark(role, (0.0, 0.0), "")], role) for role in named]
