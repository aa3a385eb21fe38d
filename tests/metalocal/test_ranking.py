"""The order of rows and their direction: most direct first, then level, then precision."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from invented_rows import p_value, population, ratio, rows_of, said, study

from metalocal.answers.ranking import direction_of, ranked

FAVOURS, NONE, AGAINST = "favours intervention", "no difference shown", "favours comparator"


def names(rows: tuple) -> list[str]:
    return [row.study.label for row in rows]


def test_a_direct_cohort_comes_before_a_trial_that_only_may_include_the_patient() -> None:
    cohort = study("cohort", population("all", said(NONE)))
    trial = study("trial", population("all", ratio(NONE, "0.5", "1.2"), verdict="indeterminate"))
    assert names(rows_of((trial, 2), (cohort, 3))) == ["cohort", "trial"]


def test_mixed_cancers_and_anyone_with_metastases_come_behind_a_direct_population() -> None:
    direct = study("direct", population("all", said(NONE)))
    mixed = study("mixed", population("all", said(NONE), mixed=True))
    anyone = study("anyone", population("all", said(NONE), anyone=True))
    rows = rows_of((mixed, 1), (anyone, 1), (direct, 4))
    assert names(rows)[0] == "direct"
    assert {row.directness for row in rows[1:]} == {1}


def test_chosen_patients_of_unknown_extent_are_wider_and_randomised_ones_are_not() -> None:
    series = study("series", population("all", said(NONE), limited=False))
    limited = study("limited", population("all", said(NONE), limited=True))
    trial = study("trial", population("all", said(NONE), limited=False))
    rows = rows_of((series, 3), (limited, 3), (trial, 2))
    assert [(row.study.label, row.directness) for row in rows] == [
        ("trial", 0),
        ("limited", 0),
        ("series", 1),
    ]


def test_a_synthesis_of_trials_is_no_more_direct_than_the_most_direct_of_its_trials() -> None:
    review = study("review", population("all", said(NONE)))
    open_trial = study("open", population("all", said(NONE), verdict="indeterminate"))
    barred = study("barred", population("all", said(NONE), verdict="excluded"))
    both = {"review": frozenset({"open", "barred"})}
    rows = rows_of((review, 1), (open_trial, 2), (barred, 2), pooled=both)
    assert {row.study.label: row.directness for row in rows} == {"review": 2, "open": 2}
    only = {"review": frozenset({"barred"})}
    assert "review" not in names(rows_of((review, 1), (barred, 2), pooled=only))


def test_among_equally_direct_rows_the_level_decides_and_no_level_comes_last() -> None:
    of = [(study(f"level {n}", population("all", said(NONE))), n) for n in (None, 4, 1, 3, 2)]
    assert names(rows_of(*of)) == ["level 1", "level 2", "level 3", "level 4", "level None"]


def test_at_one_level_the_narrower_interval_comes_first_then_p_then_words() -> None:
    of = [
        (study("words", population("all", said(NONE))), 2),
        (study("p", population("all", p_value(NONE))), 2),
        (study("wide", population("all", ratio(NONE, "0.2", "4"))), 2),
        (study("narrow", population("all", ratio(NONE, "0.7", "1.1"))), 2),
    ]
    assert names(rows_of(*of)) == ["narrow", "wide", "p", "words"]


def test_the_order_does_not_hang_on_the_order_given() -> None:
    of = [
        (study("b", population("all", said(NONE)), population("part", said(NONE), depth=1)), 2),
        (study("a", population("all", said(NONE))), 2),
        (study("c", population("all", ratio(NONE, "0.7", "1.1"))), 3),
    ]
    orders = {
        tuple((row.study.label, row.population.label) for row in rows_of(*given))
        for given in itertools.permutations(of)
    }
    assert orders == {(("a", "all"), ("b", "part"), ("b", "all"), ("c", "all"))}


def test_a_population_that_excludes_the_patient_gives_no_row() -> None:
    assert ranked([study("s", population("all", said(NONE), verdict="excluded"))], {}, {}) == ()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([said(FAVOURS), ratio(NONE, "0.5", "1.2")], (NONE, "ratio with interval")),
        ([said(FAVOURS), p_value(NONE)], (NONE, "p value")),
        ([said(FAVOURS), said(FAVOURS)], (FAVOURS, "authors' words")),
        ([said(FAVOURS), said(AGAINST)], ("mixed", "authors' words")),
        ([ratio("not estimable", "0.5", "1.2"), p_value(NONE)], (NONE, "p value")),
        ([ratio(FAVOURS, "0.5", "0.9", answering=False)], ("", "")),
        ([said("favours the group")], ("", "")),
    ],
)
def test_the_direction_rests_on_the_strongest_kind_of_report(
    found: list, expected: tuple[str, str]
) -> None:
    assert direction_of(found, drawn=True) == expected


def test_where_patients_were_chosen_an_adjusted_comparison_goes_before_a_crude_one() -> None:
    found = [ratio(FAVOURS, "0.5", "0.9"), replace(p_value(NONE), adjusted=True)]
    assert direction_of(found, drawn=False) == (NONE, "p value")
    assert direction_of(found, drawn=True) == (FAVOURS, "ratio with interval")
