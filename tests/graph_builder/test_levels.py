"""Levels of evidence that the published rule derives, on the invented EXAMPLE-2020."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from estimates_by_hand import Derived, arms, estimate, p_value
from rdflib import Graph
from rdflib.namespace import PROV

from graph_builder.assembly import assemble
from graph_builder.assembly.studies import population_id
from graph_builder.reading import Records
from graph_builder.records import Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

RATIO = estimate('value: "0.70", low: "0.50", high: "0.98", level: "95"')
POPULATIONS = """
- id: randomised
  label: all
  status: whole_study
  {more}
  criteria: [{{attribute: presentation, is: de_novo}}]
  reported: [{{source: invented-2021, line: 3}}]
- id: part
  label: a part
  within: randomised
  status: {status}
  criteria: [{{attribute: age, below: 55}}]
  reported: [{{source: invented-2021, line: 3}}]
"""


def populations(more: str = "note: one", status: str = "unplanned_subgroup") -> str:
    return POPULATIONS.format(more=more, status=status)


def pooling(*designs: str) -> str:
    return populations(f"pooled_designs: [{', '.join(designs)}]")


def level(facts: Graph, population: str = "randomised") -> tuple[int | None, str]:
    """The level of a population of EXAMPLE-2020, and why."""
    node = population_id("example-2020", population)
    (derivation,) = facts.subjects(ML.ofPopulation, node)
    assert facts.value(derivation, ML.byRule) == code("level_of_evidence")
    found = facts.value(node, ML.evidenceLevel)
    assert facts.value(derivation, ML.evidenceLevel) == found
    return int(str(found)) if found is not None else None, str(facts.value(derivation, ML.because))


@pytest.mark.parametrize(
    ("design", "compared", "alone"),
    [
        ("randomised_controlled_trial", 2, 4),
        ("non_randomised_trial", 3, 4),
        ("prospective_cohort", 3, 4),
        ("registry_cohort", 3, 4),
        ("matched_cohort", 3, 4),
        ("retrospective_cohort", 3, 4),
        ("pooled_trials_analysis", 3, 4),
        ("meta_analysis", 3, 4),
        ("systematic_review", 3, 4),
        ("single_arm_trial", 4, 4),
        ("case_series", 4, 4),
        ("narrative_review", 5, 5),
        ("consensus_process", 5, 5),
        ("preclinical_study", 5, 5),
        ("design_not_stated", None, None),
    ],
)
def test_a_design_has_a_level_with_and_one_without_a_comparison_of_treatments(
    design: str, compared: int | None, alone: int | None, derived: Derived
) -> None:
    assert level(derived(RATIO, design=design)[1])[0] == compared
    assert level(derived(arms("46", "37")[0], design=design)[1])[0] == alone


def test_every_design_of_the_ontology_is_in_the_table(terms: Terms, derived: Derived) -> None:
    for design in terms.codes["Design"]:
        assert level(derived(RATIO, design=design)[1])[1]


@pytest.mark.parametrize(
    ("pooled", "expected", "why"),
    [
        (("randomised_controlled_trial",), 1, "of randomised controlled trials only"),
        (("randomised_controlled_trial", "registry_cohort"), 3, "of randomised and other studies"),
        (("retrospective_cohort", "matched_cohort"), 3, "of studies that are not randomised"),
        (("case_series", "single_arm_trial"), 4, "of studies that are not randomised"),
        (("case_series", "retrospective_cohort"), 3, "of studies that are not randomised"),
    ],
)
@pytest.mark.parametrize("design", ["meta_analysis", "systematic_review"])
def test_a_synthesis_is_judged_by_the_designs_it_pools(
    design: str, pooled: tuple[str, ...], expected: int, why: str, derived: Derived
) -> None:
    found, reason = level(derived(RATIO, design=design, populations=pooling(*pooled))[1])
    assert found == expected
    assert why in reason


def test_a_synthesis_whose_pooled_designs_no_source_states_says_so(derived: Derived) -> None:
    assert level(derived(RATIO, design="meta_analysis", populations=populations())[1]) == (
        3,
        "meta-analysis, designs pooled not stated; treatments are compared in this population",
    )


def test_a_subgroup_of_a_synthesis_pools_the_designs_of_the_whole_unless_it_tells_its_own(
    study: Callable[..., Study], terms: Terms
) -> None:
    whole = pooling("randomised_controlled_trial", "case_series")
    own = whole.replace("within: randomised", "within: randomised\n  pooled_designs: [case_series]")
    for blocks, expected in (
        (whole, {"randomised_controlled_trial", "case_series"}),
        (own, {"case_series"}),
    ):
        review = study(design="meta_analysis", populations=blocks, estimates="[]")
        graph = assemble(Records([review]), terms).graphs[thing("graph", "study", "example-2020")]
        found = graph.objects(population_id("example-2020", "part"), ML.pooledDesign)
        assert set(found) == {code(design) for design in expected}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("unplanned_subgroup", "subgroup, not prespecified"),
        ("post_hoc_subgroup", "subgroup, not prespecified"),
        ("subgroup_of_unstated_status", "subgroup, not stated whether prespecified"),
        ("prespecified_subgroup", "prespecified subgroup"),
        ("outcome_defined_group", "group formed by what happened after treatment"),
    ],
)
def test_a_subgroup_of_a_randomised_trial_keeps_its_level_and_says_what_it_is(
    status: str, said: str, derived: Derived
) -> None:
    of_part = RATIO.replace("population: randomised", "population: part")
    found = level(derived(of_part, populations=populations(status=status))[1], "part")
    assert found == (
        2,
        f"randomised controlled trial; treatments are compared in this population; {said}",
    )


def test_two_arms_with_a_value_each_are_a_comparison(derived: Derived) -> None:
    for estimates in (arms("46", "37"), [p_value()]):
        assert level(derived(*estimates, design="registry_cohort")[1])[0] == 3


def test_a_comparison_in_the_whole_study_is_none_in_a_part_of_it(derived: Derived) -> None:
    of_part = arms("46", "37")[0].replace("population: randomised", "population: part")
    facts = derived(RATIO, of_part, populations=populations())[1]
    assert level(facts)[0] == 2
    assert level(facts, "part")[0] == 4


def test_a_comparison_of_groups_of_patients_is_none_of_treatments(derived: Derived) -> None:
    groups = "contrast: {group: part, versus_group: randomised}"
    more = estimate("direction: favours_group", "statement_only", groups)
    facts = derived(more, design="registry_cohort", populations=populations())[1]
    assert level(facts)[0] == 4


def test_a_population_without_results_has_no_level(derived: Derived) -> None:
    baseline = estimate(
        'value: "30"', "proportion", "unit: percent", outcome="her2_positive_at_baseline"
    )
    facts = derived(baseline)[1]
    assert list(facts.subjects(ML.ofPopulation)) == []


def test_a_level_names_study_design_status_and_the_comparing_results_as_inputs(
    derived: Derived,
) -> None:
    facts = derived(RATIO)[1]
    node = population_id("example-2020", "randomised")
    (derivation,) = facts.subjects(ML.ofPopulation, node)

    assert set(facts.objects(derivation, PROV.wasDerivedFrom)) == {
        thing("study", "example-2020"),
        node,
        thing("study", "example-2020", "estimate", "asked"),
        code("randomised_controlled_trial"),
        code("whole_study"),
    }
