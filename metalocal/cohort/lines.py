"""A file or standard input to lines that know their number and can be given back."""

from __future__ import annotations

import io
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from metalocal.cohort.records import CohortError

_UTF_8 = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Lines:
    """Lines of a stream; those taken since `start` can be given back but for the first.

    `number` and `characters` tell how far reading is, `bom` whether the file has a byte order mark.
    Bytes that are not UTF-8 come as lone surrogates, so that they can be told of and written back.
    """

    name: str
    stream: TextIO
    bom: bool = False
    number: int = 0
    characters: int = 0
    taken: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.stream)
        self.number += 1
        self.characters += len(line)
        self.taken.append(line)
        return line

    def start(self) -> int:
        """Begins a new row; the number of the line it begins on."""
        self.taken = []
        return self.number + 1

    def keep_first(self) -> str:
        """The first line of the row; those after it will be read again."""
        first, *rest = self.taken
        self.waiting.extendleft(reversed(rest))
        self.number -= len(rest)
        self.characters -= sum(map(len, rest))
        self.taken = [first]
        return first

    def first(self) -> str:
        """The first line that is not blank, still to be read; empty where there is none."""
        if self.waiting:
            return self.waiting[0]
        while line := next(self.stream, ""):
            if line.strip():
                self.waiting.append(line)
                return line
            self.number += 1
        return ""

    def close(self) -> None:
        """Ends reading."""
        self.stream.close()

    def size(self) -> int:
        """Bytes of the file; 0 where it is no file."""
        path = Path(self.name)
        return path.stat().st_size if path.is_file() else 0


def open_lines(file: str) -> Lines:
    """The lines of a UTF-8 file, with or without a byte order mark; - is standard input.

    Raises:
        CohortError: it cannot be read, or is UTF-16.
    """
    try:
        raw = sys.stdin.fileno() if file == "-" else file
        data = open(raw, "rb", closefd=file != "-")  # noqa: SIM115  (closed with the lines)
        head = data.peek(3)[:3]
    except OSError as error:
        raise CohortError(f"{file} cannot be read: {error.strerror}; give a CSV file") from error
    if head.startswith(_UTF_16):
        data.close()
        raise CohortError(f"{file} is UTF-16 text; save it as CSV in UTF-8")
    stream = io.TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="")
    name = "standard input" if file == "-" else file
    return Lines(name, stream, bom=head == _UTF_8)
