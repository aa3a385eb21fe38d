"""Rows of the named queries, and what all parts of an answer read from them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from metalocal.answers.records import Reason
from metalocal.attributes import local_name
from metalocal.catalogue import find_query
from metalocal.graph import EvidenceGraph
from metalocal.profiles import Profile

Row = dict[str, str]


@dataclass
class Rows:
    """Rows of the named queries, fetched once."""

    graph: EvidenceGraph
    queries: Path
    fetched: dict[str, list[Row]] = field(default_factory=dict)

    def __call__(self, name: str, profile: Profile | None = None) -> list[Row]:
        """Rows of a named query, bound to the profile where it takes one."""
        if name not in self.fetched:
            query = find_query(self.queries, name)
            text = query.bound(profile.rows()) if profile else query.text
            self.fetched[name] = self.graph.select(text).texts()
        return self.fetched[name]


def place_of(row: Row) -> str:
    """Source and line, such as "liu-2023:62"."""
    return f"{local_name(row['source'])}:{row['line']}"


def verdicts_of(rows: Rows, profile: Profile) -> dict[str, str]:
    """For every group by criteria, whether the profile fits it."""
    return {row["group"]: row["verdict"] for row in rows("verdicts", profile)}


def reasons_of(rows: Rows, profile: Profile) -> dict[str, list[Reason]]:
    """For every group by criteria, how the profile stands to each criterion."""
    asked: dict[str, list[str]] = defaultdict(list)
    for row in rows("criteria-attributes"):
        asked[row["criterion"]].append(local_name(row["attribute"]))
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for row in rows("reasons", profile):
        keys = tuple(asked[row["criterion"]])
        reasons[row["group"]].append(Reason(row["criterionLabel"], row["status"], keys))
    return reasons
