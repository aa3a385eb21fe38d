"""What is told of a patient is checked, completed and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from graph_builder.attributes import Attribute, Implication
from graph_builder.problems import ProblemsFoundError
from graph_builder.terms import read_ontology, terms_of
from metalocal.locations import locations
from metalocal.profiles import Profile, read_profile

MakeProfile = Callable[..., Profile]


def problems(make: MakeProfile, **given: Any) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsFoundError) as found:
        make(**given)
    return [(problem.rule, problem.message) for problem in found.value.problems]


def test_the_graph_declares_the_same_attributes_as_the_ontology_files(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    terms = terms_of(read_ontology(locations().ontology))
    assert attributes == dict(terms.attributes)
    assert sorted(rules, key=lambda r: r.label) == list(terms.implications)


def test_nothing_told_is_nothing_known(profile: MakeProfile) -> None:
    assert profile() == Profile({}, {}, {})


def test_a_value_said_to_be_unknown_is_unknown(profile: MakeProfile) -> None:
    assert profile(hr_status="unknown", age="unknown") == Profile({}, {}, {})


def test_a_removed_primary_is_not_resectable(profile: MakeProfile) -> None:
    assert profile(primary_status="removed").facts["primary_resectable-no"] is True


def test_one_value_rules_out_the_others(profile: MakeProfile) -> None:
    facts = profile(her2_status="low").facts
    assert facts["her2_status-low"] is True
    assert facts["her2_status-positive"] is False
    assert facts["her2_status-negative"] is False


def test_oestrogen_receptor_positive_is_hormone_receptor_positive(profile: MakeProfile) -> None:
    assert profile(er_status="positive").facts["hr_status-positive"] is True


def test_one_negative_receptor_alone_decides_nothing(profile: MakeProfile) -> None:
    assert "hr_status-negative" not in profile(er_status="negative").facts


def test_receptors_give_the_subtype(profile: MakeProfile) -> None:
    facts = profile(er_status="negative", pr_status="negative", her2_status="low").facts
    assert facts["subtype-triple_negative"] is True


def test_a_subtype_rules_out_her2_positive_without_choosing_low_or_negative(
    profile: MakeProfile,
) -> None:
    facts = profile(subtype="hr_positive_her2_negative").facts
    assert facts["her2_status-positive"] is False
    assert "her2_status-low" not in facts
    assert "her2_status-negative" not in facts


def test_sites_not_named_stay_unknown_unless_the_list_is_complete(profile: MakeProfile) -> None:
    assert "metastatic_sites-liver" not in profile(metastatic_sites=["bone"]).facts
    complete = profile(metastatic_sites=["bone"], metastatic_sites_complete=True)
    assert complete.facts["metastatic_sites-liver"] is False
    assert complete.numbers["metastatic_organ_count"] == Decimal(1)


def test_only_bone_says_the_same_as_a_complete_list_of_bone(profile: MakeProfile) -> None:
    only = profile(metastatic_sites={"only": ["bone"]})
    complete = profile(metastatic_sites=["bone"], metastatic_sites_complete=True)
    assert only.facts == complete.facts


@pytest.mark.parametrize(
    ("given", "rule", "fragment"),
    [
        ({"hr_status": "negative", "er_status": "positive"}, "contradiction", "er_status"),
        ({"er_status": "positive", "subtype": "triple_negative"}, "contradiction", "contradicts"),
        (
            {"metastatic_sites": {"only": ["bone"], "present": ["liver"]}},
            "contradiction",
            "liver is said to be present and absent",
        ),
        (
            {"metastatic_sites": ["bone", "liver"], "metastasis_count": 1},
            "contradiction",
            "metastasis_count is 1, but metastatic_sites names 2",
        ),
        (
            {"metastatic_sites": {"only": ["bone"]}, "metastatic_organ_count": 3},
            "contradiction",
            "metastatic_organ_count is 3, but metastatic_sites names 1",
        ),
        (
            {"metastasis_count": 2, "progressing_lesions": 3},
            "contradiction",
            "progressing_lesions is 3, but metastasis_count is 2",
        ),
        (
            {"presentation": "de_novo", "disease_free_interval_months": 12},
            "contradiction",
            "needs presentation recurrent",
        ),
        ({"metastatic_sites": {"only": []}}, "wrong-form", "names nothing"),
        (
            {"metastatic_sites": [], "metastatic_sites_complete": True},
            "wrong-form",
            "names nothing",
        ),
        ({"metastatic_sites_complete": True}, "wrong-form", "without metastatic_sites"),
        ({"metastatic_sites": [""]}, "unknown-value", "no value"),
        (
            {"primary_status": "removed", "primary_resectable": True},
            "contradiction",
            "removed",
        ),
        ({"agee": 48}, "unknown-attribute", "agee"),
        ({"her2_status": "pos"}, "unknown-value", "pos"),
        ({"metastatic_sites": ["bon"]}, "unknown-value", "bon"),
        ({"metastatic_sites": {"here": ["bone"]}}, "wrong-form", "no part here"),
        ({"age": 480}, "out-of-range", "15 to 120"),
        ({"age": 48.5}, "wrong-form", "no whole number"),
        ({"age": "young"}, "wrong-form", "no number"),
        ({"age": True}, "wrong-form", "no number"),
        ({"age": "NaN"}, "wrong-form", "no number"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    profile: MakeProfile, given: dict[str, Any], rule: str, fragment: str
) -> None:
    ((found, message),) = problems(profile, **given)
    assert found == rule
    assert fragment in message


def test_all_problems_come_at_once(profile: MakeProfile) -> None:
    assert len(problems(profile, age=480, her2_status="pos", agee=1)) == 3


def test_a_profile_file_names_line_and_column(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    with pytest.raises(ProblemsFoundError) as found:
        read_profile("age: 48\nher2_status: pos\n", "p.yaml", attributes, rules)
    (problem,) = found.value.problems
    assert str(problem.place) == "p.yaml:2:14"


def test_a_profile_may_be_json(attributes: dict[str, Attribute], rules: list[Implication]) -> None:
    read = read_profile('{"age": 48, "primary_resectable": true}', "p.json", attributes, rules)
    assert read.numbers == {"age": Decimal(48)}
    assert read.facts["primary_resectable-yes"] is True


@pytest.mark.parametrize("text", ["- age", "just words", "age: [", ""])
def test_a_file_that_is_no_profile_is_refused(
    text: str, attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    with pytest.raises(ProblemsFoundError):
        read_profile(text, "p.yaml", attributes, rules)
