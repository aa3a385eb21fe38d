"""ontology/checks/accepted.yaml to acceptances: findings left as they are, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.release.findings import Check, Finding, Level, Result, result
from graph_builder.yaml_tree import PLACES, read_yaml

STALE = Check(
    "acceptance-stale",
    "Every acceptance still accepts something.",
    Level.ERROR,
    "ours",
    "take the acceptance out of accepted.yaml",
)
_FIELDS = {"check", "term", "detail", "reason"}


@dataclass(frozen=True)
class Acceptance:
    """Findings of a check on a term (an IRI, or its beginning and `*`) that stay, and why.

    With `detail`, only findings whose detail begins so.
    """

    check: str
    term: str
    reason: str
    place: Place
    detail: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether this is one of the findings meant."""
        start = self.term.removesuffix("*")
        told = finding.term.startswith(start) if self.term.endswith("*") else finding.term == start
        return told and finding.detail.startswith(self.detail)


def read_accepted(path: Path) -> list[Acceptance]:
    """The acceptances of a file; none where there is no file.

    Raises:
        ProblemsFoundError: an entry lacks check, term or reason, or has another field.
    """
    if not path.is_file():
        return []
    entries, problems = read_yaml(path.read_text("utf-8"), path.name)
    if not problems and not isinstance(entries, list):
        mend = "write a list of check, term and reason"
        problems = [Problem(Place(path.name, 1, 1), "this is no list", "accepted", mend)]
    found = []
    for entry in entries if not problems else []:
        wrong = _wrong(entry, path.name)
        problems += wrong
        if not wrong:
            texts = {name: entry[name] for name in _FIELDS if name in entry}
            found.append(Acceptance(place=entry[PLACES][""], **texts))
    if problems:
        raise ProblemsFoundError(problems)
    return found


def _wrong(entry: Any, file: str) -> list[Problem]:
    mend = "write check, term and reason as text, and detail if need be"
    if not isinstance(entry, dict):
        return [Problem(Place(file), f"{entry!r} is no acceptance", "accepted", mend)]
    texts = {name for name in entry if name != PLACES and isinstance(entry[name], str)}
    names = set(entry) - {PLACES}
    if texts == names and {"check", "term", "reason"} <= names <= _FIELDS:
        return []
    shown = ", ".join(sorted(map(str, names)))
    return [Problem(entry[PLACES][""], f"an acceptance of {shown}", "accepted", mend)]


def accept(results: Iterable[Result], acceptances: Collection[Acceptance]) -> list[Result]:
    """The results with accepted findings apart, and one more that names stale acceptances.

    An acceptance of a check that was not run is not stale: nobody knows.
    """
    given = list(results)
    unknown = {one.check.id for one in given if one.not_run}
    used: set[Acceptance] = {one for one in acceptances if one.check in unknown}
    told = []
    for one in given:
        mine = [acceptance for acceptance in acceptances if acceptance.check == one.check.id]
        pairs = [(f, next((a for a in mine if a.covers(f)), None)) for f in one.open]
        used |= {a for _, a in pairs if a}
        accepted = tuple((f, a.reason) for f, a in pairs if a)
        told.append(replace(one, open=tuple(f for f, a in pairs if not a), accepted=accepted))
    stale = [a for a in acceptances if a not in used]
    return [*told, result(STALE, (Finding(a.term, f"{a.place}: {a.check}") for a in stale))]
