"""What a comparison counts, which way it turns, and why a rule drew what it drew."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from estimates_by_hand import (
    ARMS,
    INTERVAL_BELOW_1,
    NO_DIFFERENCE,
    NOT_ESTIMABLE,
    REVERSED,
    SURGERY_BETTER,
    SYSTEMIC_BETTER,
    Derived,
    Directions,
    arms,
    counting,
    drawn,
    estimate,
    p_value,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import PROV

from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing


def test_an_odds_ratio_of_response_below_1_does_not_favour_the_treatment(
    directions: Directions,
) -> None:
    more = counting("wanted_event")
    asked = estimate(INTERVAL_BELOW_1, "odds_ratio", more, outcome="response_rate")
    assert directions(asked) == SYSTEMIC_BETTER


@pytest.mark.parametrize("measure", ["odds_ratio", "risk_ratio", "relative_increase"])
@pytest.mark.parametrize("outcome", ["overall_survival", "response_rate", "local_control"])
def test_where_nobody_tells_what_a_ratio_counts_it_has_no_direction(
    measure: str, outcome: str, directions: Directions, reasons: Directions
) -> None:
    asked = estimate(INTERVAL_BELOW_1, measure, outcome=outcome)
    assert directions(asked) == NOT_ESTIMABLE
    (reason,) = reasons(asked)
    assert "counts a wanted or an unwanted event is not known" in reason


@pytest.mark.parametrize("measure", ["odds_ratio", "risk_ratio", "relative_increase"])
def test_a_ratio_of_an_outcome_that_is_better_when_lower_counts_the_outcome_itself(
    measure: str, directions: Directions
) -> None:
    asked = estimate(INTERVAL_BELOW_1, measure, outcome="toxicity")
    assert directions(asked) == SURGERY_BETTER


def test_a_hazard_ratio_counts_an_unwanted_event_whatever_the_outcome_is_called(
    directions: Directions,
) -> None:
    for outcome in ("overall_survival", "mortality", "local_control"):
        assert directions(estimate(INTERVAL_BELOW_1, outcome=outcome)) == SURGERY_BETTER


def test_what_an_estimate_counts_outweighs_its_measure(directions: Directions) -> None:
    more = counting("wanted_event")
    asked = estimate(INTERVAL_BELOW_1, "hazard_ratio", more, outcome="response_rate")
    assert directions(asked) == SYSTEMIC_BETTER


def test_of_a_ratio_of_an_outcome_that_is_better_neither_way_no_direction_follows(
    directions: Directions,
) -> None:
    asked = estimate(INTERVAL_BELOW_1, outcome="change_of_systemic_therapy")
    assert directions(asked) == NOT_ESTIMABLE


@pytest.mark.parametrize(
    "more",
    [f"{ARMS}\n  reference_stated: false", REVERSED, ARMS],
    ids=["no side", "turned", "as is"],
)
@pytest.mark.parametrize(
    "printed", ['value: "0.29", low: "0.07", high: "1.26", level: "95"', 'value: "0.29", p: "0.31"']
)
def test_a_number_that_shows_no_difference_shows_none_whichever_way_it_is_read(
    printed: str, more: str, directions: Directions
) -> None:
    assert directions(estimate(printed, "odds_ratio", more)) == NO_DIFFERENCE


@pytest.mark.parametrize(
    ("printed", "direction"),
    [
        ('value: "34", low: "12", high: "51", level: "95"', SURGERY_BETTER),
        ('value: "-20", low: "-44", high: "-3", level: "95"', SYSTEMIC_BETTER),
        ('value: "34", low: "-4", high: "51", level: "95"', NO_DIFFERENCE),
        ('value: "34", p: "0.049"', SURGERY_BETTER),
        ('value: "34", direction: favours_intervention', SURGERY_BETTER),
        ('value: "34"', NOT_ESTIMABLE),
    ],
)
def test_a_relative_reduction_above_0_is_fewer_events(
    printed: str, direction: set[str], directions: Directions
) -> None:
    more = f"unit: percent\n  {ARMS}"
    asked = estimate(printed, "relative_reduction", more, outcome="mortality")
    assert directions(asked) == direction


@pytest.mark.parametrize(
    ("outcome", "direction"),
    [("overall_survival", SURGERY_BETTER), ("toxicity", SYSTEMIC_BETTER)],
)
def test_a_difference_is_of_the_outcome_itself(
    outcome: str, direction: set[str], directions: Directions
) -> None:
    printed = 'value: "17", low: "4", high: "30", level: "95"'
    asked = estimate(printed, "difference", f"unit: percent\n  {ARMS}", outcome=outcome)
    assert directions(asked) == direction


@pytest.mark.parametrize("p", ["<0.10", ">0.01"])
def test_a_p_value_that_may_lie_on_either_side_of_5_percent_tells_nothing(
    p: str, directions: Directions
) -> None:
    assert directions(estimate(f'value: "0.70", p: "{p}"')) == NOT_ESTIMABLE
    assert directions(*arms("46", "37"), p_value(f'p: "{p}"')) == NOT_ESTIMABLE


def test_values_in_another_unit_are_no_pair(directions: Directions) -> None:
    surgery, systemic = arms("46", "37")
    assert directions(surgery, systemic.replace("months", "weeks"), p_value()) == NOT_ESTIMABLE


@pytest.mark.parametrize("role", ["intervention", "comparator"])
def test_between_two_arms_of_one_role_the_one_named_first_is_the_treatment_under_test(
    role: str, derived: Derived
) -> None:
    two = "\n".join(
        f"- {{id: {arm}, label: {arm}, role: {role}, interventions: [systemic_therapy]}}"
        for arm in ("surgery", "systemic")
    )
    graphs = derived(estimate(INTERVAL_BELOW_1), arms=two)
    assert drawn(graphs, "asked", ML.effectDirection) == [code("favours_intervention")]


def test_the_reason_tells_interval_with_its_level_event_and_side(reasons: Directions) -> None:
    printed = 'value: "0.61", low: "0.41", high: "0.91", level: "90"'
    assert reasons(estimate(printed)) == {
        "90% interval 0.41 to 0.91 lies below 1; hazard ratio of an unwanted event; "
        "surgery is the treatment under test"
    }


def test_the_reason_tells_that_the_direction_turns(reasons: Directions) -> None:
    assert reasons(estimate('value: "1.40", p: "<0.001"', more=REVERSED)) == {
        "p <0.001 lies below 0.05; 1.40 lies above 1; hazard ratio of an unwanted event; "
        "systemic therapy is the comparator, so the direction turns"
    }


def test_the_reason_of_a_p_value_tells_the_pair_it_rests_on(reasons: Directions) -> None:
    assert reasons(*arms("46", "37"), p_value()) == {
        "p = 0.04 lies below 0.05; median 46 versus 37; more is better of overall survival; "
        "surgery is the treatment under test"
    }


def test_a_value_that_is_no_pair_takes_no_reason_away(reasons: Directions) -> None:
    others = [
        estimate(f'value: "{v}"', "rate", f"arm: {arm}\n  unit: percent\n  at: 3 year", f"{arm}-3")
        for arm, v in (("surgery", "60"), ("systemic", "40"))
    ]
    pair = [
        estimate(f'value: "{v}"', "rate", f"arm: {arm}\n  unit: percent\n  at: 5 year", arm)
        for arm, v in (("surgery", "50"), ("systemic", "30"))
    ]
    (reason,) = reasons(*others, *pair, p_value(more=f"{ARMS}\n  at: 5 year"))
    assert "lies below 0.05; rate 50 versus 30; more is better" in reason


def test_the_reason_of_a_statement_is_that_the_source_says_so(reasons: Directions) -> None:
    told = estimate("direction: no_difference_shown", "statement_only")
    assert reasons(told) == {"the source states this direction in words"}


def test_a_derivation_names_every_input(derived: Derived) -> None:
    graphs = derived(*arms("46", "37"), p_value())
    inputs = set(drawn(graphs, "asked", PROV.wasDerivedFrom))
    own = {
        report
        for name in ("asked", "surgery", "systemic")
        for report in graphs[0].objects(
            thing("study", "example-2020", "estimate", name), ML.hasReport
        )
    }
    sides = {thing("study", "example-2020", "arm", arm) for arm in ("surgery", "systemic")}
    asked = {thing("study", "example-2020", "estimate", "asked"), code("overall_survival")}
    assert inputs == own | sides | asked


def test_each_derivation_has_one_rule_one_reason_and_one_direction(derived: Derived) -> None:
    _, facts = derived(
        estimate(INTERVAL_BELOW_1, name="ratio"),
        *arms("46", "37"),
        p_value(),
        estimate("direction: no_difference_shown", "statement_only", name="words"),
        estimate(
            'value: "17", direction: favours_intervention',
            "difference",
            f"unit: percent\n  {ARMS}",
            "d",
        ),
    )
    told = set(facts.subjects(ML.effectDirection, None)) - set(facts.subjects(ML.ofReport))
    assert told == set(facts.objects(None, ML.ofReport))
    assert len(told) == 4
    for node in facts.subjects(ML.ofReport):
        for predicate in (ML.byRule, ML.because, ML.effectDirection, ML.ofReport):
            assert len(set(facts.objects(node, predicate))) == 1
        assert str(facts.value(node, ML.byRule)).startswith(code("effect_direction_of_"))


def test_every_rule_file_is_a_rule_of_the_ontology_and_every_rule_has_its_file(
    terms: Terms, ontology: Path
) -> None:
    named = {str(file) for file in terms.graph.objects(None, ML.ruleFile)}
    assert named == {f"ontology/rules/{path.name}" for path in (ontology / "rules").glob("*.rq")}


def turned(printed: str) -> str:
    """One divided by a printed number, to six digits behind the point."""
    return f"{1 / Decimal(printed):.6f}"


RATIOS = st.integers(5, 2000).map(lambda n: f"{Decimal(n) / 100:.2f}")


@settings(max_examples=60)
@given(
    numbers=st.lists(RATIOS, min_size=3, max_size=3),
    p=st.sampled_from(["0.2", "0.05", "0.01", "<0.001", "<0.05", None]),
    measure=st.sampled_from(["hazard_ratio", "odds_ratio", "risk_ratio"]),
    event=st.sampled_from(["wanted_event", "unwanted_event", None]),
    whole=st.booleans(),
)
def test_turning_arm_and_reference_round_and_inverting_the_ratio_changes_no_direction(
    numbers: list[str],
    p: str | None,
    measure: str,
    event: str | None,
    whole: bool,
    derived: Derived,
) -> None:
    low, value, high = sorted(numbers, key=Decimal)
    p_text = f', p: "{p}"' if p else ""

    def printed(value: str, low: str, high: str) -> str:
        interval = f', low: "{low}", high: "{high}", level: "95"' if whole else ""
        return f'value: "{value}"{interval}{p_text}'

    def more(contrast: str) -> str:
        return counting(event, contrast) if event else contrast

    inverted = printed(turned(value), turned(high), turned(low))
    graphs = derived(
        estimate(printed(value, low, high), measure, more(ARMS)),
        estimate(inverted, measure, more(REVERSED), "turned"),
    )
    found = drawn(graphs, "asked", ML.effectDirection)
    assert len(found) == 1
    assert drawn(graphs, "turned", ML.effectDirection) == found
