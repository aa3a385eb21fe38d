"""What the network of the graph is made of, and how it goes to a script: as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from metalocal.pages.addresses import BASE, path_of

if TYPE_CHECKING:
    import networkx as nx

PROFILE = "profile"
"""The id and the type of the patient on whose behalf a path is sought."""

UNKNOWN = "unknown"
"""What a filter calls a level or direction that nobody gives."""

FILTERS = ("question", "direction", "level")
"""What things are filtered by besides their type."""


_TOLD_WHOLE = 600
_BRIEF = ("short", "year", "printed", "line")


@dataclass(frozen=True)
class Node:
    """A thing: `id` is its IRI without the base, `type` the local name of its class.

    `data` is shown to people. `keys` are what filters look at: an absent one does not apply to
    this thing, and `UNKNOWN` in it says that nothing is known. `sequence` is its place in the file
    it was read from.
    """

    id: str
    label: str
    type: str
    type_label: str
    data: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    sequence: int = 0
    at: tuple[float, float] | None = None
    column: str = ""

    @property
    def path(self) -> str:
        """Where its page is; empty for a patient, who has none."""
        return "" if self.id == PROFILE else path_of(BASE + self.id) or ""

    def placed(self, x: float, y: float, column: str = "") -> Node:
        """The same thing at a place of a picture."""
        return replace(self, at=(round(x, 1), round(y, 1)), column=column)

    def brief(self) -> Node:
        """The same thing with the few words a large picture has room for."""
        return replace(self, data={k: v for k, v in self.data.items() if k in _BRIEF})

    def as_json(self) -> dict[str, Any]:
        """The form in which a script takes it."""
        found: dict[str, Any] = {
            "id": self.id,
            "label": self.label,
            "type": self.type,
            "typeLabel": self.type_label,
            "path": self.path,
            "data": self.data,
            "keys": {name: list(words) for name, words in self.keys.items()},
        }
        if self.at is not None:
            found |= {"x": self.at[0], "y": self.at[1]}
        return found | ({"column": self.column} if self.column else {})


@dataclass(frozen=True)
class Edge:
    """A relation from one thing to another, in the direction the graph states it."""

    source: str
    target: str
    relation: str
    label: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Both ends and the relation; no two edges share it."""
        return f"{self.source}|{self.relation}|{self.target}"

    def as_json(self) -> dict[str, Any]:
        """The form in which a script takes it."""
        found: dict[str, Any] = {
            "id": self.id,
            "source": self.source,
            "target": self.target,
            "relation": self.relation,
            "label": self.label,
        }
        return found | ({"data": self.data} if self.data else {})


@dataclass(frozen=True)
class Picture:
    """Things and the relations among them, as one view shows them.

    `total` is how many things the view has, of which `nodes` may be the first; `laid_out` says
    that every node has its place. `more` is what only some views tell.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total: int
    laid_out: bool = False
    notice: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form in which a script takes it; of many things only the shortest is told."""
        whole = len(self.nodes) <= _TOLD_WHOLE
        return {
            "nodes": [(node if whole else node.brief()).as_json() for node in self.nodes],
            "edges": [edge.as_json() for edge in self.edges],
            "shown": len(self.nodes),
            "total": self.total,
            "layout": "server" if self.laid_out else "browser",
            "notice": self.notice,
            **self.more,
        }


@dataclass(frozen=True)
class Network:
    """The graph as things and relations between them, and the words for their kinds.

    `graph` holds ids; each of its edges has the relation for key. `version` is that of the data.
    """

    nodes: dict[str, Node]
    graph: nx.MultiDiGraph
    relations: dict[str, str]
    types: dict[str, str]
    version: str = ""

    def degree(self, thing: str) -> int:
        """How many relations a thing has."""
        return int(self.graph.degree(thing))

    def edge(self, source: str, target: str, relation: str) -> Edge:
        """The edge for a relation that is there."""
        derived = {"derived": True} if relation == "effectDirection" else {}
        return Edge(source, target, relation, self.relations[relation], derived)

    def among(self, things: Iterable[str]) -> tuple[Edge, ...]:
        """The relations among some things, in a steady order."""
        inside = set(things)
        found = [
            (source, target, relation)
            for source in inside
            for _, target, relation in self.graph.out_edges(source, keys=True)
            if target in inside
        ]
        return tuple(self.edge(*each) for each in sorted(found))

    @cached_property
    def by_importance(self) -> tuple[str, ...]:
        """All ids, the most important first."""
        return tuple(sorted(self.nodes, key=self.rank))

    @cached_property
    def ways(self) -> nx.Graph:
        """The relations without their directions, one for each two things; not to be changed."""
        import networkx as nx  # noqa: PLC0415  (slow to import)

        return nx.Graph(self.graph.to_undirected(as_view=True))

    def rank(self, thing: str) -> tuple[int, int, str]:
        """By which things are ordered: what a reader looks for first, then what joins most."""
        return tier_of(self.nodes[thing].type), -self.degree(thing), thing


_TIERS = (
    ("Study", "Question"),
    ("GuidanceStatement", "DecisionModel", "Intervention", "Outcome"),
    ("Source", "Population", "Arm", "TargetGroup", "ModelGroup"),
    ("Estimate",),
    ("Criterion", "OneOfAttribute", "YesNoAttribute", "NumberAttribute", "SetAttribute"),
    ("AttributeValue", "OutcomeFamily", "Design", "BaselineCharacteristic", "EffectDirection"),
    ("Statement", "Figure", "AuditFinding", "StudyFact"),
)
_TIER = {name: tier for tier, names in enumerate(_TIERS) for name in names} | {"Report": 99}


def tier_of(kind: str) -> int:
    """How soon things of a type are shown: 0 first."""
    return _TIER.get(kind, len(_TIERS))


WORD_TYPES = frozenset(
    [
        "Unit",
        "Measure",
        "Design",
        "StudyStatus",
        "PopulationStatus",
        "StatementKind",
        "StudyProperty",
        "EffectDirection",
        "Position",
        "GuidanceKind",
        "CancerMix",
        "ArmRole",
        "Severity",
        "AuditKind",
        "DoubtKind",
        "CountedEvent",
        "Polarity",
        "FactorDirection",
        "OutcomeFamily",
        "Source",
    ]
)
"""Types whose things are shared by so much that two others have nothing in common by them."""
