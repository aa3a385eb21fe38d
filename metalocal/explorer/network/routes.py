"""Requests to `/explore` -> pages, JSON for their script, files to download."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from graph_builder.problems import closest
from metalocal.endpoint.api.reading import refuse_ill_formed
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.network import export
from metalocal.explorer.network.asked import Asked, asked_of, end_of, known, number
from metalocal.explorer.network.holding import Held, Holding, soon
from metalocal.explorer.network.nearby import IN, OUT, neighbourhood, neighbours, relations_of
from metalocal.explorer.network.page import page_of
from metalocal.explorer.network.records import Picture
from metalocal.explorer.network.searching import search
from metalocal.explorer.network.views import make_of

_MOST_FOUND = 100
_MOST_NEIGHBOURS = 500
_FARTHEST = 100_000


@dataclass(frozen=True)
class Explore:
    """`/explore` over the network that is held."""

    holding: Holding

    def routes(self) -> list[BaseRoute]:
        """All of them; the page first."""
        answers: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "": self._page,
            "/search": self._search,
            "/relations": self._relations,
            "/neighbours": self._neighbours,
            "/graph": self._graph,
            "/study": self._study,
            "/path": self._path,
            "/overlap": self._overlap,
        }
        found: list[BaseRoute] = [
            Route(f"/explore{path}", answer, methods=["GET"]) for path, answer in answers.items()
        ]
        return [*found, Route("/explore/export", self._export, methods=["POST"])]

    async def _page(self, request: Request) -> Response:
        refuse_ill_formed(request)
        return await page_of(self.holding, request)

    async def _search(self, request: Request) -> Response:
        held = await self._held(request, {"text", "limit"})
        limit = number(request.query_params, "limit", 20, 1, _MOST_FOUND)
        text = request.query_params.get("text", "")[:200]
        found = await soon(search, held.network, text, limit)
        return JSONResponse({"results": [node.as_json() for node in found]})

    async def _relations(self, request: Request) -> Response:
        held = await self._held(request, {"id"})
        thing = known(held.network, _given(request, "id"))
        found = relations_of(held.network, thing)
        node = held.network.nodes[thing].as_json()
        return JSONResponse({"node": node, "relations": [one.as_json() for one in found]})

    async def _neighbours(self, request: Request) -> Response:
        held = await self._held(request, {"id", "relation", "direction", "limit", "offset"})
        params, network = request.query_params, held.network
        thing = known(network, _given(request, "id"))
        relation = _one_of(params, "relation", network.relations)
        direction = _one_of(params, "direction", {OUT: "", IN: ""})
        limit = number(params, "limit", 50, 1, _MOST_NEIGHBOURS)
        offset = number(params, "offset", 0, 0, _FARTHEST)
        found = await soon(neighbours, network, thing, relation, direction)
        page = slice(offset, offset + limit)
        return await _sent(await soon(neighbourhood, network, thing, found, page))

    async def _graph(self, request: Request) -> Response:
        held = await self._held(request)
        return await self._drawn(request, held, request.query_params)

    async def _study(self, request: Request) -> Response:
        held = await self._held(request, {"id", "limit"})
        _given(request, "id")
        return await self._drawn(request, held, _renamed(request, {"id": "study"}))

    async def _overlap(self, request: Request) -> Response:
        held = await self._held(request, {"question"})
        _given(request, "question")
        return await self._drawn(request, held, _renamed(request, {"question": "overlap"}))

    async def _path(self, request: Request) -> Response:
        held = await self._held(request)
        for end in ("from", "to"):
            end_of(held.network, _given(request, end))
        ordered = sorted(request.query_params.multi_items(), key=lambda pair: pair[0] == "to")
        renamed = {"from": "path", "to": "path"}
        pairs = QueryParams([(renamed.get(name, name), value) for name, value in ordered])
        return await self._drawn(request, held, pairs)

    async def _export(self, request: Request) -> Response:
        form = await export.form_of(request)
        kind = export.format_asked(form)
        held = await self._held(request, set())
        network, service = held.network, self.holding.service
        things = await soon(export.chosen, network, form.get("ids", ""))
        if kind == "turtle":
            body = await export.turtle(service, things, request)
        elif kind == "graphml":
            body = await self.holding.in_turn(request, lambda: export.graphml(network, things))
        else:
            body = export.query_text(network, things, service.limits.query_characters)
        return export.download(body, kind, form.get("name", ""), network.version)

    async def _drawn(self, request: Request, held: Held, params: QueryParams) -> Response:
        asked: Asked = asked_of(params, held.network, held.patients)
        return await _sent(await self.holding.in_turn(request, make_of(held, asked)))

    async def _held(self, request: Request, names: set[str] | None = None) -> Held:
        """What is held, once the request is seen to be well formed.

        Raises:
            RefusedError: 400, a parameter is none of `names` or given twice.
        """
        refuse_ill_formed(request)
        for name in request.query_params if names is not None else ():
            assert names is not None
            if name not in names:
                mend = closest(name, names) if names else "leave it out"
                raise RefusedError(400, f"There is no parameter '{name[:80]}'; {mend}")
            if len(request.query_params.getlist(name)) > 1:
                raise RefusedError(400, f"'{name}' is given more than once; give it once.")
        return await self.holding.held()


async def _sent(picture: Picture) -> Response:
    body = await soon(lambda: json.dumps(picture.as_json(), ensure_ascii=False).encode())
    return Response(body, media_type="application/json")


def _given(request: Request, name: str) -> str:
    value = request.query_params.get(name, "").strip()
    if not value:
        raise RefusedError(400, f"'{name}' is missing; give it in the query string.")
    return value


def _one_of(params: QueryParams, name: str, words: Mapping[str, Any]) -> str:
    value = params.get(name, "")
    if value and value not in words:
        raise RefusedError(400, f"'{name}' has no value '{value[:80]}'; {closest(value, words)}")
    return value


def _renamed(request: Request, names: Mapping[str, str]) -> QueryParams:
    pairs = request.query_params.multi_items()
    return QueryParams([(names.get(name, name), value) for name, value in pairs])
