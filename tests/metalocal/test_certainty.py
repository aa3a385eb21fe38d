"""The certainty sketch: where it starts, what lowers it and why, and what it does not assess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented_rows import p_value, population, ratio, rows_of, said, study

from graph_builder.attributes import Attribute
from metalocal.answers import Certainty, Evidence, EvidenceRow, Reason, Statement, Step, Vote
from metalocal.answers.certainty import (
    BIAS,
    EXTENT,
    INCONSISTENT,
    INDIRECT,
    SMALL,
    TOLD_ONLY,
    UNPLANNED,
    certainty_of,
    limitations_of,
)
from metalocal.answers.directions import AGAINST, FAVOURS, NO_DIFFERENCE
from metalocal.answers.judgement import TIERS
from metalocal.graph import LocalGraph

COUNT = Reason("number of metastases at most 3", "met", ("metastasis_count",))
PRECISE = ratio(FAVOURS, "0.60", "0.85")


def row(
    name: str,
    found: Evidence = PRECISE,
    *limits: str,
    reasons: tuple[Reason, ...] = (COUNT,),
    **of_population: object,
) -> EvidenceRow:
    """The row of a study with one result, of which sources state these limitations."""
    (one,) = rows_of((study(name, population("all", found, reasons=reasons, **of_population)), 2))
    stated = tuple(Statement(kind, "so they say", True, ("invented-2020:1",)) for kind in limits)
    return replace(one, study=replace(one.study, statements=stated))


def sketch(
    *rows: EvidenceRow, tier: str = "randomised", hanging: tuple[EvidenceRow, ...] = ()
) -> Certainty:
    return certainty_of(tier, [Vote(one, ()) for one in rows], hanging)


def step(certainty: Certainty, domain: str) -> Step:
    return next(one for one in certainty.steps if one.domain == domain)


@pytest.mark.parametrize(
    ("tier", "word"),
    [("randomised", "high"), ("observational", "low"), ("uncontrolled", "very low")],
)
def test_each_kind_of_evidence_starts_where_grade_starts_it(tier: str, word: str) -> None:
    assert tier in TIERS
    assert sketch(row("A"), row("B"), tier=tier).word == word


def test_limitations_that_bias_lower_it_where_half_of_the_studies_have_them() -> None:
    one = step(sketch(row("A", PRECISE, "missing data"), row("B")), "risk of bias")
    assert (one.change, one.reason) == (-1, "the sources state A: missing data")
    few = step(sketch(row("A", PRECISE, "missing data"), row("B"), row("C")), "risk of bias")
    assert few.change == 0
    assert "fewer than half" in few.reason


def test_two_biases_in_every_study_lower_it_by_two() -> None:
    both = ("baseline imbalance", "protocol deviation")
    found = sketch(row("A", PRECISE, *both), row("B", PRECISE, *both))
    assert step(found, "risk of bias").change == -2
    assert found.word == "low"


def test_selection_lowers_randomised_evidence_but_not_cohorts_again() -> None:
    rows = [row("A", PRECISE, "selection bias")]
    assert step(sketch(*rows), "risk of bias").change == -1
    assert step(sketch(*rows, tier="observational"), "risk of bias").change == 0


def test_without_any_stated_limitation_bias_is_not_assessed_rather_than_absent() -> None:
    assert step(sketch(row("A")), "risk of bias").reason.startswith("not assessed")


def test_votes_that_disagree_lower_it_and_opposite_ones_by_two() -> None:
    none = row("B", ratio(NO_DIFFERENCE, "0.90", "1.10"))
    against = row("C", ratio(AGAINST, "1.10", "1.20"))
    differ = step(sketch(row("A"), none), "inconsistency")
    assert differ.change == -1
    assert "no difference shown: B" in differ.reason
    assert step(sketch(row("A"), against), "inconsistency").change == -2
    assert step(sketch(row("A"), row("D"), row("E"), none), "inconsistency").change == 0


def test_one_study_alone_has_no_consistency_to_assess() -> None:
    assert step(sketch(row("A")), "inconsistency").reason == "not assessed: one study"


def test_other_cancers_and_unplanned_subgroups_alone_are_indirect() -> None:
    mixed = step(sketch(row("A", mixed=True)), "indirectness")
    assert (mixed.change, mixed.reason) == (-1, "other cancers are taken in too (A)")
    subgroup = row("A", status="post hoc subgroup")
    assert step(sketch(subgroup), "indirectness").change == -1
    assert step(sketch(subgroup, row("B")), "indirectness").change == 0
    assert (
        step(
            sketch(replace(row("A", mixed=True, status="post hoc subgroup"))), "indirectness"
        ).change
        == -2
    )


def test_populations_that_ask_nothing_of_the_extent_of_disease_are_indirect() -> None:
    anyone = row("A", reasons=(Reason("de novo", "met", ("presentation",)),))
    assert step(sketch(anyone), "indirectness").change == -1
    assert step(sketch(anyone, row("B")), "indirectness").change == 0


@pytest.mark.parametrize(
    ("found", "change"),
    [
        (ratio(FAVOURS, "0.60", "0.85"), 0),
        (ratio(NO_DIFFERENCE, "0.80", "1.20"), 0),  # rules out an effect that matters
        (ratio(NO_DIFFERENCE, "0.70", "1.10"), -1),
        (ratio(NO_DIFFERENCE, "0.90", "1.30"), -1),
        (ratio(NO_DIFFERENCE, "0.70", "1.30"), -2),
        (p_value(FAVOURS), -1),
        (said(FAVOURS), -1),
    ],
)
def test_an_interval_with_no_effect_and_an_appreciable_one_is_imprecise(
    found: Evidence, change: int
) -> None:
    assert step(sketch(row("A", found)), "imprecision").change == change


def test_a_study_called_small_by_its_sources_is_imprecise() -> None:
    one = step(sketch(row("A", PRECISE, "small sample")), "imprecision")
    assert (one.change, one.reason) == (-1, "A: small sample")


def test_a_ratio_that_does_not_answer_the_question_makes_nothing_precise() -> None:
    other = ratio(FAVOURS, "0.60", "0.85", answering=False)
    (one,) = rows_of((study("A", population("all", said(FAVOURS), other, reasons=(COUNT,))), 2))
    assert "no ratio with an interval" in step(sketch(one), "imprecision").reason


def test_it_never_falls_below_very_low() -> None:
    worst = row("A", said(FAVOURS), *BIAS, *INDIRECT, mixed=True, status="post hoc subgroup")
    assert sketch(worst, tier="observational").word == "very low"


def test_publication_bias_and_large_effects_are_said_not_to_count() -> None:
    found = sketch(row("A"), tier="observational")
    assert step(found, "publication bias").reason == "not assessed"
    assert step(found, "large effect").change == 0
    assert not [one for one in sketch(row("A")).steps if one.domain == "large effect"]


def test_evidence_that_hangs_on_facts_is_named_and_lowers_nothing() -> None:
    one = step(sketch(row("A"), hanging=(row("E2108"),)), "missing facts")
    assert one.change == 0
    assert one.reason.startswith("E2108 may vote too")


def test_every_step_gives_its_reason() -> None:
    assert all(one.reason for one in sketch(row("A"), row("B", said(FAVOURS))).steps)


def test_the_limitations_of_a_row_are_those_stated_of_its_study_each_once() -> None:
    assert limitations_of(row("A", PRECISE, "small sample", "single arm", "small sample")) == (
        "small sample",
        "single arm",
    )


def test_every_kind_of_limitation_of_the_ontology_has_its_domain(graph: LocalGraph) -> None:
    query = """
        PREFIX ml: <https://w3id.org/metalocal/ontology/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label WHERE { ?kind ml:isLimitation true ; rdfs:label ?label } ORDER BY ?label"""
    kinds = [found["label"] for found in graph.select(query).texts()]
    assert sorted(kinds) == sorted((*BIAS, *INCONSISTENT, *INDIRECT, *SMALL, *TOLD_ONLY))


def test_kinds_of_population_and_attributes_are_those_of_the_ontology(
    graph: LocalGraph, attributes: dict[str, Attribute]
) -> None:
    query = """
        PREFIX ml: <https://w3id.org/metalocal/ontology/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label WHERE { ?kind a ml:PopulationStatus ; rdfs:label ?label } ORDER BY ?label"""
    assert set(UNPLANNED) <= {found["label"] for found in graph.select(query).texts()}
    assert set(attributes) >= EXTENT
