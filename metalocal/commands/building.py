"""What is to be built, and from what, to the built graph; tells on stderr how far it is.

A terminal gets a bar, a file or pipe a line for each step and each tenth of a long one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph_builder.inputs import Inputs

if TYPE_CHECKING:
    from rich.console import Console

    from graph_builder.pieces.making import Tell

_MOST_JOBS = 8
"""Each process that compiles takes some 130 MB."""


@dataclass(frozen=True)
class Plan:
    """What to build into which folder; `clean` makes every piece anew, `jobs` 0 takes all cores.

    `asked` for, it tells a file or pipe of each step too; in passing it tells a terminal alone.
    """

    inputs: Inputs
    folder: Path
    reason: bool = False
    clean: bool = False
    jobs: int = 0
    asked: bool = True

    @property
    def shelf(self) -> Path | None:
        """Where the pieces of this data folder are kept: beside the graph, in .cache."""
        if self.clean:
            return None
        data = self.inputs.data.resolve()
        name = f"{data.name}-{hashlib.sha256(str(data).encode()).hexdigest()[:8]}"
        return self.folder.parent / ".cache" / name


@contextmanager
def build_as_planned(
    plan: Plan, version: str, console: Console
) -> Iterator[tuple[dict[str, int], Tell]]:
    """Builds the graph; gives the number of triples by graph name, and how to tell of what follows.

    Raises:
        ProblemsFoundError: something is wrong with the inputs; nothing is written.
        NoJavaError: reasoning was asked for and there is no Java.
    """
    from graph_builder.build import How, build  # noqa: PLC0415  (slow, and seldom needed)

    with _telling(console, lines=plan.asked) as tell:
        how = How(plan.shelf, plan.jobs or min(_cores(), _MOST_JOBS), tell)
        sizes = build(plan.inputs, plan.folder, version, reason=plan.reason, how=how)
        yield {str(name): size for name, size in sizes.items()}, tell


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _telling(console: Console, *, lines: bool) -> Iterator[Tell]:
    if not console.is_terminal:
        yield _Lines(console) if lines else lambda step, done, of: None
        return
    from rich.progress import (  # noqa: PLC0415  (only for people who watch)
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("building the graph: {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading and checking", total=None)
        yield lambda step, done, of: progress.update(
            task, description=step, completed=done, total=of or None
        )


class _Lines:
    """Prints a line for each step, and for each tenth of those that are counted."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.told = ("", 0)

    def __call__(self, step: str, done: int, of: int) -> None:
        """Prints how far the step is, unless that was said already."""
        tenth = 10 * done // of if of else 0
        if (step, tenth) != self.told:
            self.told = (step, tenth)
            counted = f", {done} of {of} files" if of else ""
            self.console.print(f"building the graph: {step}{counted}", markup=False)
