"""A thing of the network -> its relations with counts, its neighbours, and what lies near it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metalocal.explorer.network.records import FILTERS, WORD_TYPES, Network, Node, Picture

OUT, IN = "out", "in"


@dataclass(frozen=True)
class Relation:
    """A relation of one thing: how many it leads to, and of which types."""

    relation: str
    label: str
    direction: str
    count: int
    types: tuple[tuple[str, str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The form in which a script takes it."""
        return {
            "relation": self.relation,
            "label": self.label,
            "direction": self.direction,
            "count": self.count,
            "types": [
                {"type": kind, "typeLabel": label, "count": count}
                for kind, label, count in self.types
            ],
        }


def relations_of(network: Network, thing: str) -> tuple[Relation, ...]:
    """The relations of a thing, those it states itself first."""
    kinds: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for other, relation, direction in _steps(network, thing):
        kinds[direction, relation][network.nodes[other].type] += 1
    ordered = sorted(kinds.items(), key=lambda item: (item[0][0] == IN, item[0][1]))
    return tuple(
        Relation(relation, network.relations[relation], direction, counts.total(), types)
        for (direction, relation), counts in ordered
        for types in [tuple((k, network.types[k], n) for k, n in counts.most_common())]
    )


def _steps(network: Network, thing: str) -> Iterable[tuple[str, str, str]]:
    """Every relation of a thing: the other end, the relation, its direction."""
    for _, other, relation in network.graph.out_edges(thing, keys=True):
        yield other, relation, OUT
    for other, _, relation in network.graph.in_edges(thing, keys=True):
        yield other, relation, IN


def neighbours(network: Network, thing: str, relation: str = "", direction: str = "") -> list[str]:
    """What one relation of a thing leads to, or all of them, the most important first."""
    found = {
        other
        for other, name, way in _steps(network, thing)
        if relation in ("", name) and direction in ("", way) and other != thing
    }
    return sorted(found, key=network.rank)


def neighbourhood(network: Network, thing: str, found: Sequence[str], page: slice) -> Picture:
    """A thing with one page of its neighbours; `total` counts all `found` and the thing."""
    return picture_of(network, [thing, *found[page]], len(found) + 1)


def within(network: Network, focus: Sequence[str], depth: int) -> list[str]:
    """What lies within `depth` relations of some things, nearest and most important first.

    The way does not go on from words that everything shares, such as a unit or a source.
    """
    ring, seen = list(dict.fromkeys(focus)), dict.fromkeys(focus)
    for _ in range(depth):
        open_ends = [one for one in ring if one in focus or not _ends(network, one)]
        beyond = {other for one in open_ends for other, _, _ in _steps(network, one)}
        ring = sorted(beyond - set(seen), key=network.rank)
        seen |= dict.fromkeys(ring)
    return list(seen)


def _ends(network: Network, thing: str) -> bool:
    return network.nodes[thing].type in WORD_TYPES


def kept(node: Node, wanted: Mapping[str, Collection[str]]) -> bool:
    """Whether a thing passes the filters; one that a filter does not apply to passes it."""
    types = wanted.get("type")
    if types and node.type not in types:
        return False
    return all(
        not wanted.get(name) or name not in node.keys or set(node.keys[name]) & set(wanted[name])
        for name in FILTERS
    )


def joined(
    network: Network, passing: Sequence[str], wanted: Mapping[str, Collection[str]]
) -> list[str]:
    """Things that pass filters, without those no filter applies to and nothing else leads to.

    So of all interventions those stay that something of the wanted question has to do with.
    """
    filters = [name for name in FILTERS if wanted.get(name)]
    told = {one for one in passing if any(name in network.nodes[one].keys for name in filters)}
    return [
        one
        for one in passing
        if not filters or one in told or not told.isdisjoint(network.ways.adj[one])
    ]


def picture_of(
    network: Network, things: Iterable[str], total: int | None = None, notice: str = ""
) -> Picture:
    """Some things with all relations among them."""
    shown = tuple(network.nodes[thing] for thing in dict.fromkeys(things))
    edges = network.among(node.id for node in shown)
    return Picture(shown, edges, len(shown) if total is None else total, notice=notice)
