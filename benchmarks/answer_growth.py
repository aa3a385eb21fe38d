"""Graphs of growing size -> how long whole answers take, the first and those after it.

`python benchmarks/answer_growth.py small.nq large.nq` reads each graph in a process of its own
(made by `benchmarks/synthetic.py`) and answers the same profiles, one after the other. The first
answer reads what every answer is made of; rows kept beside the built graph are not used. Prints a
Markdown table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import time
from pathlib import Path

from scale import profiles_for

from metalocal.answers import Library, answer
from metalocal.graph import LocalGraph
from metalocal.graph.kept import NOTHING
from metalocal.locations import locations
from metalocal.render.data import as_json

HEAD = ("graph", "MB", "studies told", "load s", "first s", "next ms", "as JSON ms", "MB of JSON")


def main() -> None:
    """The table of the graphs named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("graphs", nargs="+", type=Path)
    parser.add_argument("--profiles", type=int, default=10, help="profiles answered in turn")
    options = parser.parse_args()
    print(f"| {' | '.join((*HEAD, 'memory MB'))} |\n|{'---|' * (len(HEAD) + 1)}")
    for path in options.graphs:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            cells = pool.apply(measured, (path, options.profiles))
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def measured(path: Path, count: int) -> tuple[object, ...]:
    """The cells of one graph: seconds, milliseconds and megabytes, medians over the profiles."""
    begun = time.perf_counter()
    graph = LocalGraph(path)
    graph.kept = NOTHING
    graph.select("SELECT (1 AS ?one) {}")
    load = time.perf_counter() - begun
    library = Library(graph, locations().queries)
    making, writing, sizes, told = list[float](), list[float](), list[int](), list[int]()
    for profile in profiles_for(library, count):
        begun = time.perf_counter()
        found = answer(profile, library)
        made = time.perf_counter()
        text = as_json(found)
        writing.append(time.perf_counter() - made)
        making.append(made - begun)
        sizes.append(len(text.encode()))
        told.append(sum(len(question.studies) for question in found.questions))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return (
        *(path.name, f"{path.stat().st_size / 1e6:.0f}", int(statistics.median(told))),
        *(f"{load:.1f}", f"{making[0]:.2f}", f"{1000 * statistics.median(making[1:]):.0f}"),
        *(f"{1000 * statistics.median(writing):.0f}", f"{statistics.median(sizes) / 1e6:.1f}"),
        f"{memory:.0f}",
    )


if __name__ == "__main__":
    main()
