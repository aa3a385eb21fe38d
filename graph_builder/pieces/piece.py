"""What is kept of one data file: its lines of the graph, their counts, and what other files ask.

As text a piece is a line with the digest of the rest, a line of JSON, and N-Quads: those that other
files may say too, those of its own things, and the others with blank nodes, each sorted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from graph_builder.criteria import BoundTest
from graph_builder.tally import Tally

Part = tuple[int, int]
"""Where lines stand in the text of a piece: from and to, in bytes."""


@dataclass(frozen=True)
class Facts:
    """What other files, and checks and audits across files, ask of one file.

    `root`: the thing that the file is about, such as study/mf07-01; `cites`: studies it refers to.
    """

    root: str
    label: str
    sources: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    headings: tuple[tuple[str, str | None, str, int], ...] = ()
    levels: tuple[tuple[str, str | None, str], ...] = ()

    @property
    def id(self) -> str:
        """The id of the file's record."""
        return self.root.partition("/")[2]


@dataclass(frozen=True)
class Piece:
    """One compiled file without its lines, which `shared`, `own` and `blank` find in its text.

    `sizes`: lines by named graph, shared ones left out; `limits`: those that its groups ask for;
    `conforms`: whether it surely fits the shapes; `first`: the first line of `own` and of `blank`.
    """

    key: str
    facts: Facts
    limits: frozenset[BoundTest]
    sizes: Mapping[str, int]
    tally: Tally
    conforms: bool
    first: tuple[bytes, bytes]
    shared: Part
    own: Part
    blank: Part


@dataclass(frozen=True)
class Lines:
    """The lines of a piece, each kind sorted; no other piece has a blank node of the same name."""

    shared: list[str]
    own: list[str]
    blank: list[str]


def text_of_piece(
    facts: Facts, limits: frozenset[BoundTest], tally: Tally, conforms: bool, lines: Lines
) -> bytes:
    """The text in which a piece is kept."""
    parts = ["".join(part).encode() for part in (lines.shared, lines.own, lines.blank)]
    sizes: dict[str, int] = {}
    for line in (*lines.own, *lines.blank):
        name = line.rsplit(" ", 2)[1][1:-1]
        sizes[name] = sizes.get(name, 0) + 1
    head = {
        "facts": asdict(facts),
        "limits": sorted([one.attribute, one.side, one.limit] for one in limits),
        "sizes": sizes,
        "tally": tally.as_data(),
        "conforms": conforms,
        "first": ["".join(lines.own[:1]), "".join(lines.blank[:1])],
        "bytes": [len(part) for part in parts],
    }
    rest = b"# " + json.dumps(head, ensure_ascii=False).encode() + b"\n" + b"".join(parts)
    return b"# " + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def piece_of(key: str, text: bytes) -> Piece | None:
    """The piece that a text tells; nothing where the text is not whole."""
    digest, _, rest = text.partition(b"\n")
    if digest != b"# " + hashlib.sha256(rest).hexdigest().encode():
        return None
    line, _, _ = rest.partition(b"\n")
    head = json.loads(line[2:])
    at = len(digest) + 1 + len(line) + 1
    parts = []
    for size in head["bytes"]:
        parts.append((at, at + size))
        at += size
    return Piece(
        key,
        _facts(head["facts"]),
        frozenset(BoundTest(*limit) for limit in head["limits"]),
        head["sizes"],
        Tally.of_data(head["tally"]),
        head["conforms"],
        (head["first"][0].encode(), head["first"][1].encode()),
        *parts,
    )


def _facts(data: dict[str, Any]) -> Facts:
    return Facts(**{name: _tuples(value) for name, value in data.items()})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
