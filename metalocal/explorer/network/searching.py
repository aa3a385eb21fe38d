"""A text -> the things it may name: by label, other names and registration numbers."""

from __future__ import annotations

from collections.abc import Iterable

from metalocal.explorer.network.records import Network, Node

_SOUGHT_LAST = frozenset({"Report", "StudyFact", "Statement", "Figure", "AuditFinding"})


def search(network: Network, text: str, limit: int) -> list[Node]:
    """The things with a name that holds `text`, at most `limit`.

    Names that are the text come first, then those that begin with it, those of which a word does,
    those that hold it, and those that hold all its words somewhere; among equals studies come
    first. Reports and facts of studies come last. Capitals do not matter; no text gives nothing.
    """
    sought = text.casefold().strip()
    if not sought:
        return []
    found: list[tuple[bool, int, int, str]] = []
    for thing in network.by_importance:
        place = _place(sought, (network.nodes[thing].label, *network.nodes[thing].names))
        if place is not None:
            last = network.nodes[thing].type in _SOUGHT_LAST
            found.append((last, place, len(found), thing))
    return [network.nodes[thing] for *_, thing in sorted(found)[:limit]]


def _place(sought: str, names: Iterable[str]) -> int | None:
    """How well the best of the names fits: 0 best; None where none holds all the words.

    >>> [_place("tata", [name]) for name in ("TATA", "TATA: arm", "in TATA", "notata", "E2108")]
    [0, 1, 2, 3, None]
    >>> _place("tata survival", ["TATA: overall survival"])
    4
    """
    places = []
    for name in names:
        words = name.casefold()
        if sought not in words:
            places += [4] if all(word in words for word in sought.split()) else []
        elif words.startswith(sought):
            places.append(0 if words == sought else 1)
        else:
            places.append(2 if f" {sought}" in words else 3)
    return min(places, default=None)
