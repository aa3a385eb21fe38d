"""A named query and its values -> the rows of a page, in the format asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from metalocal.catalogue import NamedQuery
from metalocal.endpoint.api.paging import page
from metalocal.endpoint.api.results import BY_NAME, chosen, rows_document
from metalocal.endpoint.guard import inspect_query
from metalocal.endpoint.service import Service, own_job
from metalocal.graph import table_of


@dataclass(frozen=True)
class Rows:
    """The rows of one named query, a page at a time."""

    service: Service
    query: NamedQuery
    columns: tuple[str, ...]

    async def respond(
        self, request: Request, filled: Mapping[str, Iterable[Any]], paging: Mapping[str, Any]
    ) -> Response:
        """The answer to one request; `filled` has the rows of each parameter told.

        Raises:
            RefusedError: 406, 413, 503 and the like.
        """
        wanted = chosen(request, paging.get("format"), BY_NAME)
        text = self.query.bound({name: _as_rows(rows) for name, rows in filled.items()})
        inspect_query(text)  # a second wall: every value is a term by now
        limit, offset = paging.get("limit"), paging.get("offset", 0)
        form = "json" if wanted.name == "rows" else wanted.name
        job = own_job(page(text, self.columns, limit, offset), result_format=form)
        body = (await self.service.answer(job, request)).body
        following = None if limit is None else offset + limit
        if following is not None:
            rest = await self.service.rows(page(text, self.columns, 1, following), request)
            following = following if rest.rows else None
        if wanted.name == "rows":
            body = rows_document(self.query.name, table_of(json.loads(body)), following)
        headers = {"Content-Type": wanted.content_type}
        if following is not None and request.method == "GET":
            headers["Link"] = f'<{_moved(request, following)}>; rel="next"'
        return Response(body, headers=headers)


def _moved(request: Request, offset: int) -> str:
    """The URL of the request with another offset."""
    given = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if name != "offset"]
    return str(request.url.replace(query=urlencode([*kept, ("offset", str(offset))]), fragment=""))


def _as_rows(values: Iterable[Any]) -> list[tuple[Any, ...]]:
    return [value if isinstance(value, tuple) else (value,) for value in values]
