"""What stands in `ontology/` beside the graph: the history of terms, the names of outside terms."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

Row = dict[str, str]
CURRENT = "current"


@dataclass(frozen=True)
class OutsideTerm:
    """A term of another vocabulary as the mapping table names it; label and comment may lack."""

    short: str
    label: str
    comment: str


@dataclass(frozen=True)
class Beside:
    """`history` has the rows of terms.tsv; `mapped` leads from a pair of IRIs, ours and theirs."""

    history: tuple[Row, ...]
    mapped: Mapping[tuple[str, str], OutsideTerm]

    @cached_property
    def versions(self) -> dict[str, str]:
        """Local name of each term to the version it came with."""
        return {row["name"]: row["since"] for row in self.history}

    def outside(self, ours: str, theirs: str) -> OutsideTerm:
        """What the mapping table says of a pair; nothing where the table lacks it."""
        return self.mapped.get((ours, theirs), OutsideTerm("", "", ""))


def read_beside(folder: Path) -> Beside:
    """Both files of a folder; one that is not there says nothing."""
    history, mappings = folder / "terms.tsv", folder / "mappings.sssom.tsv"
    rows: list[Row] = []
    if history.is_file():
        rows = list(csv.DictReader(_lines(history), delimiter="\t", restval=""))
    return Beside(tuple(rows), _mapped(mappings) if mappings.is_file() else {})


def _mapped(path: Path) -> dict[tuple[str, str], OutsideTerm]:
    lines = _lines(path)
    header = [line[1:] for line in lines if line.startswith("#")]
    prefixes: dict[str, str] = yaml.safe_load("\n".join(header))["curie_map"]
    table = csv.DictReader(lines[len(header) :], delimiter="\t", quoting=csv.QUOTE_NONE, restval="")

    def iri(short: str) -> str:
        prefix, _, name = short.partition(":")
        return prefixes[prefix] + name

    return {
        (iri(row["subject_id"]), iri(row["object_id"])): OutsideTerm(
            row["object_id"], row["object_label"], row["comment"]
        )
        for row in table
    }


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
