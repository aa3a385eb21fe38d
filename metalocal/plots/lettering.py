"""Text into lines that fit a width, measured in the letters that the press sets."""

from __future__ import annotations

from functools import lru_cache

from metalocal.plots.drawing import BODY

FONT = "DejaVu Sans"
"""Comes with matplotlib, and is wider than the fonts a viewer of an SVG may put in its place."""


@lru_cache(maxsize=4096)
def width_of(text: str, size: float = BODY, bold: bool = False) -> float:
    """Width of one line, in points."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415  (slow)
    from matplotlib.textpath import text_to_path  # noqa: PLC0415  (slow)

    letters = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, letters, False)[0])


def wrapped(text: str, width: float, size: float = BODY, bold: bool = False) -> list[str]:
    """Lines no wider than `width`; a word that is wider is cut. At least one line."""
    return [
        line
        for paragraph in text.split("\n")
        for line in paragraph_lines(clean(paragraph), width, size, bold)
    ] or [""]


def paragraph_lines(text: str, width: float, size: float, bold: bool) -> list[str]:
    """The lines of one paragraph."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        pieces = cut(word, width, size, bold)
        lines = (lines if lines[-1] else lines[:-1]) + pieces
    return lines


def cut(word: str, width: float, size: float, bold: bool) -> list[str]:
    """A word in pieces that fit, of one letter at least."""
    pieces = [word[0]]
    for letter in word[1:]:
        if width_of(pieces[-1] + letter, size, bold) <= width:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def clean(text: str) -> str:
    """The text with a space for each character that does not print; XML has no place for most."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def raised(number: int) -> str:
    """A number in superscript figures.

    >>> raised(12)
    '¹²'
    """
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
