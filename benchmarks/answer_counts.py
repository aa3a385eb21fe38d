"""Profiles -> Python calls and SPARQL queries that a warm answer takes.

Calls are those of functions written in Python, as `sys.setprofile` sees them: the same number for
the same code and graph, whatever the machine. Warm means that other patients were answered before.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from metalocal.answers import Library, answer
from metalocal.graph import LocalGraph, Table
from metalocal.locations import locations
from metalocal.profiles import Profile, read_profile

WARMED_BY = ("nothing-known", "liver-only-recurrent")
COUNTED = (
    "de-novo-solitary-bone",
    "oligoprogression-her2-positive-brain",
    "recurrent-oligometastatic-three-sites",
)


@dataclass(frozen=True)
class Cost:
    """What one answer takes: calls of Python functions, and SPARQL queries asked."""

    calls: int
    queries: int


class CountedQueries(LocalGraph):
    """A graph that counts the queries it is asked."""

    def __init__(self, graph: LocalGraph) -> None:
        vars(self).update(vars(graph))
        self.asked = 0

    def select(self, query: str) -> Table:
        """The rows of the graph itself."""
        self.asked += 1
        return super().select(query)


def answer_costs(graph: LocalGraph, queries: Path) -> dict[str, Cost]:
    """What the answer to each counted profile costs, after the answers to two others."""
    counted = CountedQueries(graph)
    library = Library(counted, queries)
    for name in WARMED_BY:
        answer(example_profile(name, library), library)
    found = {}
    for name in COUNTED:
        profile, before = example_profile(name, library), counted.asked
        calls = calls_of(lambda: answer(profile, library))  # noqa: B023  (called at once)
        found[name] = Cost(calls, counted.asked - before)
    return found


def example_profile(name: str, library: Library) -> Profile:
    """An example profile, by name."""
    path = locations().data / "profiles" / f"{name}.yaml"
    return read_profile(path.read_text("utf-8"), path.name, library.attributes, library.rules)


def calls_of(work: Callable[[], object]) -> int:
    """How many calls of Python functions there are in a piece of work.

    >>> calls_of(lambda: None)
    1
    """
    calls = 0

    def seen(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal calls
        calls += event == "call"

    gc.collect()
    gc.disable()  # what is finalised meanwhile is not part of the work
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls
