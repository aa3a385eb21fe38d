"""`/maps/audit`: what is printed and does not fit, finding by finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.attributes import local_name
from metalocal.catalogue import ID
from metalocal.explorer.maps.asking import Choice, Filter, address, asked
from metalocal.explorer.maps.downloads import download
from metalocal.explorer.maps.gathering import Gathering
from metalocal.findings import SEVERITIES, Finding, FoundAt, chosen, findings_of
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of
from metalocal.pages import html_page
from metalocal.pages.addresses import Link, path_of
from metalocal.render.findings import as_csv, as_json

PATH = "/maps/audit"


@dataclass(frozen=True)
class Audit:
    """The findings; the report at each place of a finding by its id; words that can be asked."""

    findings: tuple[Finding, ...]
    reports: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    studies: Mapping[str, str]

    @property
    def by_study(self) -> Counter[str]:
        """How many findings there are on each study."""
        return Counter(finding.study for finding in self.findings)


@dataclass(frozen=True)
class Print:
    """What is printed at a place that a finding concerns, and the path of its report."""

    at: FoundAt
    report: str


def audit_routes(gathering: Gathering) -> list[BaseRoute]:
    """The page, and the findings as CSV and JSON."""

    async def page(request: Request) -> Response:
        audit = await gathering.of("audit", audit_of, request)
        return html_page(request, "map_audit.html", _values(audit, asked(request, _known(audit))))

    async def table(request: Request) -> Response:
        audit = await gathering.of("audit", audit_of, request)
        text = as_csv(_findings(audit, asked(request, _known(audit))))
        return download(text, "audit", gathering.version, "csv")

    async def document(request: Request) -> Response:
        audit = await gathering.of("audit", audit_of, request)
        found = _findings(audit, asked(request, _known(audit)))
        return download(as_json(found), "audit", gathering.version, "json")

    return [Route(PATH, page), Route(f"{PATH}.csv", table), Route(f"{PATH}.json", document)]


def audit_of(graph: EvidenceGraph, queries: Path) -> Audit:
    """Every finding with its reports, and all kinds and studies there are."""

    def words(query: str, column: str) -> dict[str, str]:
        rows = rows_of(graph, queries, query)
        return {local_name(row[column]): row["label"] for row in rows}

    return Audit(
        findings_of(graph, queries),
        _reports(graph, queries),
        words("audit-kinds", "kind"),
        words("studies", "study"),
    )


def _reports(graph: EvidenceGraph, queries: Path) -> dict[str, tuple[str, ...]]:
    """For each finding, the paths of its reports in the order of its places."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows_of(graph, queries, "findings"):
        name = row["finding"].removeprefix(f"{ID}study/").replace("/finding/", "/", 1)
        found[name] = (*found.get(name, ()), path_of(row["report"]) or "")
    return found


def _known(audit: Audit) -> dict[str, list[str]]:
    return {
        "severity": list(SEVERITIES),
        "kind": list(audit.kinds),
        "study": list(audit.studies),
    }


def _findings(audit: Audit, asked_for: Mapping[str, str]) -> tuple[Finding, ...]:
    return chosen(
        audit.findings,
        studies=_one(asked_for, "study"),
        kinds=_one(asked_for, "kind"),
        severities=_one(asked_for, "severity"),
    )


def _one(asked_for: Mapping[str, str], name: str) -> Sequence[str]:
    return [asked_for[name]] if name in asked_for else []


def _values(audit: Audit, asked_for: Mapping[str, str]) -> dict[str, object]:
    found = _findings(audit, asked_for)
    groups = [(word, [one for one in found if one.severity == word]) for word in SEVERITIES]
    return {
        "title": "Audit: what is printed and does not fit",
        "here": "/maps",
        "sheets": ["maps"],
        "script": "maps",
        "crumbs": [Link("Maps", "/maps")],
        "path": PATH,
        "filters": _filters(audit, asked_for),
        "groups": [(word, group) for word, group in groups if group],
        "count": len(found),
        "studies": len({one.study for one in found}),
        "of_all": len(audit.findings),
        "is_narrowed": bool(asked_for),
        "prints": {one.id: _prints(audit, one) for one in found},
        "page_of": page_of,
        "files": [
            Link(form.upper(), address(f"{PATH}.{form}", **asked_for)) for form in ("csv", "json")
        ],
    }


def page_of(finding: Finding) -> str:
    """Path of the finding's own page."""
    return f"/id/study/{finding.study}/finding/{finding.id.removeprefix(finding.study + '/')}"


def _prints(audit: Audit, finding: Finding) -> list[Print]:
    reports = audit.reports[finding.id]
    return [Print(at, report) for at, report in zip(finding.places, reports, strict=True)]


def _filters(audit: Audit, asked_for: Mapping[str, str]) -> list[Filter]:
    severities = {word: word for word in SEVERITIES}
    told = (("severity", severities), ("kind", audit.kinds), ("study", audit.studies))
    return [_filter(audit, name, labels, asked_for.get(name, "")) for name, labels in told]


def _filter(audit: Audit, name: str, labels: Mapping[str, str], asked_for: str) -> Filter:
    """What findings there are of, and what is asked for though there be none."""
    counts = Counter(getattr(finding, name) for finding in audit.findings)
    choices = [
        Choice(word, label, counts[word])
        for word, label in labels.items()
        if counts[word] or word == asked_for
    ]
    if name != "severity":
        choices.sort(key=lambda choice: choice.label.lower())
    return Filter(name, name.capitalize(), tuple(choices), asked_for)
