"""Servers under the same load in turn -> requests a second, waiting times, processor time.

`python benchmarks/throughput.py [--seconds S] [--rounds N] [--connections 1,8,64]` starts
`metalocal serve`, Oxigraph's own server (in memory, and on disk read-only), rdflib-endpoint and
Virtuoso over one graph, those that the machine has. wrk asks each the same queries; the servers
take turns in every round, so that whatever else the machine does hits all alike. A server's answer
has to be the bare engine's, row for row, before any time of it counts, and every reply under load
is compared with it again. `--beside NAME=FOLDER` adds another checkout of metalocal. Needs Linux
and wrk (Debian: `apt-get install wrk`).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

from compatibility_engines import Server
from throughput_queries import NAMES, Asked, Questions, asked_of
from throughput_servers import (
    OURS,
    SERVERS,
    Start,
    checkout_server,
    processor_seconds,
    settle,
    started,
)
from throughput_wrk import Cell, Counted, Load, cell_of, counted

from metalocal.commands.common import built_graph

_LONGEST_REASON = 200  # characters

Key = tuple[str, str, int]
"""Query, server, connections."""


@dataclass(frozen=True)
class Plan:
    """What to ask, over how many connections, and how long and often (seconds, rounds)."""

    queries: tuple[str, ...]
    connections: tuple[int, ...]
    seconds: int
    rounds: int


def main() -> None:
    """Start, compare, load, print; exit code 1 where an answer under load was another."""
    given = _arguments()
    plan = Plan(tuple(given.query or NAMES), given.connections, given.seconds, given.rounds)
    starts = _starts(given.server or list(SERVERS), given.beside)
    ours = {OURS, *(one.partition("=")[0] for one in given.beside)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = Path(shutil.copy(given.graph or built_graph(), folder / "graph.nq"))
        running, absent = started(starts, file, folder, stack)
        asked = asked_of(running, ours & running.keys(), Questions(file))
        cells = _cells(running, asked, plan)
    text = as_markdown(cells, asked.unfit, absent, plan)
    if given.markdown:
        Path(given.markdown).write_text(text, encoding="utf-8")
    print(text, end="")
    raise SystemExit(1 if any(cell.wrong for cell in cells.values()) else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--graph", help="N-Quads file instead of the built graph")
    parser.add_argument("--seconds", type=int, default=3, help="of a cell in one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=_numbers, default=(1, 8, 64))
    parser.add_argument("--server", action="append", choices=list(SERVERS), help="repeatable")
    parser.add_argument("--query", action="append", choices=NAMES, help="repeatable")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--markdown", metavar="FILE", help="write the tables there, too")
    return parser.parse_args()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _starts(names: list[str], beside: list[str]) -> dict[str, Start]:
    """How to start what is wanted, other checkouts of metalocal after this one."""
    others = {}
    for one in beside:
        name, _, folder = one.partition("=")
        others[name] = checkout_server(Path(folder).resolve())
    found = {name: SERVERS[name] for name in names}
    first = {OURS: found.pop(OURS)} if OURS in found else {}
    return first | others | found


def _cells(running: Mapping[str, Server], asked: Asked, plan: Plan) -> dict[Key, Cell]:
    """All cells, a round of all servers after the other.

    A server that once had no answer in time is not asked that again: it would take minutes a round.
    """
    rounds: dict[Key, list[Counted]] = defaultdict(list)
    hopeless: set[tuple[str, str]] = set()
    for number, query, connections in product(range(plan.rounds), plan.queries, plan.connections):
        for name, load in asked.loads[query].items():
            if (query, name) in hopeless:
                continue
            _say(f"round {number + 1}: {query}, {connections} connections: {name}")
            one = _counted(running[name], load, connections, plan.seconds)
            rounds[query, name, connections].append(one)
            if not one.right:
                hopeless.add((query, name))
    return {key: cell_of(found) for key, found in rounds.items()}


def _counted(server: Server, load: Load, connections: int, seconds: int) -> Counted:
    before = processor_seconds(server)
    lasting = load.long_enough(connections, seconds)
    found = counted(urlsplit(server.url).netloc, load, connections, lasting)
    used = processor_seconds(server) - before
    settle(server)
    return replace(found, processor_seconds=max(0.0, used))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def as_markdown(
    cells: Mapping[Key, Cell],
    unfit: Mapping[tuple[str, str], str],
    absent: Mapping[str, str],
    plan: Plan,
) -> str:
    """A table a query, a row a server; then what is not in it, and why."""
    lines: list[str] = []
    for query in plan.queries:
        names = dict.fromkeys(name for asked, name, _ in cells if asked == query)
        lines += [f"**{query}**", "", *_head(plan)]
        for name in names:
            lines.append(_row(name, [cells.get((query, name, n)) for n in plan.connections]))
        lines.append("")
    lines += [
        f"- {query}, {name}: not timed: {why[:_LONGEST_REASON]}"
        for (query, name), why in unfit.items()
    ]
    lines += [f"- {name}: left out: {why}" for name, why in absent.items()]
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(plan: Plan) -> list[str]:
    columns = [f"{n}: requests/s | p50 ms | p99 ms | CPU ms" for n in plan.connections]
    return [
        f"| server | {' | '.join(columns)} | not answered |",
        "|---" * (4 * len(columns) + 2) + "|",
    ]


def _row(name: str, cells: list[Cell | None]) -> str:
    told = [text for cell in cells for text in _told(cell)]
    trouble = "; ".join(cell.trouble for cell in cells if cell and cell.trouble)
    return f"| {name} | {' | '.join(told)} | {trouble or 'none'} |"


def _told(cell: Cell | None) -> list[str]:
    if cell is None or not cell.rate:
        return ["not asked" if cell is None else "0", "-", "-", "-"]
    rate = f"{cell.rate:,.0f}" if cell.rate >= 10 else f"{cell.rate:.1f}"
    return [rate, f"{cell.p50_ms:.2f}", f"{cell.p99_ms:.2f}", f"{cell.processor_ms:.2f}"]


if __name__ == "__main__":
    main()
