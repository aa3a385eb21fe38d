"""The one-line verdict of a question, by the rule of docs/answer.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_rows import DEATH, population, ratio, rows_of, said, study

from metalocal.answers import Judgement
from metalocal.answers.certainty import AGREE
from metalocal.answers.judgement import TIERS, covered_syntheses, judged, word_of
from metalocal.answers.records import Question
from metalocal.render.verdicts import elsewhere

FAVOURS, NONE, AGAINST = "favours intervention", "no difference shown", "favours comparator"
PROGRESSION, HARM = "progression of disease", "harm of treatment"
FAMILIES = [DEATH, "death of breast cancer", PROGRESSION, HARM]
PFS = said(FAVOURS, family=PROGRESSION, outcome="PFS")
QUESTION = Question("primary", "local therapy of the primary tumour", True, DEATH)


def judge(*leveled: tuple, question: Question = QUESTION, pooled: dict | None = None) -> Judgement:
    return judged(question, rows_of(*leveled, pooled=pooled), FAMILIES, pooled or {})


def trial(name: str, direction: str, **of_population: object) -> tuple:
    return study(name, population("all", ratio(direction, "0.5", "0.9"), **of_population)), 2


def cohort(name: str, direction: str) -> tuple:
    return study(name, population("all", said(direction))), 3


@pytest.mark.parametrize(
    ("directions", "word"),
    [
        ([FAVOURS], "supported"),
        ([NONE], "not supported"),
        ([AGAINST, NONE], "not supported"),
        ([FAVOURS, NONE], "conflicting"),
        ([FAVOURS, FAVOURS, FAVOURS, NONE], "supported"),
        ([FAVOURS, FAVOURS, NONE], "conflicting"),
    ],
)
def test_three_quarters_of_the_votes_decide(directions: list[str], word: str) -> None:
    found = judge(*(trial(f"t{n}", one) for n, one in enumerate(directions)))
    assert (found.word, found.tier, len(found.votes)) == (word, "randomised", len(directions))


def test_a_study_told_both_ways_makes_the_verdict_conflicting() -> None:
    both = study("both", population("all", said(FAVOURS), said(NONE)))
    assert judge((both, 2)).word == "conflicting"


def test_randomised_evidence_silences_cohorts_however_many() -> None:
    found = judge(trial("trial", NONE), *(cohort(f"c{n}", FAVOURS) for n in range(40)))
    assert found.word == "not supported"
    assert [vote.row.study.label for vote in found.votes] == ["trial"]


def test_without_randomised_evidence_cohorts_decide_and_it_is_said() -> None:
    found = judge(cohort("c", FAVOURS))
    assert (found.word, found.tier) == ("supported", "observational")


def test_a_trial_that_may_include_the_patient_has_no_vote_and_is_told() -> None:
    found = judge(trial("open", FAVOURS, verdict="indeterminate"))
    assert found.word == "no direct evidence"
    assert [row.study.label for row in found.hanging] == ["open"]


def test_a_trial_of_mixed_cancers_has_no_vote_and_is_told() -> None:
    found = judge(trial("mixed", FAVOURS, mixed=True))
    assert found.word == "no direct evidence"
    assert [row.study.label for row in found.indirect] == ["mixed"]


def test_chosen_patients_of_unknown_extent_have_no_vote_and_are_told_as_indirect() -> None:
    series = study("series", population("all", said(FAVOURS), limited=False)), 3
    found = judge(series)
    assert (found.word, found.tier, found.family) == ("no direct evidence", "observational", DEATH)
    assert [row.study.label for row in found.indirect] == ["series"]
    beside = judge(series, cohort("limited", NONE))
    assert (beside.word, beside.indirect) == ("not supported", ())


@pytest.mark.parametrize("how", [{"verdict": "indeterminate"}, {"mixed": True}])
def test_cohorts_do_not_outvote_randomised_evidence_that_is_open_or_indirect(how: dict) -> None:
    found = judge(trial("trial", NONE, **how), cohort("c", FAVOURS))
    assert found.word == "no direct evidence"
    assert [row.study.label for row in (*found.hanging, *found.indirect)] == ["trial"]


@pytest.mark.parametrize("how", [{"verdict": "indeterminate"}, {"mixed": True}])
def test_trials_on_death_are_told_where_a_cohort_decides_on_a_later_outcome(how: dict) -> None:
    found = judge(trial("trial", NONE, **how), (study("c", population("all", PFS)), 3))
    assert (found.word, found.tier, found.family) == ("supported", "observational", PROGRESSION)
    told = (*found.hanging, *found.indirect)
    assert [(row.study.label, row.family) for row in told] == [("trial", DEATH)]
    assert elsewhere(found, told) == f", on {DEATH}"


def test_a_trial_that_is_open_on_death_and_on_progression_is_told_once_by_death() -> None:
    both = population("all", ratio(NONE, "0.5", "0.9"), PFS, verdict="indeterminate")
    found = judge((study("open", both), 2), (study("c", population("all", PFS)), 2))
    assert [(row.study.label, row.family) for row in found.hanging] == [("open", DEATH)]
    alone = judge(
        (study("open", population("all", PFS, verdict="indeterminate")), 2),
        (study("c", population("all", PFS)), 2),
    )
    assert elsewhere(alone, alone.hanging) == ""


def test_a_study_without_a_level_has_no_vote() -> None:
    assert judge((study("s", population("all", said(FAVOURS))), None)).votes == ()


def test_death_goes_before_progression_and_progression_decides_where_nothing_tells_of_death() -> (
    None
):
    progression = study("pfs", population("all", PFS))
    assert judge((progression, 2), trial("os", NONE)).word == "not supported"
    found = judge((progression, 2))
    assert (found.word, found.family) == ("supported", PROGRESSION)


def test_harm_decides_only_the_question_that_asks_about_it_first() -> None:
    harm = study("safe", population("all", said(NONE, family=HARM, outcome="toxicity"))), 2
    assert judge(harm).word == "no direct evidence"
    asking = Question("drugs", "local therapy together with drugs", True, HARM)
    assert judge(harm, question=asking).word == "supported"


def test_the_widest_population_votes_and_a_subgroup_that_says_otherwise_is_told() -> None:
    whole = population("all", ratio(NONE, "0.8", "1.5"))
    part = population("triple negative", ratio(AGAINST, "1.1", "10"), depth=1)
    (vote,) = judge((study("trial", whole, part), 2)).votes
    assert vote.row.population.label == "all"
    assert [row.population.label for row in vote.otherwise] == ["triple negative"]


def test_breast_cancer_alone_and_a_number_speak_before_a_wider_group_in_words() -> None:
    whole = population("all", said(FAVOURS))
    part = population("randomised trials", ratio(NONE, "0.7", "1.3"), depth=1)
    (vote,) = judge((study("review", whole, part), 1)).votes
    assert vote.row.population.label == "randomised trials"


def not_heard(found: Judgement) -> list[str]:
    return [row.study.label for row in found.covered]


def test_of_two_syntheses_of_which_one_pools_all_the_other_does_only_the_larger_votes() -> None:
    pooled = {"small": frozenset({"a", "b"}), "large": frozenset({"a", "b", "c"})}
    small = study("small", population("all", ratio(FAVOURS, "0.5", "0.9"))), 1
    large = study("large", population("all", ratio(NONE, "0.7", "1.3"))), 1
    found = judge(small, large, trial("a", FAVOURS), pooled=pooled)
    assert {vote.row.study.label for vote in found.votes} == {"large", "a"}
    assert not_heard(found) == ["small"]
    assert found.word == "conflicting"


def test_a_synthesis_is_counted_through_its_studies_where_half_of_them_vote() -> None:
    pooled = {"review": frozenset({"a", "b", "c"})}
    review = study("review", population("all", ratio(NONE, "0.7", "1.3"))), 1
    one = judge(review, trial("a", FAVOURS), pooled=pooled)
    assert (one.word, not_heard(one)) == ("conflicting", [])
    two = judge(review, trial("a", FAVOURS), trial("b", FAVOURS), pooled=pooled)
    assert (two.word, not_heard(two)) == ("supported", ["review"])


def test_of_two_syntheses_of_the_same_studies_one_votes() -> None:
    same = frozenset({"a", "b"})
    rows = rows_of(
        (study("one", population("all", ratio(NONE, "0.7", "1.3"))), 1),
        (study("two", population("all", ratio(NONE, "0.6", "1.4"))), 1),
    )
    assert covered_syntheses(rows, {"one": same, "two": same}) == {"two"}


@given(st.lists(st.sampled_from([FAVOURS, NONE, AGAINST, "mixed"]), min_size=1, max_size=9))
def test_a_further_vote_for_the_treatment_never_makes_the_verdict_worse(votes: list[str]) -> None:
    order = ["not supported", "conflicting", "supported"]
    assert order.index(word_of([*votes, FAVOURS])) >= order.index(word_of(votes))


@given(st.lists(st.sampled_from([FAVOURS, NONE, AGAINST, "mixed"]), min_size=1, max_size=9))
def test_the_order_of_votes_does_not_matter(votes: list[str]) -> None:
    assert word_of(votes) == word_of(sorted(votes))


def test_the_written_rule_names_the_kinds_their_levels_and_the_share_that_decides() -> None:
    written = (Path(__file__).parents[2] / "docs" / "answer.md").read_text("utf-8")
    for kind, levels in TIERS.items():
        (said_levels,) = re.findall(rf"\*\*{kind}\*\*\s+\(levels? ([\d and]+)\)", written)
        assert tuple(map(int, re.findall(r"\d", said_levels))) == levels
    assert AGREE == 0.75
    assert "Three quarters of the votes or more favour the treatment" in written
