"""The overlap of reviews -> a grid of studies by reviews: taken in, not named, or unknown."""

from __future__ import annotations

from dataclasses import dataclass

from metalocal.overlap import Overlap, Review

CELL, HEIGHT, LABELS, HEAD = 54, 22, 190, 116
_SLANT = 150.0
"""Room on the right for the head of the last column, which is written aslant."""

LISTED, NOT_NAMED, UNKNOWN = "listed", "not named", "unknown"
MEANINGS = {
    LISTED: "a source says that the review took the study in",
    NOT_NAMED: "not among the studies that sources name for the review; its list may be longer",
    UNKNOWN: "no source names any study of the review",
}
"""What a square of the grid can be."""


@dataclass(frozen=True)
class Square:
    """A study in a review; `x` and `y` are its upper left corner."""

    x: float
    y: float
    state: str
    sentence: str


@dataclass(frozen=True)
class Column:
    """A review; `x` is its middle, `name` is short enough for a head."""

    review: Review
    x: float
    name: str


@dataclass(frozen=True)
class Line:
    """A study; `y` is its middle."""

    study: str
    label: str
    y: float
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Matrix:
    """The grid: its size, reviews as columns, studies as lines."""

    width: float
    height: float
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def matrix_of(overlap: Overlap) -> Matrix:
    """Reviews whose lists are known stand first, in the order of the overlap."""
    reviews = (*overlap.known, *overlap.unknown)
    columns = tuple(
        Column(review, LABELS + CELL * (number + 0.5), review.label)
        for number, review in enumerate(reviews)
    )
    lines = tuple(_line(overlap, study, row, columns) for row, study in enumerate(overlap.studies))
    height = HEAD + HEIGHT * len(lines) + 8
    return Matrix(LABELS + CELL * len(columns) + _SLANT, float(height), columns, lines)


def state_of(review: Review, study: str) -> str:
    """What is known of a study in a review, one of `MEANINGS`."""
    if not review.listed:
        return UNKNOWN
    return LISTED if study in review.listed else NOT_NAMED


def _line(overlap: Overlap, study: str, row: int, columns: tuple[Column, ...]) -> Line:
    y = HEAD + HEIGHT * row
    label = overlap.labels[study]
    squares = []
    for column in columns:
        state = state_of(column.review, study)
        sentence = f"{label} in {column.review.label}: {state}"
        squares.append(Square(column.x - CELL / 2, float(y), state, sentence))
    return Line(study, label, y + HEIGHT / 2, tuple(squares))
