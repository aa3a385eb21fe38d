"""What a page of a kind of thing is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from metalocal.explorer.things.books import Books

Data = Mapping[str, object]
"""Words of schema.org about a thing."""


@dataclass(frozen=True)
class Desk:
    """What a page is made from: the books, and what the query string asks."""

    books: Books
    asked: Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """A template with its values, and what the page says of the thing in words of schema.org."""

    template: str
    values: Mapping[str, object]
    data: Data = field(default_factory=dict)


Maker = Callable[[str, Desk], Made | None]
"""The IRI of a thing -> what its page is made of; None where its statements are all there is."""
