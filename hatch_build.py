"""Builds the evidence graph into the wheel: an installed metalocal reads, and never builds."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GraphHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds graph.nq and manifest.json to a wheel; an editable install builds on first use."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the graph of this source tree and list its files for the wheel."""
        if version == "editable" or self.target_name != "wheel":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from graph_builder.build import build  # noqa: PLC0415  (on the path only now)
        from graph_builder.inputs import Inputs  # noqa: PLC0415  (on the path only now)

        self.folder = tempfile.TemporaryDirectory()
        graph = Path(self.folder.name) / "graph"
        inputs = Inputs(root / "ontology", root / "data", root / "queries" / "examples")
        build(inputs, graph, self.metadata.version)
        for path in graph.iterdir():
            build_data["force_include"][str(path)] = f"metalocal/_bundle/graph/{path.name}"
