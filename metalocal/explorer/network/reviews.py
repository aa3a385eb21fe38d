"""Meta-analyses of one question -> which studies they share, as a picture."""

from __future__ import annotations

from dataclasses import replace

from metalocal.explorer.network.records import Edge, Network, Node, Picture
from metalocal.overlap import Overlap, Review

_ACROSS, _DOWN = 460.0, 96.0


def overlap_picture(network: Network, overlap: Overlap) -> Picture:
    """Reviews on the left, the studies they are known to pool on the right.

    Two reviews that share studies are joined too; how far is in the data of that edge. A review
    whose list no source gives stands below the others, joined to nothing: unknown, not none.
    """
    known = [_review(network, review) for review in overlap.known]
    unknown = [_review(network, review) for review in overlap.unknown]
    studies = _by_reviews(overlap)
    nodes = [
        *_stacked([*known, *unknown], 0.0, "reviews"),
        *_stacked([network.nodes[_id(study)] for study in studies], _ACROSS, "studies"),
    ]
    pooled = [
        network.edge(_id(review.id), _id(study), "pools")
        for review in overlap.known
        for study in review.listed
    ]
    edges = (*pooled, *_shared(overlap))
    return Picture(tuple(nodes), edges, len(nodes), laid_out=True, notice=_notice(overlap))


def _id(study: str) -> str:
    return f"id/study/{study}"


def _review(network: Network, review: Review) -> Node:
    node = network.nodes[_id(review.id)]
    listed = {"known": review.completeness, "list": "known" if review.listed else "not known"}
    return replace(node, data=node.data | listed)


def _by_reviews(overlap: Overlap) -> list[str]:
    """The studies, each about as far down as the reviews that pool it."""
    rows: dict[str, list[int]] = {study: [] for study in overlap.studies}
    for row, review in enumerate(overlap.known):
        for study in review.listed:
            rows[study].append(row)
    return sorted(rows, key=lambda study: (sum(rows[study]) / len(rows[study]), study))


def _shared(overlap: Overlap) -> list[Edge]:
    found = []
    for pair in overlap.pairs:
        if pair.shared:
            data = {
                "shared": [overlap.labels[study] for study in pair.shared],
                "covered": f"{100 * pair.covered:.0f}%",
                "band": pair.band,
                "derived": True,
            }
            label = f"shares {len(pair.shared)}, {data['covered']} ({pair.band})"
            found.append(Edge(_id(pair.one), _id(pair.two), "sharesStudies", label, data))
    return found


def _notice(overlap: Overlap) -> str:
    if not overlap.known and not overlap.unknown:
        return ""
    listed = f"{len(overlap.known)} of {len(overlap.known) + len(overlap.unknown)}"
    said = f"The studies of {listed} reviews are known, as far as sources name them."
    if overlap.covered is None:
        return f"{said} Of fewer than two lists no overlap can be told."
    return f"{said} Corrected covered area {100 * overlap.covered:.0f}%: {overlap.band} overlap."


def _stacked(nodes: list[Node], across: float, column: str) -> list[Node]:
    top = -_DOWN * (len(nodes) - 1) / 2
    return [node.placed(across, top + row * _DOWN, column) for row, node in enumerate(nodes)]
