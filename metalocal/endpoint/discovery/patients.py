"""The invented patients of `data/profiles` -> links that ask about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from metalocal.pages.addresses import Link
from metalocal.profiles import read_given

_COMPLETE = "_complete"
_SIDES = {"present": "", "absent": "_absent", "only": "_only"}


@cache
def example_patients(folder: Path) -> tuple[Link, ...]:
    """Links to `/ask`, one for each profile that tells anything, in the order of their files.

    The text is what the first line of the file says of the patient.
    """
    found = []
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text("utf-8")
        given, _ = read_given(text, path.name)
        if given:
            said = text.partition("\n")[0].removeprefix("# ").removeprefix("Invented. ")
            found.append(Link(said, f"/ask?{in_url(given)}", path.stem))
    return tuple(found)


def in_url(given: Mapping[str, Any]) -> str:
    """The values of a profile file as the query part of an address; a set has up to three names.

    >>> in_url({"age": 57, "metastatic_sites": ["liver"], "metastatic_sites_complete": True})
    'age=57&metastatic_sites_only=liver'
    """
    told: list[tuple[str, object]] = []
    for key, value in given.items():
        if isinstance(value, list):
            side = "_only" if given.get(f"{key}{_COMPLETE}") is True else ""
            told += [(f"{key}{side}", member) for member in value]
        elif isinstance(value, dict):
            told += [
                (key + end, word) for side, end in _SIDES.items() for word in value.get(side, ())
            ]
        elif not key.endswith(_COMPLETE):
            told.append((key, str(value).lower() if isinstance(value, bool) else value))
    return urlencode(told)
