"""What finding out next costs, and completing many patients at once: two tables in Markdown.

`--against CHECKOUT` measures the same in another checkout, in turns. Answers are compared before a
time counts: those of the two checkouts, and every patient with what `profile_of` makes of her.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from synthetic_profiles import Fact, known_profiles

from graph_builder.attributes import Attribute
from graph_builder.problems import ProblemsFoundError
from graph_builder.terms import Terms, read_ontology, terms_of
from metalocal.answers.clauses import Clauses
from metalocal.answers.library import Library
from metalocal.commands.common import built_graph
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of
from metalocal.worlds import Worlds, bits_at, completed, worlds_of

ROOT = Path(__file__).parents[1]
SEED = 7


def main() -> None:
    """Print both tables."""
    told = _arguments()
    checkouts = [ROOT] if told.against is None else [told.against, ROOT]
    print("\n".join(next_facts_table(checkouts, told.rounds)), end="\n\n")
    print("\n".join(completion_table(told.patients, told.rounds)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="another checkout, with its built graph")
    parser.add_argument("--rounds", type=int, default=5, help="times each is measured")
    parser.add_argument("--patients", type=int, default=100_000, help="completed at once")
    return parser.parse_args()


def next_facts_table(checkouts: Sequence[Path], rounds: int) -> list[str]:
    """Processor time and Python calls of next facts, a row for each example profile."""
    workers = [_worker(checkout) for checkout in checkouts]
    lines = [
        "| next facts of profile | ms of processor | Python calls |"
        if len(checkouts) == 1
        else "| next facts of profile | ms before | ms | ratio | calls before | calls |",
        "|---" * (3 if len(checkouts) == 1 else 6) + "|",
    ]
    for path in sorted((ROOT / "data" / "profiles").glob("*.yaml")):
        found = [[_asked(worker, path) for worker in workers] for _ in range(rounds)]
        if len({one["answer"] for turn in found for one in turn}) != 1:
            raise SystemExit(f"{path.name}: the checkouts do not agree; no times")
        lines.append(_row(path.stem, list(zip(*found, strict=True))))
    for worker in workers:
        worker.communicate()
    return lines


def _row(name: str, found: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    times = [median(one["milliseconds"] for one in of_checkout) for of_checkout in found]
    calls = [of_checkout[0]["calls"] for of_checkout in found]
    ratio = [f"x{times[0] / times[-1]:.0f}"] if len(found) > 1 else []
    cells = [name, *(f"{time:.1f}" for time in times), *ratio, *(f"{count:,}" for count in calls)]
    return f"| {' | '.join(cells)} |"


def _worker(checkout: Path) -> subprocess.Popen[str]:
    program = [sys.executable, str(Path(__file__).with_name("worlds_worker.py"))]
    return subprocess.Popen(  # noqa: S603  (ours)
        program,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout.resolve())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _asked(worker: subprocess.Popen[str], path: Path) -> dict[str, Any]:
    if worker.stdin is None or worker.stdout is None:
        raise SystemExit("the worker has no pipes")
    worker.stdin.write(f"{path.resolve()}\n")
    worker.stdin.flush()
    line = worker.stdout.readline()
    if not line:
        raise SystemExit(f"the worker in {worker.args!r} ended; see its message above")
    return dict(json.loads(line))


@dataclass(frozen=True)
class Cohort:
    """Invented patients, as told and as worlds in which nothing has been drawn yet."""

    terms: Terms
    given: Sequence[Mapping[str, Any]]
    told: Worlds

    def one_by_one(self) -> list[Profile | None]:
        """Each patient read and completed alone; none where she is refused."""
        return [_profile(given, self.terms) for given in self.given]

    def at_once(self) -> tuple[Worlds, int]:
        """All completed at once."""
        return completed(self.told, self.terms.attributes, self.terms.implications)


def completion_table(patients: int, rounds: int) -> list[str]:
    """Processor time of completing patients one by one and at once, and of judging them."""
    terms = terms_of(read_ontology(ROOT / "ontology"))
    given = _patients(patients, known_profiles(ROOT, terms.attributes))
    as_told = _as_told(given, terms.attributes)
    cohort = Cohort(terms, given, worlds_of(as_told))
    alone, (worlds, refused) = cohort.one_by_one(), cohort.at_once()
    refused_alone = bits_at([place for place, one in enumerate(alone) if one is None])
    known_alone = worlds_of([one or Profile() for one in alone])
    if refused != refused_alone or not _same(worlds, known_alone):
        raise SystemExit("at once and one by one do not agree; no times")
    clauses = _clauses()
    ways: dict[str, Callable[[], object]] = {
        "read and complete one by one (`profile_of`)": cohort.one_by_one,
        "read one by one, nothing drawn": lambda: _as_told(given, terms.attributes),
        "make them bits (`worlds_of`)": lambda: worlds_of(as_told),
        "complete at once (`completed`)": cohort.at_once,
        f"judge all at once against {len(clauses.of_group)} groups": lambda: clauses.decided(
            clauses.of_group, worlds
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(_seconds(way))
    head = f"| {patients:,} patients, {refused.bit_count():,} refused | s of processor | ratio |"
    slowest = median(times["read and complete one by one (`profile_of`)"])
    rows = [
        f"| {name} | {median(found):.3f} | {median(found) / slowest:.4f} |"
        for name, found in times.items()
    ]
    return [head, "|---|---|---|", *rows]


def _clauses() -> Clauses:
    return Library(LocalGraph(built_graph()), locations().queries).clauses


def _patients(number: int, models: Sequence[Mapping[str, Fact]]) -> list[dict[str, Any]]:
    """Patients of whom facts of two known ones are told together, in sense or in nonsense."""
    chance = random.Random(SEED)  # noqa: S311  (invented patients)
    found = []
    for _ in range(number):
        one, two = chance.choice(models), chance.choice(models)
        both = {**one, **two}
        keys = chance.sample(sorted(both), chance.randint(0, len(both)))
        found.append({name: value for key in keys for name, value in both[key].items()})
    return found


def _as_told(
    given: Sequence[Mapping[str, Any]], attributes: Mapping[str, Attribute]
) -> list[Profile]:
    """What is told of each, and nothing that follows from it: attributes without ties, no rules."""
    alone = {
        key: Attribute(key, one.kind, "", "", "", "", one.order, one.values)
        for key, one in attributes.items()
    }
    return [profile_of(one, alone, ()) for one in given]


def _profile(given: Mapping[str, Any], terms: Terms) -> Profile | None:
    try:
        return profile_of(given, terms.attributes, terms.implications)
    except ProblemsFoundError:
        return None


def _same(one: Worlds, two: Worlds) -> bool:
    numbers = [{key: dict(found) for key, found in w.numbers.items()} for w in (one, two)]
    return (one.holds, one.fails) == (two.holds, two.fails) and numbers[0] == numbers[1]


def _seconds(way: Callable[[], object]) -> float:
    start = process_time()
    way()
    return process_time() - start


if __name__ == "__main__":
    main()
