"""Rows of the named queries, and what all parts of an answer read from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from metalocal.answers.records import Reason
from metalocal.attributes import local_name
from metalocal.catalogue import find_query
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of
from metalocal.profiles import Profile

Row = dict[str, str]


@dataclass
class Rows:
    """Rows of the named queries; those of queries that take no profile are fetched once."""

    graph: EvidenceGraph
    queries: Path
    fetched: dict[str, list[Row]] = field(default_factory=dict)

    def __call__(self, name: str) -> list[Row]:
        """Rows of a named query."""
        if name not in self.fetched:
            self.fetched[name] = rows_of(self.graph, self.queries, name)
        return self.fetched[name]

    def of(self, name: str, profile: Profile) -> list[Row]:
        """Rows of a named query about a profile."""
        query = find_query(self.queries, name)
        return self.graph.select(query.bound(profile.rows())).texts()


def grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """The rows of each value of a column; values and rows come in the order they are read in.

    >>> grouped([{"a": "1", "b": "x"}, {"a": "2"}, {"a": "1", "b": "y"}], "a")["1"]
    [{'a': '1', 'b': 'x'}, {'a': '1', 'b': 'y'}]
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def place_of(row: Row) -> str:
    """Source and line, such as "liu-2023:62"."""
    return f"{local_name(row['source'])}:{row['line']}"


def verdicts_of(rows: Rows, profile: Profile) -> dict[str, str]:
    """For every group, whether the profile fits it, by the published query.

    `Library.matching` tells the same without an engine; it is tested and measured against this.
    """
    return {row["group"]: row["verdict"] for row in rows.of("verdicts", profile)}


def reasons_of(rows: Rows, profile: Profile) -> dict[str, list[Reason]]:
    """For every group, how the profile stands to each criterion, by the published query."""
    asked: dict[str, list[str]] = defaultdict(list)
    for row in rows("criteria-attributes"):
        asked[row["criterion"]].append(local_name(row["attribute"]))
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for row in rows.of("reasons", profile):
        keys = tuple(asked[row["criterion"]])
        reasons[row["group"]].append(Reason(row["criterionLabel"], row["status"], keys))
    return reasons
