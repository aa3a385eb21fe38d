"""Where ontology, data, queries and the built graph are: in a checkout, or inside the wheel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Locations:
    """The folders a run works with; `checkout` tells whether they can be edited and built."""

    ontology: Path
    data: Path
    queries: Path
    graph: Path
    checkout: bool

    @property
    def graph_file(self) -> Path:
        """The built graph as one N-Quads file."""
        return self.graph / "graph.nq"


def locations() -> Locations:
    """The checkout this package lies in, or else the bundle installed with it."""
    package = Path(__file__).resolve().parent
    root = package.parent
    if (root / "pyproject.toml").is_file() and (root / "data" / "trials").is_dir():
        return _within(root, root / "build" / "graph", checkout=True)
    bundle = package / "_bundle"
    return _within(bundle, bundle / "graph", checkout=False)


def _within(root: Path, graph: Path, *, checkout: bool) -> Locations:
    return Locations(root / "ontology", root / "data", root / "queries", graph, checkout)


def version() -> str:
    """Version of the installed package."""
    from importlib.metadata import PackageNotFoundError  # noqa: PLC0415  (slow: reads mail headers)
    from importlib.metadata import version as installed_version  # noqa: PLC0415  (slow, too)

    try:
        return installed_version("metalocal")
    except PackageNotFoundError:
        return "0+checkout"
