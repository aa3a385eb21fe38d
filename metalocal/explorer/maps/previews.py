"""What is gathered for a map -> a small picture of it, an SVG that carries its own colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metalocal.evidence_map import EvidenceMap
from metalocal.evidence_map.records import ABSOLUTE, GAPS
from metalocal.explorer.maps.lines import Line
from metalocal.explorer.maps.matrix import LISTED, NOT_NAMED, state_of
from metalocal.explorer.maps.years import Dated
from metalocal.findings import SEVERITIES, Finding
from metalocal.overlap import Overlap

WIDTH, HEIGHT = 240, 120
_STYLE = """\
.a{fill:#0a5c80}.b{fill:#7fb0c6}.c{fill:#c6d9e2}.d{fill:#eceff3}.e{fill:none;stroke:#566273}
@media (prefers-color-scheme:dark){.a{fill:#86bdf2}.b{fill:#4d7ca8}.c{fill:#324a63}.d{fill:#222c38}
.e{stroke:#9dabbd}}"""
_STRONGEST_FIRST = "abcde"


@dataclass(frozen=True)
class Box:
    """A rectangle; `shade` from a, the strongest, to d; e is an outline."""

    x: float
    y: float
    width: float
    height: float
    shade: str


def as_svg(boxes: Iterable[Box]) -> str:
    """The picture; it says nothing in words, so the page has to."""
    drawn = "".join(
        f'<rect class="{b.shade}" x="{b.x:.1f}" y="{b.y:.1f}" width="{b.width:.1f}"'
        f' height="{b.height:.1f}"/>'
        for b in boxes
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return f"{head}<style>{_STYLE}</style>{drawn}</svg>\n"


def of_gaps(found: EvidenceMap) -> list[Box]:
    """A square for each cell, panels in two rows of three; the better known, the stronger."""
    shades = dict(zip(reversed(GAPS), "abc", strict=False)) | {ABSOLUTE: "e"}
    boxes = []
    for number, panel in enumerate(found.panels):
        left, top = 4 + 80 * (number % 3), 4 + 60 * (number // 3)
        rows = [pattern.id for pattern in panel.patterns]
        columns = [subtype.id for subtype in found.axes.subtypes]
        for cell in panel.cells:
            x = left + 14 * columns.index(cell.subtype.id)
            y = top + 4.5 * rows.index(cell.pattern.id)
            boxes.append(Box(x, y, 12.5, 3.3, shades[cell.gap]))
    return boxes


def of_years(studies: Iterable[Dated]) -> list[Box]:
    """A bar for each year: studies published in it."""
    counts = Counter(study.published[0] for study in studies if study.published)
    if not counts:
        return []
    first, last, most = min(counts), max(counts), max(counts.values())
    step = (WIDTH - 8) / (last - first + 1)
    return [
        Box(4 + step * (year - first), 116 - 108 * n / most, max(step - 1, 1), 108 * n / most, "a")
        for year, n in sorted(counts.items())
    ]


def of_findings(found: Sequence[Finding]) -> list[Box]:
    """A square for each finding, rows by severity."""
    boxes, top = [], 6.0
    for shade, severity in zip(_STRONGEST_FIRST, SEVERITIES, strict=False):
        group = [one for one in found if one.severity == severity]
        for number, _ in enumerate(group):
            boxes.append(Box(6 + 11 * (number % 21), top + 11 * (number // 21), 9, 9, shade))
        top += 11 * (1 + len(group) // 21) + 8
    return boxes


def of_overlap(found: Sequence[Overlap]) -> list[Box]:
    """The citation matrix of the question with the most known lists."""
    most = max(found, key=lambda one: len(one.studies), default=None)
    if most is None:
        return []
    shades = {LISTED: "a", NOT_NAMED: "d"}
    return [
        Box(20 + 26 * column, 10 + 25 * row, 22, 21, shades.get(state_of(review, study), "e"))
        for column, review in enumerate((*most.known, *most.unknown))
        for row, study in enumerate(most.studies)
    ]


def of_lines(sources: Iterable[Sequence[Line]]) -> list[Box]:
    """A band for each source; the more was read from a stretch of it, the stronger."""
    boxes = []
    for row, lines in enumerate(sources):
        last = lines[-1].number if lines else 1
        counts = Counter(57 * line.number // (last + 1) for line in lines for _ in line.read)
        for bin_ in range(57):
            shade = "dcba"[sum(counts[bin_] > most for most in (0, 15, 50))]
            boxes.append(Box(6 + 4 * bin_, 8 + 22 * row, 3.5, 16, shade))
    return boxes
