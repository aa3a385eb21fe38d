"""A study -> its arms, populations, estimates and reports in columns, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metalocal.explorer.network.nearby import OUT, neighbours
from metalocal.explorer.network.records import Network, Node, Picture

_ACROSS, _DOWN = 340.0, 56.0
COLUMNS = ("study", "arms", "populations", "estimates", "reports", "sources")


def study_picture(network: Network, study: str, limit: int) -> Picture:
    """A study from left to right; columns keep the order in which the study is told.

    Populations stand under the one they lie within, estimates by population, reports by source. At
    most `limit` things are shown: reports are left out first, then estimates.
    """
    columns = _columns(network, study)
    total = sum(len(column) for column in columns)
    shown = zip(COLUMNS, _cut(columns, limit), strict=True)
    nodes = [
        node
        for number, (name, column) in enumerate(shown)
        for node in _stack(network, column, number * _ACROSS, name)
    ]
    edges = network.among(node.id for node in nodes)
    return Picture(tuple(nodes), edges, total, laid_out=True)


def _columns(network: Network, study: str) -> list[list[str]]:
    arms = _in_file_order(network, neighbours(network, study, "hasArm", OUT))
    populations = _nested(network, neighbours(network, study, "hasPopulation", OUT))
    estimates = _by_population(network, study, populations)
    own = [*populations, *estimates]
    reports = dict.fromkeys(
        report for one in own for report in neighbours(network, one, "hasReport", OUT)
    )
    by_source: dict[str, list[str]] = {}
    for report in reports:
        for source in neighbours(network, report, "reportedIn", OUT):
            by_source.setdefault(source, []).append(report)
    sources = sorted(by_source)
    ordered = dict.fromkeys(report for source in sources for report in by_source[source])
    return [[study], arms, populations, estimates, list(ordered), sources]


def _nested(network: Network, populations: Iterable[str]) -> list[str]:
    """Each population followed by those within it."""
    held = sorted(populations)
    inside = {one: neighbours(network, one, "within", OUT) for one in held}
    ordered: dict[str, None] = {}

    def add(population: str) -> None:
        if population not in ordered:
            ordered[population] = None
            for other in held:
                if population in inside[other]:
                    add(other)

    for one in [*(one for one in held if not inside[one]), *held]:
        add(one)
    return list(ordered)


def _by_population(network: Network, study: str, populations: Sequence[str]) -> list[str]:
    place = {population: number for number, population in enumerate(populations)}

    def order(estimate: str) -> tuple[int, int]:
        about = [place[one] for one in neighbours(network, estimate, "population") if one in place]
        return min(about, default=len(place)), told[estimate]

    found = _in_file_order(network, neighbours(network, study, "hasEstimate", OUT))
    told = {estimate: number for number, estimate in enumerate(found)}
    return sorted(found, key=order)


def _in_file_order(network: Network, things: Iterable[str]) -> list[str]:
    return sorted(things, key=lambda one: (network.nodes[one].sequence, one))


def _cut(columns: Sequence[list[str]], limit: int) -> list[list[str]]:
    """The columns with no more than `limit` things, the last but one cut first."""
    shown = [list(column) for column in columns]
    for across in (4, 3, 2, 1):
        beyond = sum(len(column) for column in shown) - limit
        if beyond > 0:
            shown[across] = shown[across][: max(0, len(shown[across]) - beyond)]
    return shown


def _stack(network: Network, column: Sequence[str], left: float, name: str) -> list[Node]:
    """The things of a column one below the other, about the middle of the picture."""
    top = -_DOWN * (len(column) - 1) / 2
    return [
        network.nodes[one].placed(left, top + down * _DOWN, name) for down, one in enumerate(column)
    ]
