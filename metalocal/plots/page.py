"""What stands above and below every plot: title, headings, legend of verdicts, notes, footer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from metalocal.plots.drawing import (
    BODY,
    INK,
    QUIET,
    RULE,
    SMALL,
    Drawing,
    Line,
    Mark,
    Point,
    Shape,
    Sheet,
    Text,
    disc,
)
from metalocal.plots.lettering import clean, raised, width_of, wrapped
from metalocal.plots.records import VERDICTS, ArmRow, ForestRow
from metalocal.plots.scales import Scale, tick_label

MARGIN = 14.0
GAP = 13.0
"""Between columns."""
KEY = 12.0
"""Room that the sign of a verdict takes."""
NARROWEST = 430.0

Row = TypeVar("Row", ForestRow, ArmRow)


def grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows by group, groups in the order in which they first appear."""
    rows = list(rows)
    order = list(dict.fromkeys(row.group for row in rows))
    return [(group, [row for row in rows if row.group == group]) for group in order]


def notes_of(rows: Sequence[ForestRow] | Sequence[ArmRow]) -> list[str]:
    """The notes of the rows in order, each once."""
    return list(dict.fromkeys(row.note for row in rows if row.note))


def noted(name: str, notes_here: Iterable[str], notes: Sequence[str]) -> str:
    """A name with the numbers of its notes, small and raised."""
    numbers = sorted({notes.index(note) + 1 for note in notes_here if note})
    return name + " ".join(raised(number) for number in numbers)


def lay_title(sheet: Sheet, title: str, subtitle: str, width: float) -> None:
    """The title in bold, the subtitle below it."""
    sheet.y = MARGIN
    room = width - 2 * MARGIN
    for text, size, bold, colour in ((title, 11.5, True, INK), (subtitle, 9.0, False, QUIET)):
        for line in wrapped(text, room, size, bold) if text.strip() else ():
            sheet.y += size * 1.25
            name = "title" if bold else "subtitle"
            sheet.add(Text((MARGIN, sheet.y), line, "start", size, bold, colour, name))
    sheet.y += 8


def lay_rule(sheet: Sheet, width: float) -> None:
    """A line across the table."""
    points = ((MARGIN, sheet.y), (width - MARGIN, sheet.y))
    sheet.add(Line(points, 0.7, RULE, name="rule"))


def lay_group(sheet: Sheet, group: str, right: float) -> None:
    """The heading of a group, left of the marks; none where it has no name."""
    sheet.y += 6 if group.strip() else 0
    for line in wrapped(group, right - MARGIN - GAP, bold=True) if group.strip() else ():
        sheet.y += 11
        sheet.add(Text((MARGIN, sheet.y), line, bold=True, name="group"))
    sheet.y += 3 if group.strip() else 0


def lay_axis(sheet: Sheet, scale: Scale, title: str) -> None:
    """The axis, its ticks with their numbers, and what it measures."""
    sheet.add(Line(((scale.left, sheet.y), (scale.right, sheet.y)), 0.9, name="axis"))
    for tick in scale.ticks:
        x = scale.at(tick)
        sheet.add(Line(((x, sheet.y), (x, sheet.y + 3.5)), 0.9, name="tick"))
        sheet.add(Text((x, sheet.y + 12.5), tick_label(tick), "middle", name="tick-label"))
    sheet.y += 12.5
    middle = (scale.left + scale.right) / 2
    for line in wrapped(title, (scale.right - scale.left) * 1.5, SMALL):
        sheet.y += 11
        sheet.add(Text((middle, sheet.y), line, "middle", SMALL, colour=QUIET, name="axis-title"))


def verdict_sign(verdict: str, centre: Point) -> list[Mark]:
    """A disc: full where the patient is included, half where she may be, empty where excluded."""
    if not verdict:
        return []
    signs: list[Mark] = [Shape(disc(centre, 3.2), "#ffffff", INK, name=f"verdict {verdict}")]
    if verdict == "included":
        signs.append(Shape(disc(centre, 3.2), INK, name="verdict-part"))
    elif verdict == "indeterminate":
        signs.append(Shape(disc(centre, 3.2, 90, 270), INK, name="verdict-part"))
    return signs


def lay_legend(sheet: Sheet, signs: Sequence[tuple[Sequence[Mark], str]]) -> None:
    """Signs and what they mean, in a line; each sign drawn around the origin."""
    x = MARGIN
    if not signs:
        return
    sheet.y += 15
    for marks, meaning in signs:
        sheet.add(*(moved(mark, (x + 4, sheet.y - 2.7)) for mark in marks))
        sheet.add(Text((x + 12, sheet.y), meaning, size=SMALL, colour=QUIET, name="legend"))
        x += 12 + width_of(meaning, SMALL) + 14


def moved(mark: Mark, by: Point) -> Mark:
    """A shape of the legend at its place."""
    assert isinstance(mark, Shape)
    points = tuple((x + by[0], y + by[1]) for x, y in mark.points)
    return Shape(points, mark.fill, mark.edge, "legend-sign")


def verdict_legend(rows: Sequence[ForestRow] | Sequence[ArmRow]) -> list[tuple[list[Mark], str]]:
    """The signs of the verdicts that occur, in the order of VERDICTS."""
    found = {row.verdict for row in rows}
    return [
        (verdict_sign(verdict, (0.0, 0.0)), meaning)
        for verdict, meaning in VERDICTS.items()
        if verdict in found
    ]


def lay_footer(sheet: Sheet, notes: Sequence[str], footer: str, width: float) -> None:
    """The numbered notes, then the footer."""
    sheet.y += 6
    texts = [(f"{raised(number)} {note}", "note") for number, note in enumerate(notes, 1)]
    texts += [(line, "footer") for line in footer.split("\n") if line.strip()]
    for kind, lines in groupby(texts, key=lambda text: text[1]):
        sheet.y += 3
        for text, _ in lines:
            for line in wrapped(text, width - 2 * MARGIN, SMALL):
                sheet.y += SMALL * 1.3
                at = (MARGIN, sheet.y)
                sheet.add(Text(at, line, size=SMALL, colour=QUIET, name=kind))


def finished(sheet: Sheet, width: float, title: str, description: str) -> Drawing:
    """The sheet, cut below its last line; its words rid of characters that do not print."""
    title, words = clean(title), "\n".join(clean(line) for line in description.split("\n"))
    size = round(width, 1), round(sheet.y + MARGIN, 1)
    return Drawing(*size, tuple(sheet.marks), title, words)


def middle_of_line(baseline: float) -> float:
    """Half the height of a small letter above the baseline, where marks stand."""
    return baseline - BODY * 0.34
