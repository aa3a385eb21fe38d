"""Processes of this machine -> memory of those that an engine needs; Linux alone tells it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_PROC = Path("/proc")
_SAMPLE_SECONDS = 0.25
MEGABYTE = 1_000_000


def family(root: int) -> set[int]:
    """A process and all that are beneath it."""
    parents = _parents()
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def _parents() -> dict[int, int]:
    found = {}
    for folder in _PROC.glob("[0-9]*"):
        try:
            _, _, rest = (folder / "stat").read_text("utf-8", "replace").rpartition(") ")
        except OSError:  # it has ended meanwhile
            continue
        found[int(folder.name)] = int(rest.split()[1])
    return found


def shared_out(pids: set[int]) -> int:
    """Bytes of memory of these processes, a page that several share counted once."""
    return sum(_kilobytes(pid, "smaps_rollup", "Pss:") for pid in pids) * 1024


def highest(pids: set[int]) -> int:
    """Bytes of the process among these that ever held most, as the kernel remembers it."""
    return max((_kilobytes(pid, "status", "VmHWM:") for pid in pids), default=0) * 1024


def _kilobytes(pid: int, file: str, field: str) -> int:
    try:
        text = (_PROC / str(pid) / file).read_text("ascii", "replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(field)), 0)


def on_disk(folder: Path) -> int:
    """Bytes of all files beneath a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_blocks * 512 for path in files)


class Watch:
    """Within it, the most memory that processes started meanwhile held together, in bytes.

    What falls between two looks at all of them is missed; the peak of a single process is not.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._before = family(os.getpid())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._look()

    def _look_on(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        fresh = family(os.getpid()) - self._before
        self.peak = max(self.peak, shared_out(fresh), highest(fresh))
