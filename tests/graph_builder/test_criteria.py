"""Laws of criteria: tree, formula and clauses say the same of every profile, unknowns included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.attributes import Attribute, Kind
from graph_builder.criteria import (
    All,
    AnyOf,
    BoundTest,
    Formula,
    ValueTest,
    attributes_of,
    clauses,
    formula,
    sentence,
)
from graph_builder.records import Criterion


def attribute(key: str, kind: Kind, *words: str, unit: str = "") -> Attribute:
    label = key.replace("_", " ")
    values = {word: word.replace("_", " ") for word in words}
    return Attribute(key, kind, label, "", "", "", 0, values=values, unit=unit)


ATTRIBUTES = {
    a.key: a
    for a in (
        attribute("presentation", Kind.ONE_OF, "de_novo", "recurrent"),
        attribute("her2", Kind.ONE_OF, "positive", "low", "negative"),
        attribute("subtype", Kind.ONE_OF, "luminal", "her2", "triple_positive", "triple_negative"),
        attribute("resectable", Kind.YES_NO, "yes", "no"),
        attribute("age", Kind.NUMBER, unit="years"),
        attribute("lesions", Kind.NUMBER, unit="lesions"),
        attribute("sites", Kind.SET, "bone", "lung", "liver"),
    )
}
Truth = bool | None
"""True, false, or `None` where a fact is unknown."""
Profile = dict[str, Any]
"""A number or `None`; of a set, truth by member; else the values still possible."""


def conjunction(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return False if False in found else None if None in found else True


def negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def disjunction(truths: Iterable[Truth]) -> Truth:
    return negation(conjunction(negation(truth) for truth in truths))


def among(possible: frozenset[str], accepted: Iterable[str]) -> Truth:
    known = set(accepted)
    return True if possible <= known else None if possible & known else False


def bound(value: int | None, side: str, limit: float) -> Truth:
    if value is None:
        return None
    return {
        "min": value >= limit,
        "max": value <= limit,
        "above": value > limit,
        "below": value < limit,
    }[side]


def meaning(criterion: Criterion, profile: Profile) -> Truth:
    """What the criterion says of a profile, straight from the words of the study file."""
    if criterion.not_:
        return negation(meaning(criterion.not_, profile))
    if criterion.any_of:
        return disjunction(meaning(part, profile) for part in criterion.any_of)
    if criterion.all_of:
        return conjunction(meaning(part, profile) for part in criterion.all_of)
    asked = ATTRIBUTES[criterion.attribute or ""]
    known = profile[asked.key]
    if asked.kind is Kind.NUMBER:
        return conjunction(bound(known, t, getattr(criterion, t)) for t in criterion.tests())
    if asked.kind is Kind.SET:
        return set_meaning(criterion, known)
    word = {True: "yes", False: "no"}.get(criterion.is_, criterion.is_)  # type: ignore[arg-type]
    return among(known, criterion.in_ or [str(word)])


def set_meaning(criterion: Criterion, known: dict[str, Truth]) -> Truth:
    parts = []
    if criterion.includes:
        parts.append(conjunction(known[word] for word in criterion.includes))
    if criterion.includes_any:
        parts.append(disjunction(known[word] for word in criterion.includes_any))
    if criterion.excludes:
        parts.append(conjunction(negation(known[word]) for word in criterion.excludes))
    if criterion.only:
        others = [negation(truth) for word, truth in known.items() if word not in criterion.only]
        parts += [disjunction(known[word] for word in criterion.only), *others]
    return conjunction(parts)


def value_of(node: Formula, profile: Profile) -> Truth:
    """What a formula says of a profile."""
    if isinstance(node, All):
        return conjunction(value_of(part, profile) for part in node.parts)
    if isinstance(node, AnyOf):
        return disjunction(value_of(part, profile) for part in node.parts)
    known = profile[node.attribute]
    if isinstance(node, BoundTest):
        return bound(known, node.side, float(node.limit))
    has = known[node.value] if isinstance(known, dict) else among(known, [node.value])
    return has if node.present else negation(has)


def words_of(key: str, smallest: int, largest: int) -> st.SearchStrategy[list[str]]:
    words = st.sampled_from(sorted(ATTRIBUTES[key].values))
    return st.lists(words, min_size=smallest, max_size=largest, unique=True)


@st.composite
def single_tests(draw: st.DrawFn) -> dict[str, Any]:
    """A test of one attribute as a study file writes it; `in` never names every value."""
    asked = ATTRIBUTES[draw(st.sampled_from(sorted(ATTRIBUTES)))]
    test: dict[str, Any] = {"attribute": asked.key}
    if asked.kind is Kind.YES_NO:
        return test | {"is": draw(st.booleans() | st.sampled_from(["yes", "no"]))}
    if asked.kind is Kind.ONE_OF:
        words = draw(words_of(asked.key, 1, len(asked.values) - 1))
        return test | ({"is": words[0]} if len(words) == 1 else {"in": words})
    names = {
        Kind.NUMBER: ["min", "max", "above", "below"],
        Kind.SET: ["includes", "includes_any", "excludes", "only"],
    }[asked.kind]
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        number = asked.kind is Kind.NUMBER
        test[name] = draw(st.integers(1, 4)) if number else draw(words_of(asked.key, 1, 3))
    return test


def joined(parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return (
        st.builds(lambda p: {"any_of": p}, st.lists(parts, min_size=2, max_size=3))
        | st.builds(lambda p: {"all_of": p}, st.lists(parts, min_size=1, max_size=3))
        | st.builds(lambda p: {"not": p}, parts)
    )


CRITERIA = st.recursive(single_tests(), joined, max_leaves=5).map(Criterion.model_validate)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Anything known or not; of three values or more, one may be ruled out."""
    profile: Profile = {}
    for key, asked in ATTRIBUTES.items():
        words = frozenset(asked.values)
        if asked.kind is Kind.NUMBER:
            profile[key] = draw(st.none() | st.integers(0, 5))
        elif asked.kind is Kind.SET:
            truths = st.sampled_from([True, False, None])
            profile[key] = {word: draw(truths) for word in asked.values}
        else:
            known = [frozenset([word]) for word in sorted(words)]
            less = [words - {word} for word in sorted(words)] if len(words) > 2 else []
            profile[key] = draw(st.sampled_from([words, *known, *less]))
    return profile


