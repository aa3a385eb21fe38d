"""A view that is asked for -> the page of `/explore`, whole without its script."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.network.asked import Asked, asked_of, words_of
from metalocal.explorer.network.holding import Held, Holding, soon
from metalocal.explorer.network.nearby import relations_of, within
from metalocal.explorer.network.records import FILTERS, UNKNOWN, Network, Node, Picture
from metalocal.explorer.network.searching import search
from metalocal.explorer.network.views import make_of
from metalocal.pages import html_page

_MOST_FOUND = 50
_STARTS = 8
_UNKNOWN_WORDS = {"direction": "none told", "level": "none drawn", "question": "none told"}


async def page_of(holding: Holding, request: Request) -> Response:
    """The page; what cannot be shown is said on it, with the status that fits."""
    held = await holding.held()
    error, status, asked, view = "", 200, Asked(), None
    try:
        asked = asked_of(request.query_params, held.network, held.patients)
        if asked.view:
            view = await holding.in_turn(request, make_of(held, asked))
    except RefusedError as refused:
        if refused.status >= 500:
            raise
        error, status = refused.text, refused.status
    values = await soon(_values, held, asked, view)
    return html_page(request, "explore.html", values | {"error": error}, status=status)


def _values(held: Held, asked: Asked, view: Picture | None) -> dict[str, Any]:
    network = held.network
    focus = _focus(network, asked)
    found = search(network, asked.search, _MOST_FOUND)
    relations = relations_of(network, focus.id) if focus else ()
    return {
        "title": f"Explore {focus.label}" if focus else "Explore",
        "here": "/explore",
        "view": view.as_json() if view else None,
        "focus": focus.as_json() if focus else None,
        "relations": [one.as_json() for one in relations],
        "asked": asked,
        "facets": facets_of(network, _reached(network, asked, view)),
        "starts": [] if asked.view else [node.as_json() for node in starts(network)],
        "found": [node.as_json() for node in found],
        "state": asked.query_string,
        "version": network.version,
    }


def _focus(network: Network, asked: Asked) -> Node | None:
    thing = next((one for one in (*asked.focus, asked.study) if one), None)
    return network.nodes[thing] if thing else None


def starts(network: Network) -> list[Node]:
    """Things to begin with: all questions, and the most joined of some types."""
    found = [node for node in network.nodes.values() if node.type == "Question"]
    for kind in ("Study", "Intervention", "Outcome", "DecisionModel", "Source"):
        same = (one for one in network.by_importance if network.nodes[one].type == kind)
        found += [network.nodes[one] for one, _ in zip(same, range(_STARTS), strict=False)]
    return found


def _reached(network: Network, asked: Asked, view: Picture | None) -> list[str]:
    """What a view has before filters and limit, or what it shows; everything where none is."""
    if view is None or asked.everything:
        return list(network.nodes)
    return within(network, asked.focus, asked.depth) if asked.focus else [n.id for n in view.nodes]


def facets_of(network: Network, things: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The values of each filter, with how many of the things have them."""
    found = {"types": _facet(network, things, "type")}
    return found | {f"{name}s": _facet(network, things, name) for name in FILTERS}


def _facet(network: Network, things: Collection[str], name: str) -> list[dict[str, Any]]:
    counts = words_of((network.nodes[one] for one in things if one in network.nodes), name)
    ordered = sorted(counts, key=lambda word: (word == UNKNOWN, -counts[word], word))
    if name == "level":
        ordered = sorted(counts)
    return [
        {"value": word, "label": _label(network, name, word), "count": counts[word]}
        for word in ordered
    ]


def _label(network: Network, name: str, word: str) -> str:
    if name == "type":
        return network.types[word]
    if word == UNKNOWN:
        return _UNKNOWN_WORDS[name]
    if name == "level":
        return f"level {word}"
    node = network.nodes.get(f"ontology/{word}")
    return node.label if node else word
