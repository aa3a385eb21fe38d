"""Synthetic evidence graphs and profiles for benchmarks of scale -> N-Quads and JSON Lines.

`python benchmarks/synthetic.py --studies 1500 --seed 1 --out synthetic.nq` writes a graph that all
named queries, `metalocal serve --graph synthetic.nq` and the explorer read. `--profiles 1000 --out
patients.jsonl` writes profiles for `metalocal ask --cohort`; `--compare` prints how far the
synthetic studies have the distributions of the real ones. Numbers in it are no evidence.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from synthetic_graph import CHUNK, Compiler
from synthetic_profiles import ProfileSource, known_profiles, profiles
from synthetic_studies import MOST, reality
from synthetic_table import comparison

ROOT = Path(__file__).resolve().parents[1]

Wish = tuple[int, bool]
"""The seed, and whether studies have their criteria alone."""

_COMPILERS: dict[Wish, Compiler] = {}
"""The compilers of a process: reading the data takes longer than a chunk of studies."""


def main() -> None:
    """What the arguments ask for."""
    options = _options()
    if options.compare:
        print(comparison(_compiler((options.seed, False)), options.compare))
    elif options.profiles:
        write_profiles(options.out, options.seed, options.profiles)
    else:
        wish = (options.seed, options.criteria_alone)
        write_graph(options.out, wish, options.studies, options.jobs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--studies", type=_count, help="write a graph of so many studies")
    what.add_argument("--profiles", type=_count, help="write so many profiles as JSON Lines")
    what.add_argument("--compare", type=_count, help="print so many studies beside the real ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="file to write; .gz is compressed")
    alone = "studies with populations and criteria alone, to measure verdicts at any size"
    parser.add_argument("--criteria-alone", action="store_true", help=alone)
    parser.add_argument("--jobs", type=_count, default=1, help="processes that compile")
    options = parser.parse_args()
    if options.out is None and not options.compare:
        parser.error("--out is missing: name the file to write")
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to {MOST}")
    return int(text)


def _compiler(wish: Wish) -> Compiler:
    if wish not in _COMPILERS:
        _COMPILERS[wish] = Compiler(reality(ROOT), *wish)
    return _COMPILERS[wish]


def write_graph(out: Path, wish: Wish, studies: int, jobs: int = 1) -> None:
    """A graph of so many studies: the base, then a chunk of studies after the other."""
    quads = 0
    with _progress() as progress, _opened(out) as file:
        task = progress.add_task("studies", total=studies)
        for number, text in enumerate(_texts(wish, studies, jobs)):
            file.write(text)
            quads += text.count(b"\n")
            progress.update(task, completed=min(number * CHUNK, studies))
    print(f"{out}: {studies} studies, {quads} quads", file=sys.stderr)


def _texts(wish: Wish, studies: int, jobs: int) -> Iterator[bytes]:
    yield _compiler(wish).base_text(studies)
    starts = range(0, studies, CHUNK)
    chunk = partial(_chunk_text, wish, studies)
    if jobs == 1:
        yield from map(chunk, starts)
        return
    with multiprocessing.Pool(jobs) as pool:
        yield from pool.imap(chunk, starts)


def _chunk_text(wish: Wish, studies: int, first: int) -> bytes:
    return _compiler(wish).chunk_text(first, studies)


def write_profiles(out: Path, seed: int, n: int) -> None:
    """So many profiles, one a line, each with the id of its invented patient."""
    terms = _compiler((seed, False)).real.known.terms
    source = ProfileSource(terms, known_profiles(ROOT, terms.attributes))
    with _opened(out) as file:
        for number, told in enumerate(profiles(source, seed, n)):
            line = {"patient": f"synthetic-{number:06d}", **told}
            file.write((json.dumps(line) + "\n").encode())
    print(f"{out}: {n} profiles", file=sys.stderr)


@contextmanager
def _opened(out: Path) -> Iterator[IO[bytes]]:
    """The file, which has its name only once it is whole; the same bytes at any time of day."""
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as raw:
            packed = gzip.GzipFile("", "wb", 6, raw, mtime=0) if out.suffix == ".gz" else None
            with packed or nullcontext():
                yield cast("IO[bytes]", packed or raw)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))


if __name__ == "__main__":
    main()
