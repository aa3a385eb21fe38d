"""What is at stake is drawn from the graph once, whoever asks; clauses know who asks for what."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from decimal import Decimal

import pytest

from metalocal.answers import Library
from metalocal.answers.clauses import Alternative, Clauses
from metalocal.answers.next_facts import next_facts
from metalocal.answers.stakes import stakes_of
from metalocal.graph import EvidenceGraph, LocalGraph
from metalocal.graph.records import Table
from metalocal.locations import locations
from metalocal.profiles import Profile
from metalocal.worlds import Worlds


class Counted:
    """A graph that counts the queries it is asked."""

    def __init__(self, graph: LocalGraph) -> None:
        self.graph, self.asked = graph, 0

    def select(self, query: str) -> Table:
        self.asked += 1
        return self.graph.select(query)


@pytest.fixture
def counted(graph: LocalGraph) -> Counted:
    return Counted(graph)


def library_of(graph: EvidenceGraph) -> Library:
    return Library(graph, locations().queries)


def test_a_second_patient_costs_no_query(counted: Counted, profile: Callable[..., Profile]) -> None:
    library = library_of(counted)
    patients = [profile(), profile(presentation="de_novo", metastasis_count=3)]
    verdicts = [library.clauses.verdicts(one) for one in patients]
    assert next_facts(patients[0], verdicts[0], library)
    asked = counted.asked
    assert next_facts(patients[1], verdicts[1], library)
    assert counted.asked == asked


def test_what_is_at_stake_is_drawn_once_and_forgotten_with_the_library(counted: Counted) -> None:
    library = library_of(counted)
    stakes = stakes_of(library)
    assert stakes_of(library) is stakes
    forgotten = weakref.ref(stakes)
    del library, stakes
    gc.collect()
    assert forgotten() is None


def test_populations_that_count_come_the_heaviest_first(library: Library) -> None:
    stakes = stakes_of(library)
    keys = [(-one.weight, one.study, one.id) for one in stakes.counting]
    assert keys == sorted(keys)
    assert stakes.heaviest([5, 0, 3]) == tuple(stakes.counting[rank] for rank in (0, 3, 5))
    assert all(stakes.counting[rank].id == group for group, rank in stakes.ranks.items())


AT_MOST_3, ABOVE_2 = (Alternative(how, "n", Decimal(n)) for how, n in (("atMost", 3), ("above", 2)))
FEW = Clauses(
    {
        "one": (frozenset({AT_MOST_3}),),
        "two": (frozenset({ABOVE_2, Alternative("accepts", "p-a")}),),
    },
    {},
)


def test_limits_are_those_of_the_groups_asked_for() -> None:
    assert FEW.limits(["one"]) == {"n": {Decimal(3)}}
    assert FEW.limits(["one", "two"]) == {"n": {Decimal(2), Decimal(3)}}
    assert FEW.limits([]) == {}


def test_clauses_know_which_groups_ask_about_a_value_or_a_number() -> None:
    assert FEW.asking == {"n": {"one", "two"}, "p-a": {"two"}}


@pytest.mark.parametrize(
    ("how", "met"), [("atLeast", 0b110), ("above", 0b100), ("atMost", 0b011), ("below", 0b001)]
)
def test_a_number_at_its_limit_is_at_least_and_at_most_it_and_neither_above_nor_below(
    how: str, met: int
) -> None:
    numbers = [(Decimal(4), 0b100), (Decimal(2), 0b001), (Decimal(3), 0b010)]
    worlds = Worlds(0b1111, {}, {}, {"n": numbers})
    clauses = Clauses({"g": (frozenset({Alternative(how, "n", Decimal(3))}),)}, {})
    assert clauses.decided(["g"], worlds) == {"g": (met, 0b111 & ~met)}


def test_a_clause_that_two_groups_ask_for_is_one(library: Library) -> None:
    by_content = {}
    for clauses in library.clauses.of_group.values():
        for clause in clauses:
            assert by_content.setdefault(clause, clause) is clause
