"""The built graph cut down to the ontology and a few studies: all attributes, few rows."""

from __future__ import annotations

from pathlib import Path

from metalocal.commands.common import built_graph

_WHOLE = (
    *("graph/ontology>", "graph/values>", "graph/clauses>", "graph/sources>"),
    "graph/model/patel-2021-groups>",
)
_STUDIES = ("mf07-01", "e2108", "abcsg-28")


def small_graph(folder: Path) -> Path:
    """An N-Quads file of the small graph in `folder`."""
    ours = (*_WHOLE, *(f"graph/study/{study}>" for study in _STUDIES))
    path = folder / "graph.nq"
    with built_graph().open(encoding="utf-8") as lines:
        kept = [line for line in lines if line.rstrip(" .\n").endswith(ours)]
    path.write_text("".join(kept), encoding="utf-8")
    return path
