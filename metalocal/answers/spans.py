"""A number nobody has told and its limits to the numbers that are worth trying, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import NamedTuple

from graph_builder.attributes import Attribute


class Span(NamedTuple):
    """A number that stands for all above `over` and below `under`, or without them for itself."""

    number: Decimal
    over: Decimal | None = None
    under: Decimal | None = None


def spans_of(attribute: Attribute, limits: Iterable[Decimal]) -> list[Span]:
    """Each limit within the range of a number, and one value at least between each two.

    >>> from graph_builder.attributes import Kind
    >>> count = Attribute("n", Kind.NUMBER, "", "", "", "", 1, lowest=0, whole_numbers=True)
    >>> [int(span.number) for span in spans_of(count, [Decimal(3), Decimal(9)])]
    [0, 1, 2, 3, 4, 8, 9, 10]
    >>> size = Attribute("cm", Kind.NUMBER, "", "", "", "", 1, lowest=0, highest=6)
    >>> [str(span.number) for span in spans_of(size, [Decimal(3)])]
    ['0', '1.5', '3', '4.5', '6']
    """
    low, high = attribute.lowest, attribute.highest
    ends = [Decimal(end) for end in (low, high) if end is not None]
    points = sorted({*limits, *ends})
    if attribute.whole_numbers:
        whole = {point.to_integral_value(ROUND_FLOOR) for point in points}
        found = sorted(Span(number + shift) for number in whole for shift in (-1, 0, 1))
    else:
        found = sorted({*map(Span, points), *_between(points)})
    within = dict.fromkeys(
        one
        for one in found
        if (low is None or one.number >= low) and (high is None or one.number <= high)
    )
    return list(within)


def _between(points: Sequence[Decimal]) -> Iterator[Span]:
    if points:
        yield Span(points[0] - 1, None, points[0])
        yield Span(points[-1] + 1, points[-1], None)
    for one, two in pairwise(points):
        yield Span((one + two) / 2, one, two)


def span_words(first: Span, last: Span, *, lowest: bool, highest: bool) -> str:
    """Numbers from one span to another in words; `lowest` and `highest`: there is none beyond.

    >>> three, more = Span(Decimal(3)), Span(Decimal(4), Decimal(3), Decimal(5))
    >>> span_words(three, more, lowest=False, highest=False)
    '3 or more and below 5'
    >>> span_words(more, more, lowest=False, highest=True)
    'above 3'
    >>> span_words(three, Span(Decimal(8)), lowest=False, highest=False)
    '3 to 8'
    """
    if lowest and highest:
        return "any"
    if first == last and first.over is None and first.under is None:
        return f"{first.number:f}"
    over = f"above {first.over:f}" if first.over is not None else f"{first.number:f} or more"
    under = f"below {last.under:f}" if last.under is not None else f"at most {last.number:f}"
    if lowest or highest:
        return under if lowest else over
    if first.over is None and last.under is None:
        return f"{first.number:f} to {last.number:f}"
    return f"{over} and {under}"
