"""Rows that every query visits, on the real graph and as the number of studies grows.

`python benchmarks/query_growth.py [--sizes 150 600] [--query NAME ...]` prints a Markdown table of
rows visited and given, the most visited for a row given first. `--record` writes the budgets of
tests/golden/counts/budgets.yaml anew. It needs Oxigraph's program: pip install oxigraph.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from query_budgets import BUDGETS, record
from query_counts import Asked, Count, CountedGraph, CountError, asked_queries
from synthetic import write_graph
from synthetic_studies import id_of

from metalocal.commands.common import built_graph
from metalocal.locations import locations

SEED = 1


@dataclass(frozen=True)
class Line:
    """What a query costs on the real graph, on the smaller and on the larger synthetic one."""

    name: str
    real: Count
    small: Count
    large: Count


def main() -> None:
    """What the arguments ask for."""
    options = _options()
    try:
        if options.record:
            print(f"{record(BUDGETS)} written")
        else:
            print(table(list(_lines(options.sizes, options.query)), options.sizes))
    except CountError as error:
        raise SystemExit(str(error)) from None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs=2, default=[150, 600], help="studies")
    parser.add_argument("--query", action="append", help="one query by name; repeatable")
    parser.add_argument("--record", action="store_true", help="write the budgets of the tests")
    options = parser.parse_args()
    if not 1 <= options.sizes[0] < options.sizes[1]:
        parser.error("--sizes wants two numbers of studies, the smaller first")
    unknown = set(options.query or ()) - set(asked_queries(locations().queries))
    if unknown:
        parser.error(f"there is no query {', '.join(sorted(unknown))}")
    return options


def _lines(sizes: Sequence[int], names: Sequence[str] | None) -> Iterator[Line]:
    queries = asked_queries(locations().queries)
    with tempfile.TemporaryDirectory() as folder:
        real = CountedGraph(built_graph(), Path(folder) / "real")
        small, large = (synthetic_graph(Path(folder), size) for size in sizes)
        for name in names or queries:
            asked = queries[name]
            there = asked.of_study(id_of(0))
            print(name, file=sys.stderr, flush=True)
            yield Line(name, real.count(asked), small.count(there), large.count(there))


def synthetic_graph(folder: Path, studies: int) -> CountedGraph:
    """A graph of so many synthetic studies, counted."""
    file = folder / f"{studies}.nq"
    write_graph(file, (SEED, False), studies)
    return CountedGraph(file, folder / f"synthetic-{studies}")


def counts(graph: CountedGraph, queries: Mapping[str, Asked]) -> dict[str, Count]:
    """What each query costs, by name."""
    return {name: graph.count(asked) for name, asked in queries.items()}


def table(lines: Sequence[Line], sizes: Sequence[int]) -> str:
    """Markdown: a row a query, those that visit most for a row given first."""
    few, many = sizes
    head = (
        f"| query | rows given | visited | visited a row | ms, with counting "
        f"| visited, {few} studies | {many} studies | growth of visited | growth of given |"
    )
    rule = "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    ordered = sorted(lines, key=lambda one: (_for_a_row(one.real), _growth(one)), reverse=True)
    return "\n".join([head, rule, *map(_row, ordered)])


def _row(one: Line) -> str:
    growth = _times(one.small.visited, one.large.visited), _times(one.small.given, one.large.given)
    cells = [one.name, f"{one.real.given:,}", f"{one.real.visited:,}"]
    cells += [f"{_for_a_row(one.real):.0f}", f"{one.real.seconds * 1000:.0f}"]
    cells += [f"{one.small.visited:,}", f"{one.large.visited:,}", *growth]
    return "| " + " | ".join(cells) + " |"


def _for_a_row(count: Count) -> float:
    return count.visited / max(count.given, 1)


def _growth(one: Line) -> float:
    return one.large.visited / max(one.small.visited, 1)


def _times(small: int, large: int) -> str:
    return f"x{large / small:.1f}" if small else "–"


if __name__ == "__main__":
    main()
