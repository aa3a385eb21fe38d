"""Printed digits into numbers, where they are one number."""

from __future__ import annotations

import re

_ONE_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def number_of(printed: str) -> int | float | None:
    """The number that is printed; none where words, a sign or a range stand with it.

    >>> [number_of(text) for text in ("0.70", "46", "<0.001", "3-4", "not reached", "")]
    [0.7, 46, None, None, None, None]
    """
    if not _ONE_NUMBER.fullmatch(printed):
        return None
    return float(printed) if "." in printed else int(printed)


def printed_number(printed: str) -> dict[str, object] | None:
    """Digits as printed beside the number they are; none where nothing is printed.

    >>> printed_number("0.70")
    {'printed': '0.70', 'number': 0.7}
    """
    return {"printed": printed, "number": number_of(printed)} if printed else None


def place(locator: str) -> dict[str, object]:
    """Source and line of a locator.

    >>> place("liu-2023:62")
    {'source': 'liu-2023', 'line': 62}
    """
    source, _, line = locator.rpartition(":")
    return {"source": source, "line": int(line)}
