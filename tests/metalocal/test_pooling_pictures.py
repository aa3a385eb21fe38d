"""What the forest plots of pooled ratios, and of meta-analyses made again, show and say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from metalocal.answers import NOTICE
from metalocal.cli import main
from metalocal.commands.pool import draw_like, given_numbers
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.plots.records import Forest, PooledRow
from metalocal.pooling.answer import pooled_answer
from metalocal.pooling.forest import forest_of, forests_like
from metalocal.pooling.like import like
from metalocal.pooling.ratios import Pool, read_pool, treatments_of
from metalocal.pooling.records import Choice, PoolingError, Printing, Ratio, Side, Treatment
from metalocal.pooling.selection import reason_against
from metalocal.pooling.sides import favoured

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "pictures" / "reinhorn-2021.svg"

LOCAL = Treatment("local", "local therapy")
SURGERY = Treatment("surgery", "surgery", frozenset({"local"}))
RADIATION = Treatment("radiation", "radiotherapy", frozenset({"local"}))
SYSTEMIC = Treatment("systemic", "systemic therapy")


@pytest.fixture(scope="module")
def held(graph: LocalGraph) -> Pool:
    return read_pool(graph, locations().queries)


@pytest.fixture
def reinhorn(held: Pool) -> Forest:
    (forest,) = forests_like(like(held, "reinhorn-2021"), NOTICE)
    return forest


def figures(row: PooledRow) -> tuple[float, float, float]:
    return round(row.estimate, 2), round(row.low, 2), round(row.high, 2)


def ratio(arm: Side, versus: Side) -> Ratio:
    printed = Printing("0.80", "0.60", "1.07", "95", "ueno-2022", "1")
    return Ratio(
        "a", "A", "randomised_controlled_trial", "randomised controlled trial",
        "local_therapy_of_primary", "local therapy of the primary tumour", "overall_survival",
        "overall survival", "hazard_ratio", "hazard ratio", "os-hr", "randomised",
        "all randomised", True, 0, arm, versus, "", True, "", "unwanted_event", "", (printed,),
    )  # fmt: skip


def intervention(label: str, *treatments: Treatment) -> Side:
    return Side(label, "intervention", frozenset(treatments))


def control(label: str, *treatments: Treatment) -> Side:
    return Side(label, "comparator", frozenset(treatments))


def test_a_meta_analysis_stands_above_its_nearest_reading_and_the_one_as_printed(
    reinhorn: Forest,
) -> None:
    assert [(row.label, figures(row)) for row in reinhorn.pooled] == [
        ("Reinhorn 2021 as printed (ueno-2022:76)", (0.97, 0.72, 1.29)),
        ("Nearest reading: ABCSG-28 inverted", (0.97, 0.72, 1.31)),
        ("ABCSG-28 as printed", (0.88, 0.66, 1.16)),
    ]


def test_only_the_pooled_ratio_of_a_source_is_drawn_as_printed(reinhorn: Forest) -> None:
    assert [row.printed for row in reinhorn.pooled] == ["0.97 (0.72 to 1.29)", "", ""]


def test_a_reproduced_meta_analysis_stands_above_the_reading_that_gives_its_digits(
    held: Pool,
) -> None:
    (forest,) = forests_like(like(held, "gera-2020"), NOTICE)
    assert [(row.label, figures(row)) for row in forest.pooled] == [
        ("Gera 2020 as printed (ueno-2022:72)", (0.81, 0.57, 1.14)),
        ("Reproduced: ABCSG-28 as printed", (0.81, 0.57, 1.14)),
        ("ABCSG-28 inverted", (0.94, 0.63, 1.40)),
    ]
    assert "Readings that give the printed digits: 1 of 6 tried." in forest.footer


def test_an_inverted_input_says_so_and_what_is_printed(reinhorn: Forest) -> None:
    abcsg, e2108 = reinhorn.rows[:2]
    assert abcsg.estimate == pytest.approx(1 / 0.691)
    assert abcsg.note == (
        "inverted; printed 0.691 (95% CI 0.358 to 1.333);"
        " reference not stated: no source says which arm the ratio is over"
    )
    assert (e2108.printed, e2108.level, e2108.note) == ("1.11 (0.82 to 1.52)", 90, "")


def test_an_input_of_ones_own_whose_level_is_read_otherwise_says_both(held: Pool) -> None:
    given = (given_numbers("e2108=1.09,0.80,1.49,90"),)
    (forest,) = forests_like(like(held, "reinhorn-2021", given), NOTICE)
    note = "its 90% interval read as 95%; numbers given by you, not of the graph"
    assert (forest.rows[1].note, forest.rows[1].level) == (note, 95)
    assert "E2108 given by you" in forest.footer


def test_the_footer_tells_every_source_line_the_notes_and_that_it_does_not_advise(
    reinhorn: Forest,
) -> None:
    assert "ABCSG-28 ueno-2022:86, E2108 ueno-2022:87" in reinhorn.footer
    assert "No reading of 12 tried gives the printed digits" in reinhorn.footer
    assert "ASCO meeting of 2020" in reinhorn.footer
    assert reinhorn.footer.endswith(NOTICE)


def test_the_sides_are_called_as_the_meta_analysis_calls_its_arms(reinhorn: Forest) -> None:
    sides = (reinhorn.better_left, reinhorn.better_right)
    assert sides == ("favours locoregional therapy", "favours no locoregional therapy")


def test_the_sides_of_pooled_trials_are_called_by_what_sets_their_arms_apart(held: Pool) -> None:
    forest = forest_of(pooled_answer(held, Choice()), NOTICE)
    assert forest.better_left == "favours surgery of the primary tumour"
    assert forest.better_right == "favours no surgery of the primary tumour"


def test_a_side_is_called_by_the_narrowest_treatment_that_all_its_arms_give() -> None:
    one = ratio(intervention("first", LOCAL, SURGERY, SYSTEMIC), control("drugs", SYSTEMIC))
    two = ratio(intervention("second", LOCAL, RADIATION), control("pills", SYSTEMIC))
    assert favoured([one, one])[0] == "favours first"
    assert favoured([one, two])[0] == "favours local therapy"


def test_a_treatment_that_an_arm_of_the_other_side_gives_too_names_no_side() -> None:
    one = ratio(intervention("first", LOCAL, SURGERY), control("drugs", SYSTEMIC))
    two = ratio(intervention("second", LOCAL, SURGERY), control("rays", LOCAL, RADIATION))
    assert favoured([one, two]) == ("favours surgery", "favours no surgery")
    three = ratio(intervention("third", LOCAL, RADIATION), control("rays", LOCAL, RADIATION))
    assert favoured([one, three]) == ("favours the intervention", "favours the comparator")


def test_a_control_with_a_treatment_of_its_own_is_called_by_it() -> None:
    one = ratio(intervention("first", LOCAL, SURGERY), control("drugs", SYSTEMIC))
    two = ratio(intervention("second", LOCAL, SURGERY), control("pills", SYSTEMIC))
    assert favoured([one, two]) == ("favours surgery", "favours systemic therapy")


def test_a_treatment_knows_every_wider_kind_of_it() -> None:
    row = {"arm": "arm", "treatment": "x/surgery", "treatmentLabel": "surgery"}
    given = treatments_of([{**row, "wider": "x/local"}, {**row, "wider": "x/any"}])
    assert given == {"arm": frozenset({replace(SURGERY, wider=frozenset({"local", "any"}))})}


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ("", "no source states whether it counts a wanted or an unwanted event"),
        ("wanted_event", "it counts a wanted event"),
        ("unwanted_event", ""),
    ],
)
def test_a_ratio_is_pooled_only_if_it_is_known_to_count_an_unwanted_event(
    held: Pool, counts: str, reason: str
) -> None:
    mf07_01 = next(one for one in held.ratios if one.key == "mf07-01/os-hr")
    assert mf07_01.counts == "unwanted_event"
    assert reason_against(held, Choice(), replace(mf07_01, counts=counts)).startswith(reason)


def test_the_kind_of_event_is_the_one_its_estimate_tells_or_unknown(held: Pool) -> None:
    counts = {one.key: one.counts for one in held.ratios}
    assert counts["tsukioki-2020/os-or-retrospective"] == "unwanted_event"
    assert counts["tsukioki-2020/os-or-randomised"] == ""


def test_each_further_result_that_could_be_tried_has_a_file_with_its_number(
    held: Pool, tmp_path: Path
) -> None:
    answer = like(held, "gera-2020")
    tried = next(one for one in answer.reproductions if one.trials)
    draw_like(replace(answer, reproductions=(tried, tried)), tmp_path / "gera.svg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gera-2.svg", "gera.svg"]


def test_a_meta_analysis_of_which_nothing_could_be_tried_is_not_drawn(
    held: Pool, tmp_path: Path
) -> None:
    with pytest.raises(PoolingError, match="12 retrospective studies: it pools 12") as told:
        draw_like(like(held, "tsukioki-2020"), tmp_path / "none.svg")
    assert told.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def shown(svg: str) -> Iterator[tuple[str, str, str]]:
    """Tag, class and words of each element, in order."""
    for element in ElementTree.fromstring(svg).iter():
        tag = element.tag.rpartition("}")[2]
        yield tag, element.get("class", ""), (element.text or "").strip()


def places(svg: str) -> list[float]:
    """Every coordinate of text and marks, in order, in points."""
    told = []
    for element in ElementTree.fromstring(svg).iter():
        for name in ("x", "y", "d"):
            told += [float(n) for n in re.findall(r"-?\d+\.?\d*", element.get(name, ""))]
    return told


def test_the_picture_of_the_document_is_what_the_command_draws(
    tmp_path: Path, graph_file: Path
) -> None:
    """To a point: another matplotlib may measure letters otherwise by less."""
    now = tmp_path / PICTURE.name
    with pytest.raises(SystemExit) as end:
        main(["pool", "--like", "reinhorn-2021", "--plot", str(now)])
    assert not end.value.code
    drawn, kept = now.read_text("utf-8"), PICTURE.read_text("utf-8")
    mend = f"metalocal pool --like reinhorn-2021 --plot docs/pictures/{PICTURE.name}"
    assert list(shown(drawn)) == list(shown(kept)), f"draw it again: {mend}"
    assert places(drawn) == pytest.approx(places(kept), abs=1), f"draw it again: {mend}"


def test_the_document_shows_the_picture_and_how_it_was_drawn() -> None:
    text = (ROOT / "docs" / "pooling.md").read_text("utf-8")
    assert "](pictures/reinhorn-2021.svg)" in text
    assert "metalocal pool --like reinhorn-2021 --plot" in text
