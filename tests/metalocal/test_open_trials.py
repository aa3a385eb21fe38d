"""Trials under way: as of which year, whether they took in patients, and whether she fits."""

from __future__ import annotations

from collections.abc import Callable

from metalocal.answers import Answer, Library, OpenTrial, criteria_of
from metalocal.answers.open_trials import NOT_RECRUITING, NOT_TOLD, OPEN_STATUSES, RECRUITING
from metalocal.graph import LocalGraph

Ask = Callable[..., Answer]
OLIGO = {
    "presentation": "recurrent",
    "er_status": "positive",
    "her2_status": "negative",
    "metastatic_sites": {"only": ["bone"]},
    "metastasis_count": 2,
    "primary_status": "removed",
}


def trial(found: Answer, study: str) -> OpenTrial:
    return next(one for one in found.trials if one.study == study)


def test_a_trial_gives_its_registry_entry_and_the_year_in_which_it_was_recruiting(ask: Ask) -> None:
    found = trial(ask(**OLIGO), "SABR-COMET-3")
    assert found.registry == (("NCT03862911", "https://clinicaltrials.gov/study/NCT03862911"),)
    assert (found.takes_in, found.status, found.as_of) == (RECRUITING, "recruiting", 2023)
    assert found.printed == (("recruiting", 2023, "merloni-2023:305"),)
    assert (found.phase, found.verdict) == ("III", "included")


def test_the_year_is_that_of_the_source_that_prints_the_state_not_of_a_later_one(ask: Ask) -> None:
    found = trial(ask(**OLIGO), "CLEAR")
    assert {(said, year) for said, year, _ in found.printed} == {
        ("recruiting", 2023),
        ("ongoing", 2024),
    }
    assert found.as_of == 2023


def test_a_trial_that_hangs_on_the_lines_of_therapy_says_so(ask: Ask) -> None:
    found = trial(ask(**OLIGO), "CLEAR")
    assert found.verdict == "indeterminate"
    assert criteria_of(found.reasons, "unknown") == ["lines of systemic therapy so far at most 1"]


def test_one_that_no_longer_takes_in_patients_stands_apart(ask: Ask) -> None:
    assert trial(ask(**OLIGO), "CORE").takes_in == NOT_RECRUITING


def test_where_no_source_says_whether_it_recruits_that_is_not_taken_for_open(ask: Ask) -> None:
    found = trial(ask(**OLIGO), "JCOG1017")
    assert (found.takes_in, found.as_of) == (NOT_TOLD, 2022)
    assert found.countries == ("Japan",)
    assert found.registry == ()


def test_an_excluding_trial_names_the_criterion_and_comes_last(ask: Ask) -> None:
    trials = ask(**OLIGO).trials
    excluded = [one.verdict == "excluded" for one in trials]
    assert excluded == sorted(excluded)
    assert criteria_of(trial(ask(**OLIGO), "SABR-COMET-10").reasons, "not met") == [
        "number of metastases 4 to 10"
    ]


def test_a_trial_of_early_breast_cancer_takes_in_nobody_with_metastases(ask: Ask) -> None:
    found = trial(ask(), "P-RAD")
    assert found.verdict == "excluded"
    assert criteria_of(found.reasons, "not met") == ["not early breast cancer only"]


def test_fitting_trials_come_first_then_those_with_the_fewest_missing_facts(ask: Ask) -> None:
    for told in ({}, OLIGO):
        shown = [one for one in ask(**told).trials if one.verdict != "excluded"]
        for group in (RECRUITING, NOT_TOLD, NOT_RECRUITING):
            keys = [
                (one.verdict != "included", len(criteria_of(one.reasons, "unknown")))
                for one in shown
                if one.takes_in == group
            ]
            assert keys == sorted(keys)


def test_every_study_that_has_not_ended_is_told_once_and_no_other(
    ask: Ask, graph: LocalGraph
) -> None:
    query = """
        PREFIX ml: <https://w3id.org/metalocal/ontology/>
        SELECT ?study ?status WHERE { ?study a ml:Study ; ml:studyStatus ?status }
        ORDER BY ?study"""
    rows = graph.select(query).texts()
    open_now = [r["study"] for r in rows if r["status"].rpartition("/")[2] in OPEN_STATUSES]
    assert sorted(one.id for one in ask().trials) == open_now


def test_the_states_are_those_of_the_ontology(graph: LocalGraph) -> None:
    query = """
        PREFIX ml: <https://w3id.org/metalocal/ontology/>
        SELECT ?status WHERE { ?status a ml:StudyStatus } ORDER BY ?status"""
    states = {row["status"].rpartition("/")[2] for row in graph.select(query).texts()}
    assert states == {*OPEN_STATUSES, "completed", "closed_early"}


def test_what_is_printed_of_the_patients_of_a_trial_is_no_result_of_it(
    ask: Ask, library: Library
) -> None:
    found = trial(ask(**OLIGO), "OligoCare")
    printed = [
        one for key, own in library.evidence.items() if key.startswith(found.id) for one in own
    ]
    assert printed
    assert found.results is any(one.is_outcome for one in printed) is False
