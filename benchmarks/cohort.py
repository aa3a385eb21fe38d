"""`metalocal ask --cohort` over invented patients: patients a second, share remembered, memory."""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

COLUMNS = (
    "patient", "presentation", "age", "hr_status", "her2_status", "metastatic_sites",
    "metastatic_sites_complete", "metastasis_count", "primary_status", "prior_lines", "response",
)  # fmt: skip
SITES = ("bone", "lung", "liver", "brain", "distant_lymph_node")
RUNS = ((1_000, "all different"), (20_000, "as in a registry"))


def main() -> None:
    """Run both cohorts as a user would, one process each."""
    print("| patients | which | s | patients a second | peak memory MB |")
    print("|---|---|---|---|---|")
    for number, kind in RUNS:
        seconds, megabytes = run(number, different if kind == "all different" else registry)
        rate = number / seconds
        print(f"| {number:,} | {kind} | {seconds:.0f} | {rate:.0f} | {megabytes:.0f} |")


def run(number: int, patient: Callable[[random.Random], dict[str, object]]) -> tuple[float, float]:
    """Seconds of one run, and the peak memory in megabytes of it and of the runs before."""
    chance = random.Random(5)  # noqa: S311  (invented patients)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patients.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows({"patient": n, **patient(chance)} for n in range(number))
        command = [sys.executable, "-m", "metalocal", "ask", "--cohort", str(file)]
        start = time.perf_counter()
        subprocess.run([*command, "-o", f"{folder}/answers.parquet"], check=True)  # noqa: S603  (ours)
        seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def different(chance: random.Random) -> dict[str, object]:
    """A patient about whom each fact is told or not by a throw of the dice."""
    sites = chance.sample(SITES, chance.randint(1, 3))
    count = chance.randint(len(sites), 30)
    facts: dict[str, object] = {
        "presentation": chance.choice(("de_novo", "recurrent")),
        "age": chance.randint(28, 88),
        "hr_status": chance.choice(("positive", "negative")),
        "her2_status": chance.choice(("positive", "low", "negative")),
        "primary_status": chance.choice(("intact", "controlled", "removed")),
        "prior_lines": chance.randint(0, 4),
        "response": chance.choice(("complete", "partial", "stable", "progression")),
    }
    told = {key: value for key, value in facts.items() if chance.random() < 0.8}
    told |= {"metastatic_sites": "; ".join(sites), "metastasis_count": count}
    return {**told, "metastatic_sites_complete": chance.choice(("yes", ""))}


def registry(chance: random.Random) -> dict[str, object]:
    """A patient as registries know them: stage, subtype, age, one or two organs, few lesions."""
    sites = chance.sample(SITES[:3], chance.choices((1, 2), (3, 1))[0])
    return {
        "presentation": chance.choices(("de_novo", "recurrent"), (1, 2))[0],
        "age": round(min(max(chance.gauss(60, 12), 25), 95)),
        "hr_status": chance.choices(("positive", "negative"), (3, 1))[0],
        "her2_status": chance.choices(("positive", "negative"), (1, 4))[0],
        "metastatic_sites": "; ".join(sites),
        "metastatic_sites_complete": "yes",
        "metastasis_count": len(sites) + chance.choice((0, 1, 2)),
    }


if __name__ == "__main__":
    main()
