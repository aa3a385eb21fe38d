"""The folders a graph is built from, and the fingerprint that tells whether they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).parent
LIBRARIES = ("pydantic", "pyoxigraph", "PyYAML", "rdflib", "statsmodels", "yamlcore")
SUFFIXES = (".ttl", ".tsv", ".rq", ".yaml", ".yml", ".py")


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
        folders = [self.ontology, self.data, CODE]
        return self._digest([*folders, self.examples] if self.examples else folders)

    def ground(self) -> str:
        """SHA-256 over what the graph of each data file depends on beside the file itself.

        That is the ontology, this package and the libraries it builds with.
        """
        from importlib.metadata import version  # noqa: PLC0415  (slow; only a build asks)

        libraries = "\0".join(f"{name} {version(name)}" for name in LIBRARIES)
        text = f"{libraries}\0{self._digest([self.ontology, CODE])}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _digest(self, folders: Iterable[Path]) -> str:
        digest = hashlib.sha256()
        for folder in folders:
            for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
                if not self._only_looked_after(path):
                    digest.update(f"\0{path.parent.name}/{path.name}\0".encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _only_looked_after(self, path: Path) -> bool:
        """Whether a file checks or lists the ontology and adds nothing to the graph."""
        return path == self.ontology / "terms.tsv" or self.ontology / "checks" in path.parents
