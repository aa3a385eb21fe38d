"""Plots: what stands in the picture, where, and that it is the numbers that were given."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations, pairwise
from math import log, log10
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metalocal.plots import (
    ArmRow,
    ArmsPlot,
    Forest,
    ForestRow,
    PooledRow,
    arms_png,
    arms_svg,
    forest_png,
    forest_svg,
)
from metalocal.plots.arms import arms_drawing
from metalocal.plots.drawing import Drawing, Text
from metalocal.plots.forest import FILLS, GREATEST, forest_drawing
from metalocal.plots.lettering import width_of
from metalocal.plots.press import FAMILIES

Points = list[tuple[float, float]]

NOTICE = "metalocal informs; it does not advise."
ALPHA = ForestRow("ALPHA-1", "all randomised", "274", 0.66, 0.49, 0.88, 95, 40.0)
BETA = ForestRow("BETA-2", "bone only", "256", 1.11, 0.82, 1.52, 90, 10.0)
GAMMA = ForestRow(
    "GAMMA-3", "all", "", 0.691, 0.358, 1.333, 95, 50.0, printed="0.691 (0.358–1.333)"
)
POOLED = PooledRow("Random effects", 0.81, 0.57, 1.14, 95, 0.4, 1.9)


def forest(*rows: ForestRow, pooled: tuple[PooledRow, ...] = (POOLED,)) -> Forest:
    return Forest(
        title="Local therapy of the primary",
        subtitle="invented trials",
        measure="Hazard ratio",
        outcome="overall survival",
        rows=rows or (ALPHA, BETA, GAMMA),
        pooled=pooled,
        better_left="favours locoregional therapy",
        better_right="favours systemic therapy alone",
        footer=f"I² = 12%\n{NOTICE}",
    )


def arm(role: str, value: float | None, printed: str = "", **more: object) -> ArmRow:
    row = ArmRow("ALPHA-1", "all", role, role, value, None, None, printed or f"{value}")
    return replace(row, **more)  # type: ignore[arg-type]


def medians(*rows: ArmRow, unit: str = "months") -> ArmsPlot:
    return ArmsPlot("Median survival", "", "overall survival", "median", unit, rows, NOTICE)


def named(svg: str, name: str) -> list[ElementTree.Element]:
    """The groups of the picture that carry a name, such as "estimate" or "row-1"."""
    return [
        element
        for element in ElementTree.fromstring(svg).iter()
        if f"plot-{name}" in element.get("class", "").split()
    ]


def points(group: ElementTree.Element) -> Points:
    path = next(element for element in group.iter() if element.tag.endswith("path"))
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def words(group: ElementTree.Element) -> str:
    return "".join(group.itertext()).strip()


def text_at(svg: str, text: str) -> tuple[float, float]:
    for element in ElementTree.fromstring(svg).iter():
        if element.tag.endswith("text") and element.text == text:
            return float(element.get("x", "")), float(element.get("y", ""))
    raise AssertionError(f"{text!r} is not in the picture")


def texts(svg: str) -> list[str]:
    elements = ElementTree.fromstring(svg).iter()
    return [element.text or "" for element in elements if element.tag.endswith("text")]


def axis(svg: str) -> list[tuple[float, float]]:
    """Number and place of each tick, from its label and its line."""
    labels = [float(words(group)) for group in named(svg, "tick-label")]
    return list(zip(labels, [points(group)[0][0] for group in named(svg, "tick")], strict=True))


def ratio_at(svg: str, x: float) -> float:
    """The ratio that a reader takes off the log axis at a place, between its outer ticks."""
    (first, left), *_, (last, right) = axis(svg)
    return float(first * (last / first) ** ((x - left) / (right - left)))


def middle(places: Points) -> float:
    return (min(x for x, _ in places) + max(x for x, _ in places)) / 2


def read_ratios(svg: str) -> list[float]:
    return [ratio_at(svg, middle(points(group))) for group in named(svg, "estimate")]


def test_a_reader_takes_each_estimate_and_interval_off_the_axis_as_it_was_given() -> None:
    svg = forest_svg(forest())
    assert read_ratios(svg) == pytest.approx([0.66, 1.11, 0.691], rel=1e-3)
    ends = [sorted(x for x, _ in points(group)) for group in named(svg, "interval")]
    read = [(ratio_at(svg, low), ratio_at(svg, high)) for low, high in ends]
    expected = [(0.49, 0.88), (0.82, 1.52), (0.358, 1.333)]
    for found, given_interval in zip(read, expected, strict=True):
        assert found == pytest.approx(given_interval, rel=1e-3)


def test_the_tips_of_the_diamond_are_the_pooled_interval_and_its_waist_the_pooled_ratio() -> None:
    svg = forest_svg(forest())
    (group,) = named(svg, "diamond")
    places = points(group)
    tips = ratio_at(svg, min(places)[0]), ratio_at(svg, max(places)[0])
    assert tips == pytest.approx((0.57, 1.14), rel=1e-3)
    for waist in (min(places, key=lambda p: p[1]), max(places, key=lambda p: p[1])):
        assert ratio_at(svg, waist[0]) == pytest.approx(0.81, rel=1e-3)


def test_the_thin_bar_is_the_prediction_interval() -> None:
    svg = forest_svg(forest())
    (group,) = named(svg, "prediction")
    ends = [ratio_at(svg, x) for x, _ in points(group)]
    assert ends == pytest.approx([0.4, 1.9], rel=1e-3)
    assert "(0.40 to 1.90)" in texts(svg)


def test_one_is_where_the_line_stands_and_the_directions_lie_on_their_sides() -> None:
    svg = forest_svg(forest())
    (line,) = named(svg, "line-at-1")
    x = points(line)[0][0]
    assert dict(axis(svg))[1] == pytest.approx(x)
    assert text_at(svg, "← favours locoregional therapy")[0] < x
    assert text_at(svg, "favours systemic therapy alone →")[0] > x


def test_the_area_of_a_square_goes_with_the_weight() -> None:
    svg = forest_svg(forest())
    sides = [
        max(x for x, _ in p) - min(x for x, _ in p) for p in map(points, named(svg, "estimate"))
    ]
    assert sides[2] == pytest.approx(GREATEST, rel=1e-3)
    assert (sides[1] / sides[2]) ** 2 == pytest.approx(10 / 50, rel=1e-3)
    assert [text for text in texts(svg) if text.endswith("%")] == [
        "40.0%",
        "10.0%",
        "50.0%",
        "I² = 12%",
    ]


def test_without_weights_all_squares_are_alike_and_no_column_asks_for_them() -> None:
    svg = forest_svg(forest(*(replace(row, weight=None) for row in (ALPHA, BETA))))
    first, second = (points(group) for group in named(svg, "estimate"))
    assert first[1][0] - first[0][0] == pytest.approx(second[1][0] - second[0][0], rel=1e-3)
    assert "Weight" not in texts(svg)


def test_rows_stand_in_the_order_given_and_groups_together_below_their_heading() -> None:
    rows = [
        replace(ALPHA, group="Trials"),
        replace(BETA, group="Cohorts"),
        replace(GAMMA, group="Trials"),
    ]
    svg = forest_svg(forest(*rows))
    order = ["Trials", "ALPHA-1", "GAMMA-3", "Cohorts", "BETA-2", "Random effects"]
    heights = [text_at(svg, name)[1] for name in order]
    assert heights == sorted(heights)
    assert read_ratios(svg) == pytest.approx([0.66, 0.691, 1.11], rel=1e-3)


def test_numbers_stand_as_printed_or_with_two_decimals_and_another_level_is_told() -> None:
    found = texts(forest_svg(forest()))
    assert "0.66 (0.49 to 0.88)" in found
    assert "1.11 (0.82 to 1.52; 90% CI)" in found
    assert "0.691 (0.358–1.333)" in found
    assert "Hazard ratio (95% CI)" in found


def test_a_level_is_not_told_of_all_where_no_interval_has_it() -> None:
    found = texts(forest_svg(forest(BETA, pooled=())))
    assert "Hazard ratio (CI)" in found


def test_an_interval_that_leaves_the_axis_ends_in_an_arrow_and_one_that_stays_does_not() -> None:
    wide = ForestRow("WIDE", "all", "8", 0.9, 0.001, 240.0)
    right = ForestRow("RIGHT", "all", "8", 3.0, 0.9, 50.0)
    svg = forest_svg(forest(ALPHA, wide, right, pooled=()))
    low = [group.get("class") for group in named(svg, "clipped-low")]
    high = [group.get("class") for group in named(svg, "clipped-high")]
    assert low == ["plot-clipped-low plot-row-1"]
    assert high == ["plot-clipped-high plot-row-1", "plot-clipped-high plot-row-2"]
    assert "0.90 (0.001 to 240)" in texts(svg)
    end = points(named(svg, "axis")[0])
    for group in named(svg, "interval"):
        assert all(min(end)[0] - 0.01 <= x <= max(end)[0] + 0.01 for x, _ in points(group))


def test_a_bound_just_beyond_ten_is_shown_whole() -> None:
    svg = forest_svg(forest(ForestRow("E", "triple negative", "20", 3.33, 1.09, 10.12)))
    assert named(svg, "clipped-high") == []


def test_an_estimate_beyond_the_usual_axis_lengthens_it() -> None:
    svg = forest_svg(forest(ALPHA, ForestRow("FAR", "all", "8", 25.0, 0.02, 300.0), pooled=()))
    assert read_ratios(svg) == pytest.approx([0.66, 25.0], rel=1e-3)


def test_a_pooled_interval_that_leaves_the_axis_is_cut_flat() -> None:
    pooled = PooledRow("Two studies, Hartung-Knapp", 0.9, 0.0003, 2700.0)
    svg = forest_svg(forest(pooled=(pooled,)))
    (group,) = named(svg, "diamond")
    places, ends = points(group), points(named(svg, "axis")[0])
    left = [y for x, y in places if x == pytest.approx(min(ends)[0])]
    assert max(left) - min(left) > 2


def test_an_endless_prediction_interval_is_cut_and_leaves_room_to_the_studies() -> None:
    endless = replace(POOLED, prediction_low=0.001, prediction_high=900.0)
    svg = forest_svg(forest(pooled=(endless, endless)))
    assert len(named(svg, "clipped-low")) == len(named(svg, "clipped-high")) == 2
    ends = points(named(svg, "axis")[0])
    assert ratio_at(svg, min(ends)[0]) > 0.2
    assert ratio_at(svg, max(ends)[0]) < 4
    assert texts(svg).count("(0.001 to 900)") == 2


def test_ticks_stand_at_round_ratios_at_equal_distance_for_equal_ratio() -> None:
    svg = forest_svg(forest(ForestRow("A", "all", "9", 1.0, 0.11, 9.5)))
    ticks = axis(svg)
    assert [tick for tick, _ in ticks] == [0.2, 0.5, 1, 2, 5]
    steps = {(x - y) / log10(a / b) for (b, y), (a, x) in pairwise(ticks)}
    assert max(steps) == pytest.approx(min(steps), rel=1e-3)


def test_an_estimate_without_interval_has_an_open_square_and_no_whisker() -> None:
    svg = forest_svg(forest(replace(ALPHA, low=None, high=None), BETA))
    assert [group.get("class") for group in named(svg, "interval")] == ["plot-interval plot-row-1"]
    path = next(e for e in named(svg, "estimate")[0].iter() if e.tag.endswith("path"))
    assert "#ffffff" in path.get("style", "")
    assert "0.66 (no interval)" in texts(svg)


def test_notes_are_numbered_at_their_studies_and_told_once() -> None:
    rows = [replace(row, note="Crude ratio.") for row in (ALPHA, BETA)]
    found = texts(forest_svg(forest(*rows, GAMMA)))
    assert {"ALPHA-1¹", "BETA-2¹", "GAMMA-3"} <= set(found)
    assert found.count("¹ Crude ratio.") == 1


def test_the_legend_names_the_verdicts_that_occur() -> None:
    found = texts(forest_svg(forest(replace(ALPHA, verdict="indeterminate"), BETA)))
    assert "may include this patient" in found
    assert "excludes this patient" not in found


def test_verdicts_differ_in_grey() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    grey = sorted(lightness(FILLS[v]) for v in ("included", "indeterminate", "excluded"))
    assert min(b - a for a, b in pairwise(grey)) > 0.12


def test_the_picture_has_a_name_and_its_numbers_in_words() -> None:
    svg = forest_svg(forest(replace(ALPHA, verdict="included"), BETA))
    root = ElementTree.fromstring(svg)
    title, description = root[0], root[1]
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (
        title.get("id"),
        description.get("id"),
    )
    assert title.text == "Local therapy of the primary"
    told = description.text or ""
    assert "ALPHA-1, all randomised, n = 274, 0.66 (0.49 to 0.88), weight 40.0%, includes" in told
    assert "Random effects, 0.81 (0.57 to 1.14), prediction interval (0.40 to 1.90)." in told
    assert told.endswith(NOTICE)


def test_text_stays_text_in_fonts_that_readers_have() -> None:
    svg = forest_svg(forest())
    assert ElementTree.fromstring(svg).get("font-family") == FAMILIES
    assert FAMILIES.endswith("sans-serif")
    assert NOTICE in texts(svg)


def test_two_plots_in_one_page_share_no_id_and_style_nothing_else() -> None:
    page = forest_svg(forest()) + forest_svg(forest(BETA)) + arms_svg(medians(arm("a", 1.0)))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 6
    assert "<style" not in page
    assert "<!DOCTYPE" not in page


def test_the_same_plot_gives_the_same_bytes_whatever_the_settings_and_the_thread() -> None:
    plots = [forest(ALPHA), forest(BETA), forest(), forest(GAMMA, BETA)]
    alone = [forest_svg(plot) for plot in plots], [forest_png(plot, 60) for plot in plots]
    with mpl.rc_context({"svg.fonttype": "path", "text.color": "red", "lines.linewidth": 9}):
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(forest_svg, plots)), [forest_png(plot, 60) for plot in plots]
        assert mpl.rcParams["svg.fonttype"] == "path"
    assert together == alone
    assert "20" not in "".join(re.findall(r"<dc:date>(.*?)</dc:date>", alone[0][0]))


def test_words_of_a_source_cannot_become_markup_or_formulas() -> None:
    wild = '<script>alert("1")</script> & $x^2$ $ \x00\x1b'
    row = replace(ALPHA, study=wild, population=wild, note=wild, group=wild, printed=wild)
    plot = replace(forest(row), title=wild, subtitle=wild, footer=wild, better_left=wild)
    svg = forest_svg(plot)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert tags == {"svg", "title", "desc", "g", "path", "text"}
    assert '<script>alert("1")</script> & $x^2$ $' in " ".join(texts(svg))
    assert forest_png(plot, 60).startswith(b"\x89PNG")


def test_letters_of_any_script_are_kept() -> None:
    found = texts(forest_svg(forest(replace(ALPHA, study="王 2020", population="≥ 3 métastases"))))
    assert {"王 2020", "≥ 3 métastases"} <= set(found)


def boxes(drawing: Drawing) -> list[tuple[str, float, float, float, float]]:
    found = []
    for mark in drawing.marks:
        if isinstance(mark, Text) and mark.text:
            width = width_of(mark.text, mark.size, mark.bold)
            left = mark.at[0] - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
            top, bottom = mark.at[1] - mark.size * 0.75, mark.at[1] + mark.size * 0.2
            found.append((mark.text, left, top, left + width, bottom))
    return found


def assert_words_have_room(drawing: Drawing) -> None:
    found = boxes(drawing)
    for text, left, top, right, bottom in found:
        assert left >= 0, text
        assert right <= drawing.width, text
        assert top >= 0, text
        assert bottom <= drawing.height, text
    for one, other in combinations(found, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart, (one, other)


letters = st.text("abcdefgh WMx≤–1234567890", max_size=90)
ratios = st.floats(0.005, 200)


@st.composite
def any_forest_row(draw: st.DrawFn) -> ForestRow:
    low, estimate, high = sorted(draw(st.tuples(ratios, ratios, ratios)))
    return ForestRow(
        draw(letters), draw(letters), draw(letters), estimate, low, high,
        draw(st.sampled_from([90.0, 95.0])), draw(st.none() | st.floats(0, 100)),
        group=draw(st.sampled_from(["", "Randomised trials", "A heading that is long " * 4])),
        note=draw(letters), verdict=draw(st.sampled_from(["", "included", "excluded"])),
        printed=draw(st.just("") | letters),
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(any_forest_row(), min_size=1, max_size=8), letters, letters, letters)
def test_no_words_of_a_forest_overlap_or_leave_the_picture(
    rows: list[ForestRow], title: str, left: str, label: str
) -> None:
    pooled = (replace(POOLED, label=label), PooledRow("Fixed effect", 0.9, 0.01, 90.0))
    plot = replace(forest(*rows, pooled=pooled), title=title, better_left=left, better_right=title)
    assert_words_have_room(forest_drawing(plot))


@st.composite
def any_arm_row(draw: st.DrawFn) -> ArmRow:
    low, value, high = sorted(draw(st.tuples(*[st.floats(0, 100)] * 3)))
    return ArmRow(
        draw(st.sampled_from(["ALPHA-1", "BETA with a name that is longer than others of 2020"])),
        draw(st.sampled_from(["all", "women with receptor positive disease of bone alone"])),
        draw(letters), draw(st.sampled_from(["intervention", "comparator", "third"])),
        value, low, high, draw(letters), draw(letters), note=draw(letters),
        verdict=draw(st.sampled_from(["", "indeterminate"])),
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    st.lists(any_arm_row(), min_size=1, max_size=8), letters, st.sampled_from(["percent", "months"])
)
def test_no_words_of_arms_overlap_or_leave_the_picture(
    rows: list[ArmRow], title: str, unit: str
) -> None:
    assert_words_have_room(arms_drawing(replace(medians(*rows, unit=unit), title=title)))


def test_the_picture_grows_with_its_rows() -> None:
    heights = [forest_drawing(forest(*[ALPHA] * n)).height for n in (1, 10, 60)]
    assert heights[0] < heights[1] < heights[2]
    assert len(named(forest_svg(forest(*[ALPHA] * 60)), "estimate")) == 60


@pytest.mark.parametrize("dpi", [72, 200, 300])
def test_a_png_has_the_dots_an_inch_that_were_asked_for(dpi: int) -> None:
    png = forest_png(forest(), dpi=dpi)
    drawing = forest_drawing(forest())
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert width == pytest.approx(drawing.width * dpi / 72, abs=1)
    assert height == pytest.approx(drawing.height * dpi / 72, abs=1)


def test_a_png_that_nobody_could_open_is_not_made() -> None:
    with pytest.raises(ValueError, match=r"100000 dots an inch\. Mend: 50 to 600"):
        forest_png(forest(), dpi=100_000)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            replace(ALPHA, estimate=0.0),
            r"row 1 \(ALPHA-1, all randomised\): estimate 0 is no ratio",
        ),
        (replace(ALPHA, estimate=log(0.66)), "estimate -0.415515 is no ratio above 0"),
        (replace(ALPHA, high=float("inf")), "high inf is no ratio"),
        (replace(ALPHA, low=1.2, high=0.8), "low 1.2 lies above high 0.8"),
        (replace(ALPHA, high=None), "one bound without the other"),
        (replace(ALPHA, verdict="perhaps"), "verdict 'perhaps'. Mend: one of included,"),
        (replace(ALPHA, weight=140.0), r"row 1 \(ALPHA-1\): weight 140"),
    ],
)
def test_a_row_that_cannot_be_drawn_is_named_with_its_mend(row: ForestRow, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        forest_svg(forest(row))


@pytest.mark.parametrize(
    ("pooled", "told"),
    [
        (replace(POOLED, low=0.0), r"pooled row \(Random effects\): low 0 is no ratio"),
        (replace(POOLED, prediction_low=-1.0), "prediction_low -1 is no ratio"),
        (
            replace(POOLED, prediction_low=3.0),
            "prediction interval of pooled row .* low 3 lies above",
        ),
    ],
)
def test_a_pooled_row_that_cannot_be_drawn_is_named(pooled: PooledRow, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        forest_svg(forest(pooled=(pooled,)))


def test_a_plot_of_nothing_is_told_and_not_drawn() -> None:
    with pytest.raises(ValueError, match="'Local therapy of the primary' has no rows"):
        forest_svg(replace(forest(), rows=()))
    with pytest.raises(ValueError, match="'Median survival' has no row with a number"):
        arms_png(medians(arm("intervention", None, "not reached")))


def test_a_reader_takes_the_values_of_arms_off_the_axis_intervention_first() -> None:
    svg = arms_svg(medians(arm("comparator", 24.4), arm("intervention", 41.6), unit="percent"))
    (first, left), *_, (last, right) = axis(svg)
    assert (first, last) == (0, 100)
    places = [points(group) for group in named(svg, "value")]
    read = [(middle(p) - left) / (right - left) * 100 for p in places]
    assert read == pytest.approx([41.6, 24.4], abs=0.1)
    assert text_at(svg, "41.6")[1] < text_at(svg, "24.4")[1]


def test_two_printings_of_one_arm_are_both_shown_and_joined() -> None:
    rows = arm("intervention", 46), arm("comparator", 37), arm("comparator", 35)
    svg = arms_svg(medians(*rows))
    assert len(named(svg, "value")) == 3
    assert len(named(svg, "joint")) == 2
    assert "37 or 35" in texts(svg)


def test_printings_that_agree_are_one() -> None:
    svg = arms_svg(medians(arm("intervention", 46), arm("comparator", 37), arm("comparator", 37)))
    assert len(named(svg, "joint")) == 1
    assert "37" in texts(svg)


def test_a_median_not_reached_is_told_in_words_and_has_no_mark() -> None:
    svg = arms_svg(medians(arm("intervention", None, "not reached"), arm("comparator", 18.2)))
    assert len(named(svg, "value")) == 1
    assert named(svg, "joint") == []
    assert "not reached" in texts(svg)


def test_a_printed_interval_of_an_arm_is_drawn_and_its_level_told() -> None:
    row = arm("intervention", 33, "33 (20 to 40)", low=20.0, high=40.0, level=90.0)
    svg = arms_svg(medians(row))
    (interval,) = named(svg, "interval")
    (first, left), *_, (last, right) = axis(svg)
    read = [first + (x - left) / (right - left) * (last - first) for x, _ in points(interval)]
    assert read == pytest.approx([20, 40], abs=0.05)
    assert "33 (20 to 40; 90% CI)" in texts(svg)


def test_arms_of_two_populations_are_not_joined() -> None:
    svg = arms_svg(medians(arm("intervention", 46), arm("comparator", 37, population="bone only")))
    assert named(svg, "joint") == []


@pytest.mark.parametrize(
    ("row", "unit", "told"),
    [
        (arm("intervention", 101.0), "percent", "value 101 is no median in percent"),
        (arm("intervention", -1.0), "months", r"row 1 \(ALPHA-1, all, intervention\): value -1"),
        (arm("intervention", 5.0, low=9.0, high=4.0), "months", "low 9 lies above high 4"),
        (arm("intervention", 5.0, verdict="yes"), "months", "verdict 'yes'"),
    ],
)
def test_an_arm_that_cannot_be_drawn_is_named(row: ArmRow, unit: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        arms_svg(medians(row, unit=unit))


def test_the_room_is_entered_without_waiting_for_matplotlib() -> None:
    code = "import metalocal.plots, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_example_of_the_document_runs() -> None:
    document = Path(__file__).parents[2] / "docs" / "plots.md"
    (code,) = re.findall(r"```python\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    made: dict[str, bytes | str] = {}
    exec(code, made)
    assert read_ratios(str(made["svg"])) == pytest.approx([0.66, 1.04], rel=1e-3)
    assert bytes(made["png"]).startswith(b"\x89PNG")  # type: ignore[arg-type]
