"""YAML files to records, each keeping its place; collects what is wrong with their form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from graph_builder.guidance import DecisionModel, Guidance
from graph_builder.problems import Place, Problem, closest
from graph_builder.records import NotEntered, Record, Source, Study
from graph_builder.yaml_tree import PLACES, read_yaml

AnyRecord = TypeVar("AnyRecord", bound=Record)
FileRecord = TypeVar("FileRecord", Study, Source, Guidance, DecisionModel)


NOT_ENTERED = "not_entered.yaml"
"""File of data/ that lists what the sources print and the graph does not hold."""


@dataclass
class Records:
    """All records of a data folder, by kind, in the order of their ids."""

    studies: list[Study] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    guidance: list[Guidance] = field(default_factory=list)
    models: list[DecisionModel] = field(default_factory=list)
    not_entered: NotEntered = field(default_factory=NotEntered)


STUDIES, GUIDANCE, MODELS = "trials", "guidance", "models"
SOURCES = "sources"
"""Folders of a data folder."""


def read_data(folder: Path) -> tuple[Records, list[Problem]]:
    """The records of the folders trials, sources, guidance and models; problems of all files."""
    records, problems = read_shared(folder)
    records.studies = _read_all(folder, STUDIES, Study, problems)
    records.guidance = _read_all(folder, GUIDANCE, Guidance, problems)
    records.models = _read_all(folder, MODELS, DecisionModel, problems)
    return records, problems


def read_shared(folder: Path) -> tuple[Records, list[Problem]]:
    """What every file of a data folder may refer to: the sources; and what is not entered."""
    problems: list[Problem] = []
    records = Records(sources=_read_all(folder, SOURCES, Source, problems))
    path = folder / NOT_ENTERED
    if path.is_file():
        found, more = read_record(path.read_bytes(), f"{folder.name}/{NOT_ENTERED}", NotEntered)
        records.not_entered = found or NotEntered()
        problems += more
    return records, problems


def data_files(folder: Path, kind: str) -> list[Path]:
    """The data files of one kind, in the order of their names."""
    return sorted((folder / kind).glob("*.y*ml"))


def read_one(path: Path) -> tuple[Records, list[Problem]]:
    """The record of one file of studies, guidance or models, alone; and what is wrong with it."""
    problems: list[Problem] = []
    kind, records = path.parent.name, Records()
    if kind == STUDIES:
        records.studies = _read_files([path], Study, problems)
    elif kind == GUIDANCE:
        records.guidance = _read_files([path], Guidance, problems)
    else:
        records.models = _read_files([path], DecisionModel, problems)
    return records, problems


def _read_all(
    folder: Path, kind: str, model: type[FileRecord], problems: list[Problem]
) -> list[FileRecord]:
    return _read_files(data_files(folder, kind), model, problems)


def _read_files(
    paths: Iterable[Path], model: type[FileRecord], problems: list[Problem]
) -> list[FileRecord]:
    records = []
    for path in paths:
        file = "/".join(path.parts[-3:])
        record, found = read_record(path.read_bytes(), file, model)
        problems += found
        if record is not None:
            problems += _name_problems(record, path, file)
            records.append(record)
    return sorted(records, key=lambda record: record.id)


def _name_problems(record: FileRecord, path: Path, file: str) -> list[Problem]:
    if path.name == f"{record.id}.yaml":
        return []
    place = record.place("id") or Place(file)
    message = f"id {record.id} does not fit the file name {path.name}"
    return [Problem(place, message, "file-name", f"name the file {record.id}.yaml")]


def read_record(
    data: bytes, file: str, model: type[AnyRecord]
) -> tuple[AnyRecord | None, list[Problem]]:
    """One record from the bytes of a YAML file, or `None` with the reasons why not."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = Place(file, data.count(b"\n", 0, error.start) + 1, 1)
        return None, [Problem(place, "this is not UTF-8 text", "yaml-syntax", "save it as UTF-8")]
    tree, problems = read_yaml(text, file)
    if tree is None or problems:
        return None, problems
    if not isinstance(tree, dict):
        message = "a file holds one mapping of keys to values"
        return None, [Problem(Place(file, 1, 1), message, "yaml-form", "begin with `id: ...`")]
    try:
        return model.model_validate(tree), []
    except ValidationError as error:
        # where a field takes one of several types, the last of them speaks for all
        found = {_written(tree, detail): detail for detail in error.errors()}
        return None, [_form_problem(found[path], path, tree, model) for path in found]


def _written(tree: Any, detail: ErrorDetails) -> tuple[int | str, ...]:
    """The steps that the file has, and the key it lacks; not the names of types tried."""
    path = detail["loc"]
    for depth, step in enumerate(path):
        item = isinstance(tree, list) and isinstance(step, int)
        if not item and not (isinstance(tree, dict) and step in tree):
            return path[: depth + 1] if detail["type"] == "missing" else path[:depth]
        tree = tree[step]
    return path


def _form_problem(
    detail: ErrorDetails, path: Sequence[int | str], tree: dict[str, Any], model: type[Record]
) -> Problem:
    message, rule, mend = _words(detail, path, model)
    if rule == "unknown-key":
        path = (*path[:-1], f"key {path[-1]}")
    return Problem(place_in(tree, path), message, rule, mend)


def place_in(tree: Any, path: Sequence[int | str]) -> Place:
    """Place of the deepest node of `path` that the tree has; `key name` is the key itself."""
    place: Place = tree[PLACES][""]
    for step in path:
        if isinstance(tree, dict) and str(step) in tree[PLACES]:
            place = tree[PLACES][str(step)]
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
            place = tree[PLACES][""] if isinstance(tree, dict) else place
    return place


def _words(
    detail: ErrorDetails, path: Sequence[int | str], model: type[Record]
) -> tuple[str, str, str]:
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "this record")
    kind, found = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return f"key {name} is not known here", "unknown-key", closest(name, _keys(model))
    if kind == "missing":
        return f"key {name} is missing", "missing-key", f"add `{name}: ...`"
    if kind == "string_type" and isinstance(found, int | float):
        mend = f'write {name}: "{found}" with the digits as printed'
        return f"{name} {found} is not in quotes", "unquoted-number", mend
    if kind == "string_pattern_mismatch":
        pattern = detail.get("ctx", {}).get("pattern")
        return f"{name} {found!r} has the wrong form", "wrong-form", f"it should match {pattern}"
    message = detail["msg"].removeprefix("Value error, ")
    shown = "" if isinstance(found, dict | list) else f", found {found!r}"
    mend = f"correct {name}" if shown else "correct this record"
    return f"{name}: {message[:1].lower()}{message[1:]}{shown}", "wrong-form", mend


def _keys(model: type[Record]) -> set[str]:
    """Every key a file of this kind can hold, at any depth."""
    schema = model.model_json_schema()
    parts: Iterable[dict[str, Any]] = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
