"""Seconds that HermiT and Pellet need for each OWL export, as a Markdown table.

Each file is reasoned about in a process of its own, one after the other, with the inferences that
Protégé asks for when its reasoner is started.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.owl_api import LoadedFile, java, java_class, start_java, subsumptions
from graph_builder.release.bounds import without_data_ranges
from metalocal.commands.common import built_graph
from metalocal.owl import owl_triples, write_owl
from metalocal.owl_parts import CLASSES, WHOLE, Part

QUESTIONS = (
    "local_therapy_of_primary",
    "ablation_of_metastases",
    "resection_of_metastases",
    "local_recurrence_treatment",
    "local_therapy_of_oligoprogression",
    "local_therapy_with_systemic_therapy",
)
INFERENCES = (
    "CLASS_HIERARCHY",
    "OBJECT_PROPERTY_HIERARCHY",
    "DATA_PROPERTY_HIERARCHY",
    "CLASS_ASSERTIONS",
    "OBJECT_PROPERTY_ASSERTIONS",
    "SAME_INDIVIDUAL",
)
"""What Protégé 5.6 asks a reasoner for at its start, as its inferences are displayed by default."""
LIMIT = 590
"""Seconds after which a file is given up."""
PARTS = {"whole": WHOLE, "classes": CLASSES, **{word: Part(question=word) for word in QUESTIONS}}


def main() -> None:
    """Export, reason, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {word: folder / f"{word}.owl" for word in PARTS}
        for word, part in PARTS.items():
            write_owl(built_graph(), files[word], part=part)
        bounds = folder / "bounds.owl"
        triples = sorted(without_data_ranges(owl_triples(built_graph(), CLASSES)), key=str)
        ox.serialize(triples, bounds, ox.RdfFormat.RDF_XML)
        rows = [(word, _measured(file, "HermiT")) for word, file in files.items()]
        pair = {who: _measured(bounds, who) for who in ("HermiT", "Pellet")}
    print(f"{datetime.now(UTC):%d %B %Y}, {_machine()}.\n")
    _print_exports(rows)
    _print_pair(pair)


def _print_exports(rows: list[tuple[str, dict[str, float]]]) -> None:
    least = min((row["load"] + row["reason"] for _, row in rows if row), default=0.0)
    print("| export | MB | axioms | individuals | load s | HermiT s | together | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for word, row in rows:
        if not row:
            print(f"| {word} | | | | | over {LIMIT} | | |")
            continue
        both = row["load"] + row["reason"]
        counts = f"{row['mb']:.1f} | {row['axioms']:.0f} | {row['individuals']:.0f}"
        print(
            f"| {word} | {counts} | {row['load']:.1f} | {row['reason']:.1f} "
            f"| {both:.1f} | {both / least:.1f} |"
        )


def _print_pair(pair: dict[str, dict[str, float]]) -> None:
    print("\n| all subsumptions among the classes, limits on numbers as classes | s | ratio |")
    print("|---|---|---|")
    least = min((row["reason"] for row in pair.values() if row), default=0.0)
    for who, row in pair.items():
        told = f"{row['reason']:.1f} | {row['reason'] / least:.1f}" if row else f"over {LIMIT} | "
        print(f"| {who} | {told} |")


def _machine() -> str:
    system = Path("/proc/cpuinfo")
    lines = system.read_text("utf-8").splitlines() if system.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.machine()
    start_java()
    version = java_class("java.lang.System").getProperty("java.version")
    return (
        f"{os.cpu_count()} cores of {processor}, {platform.system()}, "
        f"Java {version}, Python {platform.python_version()}"
    )


def _measured(file: Path, who: str) -> dict[str, float]:
    """What the process for one file tells; nothing if it did not finish."""
    command = [sys.executable, __file__, str(file), who]
    try:
        done = subprocess.run(  # noqa: S603  (this file, by this Python)
            command, check=True, capture_output=True, timeout=LIMIT, text=True
        )
    except subprocess.TimeoutExpired:
        return {}
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _one(file: Path, who: str) -> dict[str, float]:
    """Load and reason about one file in this process."""
    start_java()
    content = file.read_bytes()
    loaded, load = _timed(lambda: LoadedFile(content))
    ways: dict[str, Callable[[], object]] = {
        "HermiT": lambda: _infer(loaded),
        "Pellet": lambda: list(subsumptions(loaded.second_reasoner())),
    }
    if file.stem == "bounds":
        ways["HermiT"] = lambda: list(subsumptions(loaded.reasoner()))
    _, reason = _timed(ways[who])
    ontology = loaded.ontology
    return {
        "mb": len(content) / 1e6,
        "axioms": ontology.getAxiomCount(),
        "individuals": ontology.getIndividualsInSignature().size(),
        "load": load,
        "reason": reason,
    }


def _infer(loaded: LoadedFile) -> None:
    reasoner, kinds = loaded.reasoner(), java("owlapi.reasoner.InferenceType")
    if not reasoner.isConsistent():
        raise SystemExit("the export contradicts itself; no times")
    for kind in INFERENCES:
        reasoner.precomputeInferences(getattr(kinds, kind))


def _timed(way: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    found = way()
    return found, time.perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_one(Path(sys.argv[1]), sys.argv[2])))
    else:
        main()
