"""Every published query on every engine the machine has: the same rows as pyoxigraph, or why not.

`python benchmarks/compatibility.py [--engine NAME ...] [--query NAME ...] [--format md|json]`
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyoxigraph
from compatibility_engines import ENGINES, AbsentError, Engine, RefusedError, TooLongError

from metalocal.attributes import attributes_of, implications_of
from metalocal.catalogue import catalogue
from metalocal.commands.common import built_graph
from metalocal.graph import GraphError, LocalGraph, Table, Term
from metalocal.locations import locations
from metalocal.profiles import read_profile

PROFILE = "de-novo-solitary-bone"
REPEATS = 3
QUICK_SECONDS = 5.0
"""A query that takes longer is timed once."""
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")}
_MARKS = {"same": "=", "order": "order", "different": "**differs**", "refused": "**refused**"}


@dataclass(frozen=True)
class Outcome:
    """What one engine made of one query; `ratio` is its time by that of pyoxigraph."""

    query: str
    state: str
    told: str = ""
    rows: int = 0
    seconds: float | None = None
    ratio: float | None = None


def main() -> None:
    """Run, tell progress on standard error, and print the matrix."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory() as folder:  # a copy: the build may be renewed meanwhile
        file = Path(shutil.copy(built_graph(), folder))
        result = _matrix(file, wanted)
    print(_as_json(result) if wanted.format == "json" else _as_markdown(result))


