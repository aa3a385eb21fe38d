"""A data folder to pieces on a shelf: those that are there already, and the others compiled."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_builder.pieces.across import File
from graph_builder.pieces.compiling import Compiled, compile_files
from graph_builder.pieces.ground import Ground
from graph_builder.pieces.piece import Piece
from graph_builder.pieces.shelf import Shelf, key_of
from graph_builder.problems import Problem
from graph_builder.reading import GUIDANCE, MODELS, STUDIES, data_files

Tell = Callable[[str, int, int], None]
"""Called with a step, how much of it is done, and of how much (0 where that is not known)."""

_BATCH = 32
"""Files that the rules read together: a query over one alone costs as much as over some."""
_FEW = 2 * _BATCH
"""So many files are compiled sooner than other processes are ready."""


@dataclass(frozen=True)
class Workshop:
    """What compiling needs: the ground, the shelf, how many processes, and who is told."""

    ground: Ground
    shelf: Shelf
    jobs: int
    tell: Tell


def make_pieces(shop: Workshop, take: Callable[[Piece], None]) -> tuple[list[File], list[Problem]]:
    """The files of the data folder, each with its piece on the shelf, and the problems of all.

    `take` is given each piece once. A file with a problem has none; if it could be read, it is
    among the files all the same.
    """
    files, problems = list[File](), list[Problem]()
    missing: list[tuple[Path, str]] = []
    known = shop.ground.source_ids
    for path in _paths(shop.ground.inputs.data):
        key = key_of(shop.ground.digest, path)
        piece = shop.shelf.get(key)
        if piece is None or not known.issuperset(piece.facts.sources):
            missing.append((path, key))
            continue
        take(piece)
        files.append(File(path, key, piece.facts))
    for done in _told(_compiled(missing, shop), len(missing), shop.tell):
        problems += done.problems
        if done.facts is not None:
            files.append(File(done.path, done.key, done.facts))
        piece = None if done.problems else shop.shelf.get(done.key)
        if piece is not None:
            take(piece)
    return sorted(files, key=lambda file: file.facts.root), problems


def _paths(folder: Path) -> Iterator[Path]:
    for kind in (STUDIES, GUIDANCE, MODELS):
        yield from data_files(folder, kind)


def _told(found: Iterator[Compiled], of: int, tell: Tell) -> Iterator[Compiled]:
    for number, one in enumerate(found, 1):
        tell("reading and checking", number, of)
        yield one


def _may_fork() -> bool:
    """Whether this process may be forked: not with Java in it, whose copy no signal would end."""
    jpype = sys.modules.get("jpype")
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    return forks and not (jpype is not None and jpype.isJVMStarted())


def _compiled(files: Sequence[tuple[Path, str]], shop: Workshop) -> Iterator[Compiled]:
    batches = list(_in_batches(files))
    if shop.jobs == 1 or len(files) <= _FEW or not _may_fork():
        for batch in batches:
            yield from compile_files(batch, shop.ground, shop.shelf)
        return
    _SHOP.append(shop)  # what is here when a process is forked, it has without being sent
    try:
        with multiprocessing.get_context("fork").Pool(min(shop.jobs, len(batches))) as pool:
            for done in pool.imap(_compile, batches):
                yield from done
    finally:
        _SHOP.pop()


_SHOP: list[Workshop] = []


def _compile(batch: Sequence[tuple[Path, str]]) -> list[Compiled]:
    shop = _SHOP[-1]
    return compile_files(batch, shop.ground, shop.shelf)


def _in_batches(files: Sequence[tuple[Path, str]]) -> Iterator[Sequence[tuple[Path, str]]]:
    for first in range(0, len(files), _BATCH):
        yield files[first : first + _BATCH]
