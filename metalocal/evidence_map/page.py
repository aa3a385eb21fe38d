"""The map as one HTML file without anything from outside; a cell opens the list of its studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from metalocal.evidence_map.picture import BARS, FILLS
from metalocal.evidence_map.records import (
    DIRECT,
    DIRECTIONS,
    GAPS,
    ONGOING,
    PRIMARY,
    RELATIONS,
    STATE_UNKNOWN,
    SYNTHESIS,
    Cell,
    Entry,
    EvidenceMap,
    Panel,
)
from metalocal.evidence_map.words import (
    KEY,
    MIX_KEY,
    RELATION_WORDS,
    SIGNS,
    TITLE,
    indirect_words,
    marks_of,
    sentence_of,
    summary_of,
)

_ROLES = {
    PRIMARY: "Primary studies with results",
    SYNTHESIS: "Meta-analyses and systematic reviews",
    ONGOING: "Ongoing studies",
    STATE_UNKNOWN: "Studies without results whose state no source tells",
}

_STYLE = """
body { font: 15px/1.45 system-ui, Helvetica, Arial, sans-serif; color: #111; margin: 1.5rem auto;
  max-width: 80rem; padding: 0 1rem; }
h2 { margin: 2rem 0 .2rem; } .quiet { color: #444; margin: .2rem 0; }
table { border-collapse: separate; border-spacing: 3px; width: 100%; table-layout: fixed; }
th { font-weight: 600; text-align: left; vertical-align: middle; font-size: .9rem; }
td { padding: 0; vertical-align: top; border-radius: 4px; border: 1px solid #bbb; }
td.absolute-gap { border: 1px dashed #111; }
summary { cursor: pointer; padding: .25rem .45rem; list-style: none; min-height: 3.1rem; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 3px solid #00558c; }
.number { font-size: 1.25rem; font-weight: 700; margin-right: .4rem; }
.none { font-weight: 400; color: #555; } .marks { font-weight: 600; font-size: .85rem; }
.indirect { font-size: .8rem; display: block; }
.bar { display: flex; margin-top: .15rem; } .bar span, .key span.swatch { font-size: .75rem;
  font-weight: 700; text-align: center; border: 1px solid #444; min-width: 1.5rem; }
.list { position: absolute; left: 50%; transform: translateX(-50%); width: min(60rem, 94vw);
  max-height: 70vh; overflow: auto; background: #fff; border: 2px solid #111; padding: .6rem 1rem;
  z-index: 2; box-shadow: 0 6px 24px #0004; border-radius: 6px; box-sizing: border-box; }
.list h3 { margin: .8rem 0 .2rem; font-size: 1rem; } .list h4 { margin: .5rem 0 .1rem; }
.list ul { margin: .1rem 0 .4rem; padding-left: 1.1rem; } .list li { font-size: .88rem; }
.source { color: #444; font-size: .8rem; }
.key { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; margin: .6rem 0; }
.key .fill { display: inline-block; width: 1.6rem; height: 1rem; border: 1px solid #444;
  vertical-align: -2px; margin-right: .3rem; }
@media print { .list { position: static; transform: none; width: auto; max-height: none; } }
"""


def as_html(found: EvidenceMap, notice: str) -> str:
    """The map as a page; `notice` stands at its top and end."""
    said = escape(notice)
    parts = [
        "<!doctype html>",
        f"<html lang='en'><head><meta charset='utf-8'><title>{escape(TITLE)}</title>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{escape(TITLE)}</h1>",
        f"<p class='quiet'><strong>{said}</strong> {escape(summary_of(found))}. "
        "A cell opens the list of its studies; a second click closes it.</p>",
        *_legend(),
    ]
    for panel in found.panels:
        parts += _panel(found, panel)
    return "\n".join([*parts, f"<p><strong>{said}</strong></p>", "</body></html>"]) + "\n"


def _legend() -> Iterator[str]:
    yield "<div class='key'>"
    for gap, why in GAPS.items():
        fill = f"<span class='fill' style='background:{FILLS[gap]}'></span>"
        yield f"<span>{fill}<strong>{gap}</strong>: {escape(why)}</span>"
    yield "</div><div class='key'>"
    for direction in DIRECTIONS:
        fill, letters = BARS[direction]
        style = f"background:{fill};color:{letters}"
        swatch = f"<span class='swatch' style='{style}'>&nbsp;n{SIGNS[direction]}&nbsp;</span>"
        yield f"<span>{swatch} {direction}</span>"
    yield f"</div><p class='quiet'>{escape(KEY)} {escape(MIX_KEY)}</p>"


def _panel(found: EvidenceMap, panel: Panel) -> Iterator[str]:
    yield f"<h2 id='{panel.question}'>{escape(panel.label[:1].upper() + panel.label[1:])}</h2>"
    yield f"<p class='quiet'>Bars: {escape(panel.family)}.</p>"
    heads = (
        f"<th scope='col' title='{escape(s.definition, quote=True)}'>{escape(s.label)}</th>"
        for s in found.axes.subtypes
    )
    yield f"<table><thead><tr><td style='border:0'></td>{''.join(heads)}</tr></thead><tbody>"
    for pattern in panel.patterns:
        told = escape(pattern.definition, quote=True)
        yield f"<tr><th scope='row' title='{told}'>{escape(pattern.label)}</th>"
        for subtype in found.axes.subtypes:
            yield from _cell(panel, panel.cell(pattern.id, subtype.id))
        yield "</tr>"
    yield "</tbody></table>"


def _cell(panel: Panel, cell: Cell) -> Iterator[str]:
    name = f"{panel.question}-{cell.pattern.id}-{cell.subtype.id}"
    weight = "" if cell.direct else " none"
    yield (
        f"<td class='{cell.gap.replace(' ', '-')}' style='background:{FILLS[cell.gap]}'>"
        f"<details name='cell' id='{name}'>"
        f"<summary aria-label='{escape(sentence_of(panel, cell), quote=True)}'>"
        f"<span class='number{weight}'>{len(cell.direct)}</span>"
        f"<span class='marks'>{escape(marks_of(cell))}</span>"
        f"<span class='indirect'>{indirect_words(cell)}</span>{_bar(cell)}</summary>"
    )
    yield f"<div class='list'><strong>{escape(sentence_of(panel, cell))}.</strong>"
    for role, title in _ROLES.items():
        entries = cell.of(role)
        if entries:
            yield f"<h3>{title}</h3>"
            yield from _entries(entries)
    yield "</div></details></td>"


def _bar(cell: Cell) -> str:
    spans = []
    for direction in DIRECTIONS:
        count = cell.mix[direction]
        if count:
            fill, letters = BARS[direction]
            style = f"flex:{count};background:{fill};color:{letters}"
            spans.append(f"<span style='{style}'>{count}{SIGNS[direction]}</span>")
    return f"<div class='bar'>{''.join(spans)}</div>" if spans else ""


def _entries(entries: Iterable[Entry]) -> Iterator[str]:
    listed = list(entries)
    for relation in RELATIONS:
        of_relation = [entry for entry in listed if entry.relation == relation]
        if not of_relation:
            continue
        yield f"<h4>{RELATION_WORDS[relation]}</h4>"
        if relation == DIRECT:
            yield f"<ul>{''.join(map(_direct, of_relation))}</ul>"
        else:
            yield f"<p class='source'>{'; '.join(map(_indirect, of_relation))}</p>"


def _direct(entry: Entry) -> str:
    level = f", level {entry.level}" if entry.level else ""
    told = "; ".join(
        f"{escape(c.outcome)}, {escape(c.contrast)}: {c.direction} "
        f"<span class='source'>{{{escape(', '.join(c.sources))}}}</span>"
        for c in entry.comparisons
    )
    places = "" if told or not entry.sources else f"{{{escape(', '.join(entry.sources))}}}"
    found = told or ("no comparison of treatments" if entry.sources else "no results")
    return (
        f"<li><strong>{escape(entry.label)}</strong> ({escape(entry.design)}{level}; "
        f"{escape(', '.join(entry.populations))}): {found} "
        f"<span class='source'>{places}</span></li>"
    )


def _indirect(entry: Entry) -> str:
    level = f", level {entry.level}" if entry.level else ""
    return f"{escape(entry.label)} ({escape(entry.design)}{level})"