def _matrix(file: Path, wanted: argparse.Namespace) -> dict[str, Any]:
    graph = LocalGraph(file)
    queries = dict(_queries(graph))
    if wanted.query:
        queries = {name: queries[name] for name in wanted.query}
    found, versions, absent = {}, {"pyoxigraph": pyoxigraph.__version__}, {}
    for name in wanted.engine or ENGINES:
        with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
            try:
                engine = ENGINES[name](file, Path(folder), wanted.seconds)
            except (AbsentError, TooLongError, RefusedError, GraphError) as error:
                absent[name] = str(error) or "it does not start in time"
                _say(f"{name}: left out: {absent[name]}")
                continue
            try:
                versions[name] = engine.version
                found[name] = list(_outcomes(engine, graph, queries, wanted.seconds, name))
            except KeyboardInterrupt:
                absent[name] = "stopped by hand"
                break
            finally:
                engine.stop()
    return {"versions": versions, "absent": absent, "outcomes": found}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--query", action="append", help="one query by name; repeatable")
    parser.add_argument("--format", choices=["md", "json"], default="md")
    parser.add_argument("--seconds", type=float, default=60, help="longest time for one query")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _queries(graph: LocalGraph) -> Iterator[tuple[str, str]]:
    """Named queries with their defaults and, where they take one, with a profile; examples."""
    here = locations()
    attributes, rules = attributes_of(graph, here.queries), implications_of(graph, here.queries)
    text = (here.data / "profiles" / f"{PROFILE}.yaml").read_text("utf-8")
    rows = read_profile(text, PROFILE, attributes, rules).rows()
    for name, query in catalogue(here.queries).items():
        yield name, query.text
        if any(set(parameter.columns) == {"value", "truth"} for parameter in query.parameters):
            yield f"{name} +profile", query.bound(rows)
    for path in sorted((here.queries / "examples").glob("*.rq")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        text = "".join(line for line in lines if not line.startswith("#+"))
        if re.search(r"^\s*SELECT\b", text, re.MULTILINE):
            yield f"examples/{path.stem}", text


def _outcomes(
    engine: Engine, graph: LocalGraph, queries: dict[str, str], seconds: float, name: str
) -> Iterator[Outcome]:
    for query, text in queries.items():
        outcome = _outcome(engine, graph, query, text, seconds)
        _say(f"{name} {query}: {outcome.state} {outcome.told[:150]}")
        yield outcome


def _outcome(engine: Engine, graph: LocalGraph, query: str, text: str, seconds: float) -> Outcome:
    expected = graph.select(text)
    times: list[float] = []
    ours: list[float] = []
    try:
        while len(times) < REPEATS and sum(times) < QUICK_SECONDS:
            ours.append(_timed(lambda: graph.select(text))[0])
            spent, table = _timed(lambda: engine.select(text, seconds))
            times.append(spent)
    except TooLongError:
        return Outcome(query, "too long", f"more than {seconds:g} s", len(expected.rows))
    except RefusedError as error:
        return Outcome(query, "refused", str(error)[:300], len(expected.rows))
    state, told = compared(expected, table, text)
    median = statistics.median(times)
    ratio = median / statistics.median(ours)
    return Outcome(query, state, told, len(expected.rows), round(median, 4), round(ratio, 1))


def _timed(call: Callable[[], Table]) -> tuple[float, Table]:
    start = time.perf_counter()
    table = call()
    return time.perf_counter() - start, table


def compared(expected: Table, found: Table, text: str) -> tuple[str, str]:
    """same, order or different, and the first row that tells them apart."""
    mine, theirs = _keys(expected), _keys(found)
    missing, more = Counter(mine) - Counter(theirs), Counter(theirs) - Counter(mine)
    if missing or more:
        counts = f"{missing.total()} rows missing, {more.total()} more"
        return "different", f"{counts}; {_first_difference(list(missing), list(more))}"
    keys = order_of(text)
    for number, (one, other) in enumerate(zip(expected.rows, found.rows, strict=True), 1):
        if [key_of(one.get(k)) for k in keys] != [key_of(other.get(k)) for k in keys]:
            shown = [row[k].text if k in row else "unbound" for row in (one, other) for k in keys]
            return "order", f"row {number}: {shown}"
    return "same", ""


def order_of(text: str) -> list[str]:
    """The variables of the last ORDER BY; rows that agree in them may stand in any order."""
    _, found, ending = text.rpartition("ORDER BY")
    return re.findall(r"\?(\w+)", ending.partition("LIMIT")[0]) if found else []


_Row = tuple[tuple[str, str], ...]


def _keys(table: Table) -> list[_Row]:
    return [tuple((name, key_of(row[name])) for name in sorted(row)) for row in table.rows]


def _first_difference(missing: list[_Row], more: list[_Row]) -> str:
    """The first missing row against the one there most like it, in the cells that differ."""
    if not missing or not more:
        return "first: " + "; ".join(f"{name}={value}" for name, value in (missing or more)[0])
    expected = set(missing[0])
    found = set(max(more, key=lambda row: len(expected & set(row))))
    cells = [f"{name}={value}" for name, value in sorted(expected - found)]
    instead = [f"{name}={value}" for name, value in sorted(found - expected)]
    return f"{'; '.join(cells) or 'nothing'} became {'; '.join(instead) or 'unbound'}"


def key_of(term: Term | None) -> str:
    """A term as text in which equal numbers are equal; all blank nodes are one."""
    if term is None:
        return "unbound"
    if term.kind == "bnode":
        return "_:"
    if term.kind == "literal" and term.datatype in _NUMBERS:
        try:
            return f"{Decimal(term.text).normalize():.12g}"
        except InvalidOperation:
            return f"{term.text!r}^^{term.datatype}"
    kind = "" if term.datatype in ("", _XSD + "string") else f"^^{term.datatype}"
    return f"{term.text!r}@{term.language.lower()}{kind}" if term.kind == "literal" else term.text


def _as_json(result: dict[str, Any]) -> str:
    return json.dumps(result, default=asdict, indent=1, ensure_ascii=False)


def _as_markdown(result: dict[str, Any]) -> str:
    found: dict[str, list[Outcome]] = result["outcomes"]
    names = list(found)
    lines = [f"- {name}: {version}" for name, version in result["versions"].items()]
    lines += [f"- {name}: left out: {why}" for name, why in result["absent"].items()]
    lines += ["", f"| query | rows | {' | '.join(names)} |", f"|---{'|---' * (len(names) + 1)}|"]
    for cells in zip(*found.values(), strict=True):
        row = " | ".join(_cell(cell) for cell in cells)
        lines.append(f"| {cells[0].query} | {cells[0].rows} | {row} |")
    counts = (Counter(one.state for one in found[name]) for name in names)
    summed = (", ".join(f"{n} {state}" for state, n in sorted(count.items())) for count in counts)
    lines += [f"| all | | {' | '.join(summed)} |", ""]
    for name in names:
        told = [one for one in found[name] if one.told]
        lines += [f"- {name}, {one.query}: {one.state}: {one.told}" for one in told]
    return "\n".join(lines)


def _cell(outcome: Outcome) -> str:
    mark = _MARKS.get(outcome.state, f"**{outcome.state}**")
    return mark if outcome.ratio is None else f"{mark} x{outcome.ratio:g}"


if __name__ == "__main__":
    main()
