"""Laws of matching in three values, on the query as the engine runs it."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching import ML, WORTH, small_store, verdicts
from profiles_by_hand import Facts, completed, hidden, whole_profile

from graph_builder.terms import Terms

if TYPE_CHECKING:
    from conftest import Built

EXAMPLES = os.environ.get("METALOCAL_LAW_EXAMPLES")
LAW = settings(max_examples=int(EXAMPLES or 25), derandomize=not EXAMPLES, deadline=None)
"""The same 25 profiles each run, unless a number is asked for: then as many, others each time."""
RANDOM = st.randoms(use_true_random=False)
SMALLER, LARGER = (ox.NamedNode(f"http://example.org/{name}") for name in ("smaller", "larger"))
HAS_CRITERION, HAS_POPULATION = (
    ox.NamedNode(ML + name) for name in ("hasCriterion", "hasPopulation")
)


@pytest.fixture(scope="module")
def store(with_invented: Built) -> ox.Store:
    return small_store(with_invented.graph_file)


@pytest.fixture(scope="module")
def every_criterion(store: ox.Store) -> list[ox.NamedNode]:
    found = {quad.object for quad in store.quads_for_pattern(None, HAS_CRITERION, None)}
    return sorted(found, key=str)


def some_profile(random: Random, built: Built, terms: Terms) -> Facts:
    return whole_profile(random, terms, random.choice(built.wishes))


@LAW
@given(random=RANDOM)
def test_knowing_more_never_undoes_a_verdict(
    random: Random, with_invented: Built, terms: Terms, store: ox.Store, query: str
) -> None:
    more = hidden(some_profile(random, with_invented, terms), terms, random, keep=0.7)
    less = Facts(
        {k: v for k, v in more.values.items() if random.random() < 0.6},
        {k: v for k, v in more.numbers.items() if random.random() < 0.6},
    )
    before = verdicts(store, query, completed(less, terms))
    after = verdicts(store, query, completed(more, terms))
    decided = {p: v for p, v in before.items() if v != "indeterminate"}
    assert decided == {p: after[p] for p in decided}


@LAW
@given(random=RANDOM)
def test_completing_a_profile_never_undoes_a_verdict(
    random: Random, with_invented: Built, terms: Terms, store: ox.Store, query: str
) -> None:
    facts = hidden(some_profile(random, with_invented, terms), terms, random)
    before = verdicts(store, query, facts)
    after = verdicts(store, query, completed(facts, terms))
    decided = {p: v for p, v in before.items() if v != "indeterminate"}
    assert decided == {p: after[p] for p in decided}


@LAW
@given(random=RANDOM)
def test_a_profile_with_nothing_unknown_is_decided_everywhere_it_can_be_asked(
    random: Random, with_invented: Built, terms: Terms, store: ox.Store, query: str
) -> None:
    facts = completed(some_profile(random, with_invented, terms), terms)
    unknown = set(terms.attributes) - set(facts.numbers) - {v.split("-")[0] for v in facts.values}
    # the disease-free interval of a patient with de novo disease: there is none
    assert unknown <= {a.key for a in terms.attributes.values() if a.only_with}
    if not unknown:
        assert "indeterminate" not in verdicts(store, query, facts).values()


def test_a_profile_of_which_nothing_is_known_is_excluded_nowhere(
    store: ox.Store, query: str, with_invented: Built
) -> None:
    found = verdicts(store, query, Facts())
    assert found.keys() == with_invented.classes.keys()
    assert set(found.values()) == {"indeterminate", "included"}


def test_what_is_known_of_every_patient_is_met_by_a_profile_of_which_nothing_is_known(
    with_invented: Built, store: ox.Store, query: str
) -> None:
    """Metastatic disease is all that these populations ask, and a profile is of one who has it."""
    found = verdicts(store, query, Facts())
    anyone = {group for group, verdict in found.items() if verdict == "included"}
    asked = {group: set() for group in anyone}
    for quad in store.quads_for_pattern(None, HAS_CRITERION, None):
        if quad.subject.value in asked:
            asked[quad.subject.value].add(quad.object.value.rpartition("/")[2])
    assert {name for names in asked.values() for name in names} <= {
        "metastasis_count",
        "metastasis_count-2",
    }


@LAW
@given(random=RANDOM)
def test_a_further_criterion_never_lets_more_in(
    random: Random,
    with_invented: Built,
    terms: Terms,
    store: ox.Store,
    query: str,
    every_criterion: list[ox.NamedNode],
) -> None:
    facts = completed(hidden(some_profile(random, with_invented, terms), terms, random, 0.8), terms)
    criteria = random.sample(every_criterion, random.randint(2, 5))
    study = ox.NamedNode("http://example.org/study")
    invented = [ox.Quad(study, HAS_POPULATION, p) for p in (SMALLER, LARGER)]
    invented += [ox.Quad(SMALLER, HAS_CRITERION, c) for c in criteria]
    invented += [ox.Quad(LARGER, HAS_CRITERION, c) for c in criteria[:-1]]
    store.extend(invented)
    try:
        found = verdicts(store, query, facts)
    finally:
        for quad in invented:
            store.remove(quad)
    assert WORTH[found[SMALLER.value]] <= WORTH[found[LARGER.value]]