@given(CRITERIA, profiles())
def test_the_formula_says_of_every_profile_what_the_criterion_says(
    criterion: Criterion, profile: Profile
) -> None:
    assert value_of(formula(criterion, ATTRIBUTES), profile) == meaning(criterion, profile)


@given(CRITERIA, profiles())
def test_the_clauses_say_of_every_profile_what_the_formula_says(
    criterion: Criterion, profile: Profile
) -> None:
    tree = formula(criterion, ATTRIBUTES)
    by_clauses = conjunction(
        disjunction(value_of(literal, profile) for literal in clause) for clause in clauses(tree)
    )
    assert by_clauses == value_of(tree, profile)


@given(CRITERIA, profiles())
def test_a_negated_criterion_says_the_opposite_and_unknown_stays_unknown(
    criterion: Criterion, profile: Profile
) -> None:
    opposite = formula(criterion, ATTRIBUTES, holds=False)
    assert value_of(opposite, profile) == negation(meaning(criterion, profile))


@given(CRITERIA, profiles(), st.data())
def test_knowing_more_never_undoes_a_verdict(
    criterion: Criterion, profile: Profile, data: st.DataObject
) -> None:
    before = value_of(formula(criterion, ATTRIBUTES), profile)
    key = data.draw(st.sampled_from([k for k in profile if ATTRIBUTES[k].kind is Kind.ONE_OF]))
    more = profile | {key: frozenset([data.draw(st.sampled_from(sorted(profile[key])))])}
    if before is not None:
        assert value_of(formula(criterion, ATTRIBUTES), more) == before


@given(CRITERIA)
def test_no_clause_is_implied_by_another(criterion: Criterion) -> None:
    found = [set(clause) for clause in clauses(formula(criterion, ATTRIBUTES))]
    assert not any(a < b for a in found for b in found)
    assert len({frozenset(clause) for clause in found}) == len(found)


def criterion_of(**words: Any) -> Criterion:
    return Criterion.model_validate(words)


def test_only_bone_asks_for_bone_and_bars_each_other_site() -> None:
    tree = formula(criterion_of(attribute="sites", only=["bone"]), ATTRIBUTES)
    assert clauses(tree) == [
        (ValueTest("sites", "bone", present=True),),
        (ValueTest("sites", "liver", present=False),),
        (ValueTest("sites", "lung", present=False),),
    ]


def test_only_every_site_asks_for_at_least_one() -> None:
    tree = formula(criterion_of(attribute="sites", only=["bone", "liver", "lung"]), ATTRIBUTES)
    assert len(clauses(tree)) == 1
    assert value_of(tree, {"sites": dict.fromkeys(["bone", "liver", "lung"], False)}) is False


def test_a_value_left_out_of_three_is_told_as_not_that_value() -> None:
    tree = formula(criterion_of(attribute="her2", **{"in": ["low", "negative"]}), ATTRIBUTES)
    assert tree == ValueTest("her2", "positive", present=False)


def test_the_attributes_of_a_tree_come_once_each() -> None:
    age = {"attribute": "age", "below": 55}
    tree = formula(
        criterion_of(any_of=[age, {"not": age}, {"attribute": "her2", "is": "low"}]), ATTRIBUTES
    )
    assert attributes_of(tree) == ["age", "her2"]


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ({"attribute": "presentation", "is": "de_novo"}, "presentation: de novo"),
        ({"attribute": "her2", "in": ["low", "negative"]}, "her2: low or negative"),
        ({"attribute": "resectable", "is": True}, "resectable"),
        ({"attribute": "resectable", "is": "no"}, "not resectable"),
        ({"attribute": "age", "below": 55}, "age below 55 years"),
        ({"attribute": "age", "min": 18}, "age at least 18 years"),
        ({"attribute": "age", "min": 18, "max": 70}, "age 18 to 70 years"),
        ({"attribute": "age", "above": 18, "max": 70}, "age above 18 years and at most 70 years"),
        ({"attribute": "lesions", "min": 1, "max": 1}, "lesions 1"),
        ({"attribute": "sites", "only": ["bone"]}, "sites: bone only"),
        ({"attribute": "sites", "only": ["bone", "lung"]}, "sites: bone or lung only"),
        ({"attribute": "sites", "includes": ["bone", "lung"]}, "sites: bone and lung"),
        (
            {"attribute": "sites", "includes_any": ["bone", "lung", "liver"]},
            "sites: bone, lung or liver",
        ),
        (
            {"attribute": "sites", "includes": ["bone"], "excludes": ["lung", "liver"]},
            "sites: bone, no lung or liver",
        ),
        ({"not": {"attribute": "age", "below": 55}}, "not (age below 55 years)"),
        (
            {
                "all_of": [
                    {"attribute": "resectable", "is": True},
                    {
                        "any_of": [
                            {"attribute": "age", "max": 9},
                            {"attribute": "her2", "is": "low"},
                        ]
                    },
                ]
            },
            "resectable and (age at most 9 years or her2: low)",
        ),
    ],
)
def test_a_criterion_reads_as_english(words: dict[str, Any], english: str) -> None:
    assert sentence(criterion_of(**words), ATTRIBUTES) == english
