"""The graph as three spreadsheets: estimates, study facts, statements; a public interface."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from metalocal.attributes import local_name
from metalocal.files import replacing
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of

Row = dict[str, str]

ESTIMATES = (
    "study", "identifiers", "design", "question", "population", "criteria", "arm", "versus",
    "outcome", "measure", "time_point", "value", "unit", "ci_low", "ci_high", "ci_level", "p",
    "source", "line", "at", "effect_direction", "note",
)  # fmt: skip
FACTS = ("study", "identifiers", "property", "value", "unit", "source", "line", "at", "note")
STATEMENTS = (
    "source", "line", "at", "kind", "study", "for_whom", "criteria", "about", "direction",
    "strength", "text",
)  # fmt: skip

NO_CRITERIA = "(no criteria: nobody can be matched)"
"""Of a group that only its outcome defines, or that no source defines, or of other patients."""


class TableWriter:
    """Collects the rows of the three tables from one graph."""

    def __init__(self, graph: EvidenceGraph, queries: Path) -> None:
        self.graph, self.queries = graph, queries
        self.studies = {row["study"]: row for row in self.rows("studies")}
        self.identifiers: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("identifiers"):
            self.identifiers[row["study"]].append(f"{row['kind']}: {row['identifier']}")
        self.criteria: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("populations"):
            if "criterionLabel" in row:
                self.criteria[row["population"]].append(row["criterionLabel"])

    def rows(self, name: str) -> list[Row]:
        """Rows of a named query."""
        return rows_of(self.graph, self.queries, name)

    def tables(self) -> dict[str, list[dict[str, object]]]:
        """File name to rows, each row by column."""
        return {
            "estimates.csv": [self._estimate(row) for row in self.rows("estimates")],
            "study_facts.csv": [self._fact(row) for row in self.rows("study-facts")],
            "statements.csv": list(self._statements()),
        }

    def _study(self, row: Row) -> dict[str, object]:
        return {
            "study": self.studies[row["study"]]["label"],
            "identifiers": "; ".join(self.identifiers[row["study"]]),
        }

    def _estimate(self, row: Row) -> dict[str, object]:
        study = self.studies[row["study"]]
        time = f"{row['timeValue']} {row['timeUnit']}" if "timeValue" in row else ""
        return {
            **self._study(row),
            "design": study["design"],
            "question": study["question"],
            "population": row["populationLabel"],
            "criteria": "; ".join(dict.fromkeys(self.criteria[row["population"]])) or NO_CRITERIA,
            "arm": row.get("armLabel") or row.get("acrossLabel"),
            "versus": row.get("versusLabel"),
            "outcome": row["outcomeLabel"] + (f": {row['category']}" if "category" in row else ""),
            "measure": row["measureLabel"],
            "time_point": time,
            "value": row.get("value") or row.get("wording"),
            "unit": row.get("unit"),
            "ci_low": row.get("low"),
            "ci_high": row.get("high"),
            "ci_level": row.get("level"),
            "p": row.get("p"),
            **_place(row),
            "effect_direction": row.get("direction"),
            "note": _notes(row),
        }

    def _fact(self, row: Row) -> dict[str, object]:
        about = [row[name] for name in ("populationLabel", "armLabel") if name in row]
        label = row["propertyLabel"] + (f" ({', '.join(about)})" if about else "")
        return {
            **self._study(row),
            "property": label,
            "value": row["value"],
            "unit": row.get("unit"),
            **_place(row),
            "note": _notes(row),
        }

    def _statements(self) -> Iterator[dict[str, object]]:
        for row in self.rows("statements"):
            yield {
                **_place(row),
                "kind": "limitation" if row["isLimitation"] == "true" else row["kindLabel"],
                "study": self.studies[row["study"]]["label"],
                "about": row["kindLabel"],
                "text": row["text"],
            }
        figures: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("figures"):
            figures[row["owner"]].append(row["said"])
        criteria: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("targets"):
            criteria[row["group"]].append(row["criterionLabel"])
        yield from self._guidance(figures, criteria)
        yield from self._models(figures, criteria)

    def _guidance(
        self, figures: dict[str, list[str]], criteria: dict[str, list[str]]
    ) -> Iterator[dict[str, object]]:
        places: dict[tuple[str, str, str], Row] = {}
        about: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self.rows("guidance"):
            places.setdefault((row["statement"], row["source"], row["line"]), row)
            if "intervention" in row:
                about[row["statement"]][row["intervention"]] = None
        for (statement, _, _), row in places.items():
            named = [row["factor"]] if "factor" in row else [row["label"], *about[statement]]
            yield {
                **_place(row),
                "kind": row["kindLabel"],
                "study": row.get("studyLabel"),
                "for_whom": row.get("forWhom"),
                "criteria": "; ".join(criteria[row.get("target", "")]),
                "about": "; ".join([*named, *([row["outcome"]] if "outcome" in row else [])]),
                "direction": row.get("position") or row.get("direction"),
                "strength": row.get("strength"),
                "text": _with_figures(row["text"], figures[statement], row.get("note")),
            }

    def _models(
        self, figures: dict[str, list[str]], criteria: dict[str, list[str]]
    ) -> Iterator[dict[str, object]]:
        for row in self.rows("models"):
            yield {
                **_place(row),
                "kind": "decision model",
                "study": row.get("studyLabel"),
                "for_whom": row["label"],
                "criteria": "; ".join(criteria[row["group"]]),
                "about": row["modelLabel"],
                "text": _with_figures(row["text"], figures[row["group"]], row.get("note")),
            }


def _with_figures(text: str, figures: list[str], note: str | None) -> str:
    """The wording, the numbers that belong to it in brackets, and what a reader must know."""
    numbers = f" [{'; '.join(dict.fromkeys(figures))}]" if figures else ""
    return f"{text}{numbers}{f' (note: {note})' if note else ''}"


def _place(row: Row) -> dict[str, object]:
    return {"source": local_name(row["source"]), "line": row["line"], "at": row.get("place")}


def _notes(row: Row) -> str:
    """Every note on the number and on this printing of it; words printed beside a number too."""
    words = row.get("wording") if row.get("value") else None
    notes = (row.get("note"), row.get("reportNote"), words)
    return " | ".join(note for note in notes if note)


def write_tables(graph: EvidenceGraph, queries: Path, folder: Path) -> dict[str, int]:
    """Writes the three tables as UTF-8 CSV; gives the number of rows of each."""
    columns = {"estimates.csv": ESTIMATES, "study_facts.csv": FACTS, "statements.csv": STATEMENTS}
    tables = TableWriter(graph, queries).tables()
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _write(folder / name, columns[name], rows)
    return {name: len(rows) for name, rows in tables.items()}


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[dict[str, object]]) -> None:
    with replacing(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: value or "" for key, value in row.items()} for row in rows)
