"""The cited lines of a source -> a picture of it: a square for each line, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.explorer.maps.lines import KINDS, Line

ACROSS, CELL, HEIGHT, LABELS = 40, 22, 26, 62
_SHADES = (1, 4, 14)
"""The most reports that a line of the first shades has."""


@dataclass(frozen=True)
class Square:
    """A line of the article; `shade` 0 where nothing stands on it, else 1 to 4.

    `kinds` says for each kind of `KINDS`, in their order, whether something of it stands there.
    """

    number: int
    x: float
    y: float
    count: int
    shade: int
    kinds: tuple[bool, ...]
    sentence: str


@dataclass(frozen=True)
class Row:
    """Some lines side by side, told by the first and last of them."""

    label: str
    y: float
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Strip:
    """The picture: its size and its rows."""

    width: float
    height: float
    rows: tuple[Row, ...]


def strip_of(lines: Iterable[Line]) -> Strip:
    """A square for each line from 1 to the last that is cited."""
    cited = {line.number: line for line in lines}
    last = max(cited, default=0)
    rows = []
    for number, first in enumerate(range(1, last + 1, ACROSS)):
        end = min(first + ACROSS - 1, last)
        y = float(HEIGHT * number)
        squares = (_square(n, n - first, y, cited.get(n)) for n in range(first, end + 1))
        rows.append(Row(f"{first}–{end}", y, tuple(squares)))
    return Strip(float(LABELS + CELL * ACROSS + 2), float(HEIGHT * len(rows) + 2), tuple(rows))


def shade_of(count: int) -> int:
    """How dark a line of so many reports is drawn.

    >>> [shade_of(count) for count in (0, 1, 4, 5, 15)]
    [0, 1, 2, 3, 4]
    """
    return sum(count > most for most in (0, *_SHADES))


def _square(number: int, column: int, y: float, line: Line | None) -> Square:
    x = float(LABELS + CELL * column)
    if line is None:
        return Square(number, x, y, 0, 0, (False,) * len(KINDS), f"line {number}: nothing read")
    counts = {kind: line.count(kind) for kind in KINDS}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return Square(
        number,
        x,
        y,
        len(line.read),
        shade_of(len(line.read)),
        tuple(bool(count) for count in counts.values()),
        f"line {number}: {told}",
    )
