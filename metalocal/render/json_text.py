"""Plain dicts and lists -> indented JSON: the very text of the standard library, in half the time.

With an indent the standard library writes in Python, and passes each piece through as many
generators as it lies deep. Here a container is one text as soon as its members are, and the text of
a part that no profile changes is kept.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring as quoted  # in C, where there is C
from math import isfinite
from typing import Any, cast

from metalocal.render.parts import Part


def indented(value: Any) -> str:
    """`value` as `json.dumps(value, indent=1, ensure_ascii=False)` writes it.

    Raises:
        TypeError: a key is no string, or a value is nothing that JSON has.

    >>> print(indented({"study": "E2108", "lines": [87, 92], "note": None}))
    {
     "study": "E2108",
     "lines": [
      87,
      92
     ],
     "note": null
    }
    """
    return _text(value, "\n")


def _text(value: Any, line: str) -> str:
    """Text of a value that stands where `line` begins a new line."""
    kind = type(value)
    if kind is str:
        return quoted(value)
    if value is None:
        return "null"
    if kind is int:
        return repr(value)
    if kind is Part:
        text = value.texts.get(line)
        if text is None:
            text = value.texts[line] = _members(value, line)
        return cast("str", text)
    if kind is dict:
        return _members(value, line)
    if kind is list:
        return _items(value, line)
    return _rest(value, line)


def _members(value: dict[str, Any], line: str) -> str:
    if not value:
        return "{}"
    inner = line + " "
    members = [
        _name(name) + (quoted(member) if type(member) is str else _text(member, inner))
        for name, member in value.items()
    ]
    return "{" + inner + f",{inner}".join(members) + line + "}"


def _items(value: list[Any], line: str) -> str:
    if not value:
        return "[]"
    inner = line + " "
    return "[" + inner + f",{inner}".join([_text(item, inner) for item in value]) + line + "]"


@lru_cache(maxsize=1_000)
def _name(name: str) -> str:
    """A key and what parts it from its value; keys come again and again."""
    return f"{quoted(name)}: "


def _rest(value: Any, line: str) -> str:
    """Text of a value of a rarer kind."""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float and isfinite(value):
        return repr(value)
    if isinstance(value, dict):
        return _text(dict(value), line)
    if isinstance(value, list | tuple):
        return _text(list(value), line)
    return json.dumps(value, ensure_ascii=False)
