"""The invented patients of `data/profiles`, and what a profile tells as an address of `/ask`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from graph_builder.problems import Place
from metalocal.pages.addresses import Link
from metalocal.profiles import COMPLETE, read_given

_SIDES = {"present": "", "absent": "_absent", "only": "_only"}
_YES_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class ExamplePatient:
    """A profile file: its name, what its first line says of the patient, and what it gives."""

    name: str
    said: str
    given: Mapping[str, Any]
    places: Mapping[str, Place]

    @property
    def link(self) -> Link:
        """Link to the answer, named by what is said of the patient."""
        told = in_url(self.given)
        return Link(self.said, f"/ask?{told}" if told else "/ask", self.name)


@cache
def example_patients(folder: Path) -> tuple[ExamplePatient, ...]:
    """Every profile of a folder, in the order of its files."""
    return tuple(_read(path) for path in sorted(folder.glob("*.yaml")))


def patient_links(folder: Path) -> tuple[Link, ...]:
    """Links to the answers for those of whom anything is told."""
    return tuple(one.link for one in example_patients(folder) if one.given)


def _read(path: Path) -> ExamplePatient:
    text = path.read_text("utf-8")
    given, places = read_given(text, path.name)
    said = text.partition("\n")[0].removeprefix("# ").removeprefix("Invented. ")
    return ExamplePatient(path.stem, said, given, places)


def in_url(given: Mapping[str, Any]) -> str:
    """The values of a profile file as the query part of an address; a set has up to three names.

    >>> in_url({"age": 57, "metastatic_sites": ["liver"], "metastatic_sites_complete": True})
    'age=57&metastatic_sites_only=liver'
    >>> in_url({"prior_lines": 0, "primary_resectable": True})
    'prior_lines=0&primary_resectable=yes'
    """
    told: list[tuple[str, object]] = []
    for key, value in given.items():
        if isinstance(value, list):
            side = "_only" if given.get(f"{key}{COMPLETE}") is True else ""
            told += [(f"{key}{side}", member) for member in value]
        elif isinstance(value, dict):
            told += [
                (key + end, word) for side, end in _SIDES.items() for word in value.get(side, ())
            ]
        elif not key.endswith(COMPLETE):
            told.append((key, _YES_NO[value] if isinstance(value, bool) else value))
    return urlencode(told)
