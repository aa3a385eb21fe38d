"""metalocal beside other engines over the same graph: the same questions, interleaved, in one run.

`python benchmarks/peers.py [--graph FILE.nq | --studies N] [--rounds K] [--engines a,b]
[--seconds S] [--peers BIN] [--markdown FILE]`

Every answer is compared with the right one before its time counts. The first round warms all
engines; its times count only where there are no others. A question is not asked again of an engine
that gave a wrong answer, an error or none in time, or whose answers to it took 20 s in all. An
engine that took more than 20 s to load is not started again after a question that it did not answer
in time: the rest of its questions is "dropped".
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from compatibility_engines import AbsentError, RefusedError, TooLongError
from peers_answers import Comparison, fault
from peers_engines import ENGINES, Engine, Peer, Place
from peers_memory import Watch, family, highest, on_disk, shared_out
from peers_questions import NAMES, PARTS, Question, material_of, questions
from peers_table import NOT_ASKED, Cell, Loaded, markdown

from metalocal.commands.common import built_graph
from metalocal.graph import GraphError, LocalGraph, Table
from metalocal.locations import locations

ENOUGH_SECONDS = 20.0
"""After as many seconds of answers to one question, an engine is not asked it again; one that takes
more to load is not started again."""


@dataclass
class Runner:
    """An engine that runs, its start, and what it made of each question."""

    engine: Engine
    peer: Peer
    loaded: Loaded
    cells: dict[str, Cell]
    folder: Path


def main() -> None:
    """Start the engines, ask them, and print the tables."""
    given = _arguments()
    if given.peers:
        os.environ["PATH"] = os.pathsep.join([str(given.peers), os.environ.get("PATH", "")])
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        try:
            text = _run(given, Path(folder))
        except KeyboardInterrupt:
            raise SystemExit("stopped by hand; nothing is written") from None
    print(text)
    if given.markdown:
        given.markdown.write_text(text + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--graph", type=Path, help="N-Quads file; else the built graph")
    parser.add_argument("--studies", type=int, help="a synthetic graph of so many studies instead")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count, after the first")
    parser.add_argument("--engines", default=",".join(ENGINES), help=", ".join(ENGINES))
    parser.add_argument("--seconds", type=float, default=60, help="longest time for one answer")
    parser.add_argument("--peers", type=Path, help="bin folder of the environment of the peers")
    parser.add_argument("--markdown", type=Path, help="file to write the tables to as well")
    given = parser.parse_args()
    given.engines = [name.strip() for name in given.engines.split(",")]
    unknown = [name for name in given.engines if name not in ENGINES]
    if unknown:
        parser.error(f"no engine {', '.join(unknown)}; there are {', '.join(ENGINES)}")
    if given.graph and given.studies:
        parser.error("give --graph or --studies, not both")
    if given.graph and not given.graph.is_file():
        parser.error(f"{given.graph} is no file; metalocal build writes one, so does --studies")
    return given


def _run(given: argparse.Namespace, folder: Path) -> str:
    file = _graph_file(given, folder)
    union = folder / "union.nt"
    quads = write_union(file, union)
    python = given.peers / "python" if given.peers else sys.executable
    place = Place(file, union, folder, locations().queries, str(python), given.seconds)
    absent: dict[str, str] = {}
    with ExitStack() as stack:
        runners = list(_started(given.engines, place, absent, stack))
        _ask_all(runners, LocalGraph(file), given.rounds, given.seconds)
        for runner in runners:
            runner.loaded = _after(runner)
    cells = {runner.engine.name: runner.cells for runner in runners}
    loaded = {runner.engine.name: runner.loaded for runner in runners}
    head = f"{quads:,} quads, {given.rounds} rounds after one that warms.\n\n"
    return head + markdown(cells, loaded, absent)


def _graph_file(given: argparse.Namespace, folder: Path) -> Path:
    if given.graph:
        return Path(given.graph).resolve()
    if not given.studies:
        built = folder / "graph.nq"  # a copy: the build may be renewed meanwhile
        built.write_bytes(built_graph().read_bytes())
        return built
    made = folder / "synthetic.nq"
    command = [sys.executable, str(Path(__file__).with_name("synthetic.py")), "--seed", "1"]
    command += ["--studies", str(given.studies), "--out", str(made)]
    subprocess.run(command, check=True)  # noqa: S603  (our own program)
    return made


def write_union(graph: Path, union: Path) -> int:
    """The triples of all named graphs as N-Triples, for engines without them; how many quads.

    A triple that stands in several graphs is written as often; stores keep it once.
    """
    count = 0
    with graph.open("rb") as quads, union.open("wb") as triples:
        for line in quads:
            triples.write(line[: line.rindex(b" <")] + b" .\n")
            count += 1
    return count


def _started(
    names: list[str], place: Place, absent: dict[str, str], stack: ExitStack
) -> Iterator[Runner]:
    for name in names:
        _say(f"{name}: loading")
        folder = place.folder / name.replace(" ", "-")
        folder.mkdir()
        try:
            runner = _start(ENGINES[name], replace(place, folder=folder))
        except (AbsentError, TooLongError, RefusedError, GraphError, OSError) as error:
            absent[name] = str(error) or "it does not start in time"
            _say(f"{name}: left out: {absent[name]}")
            continue
        stack.callback(runner.peer.stop)
        yield runner


def _start(engine: Engine, place: Place) -> Runner:
    with Watch() as watch:
        begun = time.perf_counter()
        peer = engine.start(place)
        seconds = time.perf_counter() - begun
    peer.renew = seconds <= ENOUGH_SECONDS
    loaded = Loaded(peer.version, engine.how, seconds, watch.peak, None, None)
    return Runner(engine, peer, loaded, {name: _cell(engine, name) for name in NAMES}, place.folder)


def _cell(engine: Engine, question: str) -> Cell:
    made_for = not engine.only or question in engine.only
    return Cell() if made_for else Cell(fault=NOT_ASKED, is_done=True)


def _after(runner: Runner) -> Loaded:
    """What was known at the start, with memory and disk after all questions."""
    processes = family(runner.peer.pid)
    now = shared_out(processes) or None
    peak = max(runner.loaded.peak, now or 0, highest(processes))
    disk = on_disk(runner.folder) if runner.engine.keeps_files else None
    return replace(runner.loaded, peak=peak, after=now, disk=disk)


def _ask_all(runners: list[Runner], graph: LocalGraph, rounds: int, seconds: float) -> None:
    here = locations()
    material = material_of(graph, here.queries, here.data / "profiles")
    for turn in range(rounds + 1):
        for question in questions(here.queries, material, turn):
            expected = [graph.select(text) for text in question.texts]
            first = turn % max(len(runners), 1)
            for runner in runners[first:] + runners[:first]:
                cell = runner.cells[question.name]
                if not cell.is_done:
                    ask(runner, question, expected, seconds)
        _say(f"round {turn} of {rounds} is done")


def ask(runner: Runner, question: Question, expected: list[Table], seconds: float) -> None:
    """Asks one engine one question, and keeps its time or what is wrong with its answer."""
    cell = runner.cells[question.name]
    part = runner.cells.get(PARTS.get(question.name, ""), Cell())
    if part.fault:
        cell.fault, cell.told, cell.is_done = part.fault, "as that within it", True
        return
    try:
        spent, found = runner.peer.ask(question, seconds)
    except TooLongError:
        cell.fault = f"> {seconds:g} s"
    except (RefusedError, AbsentError, GraphError) as error:  # the last two where it restarts
        cell.fault, cell.told = "error", str(error)
    else:
        wrong = wrong_in(expected, found, question, runner.engine.compares(question))
        take(cell, spent, wrong)
    shown = f"{cell.fault} {cell.told[:200]}" if cell.fault else f"{spent * 1000:.1f} ms"
    _say(f"{runner.engine.name}, {question.name}: {shown}")
    cell.is_done = cell.is_done or bool(cell.fault)
    if not runner.peer.is_running:
        drop(runner.cells)


def wrong_in(
    expected: list[Table], found: list[Table], question: Question, comparison: Comparison
) -> str:
    """The first fault in the tables of an answer, or nothing."""
    pairs = zip(expected, found, question.texts, strict=True)
    faults = (fault(right, given, text, comparison) for right, given, text in pairs)
    return next(filter(None, faults), "")


def take(cell: Cell, spent: float, wrong: str) -> None:
    """Adds an answer: its time where it is right, else its fault."""
    if wrong:
        cell.fault, cell.told = f"wrong ({wrong})", f"after {spent * 1000:.1f} ms"
        return
    if cell.first is None:
        cell.first = spent
    else:
        cell.times.append(spent)
    cell.is_done = cell.first + sum(cell.times) >= ENOUGH_SECONDS


def drop(cells: dict[str, Cell]) -> None:
    """What an engine that is not started again will not be asked any more."""
    for cell in cells.values():
        cell.is_done = True
        if cell.first is None and not cell.fault:
            cell.fault = "dropped"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
