"""Files that are written as NAME.partial and take their place only when they are whole."""

from __future__ import annotations

from pathlib import Path


def partial_of(path: Path) -> Path:
    """The name under which a file is written until it is whole."""
    return path.with_name(f"{path.name}.partial")


def put_in_place(path: Path) -> None:
    """Gives what was written as NAME.partial its name."""
    partial_of(path).replace(path)


def free_name(path: Path) -> Path:
    """The path, or the first like it with a number behind the stem, where no file is."""
    number, found = 1, path
    while found.exists() or partial_of(found).exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
