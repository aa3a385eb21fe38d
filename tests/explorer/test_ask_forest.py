"""Forest plots of `/ask`: geometry from numbers, and no number that is lost on the way."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from metalocal.answers import Answer, Evidence, Library, QuestionAnswer, Report, answer
from metalocal.commands.common import built_graph
from metalocal.explorer.ask.desk import Desk, Places, desk_of
from metalocal.explorer.ask.forest import (
    HEADING,
    LEFT,
    MARK,
    RIGHT,
    Paper,
    Plot,
    bands_of,
    cut,
    mark_of,
    plots_of,
)
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.plots import Forest, ForestRow
from metalocal.plots.scales import ratio_scale
from metalocal.profiles import profile_of
from metalocal.render.figures import forests

PAPER = Paper(
    ratio_scale(
        Forest("", "", "Hazard ratio", "", (ForestRow("", "", "", 1.0, 0.5, 2.0),)), LEFT, RIGHT
    ),
    Places({}),
)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(LocalGraph(built_graph()), locations().queries)


@pytest.fixture(scope="module")
def desk(library: Library) -> Desk:
    return desk_of(library)


@pytest.fixture(scope="module")
def found(library: Library) -> Answer:
    given = dict(parse_qsl("presentation=de_novo&hr_status=positive&primary_status=intact"))
    return answer(profile_of(given, library.attributes, library.rules), library)


@pytest.fixture(scope="module")
def primary(found: Answer) -> QuestionAnswer:
    return next(one for one in found.questions if one.code == "local_therapy_of_primary")


@pytest.fixture(scope="module")
def plots(primary: QuestionAnswer, desk: Desk) -> list[Plot]:
    return plots_of(primary, desk.places)


def drawn(primary: QuestionAnswer, value: float, low: float | None, high: float | None) -> tuple:
    """A row of the plot with numbers of our own, of an estimate of the graph."""
    row = next(row for row in primary.rows if row.evidence)
    bounds = ("", "") if low is None else (str(low), str(high))
    report = Report("", str(value), *bounds, "95", "", "", "", "", "", "liu-2023", 62, "", "")
    told = ForestRow("A", "all", "", value, low, high, group="Includes this patient")
    return told, (row, row.evidence[0], report)


def test_no_difference_lies_in_the_middle_and_halves_and_doubles_lie_as_far_from_it() -> None:
    at = PAPER.scale.at
    assert at(1.0) == pytest.approx((LEFT + RIGHT) / 2)
    assert at(1.0) - at(0.6) == pytest.approx(at(1 / 0.6) - at(1.0))


def test_an_interval_is_drawn_from_its_lower_to_its_upper_bound(primary: QuestionAnswer) -> None:
    mark = mark_of(drawn(primary, 0.8, 0.6, 1.2), 10.0, PAPER)
    assert mark.start is not None
    assert mark.end is not None
    assert LEFT < mark.start < mark.x < PAPER.scale.at(1.0) < mark.end < RIGHT
    assert not mark.cut_low
    assert not mark.cut_high


def test_an_interval_that_leaves_the_axis_is_cut_at_its_end(primary: QuestionAnswer) -> None:
    mark = mark_of(drawn(primary, 0.8, 0.01, 9.0), 10.0, PAPER)
    assert (mark.start, mark.end) == (LEFT, RIGHT)
    assert mark.cut_low
    assert mark.cut_high


def test_a_ratio_without_interval_has_a_point_alone(primary: QuestionAnswer) -> None:
    mark = mark_of(drawn(primary, 0.8, None, None), 10.0, PAPER)
    assert (mark.start, mark.end) == (None, None)
    assert "no interval" in mark.text


def test_reports_of_one_estimate_that_differ_are_two_marks_of_one_band(
    primary: QuestionAnswer,
) -> None:
    heading, band = bands_of([drawn(primary, 0.8, 0.6, 1.2), drawn(primary, 0.7, 0.5, 1.1)], PAPER)
    assert heading.heading == "Includes this patient"
    assert band.y - heading.y == HEADING
    first, second = band.marks
    assert second.y - first.y == MARK
    assert (first.text, second.text) == ("0.80 (0.60 to 1.20)", "0.70 (0.50 to 1.10)")


def test_every_ratio_of_the_question_is_drawn_and_printed_once(
    primary: QuestionAnswer, plots: list[Plot]
) -> None:
    wanted = {forest.title: len(forest.rows) for forest in forests(primary)}
    assert wanted
    drawn_marks = {plot.title: sum(len(band.marks) for band in plot.bands) for plot in plots}
    assert drawn_marks == wanted


def test_every_mark_lies_within_the_picture_and_no_two_bands_overlap(plots: list[Plot]) -> None:
    for plot in plots:
        heights = [mark.y for band in plot.bands for mark in band.marks]
        assert heights == sorted(set(heights))
        assert all(0 < y < plot.axis < plot.height for y in heights)
        places = [mark.x for band in plot.bands for mark in band.marks]
        assert all(LEFT <= x <= RIGHT for x in places)
        assert all(LEFT <= tick.x <= RIGHT for tick in plot.ticks)


def test_each_mark_leads_to_a_report_that_prints_its_number(
    primary: QuestionAnswer, plots: list[Plot]
) -> None:
    printed: dict[str, set[str]] = {}
    estimates: list[Evidence] = [one for row in primary.rows for one in row.evidence]
    for one in estimates:
        for report in one.reports:
            printed.setdefault(f"{report.source}:{report.line}", set()).add(report.value)
    marks = [mark for plot in plots for band in plot.bands for mark in band.marks]
    assert len(marks) > 10
    for mark in marks:
        assert mark.place.href.startswith("/id/study/")
        assert any(mark.text.startswith(value) for value in printed[mark.place.text] if value)


def test_a_hazard_ratio_of_death_below_one_favours_treatment(plots: list[Plot]) -> None:
    survival = next(plot for plot in plots if plot.title == "Overall survival: hazard ratio")
    assert "favours" in survival.better_left
    assert survival.better_left != survival.better_right


def test_the_words_of_a_plot_tell_every_number(plots: list[Plot]) -> None:
    for plot in plots:
        assert all(mark.text in plot.words for band in plot.bands for mark in band.marks)


def test_a_long_name_is_cut_and_a_short_one_left() -> None:
    assert cut("all randomised") == "all randomised"
    assert len(cut("x" * 100)) == 44
