"""Values that parts and times bound: a whole between its parts, survival that can only fall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from graph_builder.audit.findings import CONTRADICTORY, DOUBTFUL, Finding
from graph_builder.audit.rounding import Span
from graph_builder.audit.views import Result, View

_AVERAGED = ("median", "mean", "unspecified_average", "rate", "proportion")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}

_WHOLE = "Use neither the value of the whole nor those of its parts without the article."
_RISING = "One of the rates, or its time, must be a misprint; look into the article of the study."


def wholes_outside_parts(view: View) -> Iterator[Finding]:
    """Values of a whole that lie below or above those of all the parts it consists of."""
    arms = [arm.id for arm in view.study.arms]
    for result in view.results:
        one = result.estimate
        if one.measure not in _AVERAGED or one.contrast is not None:
            continue
        parts = (tuple(arms) if len(arms) == 2 else ()) if one.arm is None else _parts(view, result)
        found = [
            other
            for part in parts
            for other in view.of_arm(part, result, one.measure)
            if other.estimate.at == one.at
        ]
        if len(parts) > 1 and len(found) == len(parts):
            yield from _outside(view, result, found)


def _parts(view: View, result: Result) -> tuple[str, ...]:
    """The arms that an arm consists of: those whose patients add up to its own."""
    one = result.estimate
    sizes = {
        arm.id: {size.count for size in view.size_of(one.population, arm.id)}
        for arm in view.study.arms
    }
    counts = {arm: next(iter(found)) for arm, found in sizes.items() if len(found) == 1}
    whole = counts.pop(one.arm or "", None)
    matching = [
        some
        for size in range(2, len(counts) + 1)
        for some in combinations(counts, size)
        if sum(counts[arm] for arm in some) == whole
    ]
    return matching[0] if len(matching) == 1 else ()


def _outside(view: View, result: Result, parts: list[Result]) -> Iterator[Finding]:
    spans = [span for part in parts for _, span in part.numbers()]
    if len({part.estimate.id for part in parts if list(part.numbers())}) < len(parts):
        return
    hull = Span(min(span.low for span in spans), max(span.high for span in spans))
    wholes = [one for one, span in result.numbers() if not span.meets(hull)]
    if not wholes:
        return
    values = " and ".join(next(part.numbers())[0].value for part in parts)
    text = (
        f"{' or '.join(dict.fromkeys(one.value for one in wholes))} is printed for the whole, "
        f"outside the {values} of the parts it consists of ({result.phrase})."
    )
    shown = (*wholes, *(one for part in parts for one in part.prints))
    about = (view.study.id, result.estimate.id, text, _WHOLE, shown)
    yield Finding("whole_outside_parts", DOUBTFUL, *about)


def rates_out_of_order(view: View) -> Iterator[Finding]:
    """Rates of patients free of an event that rise with time, and rates with it that fall."""
    groups: dict[tuple[object, ...], list[Result]] = defaultdict(list)
    for result in view.results:
        one = result.estimate
        if one.measure == "rate" and one.unit == "percent" and one.contrast is None and one.at:
            groups[(*result.subject, one.population, one.arm)].append(result)
    for results in groups.values():
        for earlier, later in combinations(sorted(results, key=_days), 2):
            if _days(earlier) < _days(later):
                yield from _wrong_way(view, earlier, later)


def _days(result: Result) -> float:
    number, unit = (result.estimate.at or "0 day").split()
    return float(number) * _DAYS[unit]


def _wrong_way(view: View, one: Result, two: Result) -> Iterator[Finding]:
    polarity = view.polarity(one.estimate.outcome)
    for a, earlier in one.numbers():
        for b, later in two.numbers():
            rises, falls = earlier.below(later), later.below(earlier)
            if (polarity == "higher" and rises) or (polarity == "lower" and falls):
                text = (
                    f"{a.value} percent at {one.estimate.at}s and {b.value} percent at "
                    f"{two.estimate.at}s cannot both be: the share can only "
                    f"{'fall' if rises else 'rise'} ({two.phrase})."
                )
                about = f"{one.estimate.id}-{two.estimate.id}"
                yield Finding(
                    "survival_rising",
                    CONTRADICTORY,
                    view.study.id,
                    about,
                    text,
                    _RISING,
                    (a, b),
                )
                return
