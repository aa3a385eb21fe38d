"""`metalocal ask --cohort` over invented patients: patients a second, and memory."""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

COLUMNS = (
    "patient", "presentation", "age", "hr_status", "her2_status", "metastatic_sites",
    "metastatic_sites_complete", "metastasis_count", "primary_status", "prior_lines", "response",
)  # fmt: skip
SITES = ("bone", "lung", "liver", "brain", "distant_lymph_node")
RUNS = ((1_000, 1_000), (20_000, 200))
"""Patients of a run, and how many profiles they are drawn from."""


def main() -> None:
    """Run each cohort as a user would, in a process of its own."""
    print("| patients | profiles | s of processor | patients a second | peak memory MB |")
    print("|---|---|---|---|---|")
    for patients, profiles in RUNS:
        seconds = run(patients, profiles)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # of all runs so far
        rate = patients / seconds
        print(f"| {patients:,} | {profiles:,} | {seconds:.0f} | {rate:.0f} | {memory:.0f} |")


def run(patients: int, profiles: int) -> float:
    """Seconds of processor time, the start included; other work hardly adds to it."""
    chance = random.Random(5)  # noqa: S311  (invented patients)
    known = [different(chance) for _ in range(profiles)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patients.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows({"patient": n, **known[n % profiles]} for n in range(patients))
        command = [sys.executable, "-m", "metalocal", "ask", "--cohort", str(file)]
        start = _processor()
        subprocess.run([*command, "-o", f"{folder}/answers.parquet"], check=True)  # noqa: S603  (ours)
        return _processor() - start


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


if __name__ == "__main__":
    main()
