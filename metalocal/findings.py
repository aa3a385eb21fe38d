"""The graph's audit findings as records: what is printed and does not fit, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_builder.problems import ToldError, closest
from metalocal.attributes import local_name
from metalocal.catalogue import ID
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of

SEVERITIES = ("contradictory", "doubtful", "noteworthy")
"""How far a finding calls a number into question, the farthest first."""


class FindingsError(ToldError):
    """A study, kind or severity that is asked for and is none."""


@dataclass(frozen=True)
class FoundAt:
    """One place a finding concerns: what is printed there, of which item."""

    item: str
    printed: str
    source: str
    line: int
    at: str

    @property
    def place(self) -> str:
        """Source and line, such as "ueno-2022:86"."""
        return f"{self.source}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """One finding; `id` is study, kind and what it is about, joined by strokes."""

    id: str
    study: str
    study_label: str
    kind: str
    kind_label: str
    severity: str
    text: str
    advice: str
    places: tuple[FoundAt, ...]


def findings_of(graph: EvidenceGraph, queries: Path) -> tuple[Finding, ...]:
    """Every finding, the severest first, then by study."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(graph, queries, "findings"):
        rows.setdefault(row["finding"], []).append(row)
    return tuple(_finding(node, group) for node, group in rows.items())


def _finding(node: str, rows: Sequence[dict[str, str]]) -> Finding:
    first = rows[0]
    return Finding(
        id=node.removeprefix(f"{ID}study/").replace("/finding/", "/", 1),
        study=local_name(first["study"]),
        study_label=first["studyLabel"],
        kind=local_name(first["kind"]),
        kind_label=first["kindLabel"],
        severity=local_name(first["severity"]),
        text=first["text"],
        advice=first["advice"],
        places=tuple(_place(row) for row in rows),
    )


def _place(row: dict[str, str]) -> FoundAt:
    label = row["itemLabel"].removeprefix(f"{row['studyLabel']}: ").partition(" [")[0]
    interval = f"({row['low']} to {row['high']})" if "low" in row else ""
    p = f"p {row['p']}" if "p" in row else ""
    number = " ".join(part for part in (row.get("printed", ""), interval, p) if part)
    return FoundAt(
        item=label,
        printed=number or row.get("wording", ""),
        source=local_name(row["source"]),
        line=int(row["line"]),
        at=row.get("place", ""),
    )


def chosen(
    found: Iterable[Finding],
    *,
    studies: Sequence[str] = (),
    kinds: Sequence[str] = (),
    severities: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """The findings on these studies, of these kinds and severities; nothing named, all."""
    return tuple(
        one
        for one in found
        if (not studies or one.study in studies)
        and (not kinds or one.kind in kinds)
        and (not severities or one.severity in severities)
    )


def known(asked: Iterable[str], words: Iterable[str], what: str) -> None:
    """Refuses a word that is none of those there are.

    Raises:
        FindingsError: with the words most like it.
    """
    there = set(words)
    for word in asked:
        if word not in there:
            raise FindingsError(f"{what} {word} is not known: {closest(word, there)}")
