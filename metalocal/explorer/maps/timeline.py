"""Studies in time -> where their marks stand in a picture: lanes by question, years across."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metalocal.evidence_map.words import SIGNS
from metalocal.explorer.maps.cells import css_of
from metalocal.explorer.maps.years import Dated

ROW, LANE, LABELS, TOP = 16, 12, 176, 26
"""Height of a row of marks, space of a lane, width of its label, height of the axis."""

_WIDEST_YEAR, _YEARS_WIDTH = 17, 800

SHAPES = {
    "synthesis": ("meta-analysis, systematic review", "M0-8 8 0 0 8-8 0Z"),
    "randomised": ("randomised trial", "M-6.5-6.5H6.5V6.5H-6.5Z"),
    "prospective": ("prospective, single arm or cohort", "M0-7.5 7.5 6H-7.5Z"),
    "large": ("registry, matched or pooled patients", "M-3.5-7H3.5L7.2 0 3.5 7H-3.5L-7.2 0Z"),
    "looking-back": ("retrospective cohort, case series", "M0-6.8a6.8 6.8 0 1 1-.01 0Z"),
    "not-stated": ("design not stated", "M0-6.8a6.8 6.8 0 1 1-.01 0Z"),
    "other": ("narrative review, consensus, animals", "M-6.5-6.5H6.5L0 7Z"),
}
"""For each kind of design, its words and its outline about the point 0,0."""

_BY_RANK = ("synthesis", "randomised", "", "prospective", "large", "looking-back", "looking-back")


@dataclass(frozen=True)
class Axis:
    """The years across; each is `step` wide."""

    first: int
    last: int
    step: float

    def x(self, year: int) -> float:
        """The middle of a year."""
        return round(LABELS + self.step * (year - self.first + 0.5), 1)


@dataclass(frozen=True)
class Mark:
    """A study at a point; `width` is the length of its bar to the right, 0 for a mere point."""

    study: Dated
    x: float
    y: float
    shape: str
    css: str
    sign: str
    sentence: str
    width: float = 0.0


@dataclass(frozen=True)
class Lane:
    """The studies of a question: its label, where it begins, how high it is."""

    question: str
    label: str
    y: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Timeline:
    """The picture: its size, the years of the axis with where they stand, and the lanes."""

    width: float
    height: float
    years: tuple[tuple[int, float], ...]
    lanes: tuple[Lane, ...]


def shape_of(study: Dated) -> str:
    """The kind of its design, a key of `SHAPES`."""
    if study.design == "design_not_stated":
        return "not-stated"
    return _BY_RANK[study.rank] if study.rank < len(_BY_RANK) else "other"


def sentence_of(study: Dated) -> str:
    """A study in one line, for those who cannot see its mark."""
    parts = [study.design_label]
    if study.published:
        parts.append(f"published {' or '.join(map(str, study.published))}")
    if study.began:
        until = "open" if study.is_open else str(study.ended or "not told")
        parts.append(f"from {study.began} to {until}")
    parts.append(study.direction or "no comparison of the deciding outcomes")
    return f"{study.label}: {', '.join(parts)}"


def by_publication(studies: Iterable[Dated]) -> Timeline:
    """A mark for each study at the first year its publication is printed with."""
    placed = [(study, study.published[0]) for study in studies if study.published]
    axis = axis_of([year for _, year in placed])
    stacks: dict[tuple[str, int], int] = defaultdict(int)
    rows: dict[str, list[tuple[Dated, int, int]]] = defaultdict(list)
    for study, year in placed:
        rows[study.question].append((study, year, stacks[study.question, year]))
        stacks[study.question, year] += 1
    lanes, y = [], float(TOP)
    for question, group in rows.items():
        height = 2.5 * LANE + ROW * (1 + max(row for *_, row in group))
        floor = y + height - LANE / 2
        marks = [_mark(s, axis.x(year), floor - ROW * (row + 0.5)) for s, year, row in group]
        lanes.append(Lane(question, group[0][0].question_label, y, height, tuple(marks)))
        y += height
    return _timeline(axis, y, lanes)


def by_period(studies: Iterable[Dated]) -> Timeline:
    """A bar for each study, from the year it began to the year it ended."""
    placed = [study for study in studies if study.began]
    axis = axis_of([year for study in placed for year in (study.began, study.ended) if year])
    rows: dict[str, list[Dated]] = defaultdict(list)
    for study in placed:
        rows[study.question].append(study)
    lanes, y = [], float(TOP)
    for question, group in rows.items():
        group.sort(key=lambda study: (study.began or 0, study.label))
        top, step = y + 2 * LANE, 1.25 * ROW
        height = 2.5 * LANE + step * len(group)
        marks = [_bar(s, axis, top + step * (row + 0.5)) for row, s in enumerate(group)]
        lanes.append(Lane(question, group[0].question_label, y, height, tuple(marks)))
        y += height
    return _timeline(axis, y, lanes)


def axis_of(years: Sequence[int]) -> Axis:
    """The years from the first to the last, ten or more, as wide as they can be side by side."""
    first, last = min(years, default=2015), max(years, default=2024)
    first = min(first, last - 9)
    return Axis(first, last, min(float(_WIDEST_YEAR), _YEARS_WIDTH / (last - first + 1)))


def _mark(study: Dated, x: float, y: float, width: float = 0.0) -> Mark:
    css = css_of(study.direction) if study.direction else "nothing-compared"
    sign = SIGNS.get(study.direction, "")
    return Mark(study, x, y, shape_of(study), css, sign, sentence_of(study), round(width, 1))


def _bar(study: Dated, axis: Axis, y: float) -> Mark:
    """A bar; of a study whose end is not told, it is a point, of an open one it goes on."""
    began = study.began or axis.first
    ended = axis.last if study.is_open else study.ended or began
    return _mark(study, axis.x(began), y, axis.step * (ended - began))


def _timeline(axis: Axis, height: float, lanes: Sequence[Lane]) -> Timeline:
    every = 5 if axis.last - axis.first > 14 else 1
    years = tuple((y, axis.x(y)) for y in range(axis.first, axis.last + 1) if y % every == 0)
    width = LABELS + axis.step * (axis.last - axis.first + 1) + 8
    return Timeline(round(width, 1), height + 6, years, tuple(lanes))
