"""Effect directions that the published rules derive, on the invented EXAMPLE-2020."""

from __future__ import annotations

import pytest
from estimates_by_hand import (
    NO_DIFFERENCE,
    NOT_ESTIMABLE,
    REVERSED,
    SURGERY_BETTER,
    SYSTEMIC_BETTER,
    Directions,
    arms,
    estimate,
    p_value,
)


@pytest.mark.parametrize(
    ("printed", "direction"),
    [
        ('value: "0.70", low: "0.50", high: "0.98", level: "95"', SURGERY_BETTER),
        ('value: "1.40", low: "1.02", high: "1.90", level: "95"', SYSTEMIC_BETTER),
        ('value: "0.90", low: "0.70", high: "1.20", level: "95"', NO_DIFFERENCE),
        ('value: "0.90", low: "0.81", high: "1.00", level: "95"', NO_DIFFERENCE),
        ('value: "1.20", low: "1.00", high: "1.44", level: "95"', NO_DIFFERENCE),
        ('value: "0.61", low: "0.41", high: "0.91", level: "90"', SURGERY_BETTER),
        ('value: "0.70", low: "0.50", high: "0.98", level: "95", p: "0.20"', SURGERY_BETTER),
        ('value: "0.70", p: "0.04"', SURGERY_BETTER),
        ('value: "1.40", p: "<0.001"', SYSTEMIC_BETTER),
        ('value: "0.70", p: "0.05"', NO_DIFFERENCE),
        ('value: "0.70", p: ".30"', NO_DIFFERENCE),
        ('value: "1.00", p: "0.01"', NO_DIFFERENCE),
        ('value: "0.70"', NOT_ESTIMABLE),
    ],
)
def test_a_ratio_has_the_direction_of_its_interval_else_of_its_p_value(
    printed: str, direction: set[str], directions: Directions
) -> None:
    assert directions(estimate(printed)) == direction


def test_a_ratio_of_the_reference_over_the_intervention_turns(directions: Directions) -> None:
    printed = 'value: "0.70", low: "0.50", high: "0.98", level: "95"'
    assert directions(estimate(printed, more=REVERSED)) == SYSTEMIC_BETTER


def test_a_ratio_whose_reference_no_source_states_is_not_estimable(directions: Directions) -> None:
    printed = 'value: "0.70", low: "0.50", high: "0.98", level: "95"'
    more = "contrast: {arm: surgery, versus: systemic}\n  reference_stated: false"
    assert directions(estimate(printed, more=more)) == NOT_ESTIMABLE


GROUPS = "contrast: {group: solitary-bone, versus_group: randomised}"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ('value: "0.70", low: "0.50", high: "0.98", level: "95"', "favours_group"),
        ('value: "1.70", low: "1.10", high: "2.98", level: "95"', "favours_reference_group"),
        ('value: "0.70", low: "0.50", high: "1.98", level: "95"', "no_difference_shown"),
        ('value: "0.70"', "not_estimable"),
    ],
)
def test_a_ratio_between_groups_of_patients_tells_which_group_does_better(
    directions: Directions, printed: str, expected: str
) -> None:
    assert directions(estimate(printed, more=GROUPS)) == {expected}


@pytest.mark.parametrize(
    ("p", "expected"), [("0.04", "favours_group"), ("0.05", "no_difference_shown")]
)
def test_a_p_value_between_groups_of_patients_has_the_direction_stated_with_it(
    directions: Directions, p: str, expected: str
) -> None:
    printed = f'p: "{p}", direction: favours_group'
    assert directions(p_value(printed, more=GROUPS)) == {expected}


def test_two_reports_of_one_ratio_have_each_its_own_direction(directions: Directions) -> None:
    text = estimate('value: "0.70", p: "0.01"')
    two = text.replace(
        "reported: [", 'reported: [{value: "0.70", p: "0.5", source: invented-2021, line: 8}, '
    )
    assert directions(two) == SURGERY_BETTER | NO_DIFFERENCE


@pytest.mark.parametrize(
    ("surgery", "systemic", "p", "direction"),
    [
        ("46", "37", "0.04", SURGERY_BETTER),
        ("37", "46", "0.04", SYSTEMIC_BETTER),
        ("46", "37", "0.05", NO_DIFFERENCE),
        ("40", "40", "0.04", NOT_ESTIMABLE),
        ("not attained", "37", "0.04", NOT_ESTIMABLE),
    ],
)
def test_a_p_value_takes_its_direction_from_the_two_medians(
    surgery: str, systemic: str, p: str, direction: set[str], directions: Directions
) -> None:
    assert directions(*arms(surgery, systemic), p_value(f'p: "{p}"')) == direction


