"""What was measured -> Markdown: times, ratios to metalocal, load, memory, what peers do better."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

OURS = "metalocal"
_TOLD = 150
"""As many characters of what an engine says of an error are shown."""
WINS_BELOW = 0.9
"""A peer wins where its time is below this share of ours; what is nearer is noise."""


@dataclass
class Cell:
    """What one engine made of one question.

    `first` is the seconds of the round that warms, `times` are those of the rounds that count.
    `fault` tells why no time does ("wrong (3 of 755 rows)", "error", "> 60 s"), `told` says it at
    length. `is_done` where it is not asked again.
    """

    first: float | None = None
    times: list[float] = field(default_factory=list)
    fault: str = ""
    told: str = ""
    is_done: bool = False

    @property
    def milliseconds(self) -> float | None:
        """The median, else the first answer; nothing where none was right and in time."""
        known = self.times or ([] if self.first is None else [self.first])
        return statistics.median(known) * 1000 if known and not self.fault else None


@dataclass(frozen=True)
class Loaded:
    """What starting an engine took: seconds until it answers, bytes at most, now, and on disk."""

    version: str
    how: str
    seconds: float
    peak: int
    after: int | None
    disk: int | None


NOT_ASKED = "–"
"""The fault of a question that an engine is not made for."""

Cells = Mapping[str, Mapping[str, Cell]]
"""Engine, then question."""

_SAME = "the same engine, its rows left as bytes of JSON"
REASONS = {
    "numpy floor": "no engine: one pass over columns of numbers, no labels, no IRIs in its answer",
    "pyoxigraph": f"{_SAME}; metalocal makes records in Python of them",
    "oxigraph memory": f"{_SAME}; metalocal makes records in Python of them",
    "oxigraph disk": f"{_SAME}; metalocal makes records in Python of them",
    "metalocal serve": f"{_SAME}; in process they become records in Python",
    "maplib": "a predicate is a table of columns: scans and GROUP BY run over whole columns, on "
    "all cores, and no row is made",
    "owlready2": "one SQL statement over SQLite, planned as a whole",
}


def markdown(cells: Cells, loaded: Mapping[str, Loaded], absent: Mapping[str, str]) -> str:
    """All tables and notes."""
    parts = [
        _table("Median ms", cells, _milliseconds),
        _table(f"Times the median of {OURS}", cells, _ratio),
        _loads(loaded, absent),
        _wins(cells),
        _faults(cells),
    ]
    return "\n\n".join(part for part in parts if part)


def _table(title: str, cells: Cells, shown: Callable[[Cell, Cell], str]) -> str:
    questions = list(next(iter(cells.values()), {}))
    lines = [f"| {title} | {' | '.join(questions)} |", f"|---{'|---' * len(questions)}|"]
    for engine, row in cells.items():
        ours = cells.get(OURS, {})
        texts = [shown(row[question], ours.get(question, Cell())) for question in questions]
        lines.append(f"| {engine} | {' | '.join(texts)} |")
    return "\n".join(lines)


def _milliseconds(cell: Cell, _: Cell) -> str:
    return cell.fault or _number(cell.milliseconds)


def _ratio(cell: Cell, ours: Cell) -> str:
    ratio = ratio_of(cell, ours)
    return f"x{_number(ratio)}" if ratio is not None else cell.fault.partition(" (")[0] or "–"


def ratio_of(cell: Cell, ours: Cell) -> float | None:
    """Time by ours; nothing where either has none."""
    mine, theirs = ours.milliseconds, cell.milliseconds
    return theirs / mine if mine and theirs is not None else None


def _number(number: float | None) -> str:
    """Two or three digits that count, and never a power of ten."""
    if number is None:
        return "–"
    if number >= 100:
        return f"{number:,.0f}"
    if number >= 0.1:
        return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
    return f"{number:.2g}" if number >= 0.0001 else "<0.0001"


def _loads(loaded: Mapping[str, Loaded], absent: Mapping[str, str]) -> str:
    head = "engine | version | asked | load s | x | memory at most MB | after the run MB | disk MB"
    lines = [f"| {head} |", f"|{'---|' * 8}"]
    ours = loaded[OURS].seconds if OURS in loaded else None
    for name, one in loaded.items():
        ratio = _number(one.seconds / ours) if ours else "–"
        sizes = " | ".join(map(_megabytes, (one.peak, one.after, one.disk)))
        about = f"{name} | {_bare(one.version)} | {one.how} | {_number(one.seconds)} | x{ratio}"
        lines.append(f"| {about} | {sizes} |")
    lines += [""] * bool(absent) + [f"- {name}: left out: {why}" for name, why in absent.items()]
    return "\n".join(lines)


def _bare(version: str) -> str:
    """The number in what an engine says of itself."""
    found = re.search(r"\d+(\.\d+)+", version)
    return found.group() if found else version


def _megabytes(size: int | None) -> str:
    return "–" if size is None else f"{size / 1_000_000:,.0f}"


def _wins(cells: Cells) -> str:
    ours = cells.get(OURS, {})
    lines = []
    for engine, row in cells.items():
        ratios = {name: ratio_of(cell, ours.get(name, Cell())) for name, cell in row.items()}
        won = [f"{name} x{_number(r)}" for name, r in ratios.items() if r and r < WINS_BELOW]
        if won and engine != OURS:
            why = f" ({REASONS[engine]})" if engine in REASONS else ""
            lines.append(f"- {engine}{why}: {', '.join(won)}")
    return "\n".join([f"Where a peer is faster than {OURS}, and why:", "", *lines]) if lines else ""


def _faults(cells: Cells) -> str:
    lines = [
        f"- {engine}, {question}: {cell.fault}{': ' + cell.told[:_TOLD] if cell.told else ''}"
        for engine, row in cells.items()
        for question, cell in row.items()
        if cell.fault and cell.fault != NOT_ASKED
    ]
    return "\n".join(["Answers that did not count:", "", *lines]) if lines else ""
