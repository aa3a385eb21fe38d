"""Patients counted: arms and classes against the whole, subgroups, percentages against counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from graph_builder.audit.findings import CONTRADICTORY, NOTEWORTHY, Finding, Print
from graph_builder.audit.rounding import Span
from graph_builder.audit.views import SYNTHESES, WHOLE, Result, Size, View
from graph_builder.records import decimal_of
from graph_builder.statistics import rounds_to

_TOTALS = {
    "patients_randomised": ("patients_randomised",),
    "patients_analysed": ("patients_analysed",),
    "patients_per_arm": (*WHOLE[1:], "patients_in_population"),
}
"""For each size of an arm, the sizes of a whole that the arms must add up to."""

_SUM = "Take the number of patients from the article of the study."
_OVERLAP = "Do not add the classes up: either patients are in several, or a count is misprinted."
_SHARE = "Quote the count with its whole, not the percentage, until the article is looked up."
_NO_COUNT = (
    "The percentage is of other patients than those printed, such as those with data, or estimated "
    "over time, or misprinted; do not turn it into patients."
)

Group = tuple[str, str, str | None]
"""Population, characteristic and arm."""


def arms_against_whole(view: View) -> Iterator[Finding]:
    """Numbers of patients that the arms, all of them counted, do not add up to."""
    for population in dict.fromkeys(one.population for one in view.sizes):
        for of_arms, of_whole in _TOTALS.items():
            arms: dict[str, Size] = {}
            for one in view.sizes:
                if one.arm and (one.property, one.population) == (of_arms, population):
                    arms.setdefault(one.arm, one)
            wholes: dict[int, list[Size]] = defaultdict(list)
            for one in view.sizes:
                if one.arm is None and one.population == population and one.property in of_whole:
                    wholes[one.count].append(one)
            if len(arms) > 1 and set(arms) == {arm.id for arm in view.study.arms}:
                yield from _unmet(view, list(arms.values()), wholes)


def _unmet(view: View, arms: list[Size], wholes: dict[int, list[Size]]) -> Iterator[Finding]:
    reachable = _sums([one.count for one in arms])
    unplaced = _unplaced(view)
    for count, printed in wholes.items():
        if not reachable & {count, *(count - one for one in unplaced)}:
            numbers = ", ".join(str(one.count) for one in arms)
            text = (
                f"{count} patients are printed for the whole, while the arms have {numbers}, "
                f"together {sum(one.count for one in arms)}."
            )
            shown = tuple(one.print for one in (*printed, *arms))
            about = (view.study.id, f"arms-{count}", text, _SUM, shown)
            yield Finding("parts_against_whole", CONTRADICTORY, *about)


def _sums(numbers: list[int]) -> set[int]:
    """What two or more of the numbers add up to: arms may be parts of other arms."""
    return {
        sum(some) for size in range(2, len(numbers) + 1) for some in combinations(numbers, size)
    }


def _unplaced(view: View) -> list[int]:
    """Patients counted outside the arms, such as those without data."""
    return [
        int(number)
        for result in view.results
        if result.estimate.measure == "count" and result.estimate.arm is None
        for one in result.prints
        if (number := decimal_of(one.value)) is not None
    ]


def classes_against_whole(view: View) -> Iterator[Finding]:
    """Classes of a characteristic whose shares exceed 100 percent, or counts their group."""
    for measure in ("proportion", "count"):
        for (population, _, arm), results in _classes(view, measure).items():
            spans = [span for result in results for _, span in list(result.numbers())[:1]]
            if len(spans) < 2:
                continue
            if measure == "proportion":
                exclusive = view.is_exclusive(results[0].estimate.characteristic)
                least = sum(span.low for span in spans)
                if exclusive and least > 100:
                    severity = NOTEWORTHY if least < 101 else CONTRADICTORY
                    yield _too_many(view, results, "100 percent", severity)
            else:
                known = [one.count for one in view.size_of(population, arm)]
                if known and sum(round((s.low + s.high) / 2) for s in spans) > max(known):
                    yield _too_many(view, results, f"{max(known)} patients", NOTEWORTHY)


def _classes(view: View, measure: str) -> dict[Group, list[Result]]:
    """Results by what their categories are classes of."""
    found: dict[Group, list[Result]] = defaultdict(list)
    units = {"proportion": "percent", "count": "patients"}
    for result in view.results:
        one = result.estimate
        if one.measure == measure and one.category and one.unit == units[measure]:
            found[one.population, one.characteristic or "", one.arm].append(result)
    return found


def _too_many(view: View, results: list[Result], whole: str, severity: str) -> Finding:
    values = ", ".join(next(result.numbers())[0].value for result in results)
    total = sum(decimal_of(next(result.numbers())[0].value) or 0 for result in results)
    first = results[0].estimate
    text = (
        f"The classes of {view.word(first.characteristic)} ({values}) add up to {total}, more than "
        f"{whole}."
    )
    shown = tuple(one for result in results for one in result.prints)
    about = "-".join(filter(None, ["classes", first.characteristic, first.population, first.arm]))
    return Finding("parts_against_whole", severity, view.study.id, about, text, _OVERLAP, shown)


def classes_missing(view: View) -> Iterator[Finding]:
    """Arms whose shares fall short of 100 percent for want of a class that another arm has."""
    groups = _classes(view, "proportion")
    for (population, name, arm), results in groups.items():
        if not view.is_exclusive(name) or _reaches_whole(results):
            continue
        given = {one.estimate.category for one in results}
        for (other_population, other, versus), full in groups.items():
            same = (other_population, other) == (population, name) and versus not in (arm, None)
            lacking = {one.estimate.category for one in full} - given
            if same and arm and lacking and _reaches_whole(full):
                yield _missing(view, results, full, sorted(map(str, lacking)))


def _reaches_whole(results: list[Result]) -> bool:
    spans = [next(result.numbers(), (None, Span(0, 0)))[1] for result in results]
    return sum(span.high for span in spans) >= 100


def _missing(view: View, results: list[Result], full: list[Result], lacking: list[str]) -> Finding:
    first = results[0].estimate
    values = " and ".join(f"{one.prints[0].value} ({one.estimate.category})" for one in results)
    text = (
        f"{view.word(first.characteristic)[:1].upper()}{view.word(first.characteristic)[1:]} with "
        f"{view.arm_label(first.arm)}: {values} percent; the class {', '.join(lacking)}, printed "
        f"for {view.arm_label(full[0].estimate.arm)}, is missing."
    )
    shown = tuple(one for result in (*results, *full) for one in result.prints)
    about = "-".join(filter(None, [first.characteristic, first.population, first.arm]))
    return Finding("class_missing", NOTEWORTHY, view.study.id, about, text, _SUM, shown)


def parts_larger_than_whole(view: View) -> Iterator[Finding]:
    """Subgroups with more patients than the population they lie within."""
    for population in view.study.populations:
        if population.within is None:
            continue
        wholes = view.size_of(population.within, None)
        for part in view.sizes:
            if part.population != population.id or part.arm or not wholes:
                continue
            largest = max(wholes, key=lambda one: one.count)
            if part.count > largest.count:
                text = (
                    f"{part.count} patients are printed for {population.label}, more than the "
                    f"{largest.count} of the group it lies within."
                )
                shown = (part.print, largest.print)
                about = (view.study.id, population.id, text, _SUM, shown)
                yield Finding("part_larger_than_whole", CONTRADICTORY, *about)


def shares_against_counts(view: View) -> Iterator[Finding]:
    """Percentages that are not those of the patients counted for the same thing."""
    for share in view.results:
        if share.estimate.measure != "proportion" or share.estimate.unit != "percent":
            continue
        for count in view.results:
            if count.estimate.measure == "count" and _same_thing(share, count):
                yield from _unequal(view, share, count)


def _same_thing(one: Result, two: Result) -> bool:
    a, b = one.estimate, two.estimate
    return (
        one.subject == two.subject
        and (a.population, a.arm, a.at) == (b.population, b.arm, b.at)
        and a.contrast is None
        and b.contrast is None
        and b.unit == "patients"
    )


def _unequal(view: View, share: Result, count: Result) -> Iterator[Finding]:
    one = count.estimate
    wholes = {size.count for size in view.size_of(one.population, one.arm)}
    if not wholes:
        return
    wholes |= {
        int(found)
        for other in view.results
        if other.estimate.measure == "count"
        and other is not count
        and other.estimate.arm == one.arm
        for print_ in other.prints
        if (found := decimal_of(print_.value)) is not None
    }
    for counted, _ in count.numbers():
        number = _whole_number(counted)
        for print_, _ in share.numbers():
            shares = [100 * number / whole for whole in wholes if whole >= number]
            if shares and not any(rounds_to(one_share, print_.value) for one_share in shares):
                yield _unequal_finding(view, share, (print_, counted), sorted(wholes))
                return


def _whole_number(one: Print) -> int:
    return int(decimal_of(one.value) or 0)


def _unequal_finding(
    view: View, share: Result, shown: tuple[Print, Print], wholes: list[int]
) -> Finding:
    printed, counted = shown
    number = _whole_number(counted)
    found = " or ".join(f"{100 * number / n:.1f} (of {n})" for n in wholes if n >= number)
    text = (
        f"{printed.value} percent and {counted.value} patients are printed for one thing, and "
        f"{counted.value} patients are {found} percent ({share.phrase})."
    )
    about = (view.study.id, share.estimate.id, text, _SHARE, shown)
    return Finding("share_against_count", CONTRADICTORY, *about)


def shares_of_no_count(view: View) -> Iterator[Finding]:
    """Percentages of patients that no whole number of the patients printed gives.

    Not of lesions or sites, of which a patient can have several, of margins, which only those
    operated on have, nor at a time point or pooled over studies, where a percentage is estimated
    and not counted.
    """
    if view.study.design in SYNTHESES:
        return
    groups: dict[tuple[str, str | None], list[tuple[Result, Print]]] = defaultdict(list)
    for result in view.results:
        one = result.estimate
        shares = one.measure == "proportion" and one.unit == "percent" and one.at is None
        if not shares or one.contrast or one.characteristic in _OF_OTHERS:
            continue
        wholes = {size.count for size in view.size_of(one.population, one.arm)}
        for print_, _ in result.numbers():
            if wholes and not any(_is_share_of(whole, print_.value) for whole in wholes):
                groups[one.population, one.arm].append((result, print_))
    for (population, arm), found in groups.items():
        yield _no_count(view, population, arm, found)


_OF_OTHERS = ("treated_site", "clear_margins")


def _is_share_of(whole: int, printed: str) -> bool:
    """Whether some number of patients out of a whole rounds to a printed percentage.

    >>> _is_share_of(136, "71.8"), _is_share_of(45, "8.9")
    (False, True)
    """
    nearest = round(float(printed) * whole / 100)
    return any(
        rounds_to(100 * number / whole, printed)
        for number in (nearest - 1, nearest, nearest + 1)
        if 0 <= number <= whole
    )


def _no_count(
    view: View, population: str, arm: str | None, found: list[tuple[Result, Print]]
) -> Finding:
    values = " or ".join(dict.fromkeys(one.value for _, one in found))
    wholes = " or ".join(str(n) for n in sorted({s.count for s in view.size_of(population, arm)}))
    phrases = "; ".join(dict.fromkeys(result.phrase for result, _ in found))
    text = f"No whole number of {wholes} patients is {values} percent ({phrases})."
    shown = tuple(one for _, one in found)
    about = (view.study.id, "-".join(filter(None, [population, arm])), text, _NO_COUNT, shown)
    return Finding("share_of_no_count", NOTEWORTHY, *about)
