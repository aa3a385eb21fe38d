"""Marks in points from the top left corner: what the layouts make and the press prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, radians, sin

Point = tuple[float, float]

BODY = 8.5
"""Size of the letters of a row, in points."""
SMALL = 7.5
INK = "#1a1a1a"
QUIET = "#555555"
RULE = "#b3b3b3"


@dataclass(frozen=True)
class Text:
    """One line of text; `at` is on its baseline, `anchor` is start, middle or end."""

    at: Point
    text: str
    anchor: str = "start"
    size: float = BODY
    bold: bool = False
    colour: str = INK
    name: str = ""


@dataclass(frozen=True)
class Line:
    """A straight line from point to point."""

    points: tuple[Point, ...]
    width: float = 0.9
    colour: str = INK
    dashed: bool = False
    name: str = ""


@dataclass(frozen=True)
class Shape:
    """A filled polygon; an empty `edge` leaves its outline out."""

    points: tuple[Point, ...]
    fill: str = INK
    edge: str = ""
    name: str = ""


Mark = Text | Line | Shape


@dataclass(frozen=True)
class Drawing:
    """Marks on white, size in points, with a title and a text that stands in for the picture."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str
    description: str


@dataclass
class Sheet:
    """Marks as they are laid down, and how far down the sheet is filled."""

    y: float = 0.0
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Lay marks on top of those that are there."""
        self.marks.extend(marks)


def square(centre: Point, side: float) -> tuple[Point, ...]:
    """The corners of a square."""
    x, y, half = *centre, side / 2
    return (x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)


def disc(
    centre: Point, radius: float, first: float = 0.0, last: float = 360.0
) -> tuple[Point, ...]:
    """A circle, or the part of it between two angles in degrees, as 24 corners."""
    x, y = centre
    angles = [radians(first + (last - first) * i / 23) for i in range(24)]
    return tuple((x + radius * cos(a), y + radius * sin(a)) for a in angles)


def arrow_head(tip: Point, direction: int, size: float = 4.0) -> tuple[Point, ...]:
    """A triangle that points left (-1) or right (1)."""
    x, y = tip
    return (x, y), (x - direction * size, y - size * 0.6), (x - direction * size, y + size * 0.6)
