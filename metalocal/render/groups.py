"""Groups of decision models into words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from metalocal.answers import ModelAnswer, criteria_of

NAMED = 3
"""Groups a patient may be in that are named each; of more, only the facts that decide."""


_STANDS = {
    "included": ("is", " and ", "met"),
    "indeterminate": ("may be", " or ", "unknown"),
    "excluded": ("is not", " or ", "not met"),
}


def by_model(models: Iterable[ModelAnswer]) -> dict[str, list[ModelAnswer]]:
    """The groups of each model, by its name."""
    found: dict[str, list[ModelAnswer]] = defaultdict(list)
    for group in models:
        found[group.model].append(group)
    return found


def every_group(groups: list[ModelAnswer]) -> list[str]:
    """All groups of a model by verdict, with their criteria."""
    return [words for verdict in _STANDS for words in _stands(groups, verdict)]


def groups_in_brief(groups: list[ModelAnswer]) -> list[str]:
    """The groups not excluded, by name; those that take others together stand behind."""
    narrow = [group for group in groups if not group.wider]
    wide = [group for group in groups if group.wider]
    told = [*_names(narrow, "included"), *_undecided(narrow)]
    sure = [group.group for group in wide if group.verdict == "included"]
    if sure:
        told.append(f"in the wider group{'s' * (len(sure) > 1)} {', '.join(sure)}")
    return told or _undecided(wide)


def reason_for_none(groups: list[ModelAnswer]) -> str:
    """The criteria that keep the patient out of every group of a model, where all share some."""
    first, *rest = (criteria_of(group.reasons, "not met") for group in groups)
    shared = [reason for reason in first if all(reason in one for one in rest)]
    return "; ".join(shared) or "one criterion or another of each group"


def _undecided(groups: list[ModelAnswer]) -> list[str]:
    found = [group for group in groups if group.verdict == "indeterminate"]
    if len(found) <= NAMED:
        return list(_names(found, "indeterminate"))
    facts = ", ".join(dict.fromkeys(fact for group in found for fact in group.deciding))
    return [f"{len(found)} groups undecided; what decides: {facts}"]


def _stands(groups: list[ModelAnswer], verdict: str) -> Iterator[str]:
    """The groups of a verdict with their criteria."""
    status = _STANDS[verdict][-1]
    found = [group for group in groups if group.verdict == verdict]
    reasons = dict.fromkeys(r for group in found for r in criteria_of(group.reasons, status))
    for names in _names(groups, verdict):
        yield f"{names} ({status}: {', '.join(reasons)})"


def _names(groups: list[ModelAnswer], verdict: str) -> Iterator[str]:
    """The names of the groups of a verdict, as "may be one or another"."""
    words, joined, _ = _STANDS[verdict]
    found = [group.group for group in groups if group.verdict == verdict]
    if found:
        yield f"{words} {joined.join(found)}"
