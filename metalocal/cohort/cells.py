"""The cells of a patient's row to what profiles are made of; rules of form that CSV alone has.

Which values there are and what contradicts what is said in one place, `metalocal.profiles`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_builder.attributes import Attribute, Kind
from graph_builder.problems import Place, Problem
from metalocal.cohort.columns import Column

YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
LONGEST = 200
"""Characters a cell may have; a longer one has swallowed what stands after it."""

NO_UTF_8 = re.compile("[\ud800-\udfff]")
"""What bytes that are not UTF-8 have been read as."""

_SEPARATORS = re.compile(r"[;,]")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_DECIMALS_OR_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


@dataclass
class Told:
    """What a row tells: values by attribute key, the place of each, and what is wrong."""

    given: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class CellReader:
    """Reads rows of these columns; with `decimal_comma` a comma may stand in a number."""

    columns: Sequence[Column]
    attributes: Mapping[str, Attribute]
    decimal_comma: bool

    def told(self, cells: Sequence[str], place: Place) -> Told:
        """What the cells of one row tell; an empty cell, and the word unknown, tell nothing."""
        found = Told(places=dict.fromkeys(self.attributes, place))
        for column, cell in zip(self.columns, cells, strict=True):
            text, where = cell.strip(), Place(place.file, place.line, column.number)
            if not column.key or not text:
                continue
            wrong = _wrong_form(column, text, where)
            if wrong:
                found.problems.append(wrong)
            elif text.lower() != "unknown":
                found.places[column.name] = where
                if found.places[column.key] == place:  # the set itself may have no cell
                    found.places[column.key] = where
                self._tell(column, text, where, found)
        return found

    def _tell(self, column: Column, text: str, where: Place, found: Told) -> None:
        if column.part == "value":
            kind = self.attributes[column.key].kind
            if kind is Kind.NUMBER:
                return self._number(column, text, where, found)
            found.given[column.key] = _word(text) if kind is Kind.YES_NO else text
        elif column.part == "complete":
            complete = _word(text)
            if complete not in ("yes", "no"):
                message, mend = f"{column.name} is {text!r}", "write yes or no, or leave it empty"
                found.problems.append(Problem(where, message, "wrong-form", mend))
            elif complete == "yes":  # "no" says nothing that silence does not
                found.given[column.name] = True
        else:
            words = [word.strip() for word in _SEPARATORS.split(text) if word.strip()]
            found.given.setdefault(column.key, {})[column.part] = words
        return None

    def _number(self, column: Column, text: str, where: Place, found: Told) -> None:
        if self.decimal_comma:
            if _DECIMALS_OR_THOUSANDS.fullmatch(text):
                message = f"{column.key} {text!r} may be thousands or decimals"
                bare = re.sub("[.,]", "", text)
                mend = f"write {bare} for thousands, {text}0 for decimals"
                return found.problems.append(Problem(where, message, "wrong-form", mend))
            if _DECIMAL_COMMA.fullmatch(text):
                text = text.replace(",", ".")
        found.given[column.key] = text
        return None


def _word(text: str) -> str:
    """Yes or no, however it is written; other text as it is."""
    lower = text.lower()
    return "yes" if lower in YES else "no" if lower in NO else text


def _wrong_form(column: Column, text: str, where: Place) -> Problem | None:
    if NO_UTF_8.search(text):
        message, mend = f"{column.name} holds bytes that are not UTF-8", "save the file as UTF-8"
        return Problem(where, message, "encoding", mend)
    if len(text) > LONGEST:
        message = f"{column.name} holds {len(text)} characters, beginning with {text[:20]!r}"
        return Problem(where, message, "wrong-form", "look for a missing quotation mark")
    return None
