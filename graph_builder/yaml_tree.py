"""YAML 1.2 text to plain data in which every mapping knows the place of its keys and values."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yamlcore import CCoreLoader

from graph_builder.problems import PLACES as PLACES
from graph_builder.problems import Place, Problem

_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"
_MARKS = re.compile("[&*!]")
"""One of these stands wherever an anchor, alias or tag does."""


def read_yaml(text: str, file: str) -> tuple[Any, list[Problem]]:
    """Plain data of one YAML document, with places, and what is wrong with its form.

    Duplicate keys and keys that are not text are problems. Text that is no YAML, or has anchors,
    aliases or tags, gives `None` and the problems.
    """
    try:
        loader = CCoreLoader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_problem(error, file)]
    except yaml.reader.ReaderError as error:
        place = Place(file, text.count("\n", 0, error.position) + 1, 1)
        reason = f"unreadable character: {error.reason}"
        return None, [Problem(place, reason, "yaml-syntax", "save the file as UTF-8 text")]
    if node is None or node.tag == _NULL:
        message = "the file is empty"
        return None, [Problem(Place(file), message, "yaml-syntax", "write the record or delete it")]
    problems = _event_problems(text, file) if _MARKS.search(text) else []
    if problems:  # an alias may lead back to itself, and a tag may not fit its text
        return None, problems
    return _Tree(loader, file, problems).plain(node), problems


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    message = f"this is not YAML: {error.problem or error.context}"
    return Problem(place, message, "yaml-syntax", "check quotes, brackets and indentation here")


def _event_problems(text: str, file: str) -> list[Problem]:
    """Anchors, aliases and tags: what is written in YAML but is no plain data."""
    found = []
    for event in yaml.parse(text, Loader=CCoreLoader):
        anchor, tag, mark = (getattr(event, name, None) for name in ("anchor", "tag", "start_mark"))
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        if anchor:
            message = f"anchor or alias {anchor}: each fact is written out where it belongs"
            found.append(Problem(place, message, "yaml-anchor", "write the value itself"))
        if tag:
            message = f"tag {tag} is not used here"
            found.append(Problem(place, message, "yaml-tag", "leave the tag out"))
    return found


class _Tree:
    """Turns composed nodes into plain data, collecting problems on the way."""

    def __init__(self, loader: Any, file: str, problems: list[Problem]) -> None:
        self.loader, self.file, self.problems = loader, file, problems

    def place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def plain(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item) for item in node.value]
        return node.value if node.tag == _TEXT else self.loader.construct_object(node)

    def mapping(self, node: yaml.MappingNode) -> dict[Hashable, Any]:
        data: dict[Hashable, Any] = {}
        places = {"": self.place(node)}
        for key_node, value_node in node.value:
            key = self.plain(key_node)
            if not isinstance(key, str):
                shown = key_node.value if isinstance(key_node, yaml.ScalarNode) else "of many parts"
                message = f"key {shown} is not text"
                self.problem(key_node, message, "yaml-key", "put the key in quotes")
            elif key in data:
                first = places[key]
                message = f"key {key} stands twice (first in line {first.line})"
                self.problem(key_node, message, "duplicate-key", "keep one of the two")
            else:
                data[key] = self.plain(value_node)
                places[key] = self.place(value_node)
                places[f"key {key}"] = self.place(key_node)
        data[PLACES] = places
        return data

    def problem(self, node: yaml.Node, message: str, rule: str, mend: str) -> None:
        self.problems.append(Problem(self.place(node), message, rule, mend))