def test_of_an_outcome_that_is_better_when_lower_the_smaller_share_is_favoured(
    directions: Directions,
) -> None:
    outcome = "locoregional_progression"
    shares = arms("10.2", "25.6", "proportion", outcome)
    assert directions(*shares, p_value(outcome=outcome)) == SURGERY_BETTER


def test_of_an_outcome_that_is_better_neither_way_no_direction_follows(
    directions: Directions,
) -> None:
    outcome = "change_of_systemic_therapy"
    shares = arms("10.2", "25.6", "proportion", outcome)
    assert directions(*shares, p_value(outcome=outcome)) == NOT_ESTIMABLE


def test_pairs_that_disagree_give_no_direction(directions: Directions) -> None:
    shares = [
        text.replace("id: ", "id: share-").replace("measure: proportion", "measure: proportion")
        for text in arms("30", "41", "proportion")
    ]
    assert directions(*arms("46", "37"), *shares, p_value()) == NOT_ESTIMABLE


def test_rates_of_another_time_point_do_not_speak_for_the_p_value(directions: Directions) -> None:
    at = "\n  at: {} year"
    rates = [
        estimate(f'value: "{v}"', "rate", f"arm: {arm}\n  unit: percent" + at.format(3), arm)
        for arm, v in (("surgery", "60"), ("systemic", "40"))
    ]
    contrast = "contrast: {arm: surgery, versus: systemic}"
    assert directions(*rates, p_value(more=contrast + at.format(5))) == NOT_ESTIMABLE
    assert directions(*rates, p_value(more=contrast + at.format(3))) == SURGERY_BETTER


def test_a_p_value_without_a_pair_takes_the_direction_stated_in_words(
    directions: Directions,
) -> None:
    printed = 'p: "0.01", direction: favours_comparator'
    assert directions(p_value(printed)) == SYSTEMIC_BETTER


def test_a_p_value_without_a_pair_and_without_words_is_not_estimable(
    directions: Directions,
) -> None:
    assert directions(p_value()) == NOT_ESTIMABLE


def test_a_large_p_value_outweighs_the_direction_stated_in_words(directions: Directions) -> None:
    printed = 'p: "0.60", direction: favours_intervention'
    assert directions(p_value(printed)) == NO_DIFFERENCE


def test_a_statement_has_the_direction_its_source_states(directions: Directions) -> None:
    printed = "direction: no_difference_shown, wording: survival alike in both arms"
    assert directions(estimate(printed, "statement_only")) == NO_DIFFERENCE


def test_a_statement_without_a_direction_gets_none(directions: Directions) -> None:
    assert directions(estimate("wording: many were old", "statement_only")) == set()


def test_an_arm_alone_gets_no_direction(directions: Directions) -> None:
    assert directions(*arms("46", "37"), asked="surgery") == set()


def test_a_baseline_characteristic_gets_no_direction(directions: Directions) -> None:
    outcome = "her2_positive_at_baseline"
    shares = arms("30", "20", "proportion", outcome)
    assert directions(*shares, p_value(outcome=outcome)) == set()


@pytest.mark.parametrize("measure", ["ratio", "medians"])
def test_a_p_value_printed_as_below_5_percent_shows_a_difference(
    measure: str, directions: Directions
) -> None:
    below = 'p: "<0.05"'
    found = (
        directions(estimate(f'value: "0.70", {below}'))
        if measure == "ratio"
        else directions(*arms("46", "37"), p_value(below))
    )
    assert found == SURGERY_BETTER


def test_a_p_value_of_the_reference_versus_the_intervention_turns(directions: Directions) -> None:
    assert directions(*arms("46", "37"), p_value(more=REVERSED)) == SURGERY_BETTER


def test_counts_of_arms_of_unlike_size_are_no_pair(directions: Directions) -> None:
    outcome = "locoregional_progression"
    counts = [text.replace("percent", "patients") for text in arms("4", "9", "count", outcome)]
    assert directions(*counts, p_value(outcome=outcome)) == NOT_ESTIMABLE
