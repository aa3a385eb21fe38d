"""Many things -> a place for each: questions as regions, in them studies with their parts.

A force layout of 2,000 things takes many seconds and tells little; here things stand together that
belong together, and the same things always stand at the same places.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from metalocal.explorer.network.records import UNKNOWN, Network, Node
from metalocal.explorer.network.telling import owner_of

_APART = 46.0
_OWNERS = ("Study", "GuidanceStatement", "DecisionModel")
_GOLDEN = math.pi * (3 - math.sqrt(5))
Point = tuple[float, float]


@dataclass(frozen=True)
class _Disc:
    """Things about a middle, none further from it than `radius`."""

    places: dict[str, Point]
    radius: float

    def at(self, middle: Point) -> dict[str, Point]:
        return {one: (x + middle[0], y + middle[1]) for one, (x, y) in self.places.items()}


def placed(network: Network, things: Sequence[str]) -> tuple[Node, ...]:
    """The things in the order given, each with a place of its own, at least 40 apart.

    Parts stand about the study, statement or model they belong to, these in the region of their
    question, that in the midst of those without parts; what belongs to none stands with its like.
    """
    clumps, loose = _clumps(network, things)
    alone = {one.removeprefix("ontology/"): [one] for one in loose.pop("Question", ())}
    regions: dict[str, list[_Disc]] = {}
    for owner, parts in clumps.items():
        region = _region(network.nodes[owner])
        if len(parts) == 1:
            alone.setdefault(region, []).extend(parts)
        else:
            regions.setdefault(region, []).append(_sunflower(parts))
    for region, ones in alone.items():
        regions.setdefault(region, []).append(_sunflower(ones))
    discs = [_packed(clump) for _, clump in sorted(regions.items())]
    discs += [_sunflower(group) for _, group in sorted(loose.items())]
    places = _packed(discs).places
    return tuple(network.nodes[one].placed(*places[one]) for one in things)


def _clumps(
    network: Network, things: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The things by the study, statement or model they are part of; the others by their type."""
    owners = {one: 1 for one, node in network.nodes.items() if node.type in _OWNERS}
    clumps: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    for one in things:
        owner = owner_of(one, owners)
        if owner:
            clumps.setdefault(owner, []).append(one)
        else:
            loose.setdefault(network.nodes[one].type, []).append(one)
    return {owner: _first(owner, parts) for owner, parts in clumps.items()}, loose


def _first(owner: str, parts: list[str]) -> list[str]:
    return sorted(parts, key=lambda one: one != owner)


def _region(owner: Node) -> str:
    return owner.keys.get("question", (UNKNOWN,))[0]


def _sunflower(things: Sequence[str]) -> _Disc:
    """The first in the middle, the others on a spiral about it, all about equally apart."""
    places: dict[str, Point] = {}
    for number, one in enumerate(things):
        away, turn = _APART * math.sqrt(number), number * _GOLDEN
        places[one] = (away * math.cos(turn), away * math.sin(turn))
    return _Disc(places, _APART * (math.sqrt(len(things)) + 0.5))


def _packed(discs: Sequence[_Disc]) -> _Disc:
    """The discs side by side without overlap, the largest in the middle."""
    ordered = sorted(discs, key=lambda disc: (-disc.radius, min(disc.places)))
    middles: list[tuple[Point, float]] = []
    places: dict[str, Point] = {}
    start = 0.0
    for disc in ordered:
        middle, start = _free_place(disc.radius, middles, start)
        middles.append((middle, disc.radius))
        places |= disc.at(middle)
    reach = max((math.hypot(*middle) + radius for middle, radius in middles), default=0.0)
    return _Disc(places, reach + _APART)


def _free_place(
    radius: float, taken: Sequence[tuple[Point, float]], start: float
) -> tuple[Point, float]:
    """The first place on a spiral where a disc meets no other, and how far out that is.

    Discs come smaller and smaller, but the place of one is tried from a little further in than
    that of the one before: gaps further in are taken as far as it costs little time.
    """
    away = max(0.0, start - 2 * radius)
    turn = 0.0
    while True:
        middle = (away * math.cos(turn), away * math.sin(turn))
        if all(math.dist(middle, other) >= radius + reach for other, reach in taken):
            return middle, away
        step = radius * 0.6
        turn += step / max(away, step)
        away += step * step / (2 * math.pi * max(away, step))
