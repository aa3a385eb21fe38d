"""The graph to the evidence gap map, and the map into text, CSV, JSON, SVG and HTML."""

from metalocal.evidence_map.axes import Axes, read_axes
from metalocal.evidence_map.gather import evidence_map
from metalocal.evidence_map.records import Cell, EvidenceMap

__all__ = ["Axes", "Cell", "EvidenceMap", "evidence_map", "read_axes"]
