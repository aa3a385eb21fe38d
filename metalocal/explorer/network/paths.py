"""Two things of the network -> the shortest ways of evidence between them, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from metalocal.explorer.network.records import (
    PROFILE,
    WORD_TYPES,
    Edge,
    Network,
    Node,
    Picture,
)

if TYPE_CHECKING:
    import networkx as nx

MOST_PATHS = 3
_MOST_TRIES = 9
_USED_AGAIN = {True: 6.0, False: 2.0}
"""How much further a way is by a thing of an earlier path: a word of the ontology, another."""
_LONGEST, _MAY_ADD = 1.5, 6.0
"""How many times as long as the first path another may be, and what may come on top."""
_DEAR = {"Question": 4.0, "Report": 4.0, "StudyFact": 5.0, "Statement": 4.0, "AuditFinding": 5.0}
_DEAR |= {"Figure": 4.0, "StudyProperty": 6.0, "BaselineCharacteristic": 2.0}
_DEAR |= dict.fromkeys(("OneOfAttribute", "YesNoAttribute", "SetAttribute", "NumberAttribute"), 2.0)
_CHEAP = {"Intervention": -0.5, "Outcome": -0.5, "GuidanceStatement": 0.5}
_ACROSS, _DOWN = 260.0, 150.0

Weight = Callable[[str, str, Any], float | None]


@dataclass(frozen=True)
class Patient:
    """Somebody whom groups include; `verdicts` are by the id of the group, `told` in words."""

    told: str
    verdicts: dict[str, str] = field(default_factory=dict)

    @property
    def including(self) -> list[str]:
        """The groups that include her."""
        return sorted(group for group, verdict in self.verdicts.items() if verdict == "included")

    @property
    def node(self) -> Node:
        """She as a thing of a picture."""
        return Node(PROFILE, "this patient", PROFILE, "patient", {"told": self.told})


def evidence_paths(
    network: Network, start: str, end: str, patient: Patient | None = None
) -> Picture | None:
    """Up to three ways from one thing to another, the shortest first; None where there is none.

    Words that everything shares (a unit, a design, a source) join nothing, and what has many
    relations is a long way. A later path avoids the things of those before it as far as it can.
    """
    import networkx as nx  # noqa: PLC0415  (slow to import)

    ways = _ways(network, patient)
    costs = {thing: _cost(network, thing) for thing in network.nodes} | {PROFILE: 0.0}
    found: list[list[str]] = []
    used: dict[str, float] = {}
    longest = 0.0
    straight = _weight(network, costs, {}, (start, end))
    for _ in range(_MOST_TRIES):
        weight = _weight(network, costs, used, (start, end))
        try:
            _, path = nx.bidirectional_dijkstra(ways, start, end, weight)
        except nx.NetworkXNoPath:
            break
        length = _length(straight, path)
        longest = longest or length * _LONGEST + _MAY_ADD
        if path not in found and length <= longest:
            found.append(path)
        if len(found) == MOST_PATHS:
            break
        for one in path[1:-1]:
            used[one] = used.get(one, 0.0) + _USED_AGAIN[one.startswith("ontology/")]
    return _picture(network, found, patient) if found else None


def _ways(network: Network, patient: Patient | None) -> nx.Graph:
    """The relations in both directions, and those of the patient."""
    if patient is None:
        return network.ways
    ways = network.ways.copy()
    ways.add_node(PROFILE)
    known = [group for group in patient.including if group in network.nodes]
    ways.add_edges_from((PROFILE, group) for group in known)
    return ways


def _cost(network: Network, thing: str) -> float:
    kind = network.nodes[thing].type
    usual = _DEAR.get(kind, _CHEAP.get(kind, 0.0))
    return usual + 0.8 * math.log(1 + network.degree(thing))


def _weight(
    network: Network, costs: dict[str, float], used: dict[str, float], ends: Collection[str]
) -> Weight:
    """How long the way between two things is; None where it may not be taken."""

    def half(thing: str) -> float:
        return 0.0 if thing in ends else max(0.0, costs[thing] + used.get(thing, 0.0)) / 2

    def weight(one: str, other: str, _data: Any) -> float | None:
        for thing in (one, other):
            if thing not in ends and thing != PROFILE and network.nodes[thing].type in WORD_TYPES:
                return None
        return 1.0 + half(one) + half(other)

    return weight


def _length(weight: Weight, path: list[str]) -> float:
    """How long a path is that may be taken."""
    return sum(weight(one, other, None) or 0.0 for one, other in pairwise(path))


def _picture(network: Network, paths: list[list[str]], patient: Patient | None) -> Picture:
    nodes = network.nodes | ({PROFILE: patient.node} if patient else {})
    edges: dict[str, Edge] = {}
    words = []
    for path in paths:
        steps = [_step(network, one, other) for one, other in pairwise(path)]
        edges |= {edge.id: edge for step in steps for edge in step}
        words.append(["; ".join(_said(nodes, edge) for edge in step) for step in steps])
    placed = _placed(nodes, paths)
    more = {"steps": paths, "words": words}
    return Picture(tuple(placed), tuple(edges.values()), len(placed), laid_out=True, more=more)


def _step(network: Network, one: str, other: str) -> list[Edge]:
    """Every relation between two neighbours, as the graph states it."""
    if PROFILE in (one, other):
        group = other if one == PROFILE else one
        return [Edge(group, PROFILE, "includes", "includes", {"derived": True})]
    return [
        network.edge(source, target, relation)
        for source, target in ((one, other), (other, one))
        for relation in sorted(network.graph.get_edge_data(source, target) or ())
    ]


def _said(nodes: dict[str, Node], edge: Edge) -> str:
    if edge.target == PROFILE:
        return f"this patient is included in {name_of(nodes[edge.source])}"
    return f"{name_of(nodes[edge.source])} {edge.label} {name_of(nodes[edge.target])}"


def name_of(node: Node) -> str:
    """The label without the name in brackets at its end."""
    return node.label.rpartition(" [")[0] if node.label.endswith("]") else node.label


def _placed(nodes: dict[str, Node], paths: list[list[str]]) -> list[Node]:
    """The ends in the middle, the first path straight between them, the others below it."""
    longest = max(len(path) for path in paths) - 1
    placed: dict[str, Node] = {}
    for row, path in enumerate(paths):
        for step, thing in enumerate(path):
            if thing not in placed:
                across = step * longest / (len(path) - 1) * _ACROSS
                placed[thing] = nodes[thing].placed(across, row * _DOWN)
    return list(placed.values())
