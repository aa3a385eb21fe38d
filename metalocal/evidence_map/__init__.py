"""The graph to the evidence gap map, and the map into text, CSV, JSON, SVG and HTML."""

from metalocal.evidence_map.axes import Axes, AxisValue, Case, read_axes
from metalocal.evidence_map.gather import AXES_FILE, evidence_map
from metalocal.evidence_map.records import Cell, Comparison, Entry, EvidenceMap, Panel

__all__ = [
    "AXES_FILE",
    "Axes",
    "AxisValue",
    "Case",
    "Cell",
    "Comparison",
    "Entry",
    "EvidenceMap",
    "Panel",
    "evidence_map",
    "read_axes",
]
