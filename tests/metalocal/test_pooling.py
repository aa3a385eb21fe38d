"""What is pooled, what is left out and why, and which meta-analyses come out as printed."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from graph_builder.statistics import NotPoolableError
from metalocal.answers import NOTICE
from metalocal.cli import main
from metalocal.commands.pool import given_numbers, like_written, pooled_written
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.pooling.answer import pooled_answer
from metalocal.pooling.forest import forest_of
from metalocal.pooling.like import like
from metalocal.pooling.ratios import Pool, read_pool
from metalocal.pooling.records import (
    AskedWronglyError,
    Choice,
    PoolingError,
    Printing,
    Ratio,
    Reproduction,
    Side,
)
from metalocal.pooling.selection import select

SURGERY, SYSTEMIC = Side("surgery", "intervention"), Side("systemic therapy", "comparator")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def held(graph: LocalGraph) -> Pool:
    return read_pool(graph, locations().queries)


def printing(value: str = "0.80", low: str = "0.60", high: str = "1.07", line: int = 1) -> Printing:
    return Printing(value, low, high, "95" if low else "", "ueno-2022", str(line))


def ratio(study: str, **changes: object) -> Ratio:
    plain = Ratio(
        study, study.upper(), "randomised_controlled_trial", "randomised controlled trial",
        "local_therapy_of_primary", "local therapy of the primary tumour", "overall_survival",
        "overall survival", "hazard_ratio", "hazard ratio", "os-hr", "randomised",
        "all randomised", True, 0, SURGERY, SYSTEMIC, "", True, "", "unwanted_event", "",
        (printing(),),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def pool_of(*ratios: Ratio, **changes: object) -> Pool:
    labels = {one.study: one.study_label for one in ratios}
    return replace(Pool(ratios, {}, labels, {}, {}, {}, {}), **changes)  # type: ignore[arg-type]


def reasons(held: Pool, choice: Choice = Choice()) -> dict[str, str]:  # noqa: B008  (frozen)
    return {one.ratio.key: one.reason for one in select(held, choice)[1]}


def chosen(held: Pool, choice: Choice = Choice()) -> list[str]:  # noqa: B008  (frozen)
    return [one.ratio.key for one in select(held, choice)[0]]


def printed_as(held: Pool, review: str, estimate: str) -> Reproduction:
    answer = like(held, review)
    return next(one for one in answer.reproductions if one.ratio.name == estimate)


def test_gera_2020_comes_out_as_printed_with_abcsg_28_as_printed(held: Pool) -> None:
    found = printed_as(held, "gera-2020", "os-hr-randomised")
    (exact,) = found.exact
    assert exact.pooled.method == "dl"
    assert exact.words == "ABCSG-28 as printed"
    bounds = exact.pooled.interval
    figures = [f"{value:.2f}" for value in (exact.pooled.ratio, bounds.low, bounds.high)]
    assert figures == ["0.81", "0.57", "1.14"]


def test_reinhorn_2021_needs_abcsg_28_inverted_and_an_input_that_the_sources_do_not_print(
    held: Pool,
) -> None:
    found = printed_as(held, "reinhorn-2021", "os-hr")
    assert found.exact == ()
    nearest = found.trials[0]
    assert nearest.pooled.method == "dl"
    assert nearest.words == "ABCSG-28 inverted"
    assert nearest.agreeing == ("ratio", "low")
    assert round(nearest.pooled.interval.high, 2) == 1.31  # printed 1.29


def test_no_reading_with_abcsg_28_as_printed_gives_the_ratio_of_reinhorn_2021(held: Pool) -> None:
    found = printed_as(held, "reinhorn-2021", "os-hr")
    as_printed = [one for one in found.trials if "ABCSG-28 as printed" in one.words]
    assert len(as_printed) == 6
    assert all("ratio" not in one.agreeing for one in as_printed)


def test_reinhorn_2021_comes_out_with_the_numbers_of_the_meeting_read_as_a_95_percent_interval(
    held: Pool,
) -> None:
    answer = like(held, "reinhorn-2021", (given_numbers("e2108=1.09,0.80,1.49,90"),))
    (exact,) = next(one for one in answer.reproductions if one.ratio.name == "os-hr").exact
    assert exact.pooled.method == "dl"
    abcsg, e2108 = exact.readings[:2]
    assert (abcsg.ratio.study, abcsg.inverted) == ("abcsg-28", True)
    assert (e2108.ratio.study, e2108.level, e2108.given) == ("e2108", 95, True)


def test_the_note_that_an_input_came_from_a_meeting_stands_with_the_reproduction(
    held: Pool,
) -> None:
    assert any("ASCO" in note for note in like(held, "reinhorn-2021").notes)


def test_tsukioki_2020_has_odds_ratios_and_its_trials_hazard_ratios(held: Pool) -> None:
    found = printed_as(held, "tsukioki-2020", "os-or-randomised")
    assert found.trials == ()
    assert found.problem == "the graph has an input for 0 of 3 studies"
    assert all("odds ratios" in missing for missing in found.missing)


def test_yamamoto_2021_pools_studies_of_which_no_ratio_is_printed(held: Pool) -> None:
    found = printed_as(held, "yamamoto-2021", "os-odds-ratio")
    assert found.missing == ("Abbas 2017: no ratio", "Ruiz 2018: no ratio", "Sadot 2016: no ratio")


def test_a_result_of_more_studies_than_sources_name_is_not_tried(held: Pool) -> None:
    found = printed_as(held, "gera-2020", "mortality-hr")
    assert found.problem == "it pools 42 studies, of which sources name 3"


def test_the_trials_on_surgery_of_the_primary_are_pooled_without_the_unclear_ratio(
    held: Pool,
) -> None:
    assert chosen(held) == ["e2108/os-hr", "mf07-01/os-hr", "tata/os-hr"]
    assert "no source states which arm" in reasons(held)["abcsg-28/os-hr"]


def test_every_ratio_of_the_question_is_pooled_or_has_a_reason(held: Pool) -> None:
    choice = Choice()
    named = {*chosen(held, choice), *reasons(held, choice)}
    assert named == {one.key for one in held.ratios if one.question == choice.question}


def test_a_ratio_of_unstated_reference_is_pooled_once_a_person_says_how_to_read_it(
    held: Pool,
) -> None:
    inverted = pooled_answer(held, Choice(inverted=("abcsg-28",)), ("dl",))
    printed = pooled_answer(held, Choice(as_printed=("abcsg-28",)), ("dl",))
    assert inverted.readings[0].effect.ratio == pytest.approx(1 / 0.691)
    assert printed.readings[0].effect.ratio == 0.691
    assert inverted.results[0].ratio > printed.results[0].ratio


def test_the_90_percent_interval_of_e2108_is_read_as_one(held: Pool) -> None:
    reading = next(one for one in select(held, Choice())[0] if one.ratio.study == "e2108")
    assert reading.effect.standard_error == pytest.approx(0.18761, abs=1e-5)


def test_sources_that_disagree_on_the_number_of_patients_are_both_shown(held: Pool) -> None:
    answer = pooled_answer(held, Choice(), ("dl",))
    assert answer.patients == ("256", "274 or 278", "350")


def test_a_subgroup_does_not_count_beside_its_whole() -> None:
    part = ratio("a", name="os-part", population="part", is_whole_study=False, depth=1)
    held = pool_of(ratio("a"), part, ratio("b"))
    assert chosen(held) == ["a/os-hr", "b/os-hr"]
    assert "only a part of its patients" in reasons(held)["a/os-part"]


def test_two_estimates_of_the_same_patients_are_both_left_out_until_one_is_named() -> None:
    adjusted = ratio("a", name="os-adjusted", adjusted="adjusted")
    held = pool_of(ratio("a"), adjusted, ratio("b"), ratio("c"))
    assert chosen(held) == ["b/os-hr", "c/os-hr"]
    assert "of the same patients" in reasons(held)["a/os-adjusted"]
    named = Choice(studies=("a/os-adjusted", "b"))
    assert chosen(held, named) == ["a/os-adjusted", "b/os-hr"]


def test_a_meta_analysis_is_never_pooled_with_the_studies_it_pools() -> None:
    review = ratio("m", design="meta_analysis", design_label="meta-analysis")
    held = pool_of(ratio("a"), ratio("b"), review, taken_in={"m": ("a", "b")})
    assert chosen(held) == ["a/os-hr", "b/os-hr"]
    assert reasons(held)["m/os-hr"] == "a review that pools A, B: its patients would count twice"


def test_a_meta_analysis_of_unknown_list_is_left_out_too() -> None:
    review = ratio("m", design="meta_analysis", design_label="meta-analysis")
    assert "no source names" in reasons(pool_of(ratio("a"), ratio("b"), review))["m/os-hr"]


def test_reports_that_conflict_leave_their_estimate_out() -> None:
    conflict = ratio("a", printings=(printing(), printing("0.85", line=2)))
    held = pool_of(conflict, ratio("b"), ratio("c"))
    assert chosen(held) == ["b/os-hr", "c/os-hr"]
    assert "0.80 (95% CI 0.60 to 1.07) {ueno-2022:1}; 0.85" in reasons(held)["a/os-hr"]


def test_a_report_without_interval_that_prints_the_same_ratio_is_no_conflict() -> None:
    told_twice = ratio("a", printings=(printing(low="", high=""), printing(line=2)))
    assert chosen(pool_of(told_twice, ratio("b"))) == ["a/os-hr", "b/os-hr"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"printings": (printing(low="", high=""),)}, "no source prints its interval"),
        ({"outcome": "pain", "outcome_label": "pain"}, "another outcome: pain"),
        ({"measure": "odds_ratio", "measure_label": "odds ratio"}, "another measure"),
        ({"arm": None, "versus": None}, "groups of patients, not treatments"),
        ({"arm": SYSTEMIC, "versus": SURGERY}, "comparator versus intervention"),
        ({"design": "registry_cohort", "design_label": "registry cohort"}, "another design"),
        ({"printings": (printing("0.80", "1.20", "0.60"),)}, "its numbers cannot be pooled"),
        ({"printings": (printing("-3"),)}, "its numbers cannot be pooled"),
    ],
)
def test_what_is_not_comparable_is_left_out_with_its_reason(
    changes: dict[str, object], reason: str
) -> None:
    held = pool_of(ratio("a"), ratio("b"), ratio("c", **changes))
    assert chosen(held) == ["a/os-hr", "b/os-hr"]
    assert reason in reasons(held)["c/os-hr"]


def test_cohorts_of_one_registry_may_share_patients_and_are_left_out() -> None:
    cohort = {"design": "registry_cohort", "design_label": "registry cohort"}
    held = pool_of(
        ratio("a", **cohort), ratio("b", **cohort), ratio("c", **cohort),
        data_sources={"a": frozenset({"seer"}), "b": frozenset({"seer"})},
    )  # fmt: skip
    choice = Choice(designs=("registry_cohort",))
    assert chosen(held, choice) == ["c/os-hr"]
    assert "draw on one data source (seer)" in reasons(held, choice)["a/os-hr"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(outcome="overal_survival"), "did you mean overall_survival"),
        (Choice(question="cure"), "--question cure"),
        (Choice(studies=("mf0701",)), "did you mean mf07-01"),
        (Choice(inverted=("mf07-01",)), "state which arm is the reference"),
        (Choice(inverted=("abcsg-28",), as_printed=("abcsg-28",)), "name one"),
        (Choice(designs=("randomised_controlled_trial", "matched_cohort")), "not pooled together"),
        (Choice(designs=("meta_analysis",)), "meta-analyses are not pooled"),
    ],
)
def test_a_wrong_question_is_told_with_its_mend(held: Pool, choice: Choice, message: str) -> None:
    with pytest.raises(AskedWronglyError, match=re.escape(message)) as told:
        pooled_answer(held, choice)
    assert told.value.exit_code == 2


def test_one_ratio_is_not_pooled_and_the_others_have_their_reasons(held: Pool) -> None:
    with pytest.raises(PoolingError, match="only one ratio is left: wang-2022/os-hr") as told:
        pooled_answer(held, Choice(designs=("matched_cohort",)))
    assert told.value.exit_code == 1
    assert "another design: randomised controlled trial: abcsg-28/os-hr, e2108/os-hr" in str(
        told.value
    )


def test_odds_ratios_at_different_times_are_not_pooled() -> None:
    held = pool_of(ratio("a", time="3 year"), ratio("b", time="5 year"))
    with pytest.raises(PoolingError, match="different times"):
        pooled_answer(held, Choice())


@pytest.mark.parametrize("text", ["e2108", "e2108=1,2", "e2108=a,b,c,d", "e2108=1,0.5,0.4,95"])
def test_numbers_of_ones_own_must_be_a_ratio_with_its_interval(text: str) -> None:
    with pytest.raises(AskedWronglyError, match="--set e2108"):
        given_numbers(text)


def test_json_holds_inputs_results_on_both_scales_and_reasons(held: Pool) -> None:
    data = json.loads(pooled_written(pooled_answer(held, Choice()), "json"))
    assert data["notice"] == NOTICE
    assert [one["method"] for one in data["pooled"]] == ["fixed", "dl", "pm-hk"]
    assert data["inputs"][0]["printed"]["level"] == "90"
    assert sum(one["weights"]["dl"] for one in data["inputs"]) == pytest.approx(1)
    assert {"study", "estimate", "reason"} == set(data["left_out"][0])


def test_csv_has_a_row_for_each_input_result_and_ratio_left_out(held: Pool) -> None:
    answer = pooled_answer(held, Choice())
    rows = list(csv.DictReader(io.StringIO(pooled_written(answer, "csv"))))
    kinds = [row["row"] for row in rows]
    assert kinds.count("input") == 3
    assert kinds.count("pooled") == 3
    assert kinds.count("left out") == len(answer.left_out)


@pytest.mark.parametrize("form", ["text", "md"])
def test_every_written_form_ends_with_the_notice(held: Pool, form: str) -> None:
    assert pooled_written(pooled_answer(held, Choice()), form).rstrip().endswith(NOTICE)
    assert like_written(like(held, "gera-2020"), form).rstrip().endswith(NOTICE)


def test_a_reproduction_in_json_and_csv_tells_every_reading(held: Pool) -> None:
    answer = like(held, "gera-2020")
    data = json.loads(like_written(answer, "json"))
    by_name = {one["estimate"]: one for one in data["results"]}
    assert by_name["gera-2020/os-hr-randomised"]["reproduced"] is True
    assert by_name["gera-2020/mortality-hr"]["reproduced"] is None
    rows = list(csv.DictReader(io.StringIO(like_written(answer, "csv"))))
    assert [row["exact"] for row in rows].count("true") == 1


def test_the_forest_plot_shows_the_inverted_ratio_and_says_so(held: Pool) -> None:
    forest = forest_of(pooled_answer(held, Choice(inverted=("abcsg-28",))), NOTICE)
    abcsg, e2108 = forest.rows[:2]
    assert abcsg.estimate == pytest.approx(1.447, abs=0.001)
    assert abcsg.note.startswith("inverted; printed 0.691 (95% CI 0.358 to 1.333); reference not")
    assert (e2108.level, e2108.printed) == (90, "1.11 (0.82 to 1.52)")
    assert sum(row.weight or 0 for row in forest.rows) == pytest.approx(100)
    assert len(forest.pooled) == 3
    assert forest.footer.endswith(NOTICE)


def run(arguments: list[str]) -> int:
    try:
        main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_command_draws_its_forest_plot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], graph_file: Path
) -> None:
    assert run(["pool", "--plot", str(tmp_path / "forest.svg"), "--method", "dl"]) == 0
    assert "MF07-01" in (tmp_path / "forest.svg").read_text("utf-8")
    assert "DerSimonian-Laird" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--like", "mf07-01"], 2, "no source names the studies that MF07-01 pooled"),
        (["--like", "gera"], 2, "did you mean gera-2020"),
        (["--like", "gera-2020", "--invert", "abcsg-28"], 2, "tries every reading"),
        (["--like", "gera-2020", "--set", "e2108=1,0.5,2,95"], 2, "is not known to pool"),
        (["--method", "reml"], 2, "--method reml is not known"),
        (["--format", "html"], 2, "--format html is not known"),
        (["--plot", "forest.pdf"], 2, "ends in .svg or .png"),
        (["--level", "0.95"], 2, "--level 0.95"),
        (["--question", "resection_of_metastases"], 1, "pooling takes two ratios"),
    ],
)
def test_the_command_tells_what_is_wrong(
    arguments: list[str],
    code: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
    graph_file: Path,
) -> None:
    assert run(["pool", *arguments]) == code
    assert message in capsys.readouterr().err


def documented() -> list[tuple[str, list[str]]]:
    """Each command of docs/pooling.md with the lines of output that stand below it."""
    text = (ROOT / "docs" / "pooling.md").read_text("utf-8")
    shown = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            lines = [line for line in output.splitlines() if line.strip() not in ("", "...")]
            shown.append((command, lines))
    return shown


@pytest.mark.parametrize(("command", "lines"), documented(), ids=lambda one: str(one)[:60])
def test_the_document_shows_what_the_commands_print(
    command: str, lines: list[str], capsys: pytest.CaptureFixture[str], graph_file: Path
) -> None:
    program, *arguments = command.split()
    assert program == "metalocal"
    assert run(arguments) == 0
    printed = iter(capsys.readouterr().out.splitlines())
    for line in lines:
        assert line in printed, f"not printed, or not in this order: {line}"


def test_numbers_that_are_no_ratio_never_reach_the_pool() -> None:
    reading = select(pool_of(ratio("a"), ratio("b")), Choice())[0][0]
    broken = replace(reading, printing=printing("0.80", "0.90", "0.70"))
    with pytest.raises(NotPoolableError):
        assert broken.effect.standard_error
