"""What Linux tells of running processes."""

from __future__ import annotations

from pathlib import Path

import pytest

PROC = Path("/proc")


def is_gone(pid: int) -> bool:
    """Whether a process is gone or only waits for its parent to take note."""
    if not (PROC / "self/stat").exists():
        pytest.skip("only Linux tells of processes as this test asks")
    try:
        return (PROC / f"{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may end between opening and reading
        return True


def children_of(pid: int) -> list[int]:
    """Process ids of the children of a process, and of theirs."""
    try:
        text = (PROC / f"{pid}/task/{pid}/children").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return []
    children = [int(child) for child in text.split()]
    return [*children, *(inner for child in children for inner in children_of(child))]
