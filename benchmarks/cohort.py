"""All patients of a cohort against all groups: `metalocal screen` and its peers, in one run.

`python benchmarks/cohort.py` judges 100,000 seeded profiles against every group by criteria in each
way at hand and prints two Markdown tables: judging, and reading. The three counts must be the same
before a time counts. Ways are interleaved, and the median of the rounds is told. It needs polars
and duckdb; with pyspark and Java, also Spark.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import screen_methods as methods
from screen_methods import Cohort, Prepared, Totals
from synthetic_profiles import ProfileSource, known_profiles, profiles

from graph_builder.attributes import Kind
from metalocal.answers import Library
from metalocal.cohort.columns import known_columns
from metalocal.cohort.groups import KINDS, groups_of
from metalocal.cohort.lines import open_lines
from metalocal.cohort.run import cohort_of
from metalocal.cohort.screening import Screen, blocks_of
from metalocal.commands.common import open_graph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

ROOT = Path(__file__).resolve().parents[1]
WAYS = {
    "numpy, a table of statuses for each clause": methods.dense,
    "`metalocal screen`, patients as bits": methods.bits,
    "polars, an expression for each clause and group": methods.polars_expressions,
    "DuckDB, join and group by": methods.duckdb_joins,
}
NUMPY = next(iter(WAYS))
LONG_SECONDS = 20
"""A way that takes longer is run once."""
MEASURED = 200
"""Patients that the SPARQL query is measured with, a query each."""


def main() -> None:
    """Prepares, compares, measures and prints."""
    options = _options()
    library = Library(open_graph(), locations().queries)
    found = groups_of(library, set(KINDS.values()))
    with tempfile.TemporaryDirectory() as folder:
        given = _given(library, options.seed, options.profiles)
        files = _written(given, library, Path(folder))
        reading, known = _reading(files, given, library)
        cohort = Cohort(known, found, library)
        print(f"\n{len(known):,} profiles, {len(found.groups):,} groups, {options.rounds} rounds\n")
        rows, totals = _judging(cohort, options.rounds)
        rows.append(_sparql(cohort))
        if not options.no_spark:
            spark = _spark(files["csv"], Screen.of(library, found), totals, options.rounds)
            rows += [spark] if spark else []
    _print_judging(rows)
    print(f"\nincluded, indeterminate, excluded in every way: {totals}\n")
    _print_reading(reading)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--profiles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-spark", action="store_true", help="leave Spark out")
    return parser.parse_args()


def _given(library: Library, seed: int, size: int) -> list[dict[str, Any]]:
    terms = _Terms(library)
    source = ProfileSource(terms, known_profiles(ROOT, library.attributes))  # type: ignore[arg-type]
    return list(profiles(source, seed, size))


class _Terms:
    """What the source of profiles asks of the ontology, from the built graph."""

    def __init__(self, library: Library) -> None:
        self.attributes, self.implications = library.attributes, library.rules


def _written(given: Sequence[Mapping[str, Any]], library: Library, folder: Path) -> dict[str, Path]:
    """The profiles as JSON Lines and as CSV."""
    files = {"JSON Lines": folder / "patients.jsonl", "csv": folder / "patients.csv"}
    with files["JSON Lines"].open("w", encoding="utf-8") as out:
        for number, one in enumerate(given):
            out.write(json.dumps({"patient": f"p{number}", **one}) + "\n")
    names = [name for name in known_columns(library.attributes) if name != "rejected_because"]
    with files["csv"].open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, restval="")
        writer.writeheader()
        for number, one in enumerate(given):
            writer.writerow({"patient": f"p{number}", **_cells(one, library)})
    return files


def _cells(given: Mapping[str, Any], library: Library) -> dict[str, str]:
    row: dict[str, str] = {}
    for key, value in given.items():
        attribute = library.attributes.get(key)
        if attribute is not None and attribute.kind is Kind.SET and isinstance(value, Mapping):
            for part, words in value.items():
                row[key if part == "present" else f"{key}_{part}"] = "; ".join(words)
        elif isinstance(value, list):
            row[key] = "; ".join(value)
        else:
            row[key] = ("no", "yes")[value] if isinstance(value, bool) else str(value)
    return row


@dataclass(frozen=True)
class Measured:
    """A way, the seconds it takes, and the memory it takes beyond what it is given, in MB."""

    way: str
    seconds: float
    memory: float | None
    note: str = ""


def _reading(
    files: Mapping[str, Path], given: Sequence[Mapping[str, Any]], library: Library
) -> tuple[list[Measured], list[Profile]]:
    """How long rows take to what is known, at once and one by one; and the profiles."""
    screen = Screen.of(library, groups_of(library))
    rows = []
    for form, path in files.items():
        with _told_of_memory() as memory, closing(open_lines(str(path))) as lines:
            start = time.perf_counter()
            judged = sum(
                known.worlds.every.bit_count()
                for _, known in blocks_of(cohort_of(lines, library), screen.reader())
            )
            seconds = time.perf_counter() - start
        assert judged == len(given), f"{form}: {judged} of {len(given)} rows can be judged"
        rows.append(Measured(f"`metalocal screen`, {form}, blocks of rows", seconds, memory()))
    start = time.perf_counter()
    known = [profile_of(one, library.attributes, library.rules) for one in given]
    seconds = time.perf_counter() - start
    note = "of what has been parsed"
    return [*rows, Measured("`profile_of`, one patient at a time", seconds, None, note)], known


def _judging(cohort: Cohort, rounds: int) -> tuple[list[Measured], Totals]:
    """Each way, all with the same counts, by the median of interleaved rounds."""
    prepared = {name: prepare(cohort) for name, prepare in WAYS.items()}
    memories: dict[str, float] = {}
    totals: dict[str, Totals] = {}
    seconds: dict[str, list[float]] = {}
    for name, judged in prepared.items():
        with _told_of_memory() as memory:
            totals[name], taken = _timed(name, judged)
        memories[name], seconds[name] = memory(), [taken]
    if len(set(totals.values())) > 1:
        raise SystemExit(f"the ways disagree: {totals}")
    repeated = [name for name in prepared if seconds[name][0] < LONG_SECONDS]
    for number in range(rounds):
        for name in repeated[number % len(repeated) :] + repeated[: number % len(repeated)]:
            again, taken = _timed(name, prepared[name])
            assert again == totals[name]
            seconds[name].append(taken)
    rows = [
        Measured(
            name, statistics.median(taken[1:] or taken), memories[name],
            "" if taken[1:] else "one run",
        )
        for name, taken in seconds.items()
    ]  # fmt: skip
    return rows, totals[NUMPY]


def _timed(name: str, judged: Prepared) -> tuple[Totals, float]:
    start = time.perf_counter()
    found = judged()
    seconds = time.perf_counter() - start
    print(f"{name}: {seconds:.3f} s", file=sys.stderr)
    return found, seconds


def _sparql(cohort: Cohort) -> Measured:
    """The query for the first patients, compared with the bits, and extrapolated."""
    some = replace(cohort, profiles=cohort.profiles[:MEASURED])
    judged = methods.sparql(some)
    start = time.perf_counter()
    totals = judged()
    each = (time.perf_counter() - start) / len(some.profiles)
    if totals != methods.bits(some)():
        raise SystemExit("the query verdicts and the bits disagree")
    note = f"extrapolated from {len(some.profiles)}"
    return Measured("SPARQL, a query a patient", each * len(cohort.profiles), None, note)


def _spark(path: Path, screen: Screen, totals: Totals, rounds: int) -> Measured | None:
    """The same on Spark, reading included, once its session runs; nothing where it is not there."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra)

        from metalocal.cohort.spark import counts  # noqa: PLC0415  (needs pyarrow)
    except ImportError:
        print("Spark is left out: pip install 'metalocal[spark]'", file=sys.stderr)
        return None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").appName("metalocal")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    try:
        seconds = []
        for number in range(rounds + 1):
            start = time.perf_counter()
            frame = session.read.csv(str(path), header=True)
            found, refused = counts(frame.repartition(2), screen)
            seconds.append(time.perf_counter() - start)
            included, excluded = found.groups.sum(axis=0).tolist()
            open_ = found.patients * len(screen.found.groups) - included - excluded
            if (included, open_, excluded, refused) != (*totals, 0):
                raise SystemExit(f"Spark disagrees: {(included, open_, excluded, refused)}")
            print(f"round {number}: Spark: {seconds[-1]:.3f} s", file=sys.stderr)
    finally:
        session.stop()
    note = "reading and completing included; the start of its session is not"
    return Measured("Spark local[2], the same blocks", statistics.median(seconds[1:]), None, note)


