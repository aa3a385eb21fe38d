"""The folder that keeps pieces by their keys; what is wrong with it only costs time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from graph_builder.pieces.piece import Part, Piece, piece_of


def key_of(digest: str, path: Path) -> str:
    """The key of a data file: it changes with its bytes, its name, and the digest of the ground."""
    name = "/".join(path.parts[-3:])
    return hashlib.sha256(f"{digest}\0{name}\0".encode() + path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Shelf:
    """Pieces on disk, a file each; nobody but builds writes there."""

    folder: Path

    def get(self, key: str) -> Piece | None:
        """The piece of this key; nothing where it is missing, torn or cannot be read."""
        try:
            return piece_of(key, self._path(key).read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, text: bytes) -> None:
        """Keeps the text of a piece, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".{key}-{os.getpid()}"
        beside.write_bytes(text)
        beside.replace(self._path(key))

    def lines(self, key: str, part: Part) -> bytes:
        """The lines of one part of a piece."""
        with self._path(key).open("rb") as file:
            file.seek(part[0])
            return file.read(part[1] - part[0])

    def drop_all_but(self, keys: Collection[str]) -> None:
        """Forgets the pieces that the last build did not use."""
        for path in self.folder.glob("*"):
            if path.stem not in keys:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.nq"
