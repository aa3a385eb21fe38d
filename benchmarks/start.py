"""From process start to answer: wall and CPU time of commands, and of a server's first pages.

`python benchmarks/start.py [--rounds 9] [--beside CHECKOUT] [--markdown FILE]` runs each command
that often in processes of their own, interleaved, and prints medians as a Markdown table. With
`--beside`, another checkout (an older release with its graph built) runs the same commands in turn;
what both print is compared before a time counts. CPU time is that of the process and its children.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ROUNDS = 9
CASE = (
    "--presentation de_novo --hr-status positive --her2-status negative --age 48 "
    "--metastatic-sites-only bone --metastasis-count 1 --primary-status intact "
    "--primary-resectable yes"
)
ASKED = "presentation=de_novo&hr_status=positive&age=48"
COMMANDS = {
    "`metalocal --help`": "--help",
    "`metalocal ask --help`": "ask --help",
    "`metalocal ask` with eight facts": f"ask {CASE}",
    "`metalocal ask --format json`": f"ask {CASE} --format json",
    "`metalocal audit`": "audit",
    "`metalocal overlap`": "overlap",
}
FLOORS = {"python, nothing loaded": "pass", "python, typer loaded": "import typer"}


@dataclass(frozen=True)
class Run:
    """One run: seconds by the wall, seconds of CPU, and what was printed."""

    wall: float
    cpu: float
    said: bytes = b""


def finished(process: subprocess.Popen[bytes], began: float) -> Run:
    """The run of a process, read to its end."""
    assert process.stdout
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall, process.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
    process.stdout.close()
    return Run(wall, used.ru_utime + used.ru_stime, said)


def started(checkout: Path, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """An interpreter like this one over a checkout."""
    return subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def command(checkout: Path, text: str) -> Run:
    """One run of a command of metalocal."""
    began = time.perf_counter()
    return finished(started(checkout, ["-m", "metalocal", *text.split()]), began)


def floor(_checkout: Path, code: str) -> Run:
    """One run of an interpreter that loads nothing of ours."""
    began = time.perf_counter()
    return finished(started(HERE, ["-c", code]), began)


def served(checkout: Path, then_ask: bool) -> Run:
    """From process start to the front page; or from its end to the answer asked for right after."""
    began = time.perf_counter()
    process = started(checkout, ["-m", "metalocal", "serve", "--port", "0"])
    assert process.stdout
    try:
        address = process.stdout.readline().split()[2].decode().removesuffix("/sparql")
        page = _got(f"{address}/")
        if then_ask:
            began = time.perf_counter()
            page = _got(f"{address}/ask?{ASKED}")
        wall = time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        run = finished(process, began)
    return Run(wall, run.cpu, page)


def _got(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept": "text/html"})  # noqa: S310  (ours)
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  (ours)
        return bytes(answer.read())


def tasks() -> dict[str, Callable[[Path], Run]]:
    """What is run, by name."""
    found: dict[str, Callable[[Path], Run]] = {
        name: (lambda where, code=code: floor(where, code)) for name, code in FLOORS.items()
    }
    for name, text in COMMANDS.items():
        found[name] = lambda where, text=text: command(where, text)
    found["`metalocal serve` to its front page"] = lambda where: served(where, False)
    found["its first `/ask?...` right after"] = lambda where: served(where, True)
    return found


def measured(checkouts: Sequence[Path], rounds: int) -> dict[str, list[list[Run]]]:
    """Runs of each task by checkout; a round before the first warms the disk and byte code."""
    found: dict[str, list[list[Run]]] = {name: [[] for _ in checkouts] for name in tasks()}
    for round_number in range(rounds + 1):
        for name, task in tasks().items():
            for runs, checkout in zip(found[name], checkouts, strict=True):
                one = task(checkout)
                if round_number:
                    runs.append(one)
    return found


def table(found: dict[str, list[list[Run]]]) -> str:
    """The medians as a Markdown table; with two checkouts the ratio of CPU times and equality."""
    beside = len(next(iter(found.values()))) > 1
    heads = ["from process start", "wall, s", "CPU, s"]
    heads += ["beside: wall, s", "beside: CPU, s", "CPU ratio", "same output"] if beside else []
    lines = [f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    for name, by_checkout in found.items():
        medians = [
            (statistics.median(r.wall for r in runs), statistics.median(r.cpu for r in runs))
            for runs in by_checkout
        ]
        cells = [f"{number:.2f}" for pair in medians for number in pair]
        if beside:
            cells.append(f"{medians[1][1] / medians[0][1]:.1f}")
            cells.append("yes" if by_checkout[0][0].said == by_checkout[1][0].said else "**no**")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--beside", type=Path, help="another checkout, with its graph built")
    parser.add_argument("--markdown", type=Path, help="write the table here, too")
    given = parser.parse_args()
    checkouts = [HERE, *([given.beside.resolve()] if given.beside else [])]
    for checkout in checkouts:  # what is stale is built before anything is timed
        command(checkout, "ask --age 48")
    text = table(measured(checkouts, given.rounds))
    print(text)
    if given.markdown:
        given.markdown.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
