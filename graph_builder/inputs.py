"""The folders a graph is built from, and the fingerprint that tells whether they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Inputs:
    """Ontology, data and example queries; the code of this package counts as an input too.

    `examples`: a folder of example queries, or nothing for a graph without examples.
    """

    ontology: Path
    data: Path
    examples: Path | None = None

    def fingerprint(self) -> str:
        """SHA-256 over the names and bytes of every input file."""
        digest = hashlib.sha256()
        for path in self._files():
            digest.update(f"\0{path.parent.name}/{path.name}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _files(self) -> Iterator[Path]:
        folders = [self.ontology, self.data, Path(__file__).parent]
        for folder in [*folders, self.examples] if self.examples else folders:
            suffixes = (".ttl", ".tsv", ".rq", ".yaml", ".yml", ".py")
            paths = sorted(p for p in folder.rglob("*") if p.suffix in suffixes)
            yield from (p for p in paths if not self._only_looked_after(p))

    def _only_looked_after(self, path: Path) -> bool:
        """Whether a file checks or lists the ontology and adds nothing to the graph."""
        return path == self.ontology / "terms.tsv" or self.ontology / "checks" in path.parents
