"""A release report to text for the terminal, Markdown for the release notes, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from graph_builder.release.findings import Finding, FoopsTest, ReleaseReport, Result

SHOWN = 5
"""How many findings of one check are printed; JSON has all."""


def as_text(report: ReleaseReport) -> str:
    """The report as lines: each check, what it found, what is accepted, the score, the sum."""
    lines = [_heading(report), ""]
    for result in report.results:
        check = result.check
        lines.append(f"{result.word:9} {check.id}: {check.title} [{check.origin}]")
        lines += [f"          {line}" for line in _told(result)]
    lines += ["", foops_line(report.foops)]
    lines += [f"{test.passed:5} of {test.asked:<5} {_foops_words(test)}" for test in report.foops]
    return "\n".join([*lines, "", summary(report), ""])


def as_markdown(report: ReleaseReport) -> str:
    """The report as two tables and the sum."""
    lines = [f"# {_heading(report)}", "", summary(report), ""]
    lines += ["| result | check | rule | from | found |", "|---|---|---|---|---|"]
    for result in report.results:
        told = "<br>".join(_cell(line) for line in _told(result))
        check = result.check
        cells = (result.word, check.id, _cell(check.title), _cell(check.origin), told)
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", f"## {foops_line(report.foops)}", ""]
    lines += ["| test | passed | of | |", "|---|---|---|---|"]
    for test in report.foops:
        words = _cell(_foops_words(test).removeprefix(f"{test.id}: "))
        lines.append(f"| {test.id} | {test.passed} | {test.asked} | {words} |")
    return "\n".join([*lines, ""])


def as_json(report: ReleaseReport) -> str:
    """The report with every finding."""
    results = [
        {
            **asdict(result.check),
            "result": result.word,
            "open": [asdict(finding) for finding in result.open],
            "accepted": [{**asdict(f), "reason": reason} for f, reason in result.accepted],
            "not_run": result.not_run,
        }
        for result in report.results
    ]
    whole = {
        "ontology": report.ontology,
        "version": report.version,
        "triples": report.triples,
        "released": not report.stops,
        "summary": summary(report),
        "checks": results,
        "foops": [asdict(test) for test in report.foops],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def summary(report: ReleaseReport) -> str:
    """How many checks passed, how many findings are open at which level, and what was not run."""
    counts = {
        level: sum(len(r.open) for r in report.results if r.check.level == level)
        for level in ("error", "warning", "info")
    }
    run = [result for result in report.results if not result.not_run]
    accepted = sum(len(result.accepted) for result in run)
    left_out = len(report.results) - len(run)
    found = ", ".join(f"{number} {level}" for level, number in counts.items())
    tail = f"; {left_out} checks not run" if left_out else ""
    return f"{len(run)} checks run: {found}; {accepted} findings accepted{tail}"


def foops_line(tests: tuple[FoopsTest, ...]) -> str:
    """The score as FOOPS counts it: the mean share of parts passed, and tests passed whole."""
    whole = sum(test.passed == test.asked for test in tests)
    asked = [test for test in tests if test.asked]
    share = sum(test.passed / test.asked for test in asked) / len(asked) if asked else 0
    return f"FOOPS, tests on the file alone: {whole} of {len(tests)} passed, score {share:.2f}"


def _heading(report: ReleaseReport) -> str:
    version = report.version or "without a version"
    return f"Release report of {report.ontology}, version {version}: {report.triples} triples"


def _told(result: Result) -> Iterator[str]:
    if result.not_run:
        yield f"not run: {result.not_run}"
    if result.open:
        yield f"{len(result.open)} found; mend: {result.check.mend}"
    yield from map(_finding, result.open[:SHOWN])
    reasons: dict[str, list[Finding]] = {}
    for finding, reason in result.accepted:
        reasons.setdefault(reason, []).append(finding)
    for reason, findings in reasons.items():
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        yield f"accepted: {findings[0].term}{more}: {reason}"


def _finding(finding: Finding) -> str:
    return f"{finding.term}: {finding.detail}"


def _foops_words(test: FoopsTest) -> str:
    return f"{test.id}: {test.title}" + (f" ({test.detail})" if test.detail else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
