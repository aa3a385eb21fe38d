"""JSON Lines, a profile on each, to patients and rows set aside, one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import Place, Problem, ProblemsFoundError
from metalocal.cohort.cells import LONGEST
from metalocal.cohort.lines import Lines
from metalocal.cohort.records import BECAUSE, PATIENT, BadRow, Patient
from metalocal.profiles import profile_of, read_given

LINE = "rejected_line"
"""Key under which a line that is no JSON object is set aside."""
_LONGEST_LINE = 20_000


class JsonLines:
    """A file with one profile a line, as a JSON object; `patient` is the id of the patient."""

    ending = ".jsonl"

    def __init__(
        self, lines: Lines, attributes: Mapping[str, Attribute], rules: Sequence[Implication]
    ) -> None:
        self.lines, self.attributes, self.rules = lines, attributes, tuple(rules)

    def __iter__(self) -> Iterator[Patient | BadRow]:
        """Its lines in order, each answerable or not; blank lines are passed over."""
        number, line = 0, self.lines.start()
        for text in self.lines:
            if text.strip():
                number += 1
                place = Place(self.lines.name, line, 1)
                yield self._read(text.rstrip("\r\n"), place, str(number))
            line = self.lines.start()

    def rejects(self, path: Path) -> RejectedLines:
        """A file for lines set aside that can be mended and read like this one."""
        return RejectedLines(path)

    def _read(self, text: str, place: Place, number: str) -> Patient | BadRow:
        wrong, given = _object_of(text, place)
        if wrong:
            return BadRow(number, place.line, (text,), (wrong,))
        given.pop(BECAUSE, None)
        name = given.pop(PATIENT, number)
        problems = self._wrong_forms(name, given, place)
        if not problems:
            try:
                found = profile_of(given, self.attributes, self.rules)
                return Patient(str(name).strip(), place.line, found)
            except ProblemsFoundError:
                problems = self._wrong_values(text, given, place)
        return BadRow(str(name)[:LONGEST], place.line, (text,), tuple(problems))

    def _wrong_forms(self, name: object, given: Mapping[str, Any], place: Place) -> list[Problem]:
        """What may stand in JSON and in no profile that people write."""
        problems = []
        if not _is_id(name):
            mend = f"give text of at most {LONGEST} characters, or a whole number"
            problems.append(Problem(place, "this is no id of a patient", "patient-id", mend))
        for key, value in given.items():
            attribute = self.attributes.get(key)
            is_set = attribute is None or attribute.kind is Kind.SET
            if not is_set and isinstance(value, list | dict):
                message = f"{key} has one value, not a list"
                problems.append(Problem(place, message, "wrong-form", "write the value alone"))
        return problems

    def _wrong_values(self, text: str, given: Mapping[str, Any], place: Place) -> list[Problem]:
        """What is wrong with the values of a line, each with its column: read anew as YAML."""
        places = dict.fromkeys([*self.attributes, *given], place)
        try:
            found = read_given(text, place.file)[1]
        except ProblemsFoundError:  # JSON has escapes that YAML has not
            found = {}
        places |= {key: Place(place.file, place.line, at.column) for key, at in found.items()}
        try:
            profile_of(given, self.attributes, self.rules, places)
        except ProblemsFoundError as error:
            return error.problems
        return []


def _object_of(text: str, place: Place) -> tuple[Problem | None, dict[str, Any]]:
    """The JSON object of a line, or what is wrong with the line."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        message, mend = "the line holds bytes that are not UTF-8", "save the file as UTF-8"
        return Problem(place, message, "encoding", mend), {}
    if len(text) > _LONGEST_LINE:
        message, mend = f"the line has {len(text)} characters", "write one profile a line"
        return Problem(place, message, "profile-form", mend), {}
    try:
        given = _object(text)
    except (ValueError, RecursionError) as error:
        where = Place(place.file, place.line, getattr(error, "colno", 1))
        reason = getattr(error, "msg", str(error))
        message, mend = f"this is no JSON object: {reason}", "write one object a line"
        return Problem(where, message, "profile-form", mend), {}
    if LINE in given:
        message, mend = "a line set aside is still to be mended", f"put the object of {LINE} here"
        return Problem(place, message, "profile-form", mend), {}
    return None, given


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text, parse_float=Decimal, object_pairs_hook=_mapping)
    if not isinstance(found, dict):
        raise ValueError("it maps no attributes to values")
    return found


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"key {key} stands twice")
        found[key] = value
    return found


def _is_id(name: object) -> bool:
    text = str(name).strip()
    kind = isinstance(name, str | int) and not isinstance(name, bool)
    return kind and 0 < len(text) <= LONGEST and text.isprintable()


class RejectedLines:
    """Lines set aside, what is wrong first in each; one that is no object comes as text."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="surrogateescape", newline="")

    def write(self, row: BadRow) -> None:
        """Adds a line, with what is wrong with it."""
        (text,) = row.cells
        try:
            _object(text)
            given = json.loads(text)
        except (ValueError, RecursionError):
            given = {LINE: text}
        given = {BECAUSE: row.because, PATIENT: row.id} | given | {BECAUSE: row.because}
        self._file.write(json.dumps(given, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Ends the file."""
        self._file.close()