@contextmanager
def _told_of_memory() -> Iterator[Callable[[], float]]:
    """The most memory held within the block beyond what was held before it, in MB; Linux only."""
    clear = Path("/proc/self/clear_refs")
    clear.write_text("5")  # forgets the peak
    before, peak = _memory("VmRSS"), [0.0]
    yield lambda: peak[0]
    peak[0] = _memory("VmHWM") - before


def _memory(name: str) -> float:
    text = Path("/proc/self/status").read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith(name))
    return int(line.split()[1]) / 1024


def _print_judging(rows: Sequence[Measured]) -> None:
    numpy = rows[0].seconds
    print("| judging | s | times numpy | memory MB | |")
    print("|---|---|---|---|---|")
    for row in sorted(rows, key=lambda one: one.seconds):
        memory = f"{row.memory:.0f}" if row.memory is not None else ""
        print(
            f"| {row.way} | {row.seconds:.2f} | {row.seconds / numpy:.2f} | {memory} | {row.note} |"
        )


def _print_reading(rows: Sequence[Measured]) -> None:
    print("| reading: parse, check, complete | s | memory MB | |")
    print("|---|---|---|---|")
    for row in rows:
        memory = f"{row.memory:.0f}" if row.memory is not None else ""
        print(f"| {row.way} | {row.seconds:.2f} | {memory} | {row.note} |")


if __name__ == "__main__":
    main()
