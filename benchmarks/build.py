"""Seconds, CPU seconds and memory of a build, clean and of what changed, as a Markdown table.

`python benchmarks/build.py [--files 228 1000 5000] [--jobs 0] [--clean-only]` copies data/ until it
holds so many study files, under new ids, and builds it by the builder itself in a process of its
own: clean, with nothing changed, with one study changed, with the ontology changed. Each graph of a
rebuild is compared, byte by byte, with that of a clean build before a time counts. Copies are no
evidence. Leave the code of the builder as it is meanwhile: what is kept goes by it too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from graph_builder.build import How, build
from graph_builder.inputs import Inputs

ROOT = Path(__file__).resolve().parents[1]

_IDENTIFIER = re.compile(r"(\{kind: \w+, value: )(\"[^\"]*\"|'[^']*'|[^,]*)(,)")
_ID = re.compile(r"^id: .*$", re.MULTILINE)
_LABEL = re.compile(r"^label: .*\w$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What one build took; `digest` is the SHA-256 of its graph, `peak` of its largest process."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    digest: str


@dataclass(frozen=True)
class Place:
    """The folders of one size: data, ontology, and where the graph goes."""

    data: Path
    ontology: Path
    graph: Path

    def build(self, jobs: int, *, clean: bool = False) -> Run:
        """Builds in a process of its own."""
        asked = [self.data, self.ontology, self.graph, jobs, "clean" if clean else "kept"]
        command = [sys.executable, __file__, "--one", *map(str, asked)]
        begun = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})  # noqa: S603  (ours)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if status:
            raise SystemExit(f"the build of {self.data} failed")
        digest = json.loads((self.graph / "manifest.json").read_text("utf-8"))["sha256"]
        return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, digest)


def main() -> None:
    """What the arguments ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, nargs="+", default=[228, 1000, 5000])
    parser.add_argument("--jobs", type=int, default=0, help="processes; 0: one a core")
    parser.add_argument("--clean-only", action="store_true", help="no build of what changed")
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _build_one(*options.one)
        return
    jobs = options.jobs or os.cpu_count() or 1
    print(f"{jobs} processes\n")
    print("| study files | build | seconds | CPU seconds | largest process, MB | MB of graph |")
    print("|---|---|---|---|---|---|")
    for files in options.files:
        with tempfile.TemporaryDirectory() as folder:
            found = rows(Path(folder), files, jobs)
            for row in islice(found, 1) if options.clean_only else found:
                print(row, flush=True)


def _build_one(data: str, ontology: str, graph: str, jobs: str, kept: str) -> None:
    inputs = Inputs(Path(ontology), Path(data), ROOT / "queries" / "examples")
    shelf = None if kept == "clean" else Path(graph).parent / ".cache"
    build(inputs, Path(graph), "benchmark", how=How(shelf, int(jobs)))


def rows(folder: Path, files: int, jobs: int) -> Iterator[str]:
    """The table rows of one size, in the order in which the builds follow each other."""
    place = Place(folder / "data", folder / "ontology", folder / "graph")
    copy_data(ROOT / "data", place.data, files)
    shutil.copytree(ROOT / "ontology", place.ontology)
    changes: list[tuple[str, Callable[[], object]]] = [
        ("clean", lambda: None),
        ("nothing changed", lambda: None),
        ("one study changed", lambda: change_one(place.data)),
        ("the ontology changed", lambda: change_ontology(place.ontology)),
    ]
    for name, change in changes:
        change()
        run = place.build(jobs)
        size = (place.graph / "graph.nq").stat().st_size / 1024**2
        apart = Place(place.data, place.ontology, folder / "apart" / "graph")
        if name != "clean" and apart.build(jobs, clean=True).digest != run.digest:
            raise SystemExit(f"{name}: the graph is not that of a clean build")
        numbers = f"{run.seconds:.1f} | {run.cpu_seconds:.1f} | {run.peak_mb:.0f} | {size:.0f}"
        yield f"| {files:,} | {name} | {numbers} |"


def copy_data(source: Path, target: Path, files: int) -> None:
    """A data folder of so many study files: those of `source`, then copies under new ids."""
    shutil.copytree(source, target)
    trials = sorted((source / "trials").glob("*.yaml"))
    for path in trials[files:]:
        (target / "trials" / path.name).unlink()
    copies = ((path, number) for number in count(1) for path in trials)
    for path, number in islice(copies, max(0, files - len(trials))):
        name = f"{path.stem}-copy{number}"
        text = copied(path.read_text("utf-8"), name, number)
        (target / "trials" / f"{name}.yaml").write_text(text, "utf-8")


def copied(text: str, name: str, number: int) -> str:
    """The text of a study file under another id, with identifiers that no other study has."""

    def renamed(found: re.Match[str]) -> str:
        value = found[2].strip("\"'")
        return f"{found[1]}{json.dumps(f'{value} copy {number}', ensure_ascii=False)}{found[3]}"

    return _IDENTIFIER.sub(renamed, _ID.sub(f"id: {name}", text, count=1))


def change_one(data: Path) -> None:
    """Gives the last study another label."""
    path = sorted((data / "trials").glob("*.yaml"))[-1]
    path.write_text(_LABEL.sub(r"\g<0> again", path.read_text("utf-8"), count=1), "utf-8")


def change_ontology(ontology: Path) -> None:
    """Changes a file of the ontology; what it says stays."""
    path = ontology / "codes.ttl"
    path.write_text(f"{path.read_text('utf-8')}\n# changed\n", "utf-8")


if __name__ == "__main__":
    main()
