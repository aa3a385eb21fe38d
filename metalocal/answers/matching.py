"""A profile to its verdict on every group by criteria, and how it stands to each criterion.

The same three values as `queries/verdicts.rq` and `queries/reasons.rq`, by an index read once:
criteria that ask the same have a clause in common, so that a profile is judged against a few
hundred clauses however many groups there are; groups are bits of integers, one integer a clause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from metalocal.answers.clauses import Clause, Clauses
from metalocal.answers.records import VERDICTS, Reason
from metalocal.answers.rows import Row
from metalocal.attributes import local_name
from metalocal.profiles import Profile
from metalocal.worlds import bits_at, worlds_of

_STATUS = ("met", "unknown", "not met")
_INCLUDED, _INDETERMINATE, _EXCLUDED = VERDICTS


@dataclass(frozen=True)
class Standing:
    """How a profile stands to all groups: a bit each, in their order; no bit stands twice."""

    included: int
    indeterminate: int
    excluded: int


@dataclass(frozen=True)
class Asked:
    """A criterion: its clauses, and what is told of who meets it, leaves it open, fails it."""

    clauses: tuple[str, ...]
    reasons: tuple[Reason, Reason, Reason]


@dataclass(frozen=True)
class Matching:
    """What all groups ask.

    `each` judges each clause by its IRI, `asking` has the groups that ask for it, a bit each in the
    order of `criteria`: the criteria of each group in the order they are told in.
    """

    each: Clauses
    asking: Mapping[str, int]
    criteria: Mapping[str, tuple[Asked, ...]]

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups in the order of their bits."""
        return tuple(self.criteria)

    def standing(self, profile: Profile) -> Standing:
        """How the profile stands to every group; no group is looked at by itself."""
        return self._standing(self._statuses(profile))

    def verdicts(self, profile: Profile) -> dict[str, str]:
        """For every group, whether the profile fits it."""
        return self._verdicts(self._statuses(profile))

    def told(self, profile: Profile) -> tuple[dict[str, str], dict[str, list[Reason]]]:
        """Verdicts on every group, and how the profile stands to each of its criteria."""
        statuses = self._statuses(profile)
        reasons = {
            group: [one.reasons[max(map(statuses.__getitem__, one.clauses))] for one in asked]
            for group, asked in self.criteria.items()
        }
        return self._verdicts(statuses), reasons

    def _statuses(self, profile: Profile) -> dict[str, int]:
        """Of each clause 0 where it is met, 1 where it is open, 2 where it is not met."""
        judged = self.each.decided(self.asking, worlds_of([profile]))
        return {clause: 0 if met else 2 if unmet else 1 for clause, (met, unmet) in judged.items()}

    def _standing(self, statuses: Mapping[str, int]) -> Standing:
        found = [0, 0, 0]
        for clause, status in statuses.items():
            if status:
                found[status] |= self.asking[clause]
        _, still_open, excluded = found
        every = (1 << len(self.criteria)) - 1
        return Standing(every & ~(still_open | excluded), still_open & ~excluded, excluded)

    def _verdicts(self, statuses: Mapping[str, int]) -> dict[str, str]:
        standing = self._standing(statuses)
        found = dict.fromkeys(self.criteria, _INDETERMINATE)
        found.update(dict.fromkeys(self.chosen(standing.included), _INCLUDED))
        found.update(dict.fromkeys(self.chosen(standing.excluded), _EXCLUDED))
        return found

    def chosen(self, bits: int) -> Iterator[str]:
        """The groups of these bits, in order."""
        written = f"{bits:b}"[::-1]
        place = written.find("1")
        while place >= 0:
            yield self.groups[place]
            place = written.find("1", place + 1)


def matching_of(each: Clauses, rows: Sequence[Row], asked: Mapping[str, Sequence[str]]) -> Matching:
    """The index of all groups.

    Args:
        each: each clause, as a group of its own.
        rows: of the query criteria.
        asked: the attributes that each criterion asks about, by IRI.
    """
    criteria: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    labels: dict[str, str] = {}
    for row in rows:
        criteria[row["group"]][row["criterion"]].append(row["clause"])
        labels[row["criterion"]] = row["criterionLabel"]
    asking: dict[str, dict[int, None]] = defaultdict(dict)
    for place, of_group in enumerate(criteria.values()):
        for clauses in of_group.values():
            for clause in clauses:
                asking[clause][place] = None
    return Matching(
        each,
        {clause: bits_at(list(places)) for clause, places in asking.items()},
        {
            group: tuple(
                Asked(tuple(clauses), _reasons(labels[criterion], asked[criterion]))
                for criterion, clauses in of_group.items()
            )
            for group, of_group in criteria.items()
        },
    )


def _reasons(label: str, attributes: Sequence[str]) -> tuple[Reason, Reason, Reason]:
    keys = tuple(map(local_name, attributes))
    met, unknown, not_met = (Reason(label, status, keys) for status in _STATUS)
    return met, unknown, not_met


def gathered(each: Clauses, rows: Iterable[Row], by: str) -> Clauses:
    """The clauses of each group or criterion, named in column `by` of the query criteria."""
    found: dict[str, dict[Clause, None]] = defaultdict(dict)
    for row in rows:
        found[row[by]].update(dict.fromkeys(each.of_group[row["clause"]]))
    return Clauses({group: tuple(clauses) for group, clauses in found.items()}, each.at_least)
