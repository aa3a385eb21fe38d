"""Graphs of growing size -> how long the verdict on every group takes, beside numpy and SPARQL.

`python benchmarks/scale.py small.nq large.nq` reads each graph in a process of its own (made by
`benchmarks/synthetic.py`, large ones with --criteria-alone) and judges the same profiles in three
ways, one profile after the other: the index of `metalocal.answers.matching`, numpy over columns
in memory (`peers_floor.py`), and `queries/verdicts.rq` in the engine. All three must tell
the same of every group. Prints a Markdown table; times are medians over the profiles.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox
from peers_floor import columns_of, rows_of_groups
from synthetic_profiles import ProfileSource, known_profiles, profiles
from synthetic_studies import reality

from metalocal.answers import Library
from metalocal.answers.matching import Matching
from metalocal.catalogue import find_query
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

ROOT = Path(__file__).resolve().parents[1]
Made = TypeVar("Made")
HEAD = (
    *("graph", "MB", "groups", "clauses asked", "in play", "load s", "index s", "memory MB"),
    *("index ms", "numpy ms", "SPARQL ms", "index / numpy", "SPARQL / index"),
)


@dataclass(frozen=True)
class Measured:
    """What was found of one graph: seconds, megabytes, and medians of milliseconds."""

    cells: tuple[object, ...]
    index: float
    groups: int


def main() -> None:
    """The table of the graphs named, and how the index grows from each to the next."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("graphs", nargs="+", type=Path)
    parser.add_argument("--profiles", type=int, default=30, help="profiles judged in turn")
    parser.add_argument("--asked", type=int, default=5, help="of them so many by SPARQL too")
    options = parser.parse_args()
    found = [_apart(path, options.profiles, options.asked) for path in options.graphs]
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for one in found:
        print(f"| {' | '.join(map(str, one.cells))} |")
    for one, two in pairwise(found):
        growth = two.index / one.index
        print(f"\n{two.groups / one.groups:.1f} times the groups: the index takes x{growth:.1f}")


def _apart(path: Path, count: int, asked: int) -> Measured:
    """A process for each graph, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (path, count, asked))


def measured(path: Path, count: int, asked: int) -> Measured:
    """The times of one graph; all ways judge a profile before the next one comes.

    Raises:
        SystemExit: two ways differ in a verdict.
    """
    graph, load = _timed(LocalGraph, path)
    library = Library(graph, locations().queries)
    matching, reading = _timed(lambda: library.matching)
    columns = columns_of(rows_of_groups(library), library.attributes)
    query = find_query(locations().queries, "verdicts")
    took: dict[str, list[float]] = {"index": [], "numpy": [], "SPARQL": []}
    in_play = []
    for number, profile in enumerate(profiles_for(library, count)):
        standing, seconds = _timed(matching.standing, profile)
        took["index"].append(seconds)
        codes, seconds = _timed(columns.verdicts, profile)
        took["numpy"].append(seconds)
        verdicts = matching.verdicts(profile)
        _same(verdicts, columns.named(codes))
        in_play.append((standing.included | standing.indeterminate).bit_count())
        if number < asked:
            text = query.bound(profile.rows())
            rows, seconds = _timed(_answered, graph, text)
            took["SPARQL"].append(seconds)
            _same(verdicts, {row["group"]["value"]: row["verdict"]["value"] for row in rows()})
    return _row(path, matching, (load, reading), in_play, took)


def _row(
    path: Path,
    matching: Matching,
    before: tuple[float, float],
    in_play: list[int],
    took: dict[str, list[float]],
) -> Measured:
    ms = {way: 1000 * statistics.median(times) for way, times in took.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    cells = (
        *(path.name, f"{path.stat().st_size / 1e6:.0f}", len(matching.groups)),
        *(len(matching.asking), int(statistics.median(in_play))),
        *(f"{before[0]:.1f}", f"{before[1]:.1f}", f"{memory:.0f}"),
        *(f"{ms[way]:.2f}" for way in ("index", "numpy", "SPARQL")),
        *(f"{ms['index'] / ms['numpy']:.2f}", f"{ms['SPARQL'] / ms['index']:.0f}"),
    )
    return Measured(cells, ms["index"], len(matching.groups))


def profiles_for(library: Library, count: int) -> list[Profile]:
    """So many profiles, told as patients are told of; the same for every graph."""
    terms = reality(ROOT).known.terms
    source = ProfileSource(terms, known_profiles(ROOT, terms.attributes))
    told = profiles(source, 1, count)
    return [profile_of(one, library.attributes, library.rules) for one in told]


def _answered(graph: LocalGraph, text: str) -> Callable[[], list[Any]]:
    """The engine's own JSON, as an endpoint would send it; the rows are read out of the time."""
    found = graph.store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    sent = found.serialize(format=ox.QueryResultsFormat.JSON) or b""
    return lambda: json.loads(sent)["results"]["bindings"]


def _same(ours: dict[str, str], theirs: dict[str, str]) -> None:
    if ours != theirs:
        wrong = [group for group in ours if ours[group] != theirs.get(group)]
        raise SystemExit(f"the verdicts differ, first on {(wrong or ['a group more'])[0]}")


def _timed(make: Callable[..., Made], *given: object) -> tuple[Made, float]:
    started = time.perf_counter()
    found = make(*given)
    return found, time.perf_counter() - started


if __name__ == "__main__":
    main()
