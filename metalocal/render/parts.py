"""What no profile changes -> parts of documents that are made once, and written once.

Most of an answer's text is of estimates and statements, which are the same whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

Things = ParamSpec("Things")

MOST_PARTS = 20_000
"""Parts of one kind kept at once; all go when there are more."""


class Part(dict[str, Any]):
    """A mapping that nobody may change; `texts` are its JSON, by how a new line begins there."""

    __slots__ = ("texts",)

    def __init__(self, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.texts: dict[str, str] = {}


def made_once(make: Callable[Things, dict[str, Any]]) -> Callable[Things, Part]:
    """`make`, but run once for the same things: these very ones, not equal ones.

    The things are held, so that no other can come to their place in memory. For records that live
    as long as the graph, such as estimates; what is made of them must depend on them alone.
    """
    shelf: dict[tuple[int, ...], tuple[object, Part]] = {}

    @wraps(make)
    def found(*things: Things.args, **named: Things.kwargs) -> Part:
        key = (*map(id, things), *map(id, named.values()))
        before = shelf.get(key)
        if before:
            return before[1]
        if len(shelf) >= MOST_PARTS:
            shelf.clear()
        part = Part(make(*things, **named))
        shelf[key] = ((things, named), part)
        return part

    return found
