"""Files and folders written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes its place at the end, or goes if something fails.

    Readers of `path` see the old file or the whole new one.
    """
    beside = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder` to fill; it takes its place at the end, or goes if that fails.

    What stood there goes with it: whoever calls has made sure that it may.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, old = (folder.with_name(f".{folder.name}-{os.getpid()}{end}") for end in ("", "-old"))
    beside.mkdir()
    try:
        yield beside
        if folder.exists():
            folder.replace(old)
        beside.replace(folder)
    finally:
        for left in (beside, old):
            if left.exists():
                shutil.rmtree(left)
