"""The arms of ratios to what a ratio below 1, and above 1, favours, in words."""

from __future__ import annotations

from collections.abc import Sequence

from metalocal.pooling.records import Ratio, Side


def favoured(ratios: Sequence[Ratio]) -> tuple[str, str]:
    """What ratios of an unwanted event favour below 1, and what above 1.

    A side is named by the label that its arms share, or else by what sets all of them apart from
    all arms of the other side. Doing without what the other side has in common is named so.
    """
    tested = [one.arm for one in ratios if one.arm]
    control = [one.versus for one in ratios if one.versus]
    treatment = _set_apart(tested, control)
    without = f"no {treatment}" if treatment else "the comparator"
    left = _shared_label(tested) or treatment or "the intervention"
    right = _shared_label(control) or _set_apart(control, tested) or without
    return f"favours {left}", f"favours {right}"


def _shared_label(sides: Sequence[Side]) -> str:
    labels = {one.label for one in sides}
    return labels.pop() if len(labels) == 1 else ""


def _set_apart(own: Sequence[Side], other: Sequence[Side]) -> str:
    """The narrowest treatments that all arms of one side give and none of the other does."""
    if not own:
        return ""
    given = frozenset.intersection(*(one.treatments for one in own))
    apart = given.difference(*(one.treatments for one in other))
    wider = {code for one in apart for code in one.wider}
    return " and ".join(sorted(one.label for one in apart if one.code not in wider))
