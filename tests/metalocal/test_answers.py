"""The answer for the profiles a tumour board would bring."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from patients import BONE

from metalocal.answers import (
    NOTICE,
    Answer,
    ModelAnswer,
    PopulationAnswer,
    StudyAnswer,
)
from metalocal.locations import locations
from metalocal.render.data import CSV_COLUMNS, as_csv, as_json
from metalocal.render.groups import groups_in_brief
from metalocal.render.text import as_markdown, as_text
from metalocal.render.words import sides

Ask = Callable[..., Answer]
TREATED = {"prior_lines": 1, "systemic_therapy_months": 6}


def study(found: Answer, label: str) -> StudyAnswer:
    return next(s for q in found.questions for s in q.studies if s.label == label)


def population(found: Answer, label: str, name: str) -> PopulationAnswer:
    return next(p for p in study(found, label).populations if p.label == name)


def verdicts(found: Answer) -> dict[str, str]:
    return {s.label: s.verdict for q in found.questions for s in q.studies}


def test_de_novo_with_one_bone_metastasis_is_in_mf07_01_and_its_solitary_bone_subgroup_first(
    ask: Ask,
) -> None:
    first, *rest = study(ask(**BONE), "MF07-01").populations
    assert (first.label, first.verdict) == ("solitary bone metastasis", "included")
    assert {p.verdict for p in rest} == {"included"}


def test_trials_that_hang_on_missing_facts_are_told_beside_a_cohort_that_decides(ask: Ask) -> None:
    told = {"presentation": "de_novo", "hr_status": "positive", "her2_status": "negative"}
    bone = {"metastatic_sites": ["bone"], "metastatic_sites_complete": True}
    found = ask(**told, **bone, metastasis_count=2)
    primary = next(q for q in found.questions if q.code == "local_therapy_of_primary").judgement
    assert (primary.tier, primary.family) == ("observational", "death of breast cancer")
    hanging = {row.study.label for row in primary.hanging}
    assert hanging == {"MF07-01", "TATA", "E2108", "ABCSG-28"}
    line = next(line for line in as_text(found).splitlines() if "of the primary tumour: " in line)
    assert "Randomised, and may include this patient, on death of any cause: 3 studies" in line


def test_e2108_hangs_on_the_response_to_systemic_therapy(ask: Ask) -> None:
    found = ask(**BONE)
    randomised = population(found, "E2108", "all randomised")
    assert randomised.verdict == "indeterminate"
    assert randomised.open_criteria("unknown") == [
        "response to systemic therapy: complete response, partial response or stable disease",
        "months of systemic therapy 4 to 8",
    ]
    assert randomised.open_criteria("not met") == []


def test_sabr_comet_excludes_an_intact_primary_and_names_it(ask: Ask) -> None:
    randomised = population(ask(**BONE), "SABR-COMET", "all randomised")
    assert randomised.verdict == "excluded"
    assert randomised.open_criteria("not met") == [
        "state of the primary tumour: controlled or removed"
    ]


def test_no_progressing_lesion_excludes_from_the_oligoprogression_trials(ask: Ask) -> None:
    found = ask(**BONE, progressing_lesions=0)
    for label in ("CURB", "AVATAR"):
        assert study(found, label).verdict == "excluded"
        whole = max(study(found, label).populations, key=lambda p: -p.depth)
        assert whole.open_criteria("not met") == ["number of progressing lesions 1 to 5"]


@pytest.mark.parametrize(
    ("change", "label", "expected"),
    [
        ({"presentation": "recurrent"}, "MF07-01", "excluded"),
        ({"primary_resectable": False}, "MF07-01", "excluded"),
        ({"prior_lines": 1}, "MF07-01", "excluded"),
        ({**TREATED, "response": "partial"}, "E2108", "included"),
        ({**TREATED, "response": "progression"}, "E2108", "excluded"),
        ({**TREATED, "response": "partial", "systemic_therapy_months": 3}, "E2108", "excluded"),
        ({"primary_status": "controlled"}, "SABR-COMET", "included"),
        ({"primary_status": "controlled", "metastasis_count": 6}, "SABR-COMET", "excluded"),
        ({"progressing_lesions": 1, "progressing_sites": {"only": ["bone"]}}, "CURB", "included"),
        ({"her2_status": "positive"}, "AVATAR", "excluded"),
    ],
)
def test_a_changed_fact_changes_the_verdict(
    ask: Ask, change: dict[str, object], label: str, expected: str
) -> None:
    assert verdicts(ask(**{**BONE, **change}))[label] == expected


@pytest.mark.parametrize("fact", sorted(set(BONE) - {"her2_status"}))
def test_a_fact_taken_away_never_turns_included_into_excluded(ask: Ask, fact: str) -> None:
    less = ask(**{key: value for key, value in BONE.items() if key != fact})
    assert study(less, "MF07-01").verdict in ("included", "indeterminate")


def test_nothing_known_excludes_nothing(ask: Ask) -> None:
    found = ask()
    every = [p.verdict for q in found.questions for s in q.studies for p in s.populations]
    assert set(every) == {"indeterminate", "included"}  # some ask for metastatic disease alone


def test_a_subgroup_estimate_does_not_count_for_the_whole_population(ask: Ask) -> None:
    whole = population(ask(**BONE), "MF07-01", "all randomised")
    assert "0.04" not in {r.p for one in whole.evidence for r in one.reports}


def test_conflicting_prints_of_a_median_stand_side_by_side(ask: Ask) -> None:
    whole = population(ask(**BONE), "MF07-01", "all randomised")
    median = next(one for one in whole.evidence if one.measure == "median" and "alone" in one.arm)
    places = {(r.text, r.source) for r in median.reports}
    assert ("35", "cervantes-2023") in places
    assert ("37", "liu-2023") in places
    assert "median 46 versus 37 or 35 months" in as_text(ask(**BONE), everything=True)


def test_the_patients_randomised_in_mf07_01_are_told_to_differ_between_sources(ask: Ask) -> None:
    text = as_text(ask(**BONE), everything=True)
    assert (
        "(patients randomised): 274 (liu-2023 line 62, merloni-2023 line 220); 278 (ueno-2022"
    ) in text


def test_facts_to_find_out_are_those_that_verdicts_hang_on(ask: Ask) -> None:
    keys = [unknown.attribute for unknown in ask(**BONE).unknowns]
    assert "response" in keys
    assert not set(BONE).intersection(keys)
    weights = [unknown.weight for unknown in ask(**BONE).unknowns]
    assert weights == sorted(weights, reverse=True)


def test_a_ratio_without_a_stated_reference_has_no_direction(ask: Ask) -> None:
    enrolled = population(ask(), "AVATAR", "all enrolled")
    ratio = next(one for one in enrolled.evidence if one.measure == "hazard ratio")
    assert ratio.directions == ("not estimable",)


def test_an_interval_of_90_percent_keeps_its_level(ask: Ask) -> None:
    whole = population(ask(), "E2108", "all randomised")
    ratio = next(
        one
        for one in whole.evidence
        if one.measure == "hazard ratio" and one.outcome == "overall survival"
    )
    assert ratio.printed == ("1.11 (90% CI 0.82 to 1.52)",)
    assert ratio.directions == ("no difference shown",)


def test_more_local_failure_without_local_therapy_favours_the_intervention(ask: Ask) -> None:
    whole = population(ask(), "E2108", "all randomised")
    fold = next(one for one in whole.evidence if one.measure == "relative increase")
    assert fold.arm == "continued systemic therapy"
    assert fold.directions == ("favours intervention",)


@pytest.mark.parametrize("name", sorted(p.stem for p in (locations().data / "profiles").iterdir()))
def test_every_example_profile_is_answered_in_every_form(
    name: str, example: Callable[[str], Answer]
) -> None:
    found = example(name)
    assert NOTICE in as_text(found)
    assert f"_{NOTICE}_" in as_markdown(found)
    data = json.loads(as_json(found))
    assert data["notice"] == NOTICE
    assert len(data["questions"]) == len(found.questions)
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert all(row["line"].isdigit() for row in rows)


def test_an_answer_quotes_no_excluded_study_unless_asked_for_everything(ask: Ask) -> None:
    found = ask(**BONE)
    assert "42.3" not in as_text(found)
    assert "42.3" in as_text(found, everything=True)


def test_of_contrasts_named_as_often_the_first_is_the_usual_one(ask: Ask) -> None:
    whole = population(ask(), "Gera 2020", "all patients of the pooled studies")
    named = [f"{e.arm} versus {e.versus}" for e in whole.evidence if e.is_outcome and e.versus]
    assert len({named.count(one) for one in named}) == 1 < len(set(named))
    assert sides(whole) == named[0]


ESTRO_EORTC = "ESTRO-EORTC classification of oligometastatic states"


def groups_of(found: Answer, model: str = ESTRO_EORTC) -> list[ModelAnswer]:
    return [one for one in found.models if one.model == model]


def told(found: Answer, model: str = ESTRO_EORTC) -> str:
    """What the brief answer tells of one model."""
    return "; ".join(groups_in_brief(groups_of(found, model)))


def model_line(text: str, model: str = ESTRO_EORTC) -> str:
    """What the full answer tells of one model, up to the places it cites."""
    (line,) = (line.strip() for line in text.splitlines() if line.strip().startswith(model))
    return line.partition(": ")[2].partition("  {")[0]


def test_of_many_states_that_may_be_hers_the_answer_names_only_the_facts_that_decide(
    ask: Ask,
) -> None:
    found = ask(metastasis_count=3, months_to_metastasis=20, on_systemic_therapy=True)
    assert told(found) == (
        "5 groups undecided; what decides: polymetastatic disease before, "
        "oligometastatic disease before, progression on imaging; "
        "in the wider group oligometastatic disease"
    )
    everything = model_line(as_text(found, everything=True))
    for group in groups_of(found):
        assert group.group in everything
    assert "progression on imaging or (not polymetastatic disease before" in everything


def test_of_few_states_each_is_named_and_no_wider_group_beside_them(ask: Ask) -> None:
    found = ask(
        metastasis_count=3,
        months_to_metastasis=20,
        on_systemic_therapy=True,
        progressing=True,
        polymetastatic_before=False,
    )
    assert told(found) == (
        "may be metachronous oligoprogression or repeat oligoprogression; "
        "in the wider groups oligometastatic disease, any oligoprogression"
    )


def test_a_patient_in_a_state_is_told_the_state_before_the_wider_groups(ask: Ask) -> None:
    given = {"polymetastatic_before": True, "on_systemic_therapy": True, "progressing": False}
    found = ask(metastasis_count=3, **given)
    assert told(found) == (
        "is induced oligopersistence; in the wider groups "
        "oligometastatic disease, induced oligometastatic disease, any oligopersistence"
    )
    assert (
        "is induced oligopersistence and oligometastatic disease and "
        "induced oligometastatic disease and any oligopersistence (met: number of metastases 1 to 5"
    ) in model_line(as_text(found, everything=True))


def test_a_patient_with_six_metastases_is_told_that_they_are_too_many_for_the_states(
    ask: Ask,
) -> None:
    found = ask(metastasis_count=6, presentation="recurrent")
    (line,) = (line for line in as_text(found).splitlines() if line.startswith("  In no group of:"))
    assert f"{ESTRO_EORTC} (not met: number of metastases 1 to 5)" in line
    assert "Lin's subdivision of M1 (not met: presentation: de novo)" in line
    everything = as_text(found, everything=True)
    assert "is not synchronous oligometastatic disease or" in model_line(everything)


def test_no_model_is_without_a_group_where_nothing_is_known(ask: Ask) -> None:
    assert "In no group of" not in as_text(ask())


def test_triple_negative_disease_is_not_told_of_a_patient_with_hormone_receptors(ask: Ask) -> None:
    model = "Subtypes that decide systemic treatment, Mexican consensus 2023"
    assert told(ask(subtype="triple_negative"), model) == "is Triple negative"
    assert told(ask(subtype="hr_positive_her2_negative"), model) == "is HR positive, HER2 negative"


def test_json_tells_what_decides_of_each_group_that_is_open(ask: Ask) -> None:
    told = {"months_to_metastasis": 3, "polymetastatic_before": False}
    data = json.loads(as_json(ask(metastasis_count=2, **told)))
    groups = {one["group"]: one for one in data["models"] if one["model"] == ESTRO_EORTC}
    state = groups["synchronous oligometastatic disease"]
    assert (state["verdict"], state["wider"]) == ("indeterminate", False)
    assert state["deciding"] == ["oligometastatic disease before"]
    assert groups["induced oligorecurrence"]["deciding"] == []
    assert [group for group, one in groups.items() if one["wider"]] == [
        "oligometastatic disease",
        "de novo oligometastatic disease",
        "repeat oligometastatic disease",
        "induced oligometastatic disease",
        "any oligorecurrence",
        "any oligoprogression",
        "any oligopersistence",
    ]


def test_the_primary_is_not_asked_about_where_it_was_removed(ask: Ask) -> None:
    (asked,) = (q for q in ask().questions if q.code == "local_therapy_of_primary")
    (moot,) = (
        q for q in ask(primary_status="removed").questions if q.code == "local_therapy_of_primary"
    )
    assert asked.moot == ""
    assert moot.moot == "state of the primary tumour: removed"
    text = as_text(ask(primary_status="removed"))
    line = (
        "Does not arise: local therapy of the primary tumour (state of the primary tumour: removed)"
    )
    assert line in text


def test_a_series_of_resections_of_unknown_extent_decides_nothing_for_many_metastases(
    ask: Ask,
) -> None:
    found = ask(presentation="de_novo", metastatic_sites=["liver", "bone"], metastasis_count=25)
    (question,) = (q for q in found.questions if q.code == "resection_of_metastases")
    assert question.judgement.word == "no direct evidence"
    assert "Abbas 2017" in {row.study.label for row in question.judgement.indirect}
