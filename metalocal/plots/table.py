"""Words into columns beside a plot: how wide they are, how many lines each row takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metalocal.plots.drawing import BODY, Mark, Text
from metalocal.plots.lettering import width_of, wrapped

LEADING = 10.5
"""From baseline to baseline within a row, in points."""


@dataclass(frozen=True)
class Column:
    """A column: its heading and cells as lines, and its width in points."""

    heading: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    width: float
    anchor: str = "start"

    def edge(self, left: float) -> float:
        """Where its text is anchored, if it starts at `left`."""
        return left + {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]


def column(
    heading: str, texts: Sequence[str], widest: float, anchor: str = "start", *, bold: bool = False
) -> Column:
    """The column as wide as it must be, up to `widest`; of no width if all cells are empty.

    `bold`: there is room for every cell in bold.
    """
    if not any(texts):
        return Column((), tuple(() for _ in texts), 0.0, anchor)
    head = tuple(wrapped(heading, widest, bold=True))
    cells = tuple(tuple(wrapped(text, widest, bold=bold)) for text in texts)
    width = max(
        *(width_of(line, BODY, True) for line in head),
        *(width_of(line, BODY, bold) for cell in cells for line in cell),
    )
    return Column(head, cells, width, anchor)


def lefts(columns: Sequence[Column], left: float, gap: float) -> list[float]:
    """Where each column starts, and last where the next thing could; an empty one takes no room."""
    places = [left]
    for each in columns:
        places.append(places[-1] + each.width + (gap if each.width else 0.0))
    return places


def cell_marks(each: Column, row: int, left: float, baseline: float, colour: str) -> list[Mark]:
    """The lines of one cell, the first on the baseline."""
    return [
        Text(
            (each.edge(left), baseline + i * LEADING),
            line,
            each.anchor,
            colour=colour,
            name=f"cell row-{row}",
        )
        for i, line in enumerate(each.cells[row])
    ]


def heading_marks(
    columns: Sequence[Column], places: Sequence[float], baseline: float
) -> list[Mark]:
    """The headings, the last line of each on the baseline."""
    return [
        Text(
            (each.edge(left), baseline - (len(each.heading) - 1 - i) * LEADING),
            line,
            each.anchor,
            bold=True,
            name="heading",
        )
        for each, left in zip(columns, places, strict=False)
        for i, line in enumerate(each.heading)
    ]


def heading_lines(columns: Sequence[Column]) -> int:
    """How many lines the tallest heading takes."""
    return max(len(each.heading) for each in columns)


def row_lines(columns: Sequence[Column], row: int) -> int:
    """How many lines the tallest cell of a row takes."""
    return max(1, *(len(each.cells[row]) for each in columns))
