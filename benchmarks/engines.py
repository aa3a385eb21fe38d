"""The profile query on pyoxigraph and rdflib, interleaved in one run: medians and ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import rdflib

from metalocal.attributes import attributes_of, implications_of
from metalocal.catalogue import find_query
from metalocal.commands.common import built_graph
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import read_profile

ROUNDS = 15


def main() -> None:
    """Compare the answers, then time them."""
    file, queries = built_graph(), locations().queries
    local = LocalGraph(file)
    attributes, rules = attributes_of(local, queries), implications_of(local, queries)
    path = locations().data / "profiles" / "de-novo-solitary-bone.yaml"
    profile = read_profile(path.read_text("utf-8"), path.name, attributes, rules)
    text = find_query(queries, "verdicts").bound(profile.rows())
    slow = _rdflib(file)
    ways = {"pyoxigraph": lambda: _rows(local, text), "rdflib": lambda: _rdflib_rows(slow, text)}
    answers = {name: way() for name, way in ways.items()}
    if len({tuple(map(tuple, answer)) for answer in answers.values()}) != 1:
        raise SystemExit("the engines do not agree; no times")
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(_seconds(way))
    least = min(statistics.median(found) for found in times.values())
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:<12}{median * 1000:>9.2f} ms   x{median / least:.1f}")


def _rows(graph: LocalGraph, text: str) -> list[list[str]]:
    return [[row["group"], row["verdict"]] for row in graph.select(text).texts()]


def _rdflib(file: Path) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=file.read_text("utf-8"), format="nquads")
    return dataset


def _rdflib_rows(dataset: rdflib.Dataset, text: str) -> list[list[str]]:
    return [[str(row.group), str(row.verdict)] for row in dataset.query(text)]


def _seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
