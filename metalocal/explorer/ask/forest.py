"""The ratios of a question -> forest plots as plain geometry: places in units of the picture.

Reports of one estimate that differ are marks of one band, each drawn and printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from metalocal.answers import QuestionAnswer
from metalocal.explorer.ask.desk import Places
from metalocal.pages.addresses import Link, path_of
from metalocal.plots import Forest, ForestRow
from metalocal.plots.scales import Scale, ratio_scale, tick_label
from metalocal.plots.wording import effect_heading, effect_text, forest_words
from metalocal.render.figures import Found, forests, printings
from metalocal.render.words import capital

WIDTH, LEFT, RIGHT = 800, 286, 600
"""Of the picture, and where its axis begins and ends."""
HEADING, BAND, MARK = 24, 34, 16
"""Heights: of a heading, of a band with one mark, of each further mark."""
TOP, BELOW = 26, 44
"""Room for the heading of the columns, and for the axis and its words."""
LETTERS = 44
"""Letters of a name that fit before the axis."""
MIDDLE = 13
"""From the top of a band to its first mark."""

Drawn = tuple[ForestRow, Found]
"""A row of the plot and what it was made of."""


@dataclass(frozen=True)
class Mark:
    """One printing of a ratio: its square at `x`, its interval from `start` to `end`."""

    y: float
    x: float
    start: float | None
    end: float | None
    cut_low: bool
    cut_high: bool
    text: str
    place: Link


@dataclass(frozen=True)
class Band:
    """An estimate with its marks; a heading alone where it has none."""

    y: float
    heading: str
    study: Link
    population: str
    cut_population: str
    patients: str
    verdict: str
    note: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Tick:
    """A tick of the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Plot:
    """A forest plot; `words` tell it all to who cannot see it."""

    id: str
    question: str
    title: str
    heading: str
    height: float
    one: float
    axis: float
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    better_left: str
    better_right: str
    words: str
    footer: str


def plots_of(question: QuestionAnswer, places: Places) -> list[Plot]:
    """The forest plots of a question, those with most ratios first."""
    found = _found(question)
    plots = [
        _plot(f"{question.code}-forest-{number}", forest, found[forest.title], places)
        for number, forest in enumerate(forests(question), 1)
    ]
    return sorted(plots, key=lambda plot: -sum(len(band.marks) for band in plot.bands))


def _found(question: QuestionAnswer) -> dict[str, list[Found]]:
    """The ratios behind each plot, by its title."""
    found: dict[str, list[Found]] = defaultdict(list)
    for row in question.rows:
        for one in row.evidence:
            if one.answering and one.is_ratio:
                title = f"{capital(row.outcome)}: {one.measure}"
                found[title] += [(row, one, report) for report in printings(one)]
    return found


def _plot(id_: str, forest: Forest, found: Sequence[Found], places: Places) -> Plot:
    scale = ratio_scale(forest, LEFT, RIGHT)
    drawn = list(zip(forest.rows, found[: len(forest.rows)], strict=True))
    bands = bands_of(drawn, Paper(scale, places))
    last = bands[-1]
    axis = last.y + BAND + MARK * (len(last.marks) - 1)
    return Plot(
        id=id_,
        question=forest.subtitle,
        title=forest.title,
        heading=effect_heading(forest),
        height=axis + BELOW,
        one=_rounded(scale.at(1.0)),
        axis=axis,
        ticks=tuple(Tick(_rounded(scale.at(tick)), tick_label(tick)) for tick in scale.ticks),
        bands=tuple(bands),
        better_left=forest.better_left,
        better_right=forest.better_right,
        words=forest_words(forest),
        footer=forest.footer,
    )


@dataclass(frozen=True)
class Paper:
    """What marks are drawn on, and where their numbers are printed."""

    scale: Scale
    places: Places


def bands_of(drawn: Sequence[Drawn], paper: Paper) -> list[Band]:
    """Headings and estimates from top to bottom; printings of one estimate share a band."""
    bands: list[Band] = []
    y, group, rest = float(TOP), "", list(drawn)
    while rest:
        first, (_, one, _) = rest[0]
        if first.group != group:
            group = first.group
            bands.append(heading_of(group, y))
            y += HEADING
        own = [each for each in rest if each[1][1].id == one.id]
        rest = [each for each in rest if each not in own]
        bands.append(_band(own, y, paper))
        y += BAND + MARK * (len(own) - 1)
    return bands


def heading_of(text: str, y: float) -> Band:
    """A band that holds a heading alone."""
    return Band(y, text, Link(""), "", "", "", "", "", ())


def _band(own: Sequence[Drawn], y: float, paper: Paper) -> Band:
    row, (evidence_row, _, _) = own[0]
    return Band(
        y=y,
        heading="",
        study=Link(row.study, path_of(evidence_row.study.id) or ""),
        population=row.population,
        cut_population=cut(row.population),
        patients=row.patients,
        verdict=row.verdict,
        note=row.note,
        marks=tuple(mark_of(each, y + MIDDLE + MARK * at, paper) for at, each in enumerate(own)),
    )


def mark_of(drawn: Drawn, y: float, paper: Paper) -> Mark:
    """One printing at the height `y`; an interval that leaves the axis is cut there."""
    row, (_, one, report) = drawn
    scale = paper.scale
    bounded = row.low is not None and row.high is not None
    return Mark(
        y=y,
        x=_rounded(scale.at(row.estimate)),
        start=_rounded(scale.at(row.low or scale.low)) if bounded else None,
        end=_rounded(scale.at(row.high or scale.high)) if bounded else None,
        cut_low=row.low is not None and row.low < scale.low,
        cut_high=row.high is not None and row.high > scale.high,
        text=effect_text(row),
        place=paper.places.link(f"{report.source}:{report.line}", one.id),
    )


def _rounded(place: float) -> float:
    return round(place, 1)


def cut(text: str, letters: int = LETTERS) -> str:
    """A name cut to what fits.

    >>> cut("patients with bone metastases", 13)
    'patients wit…'
    """
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
