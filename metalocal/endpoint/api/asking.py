"""`/api/answer`: a profile -> the answer of `metalocal ask`, from the graph that is served."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from anyio import Lock, fail_after
from starlette.requests import Request
from starlette.responses import Response

from metalocal.answers import Library, answer
from metalocal.endpoint.api.results import chosen
from metalocal.endpoint.api.served_graph import ServedGraph, on_behalf_of
from metalocal.endpoint.engine.pool import unavailable
from metalocal.endpoint.formats import Format
from metalocal.endpoint.service import Service
from metalocal.locations import version
from metalocal.profiles import Profile
from metalocal.render.data import Maker, as_json
from metalocal.render.text import as_markdown, as_text

FORMATS = {
    "json": Format("json", ("application/json",)),
    "text": Format("text", ("text/plain",), is_text=True),
    "md": Format("md", ("text/markdown",), is_text=True),
}
"""Formats of an answer: JSON holds all of it, text and Markdown the brief answer."""


class Answering:
    """Answers for profiles over one graph; what no profile changes is read once.

    One answer is made at a time: it takes most of a second of this process, which has SPARQL
    queries to pass on meanwhile.
    """

    def __init__(self, service: Service, queries: Path) -> None:
        self._service = service
        self._library = Library(ServedGraph(service), queries)
        served = service.pool.loaded
        self._maker = Maker(version(), served.sha256 if served else "")
        self._one = Lock()

    async def respond(self, request: Request, profile: Profile, form: str | None) -> Response:
        """The answer for a profile, whole.

        Raises:
            RefusedError: 406, or 503 where too many wait or time runs out.
        """
        wanted = chosen(request, form, FORMATS)
        limits = self._service.limits
        if self._one.statistics().tasks_waiting >= limits.waiting:
            raise unavailable(f"{limits.waiting} answers are waited for already")
        await self._take_turn(limits.seconds)
        try:
            make = partial(self._written, profile, wanted.name)
            text = await on_behalf_of(request, limits.seconds, make)
        finally:
            self._one.release()
        return Response(text, headers={"Content-Type": wanted.content_type})

    async def _take_turn(self, seconds: float) -> None:
        try:
            with fail_after(seconds):
                await self._one.acquire()
        except TimeoutError:
            raise unavailable("other answers took all the time") from None

    def _written(self, profile: Profile, form: str) -> str:
        found = answer(profile, self._library)
        if form == "json":
            return as_json(found, self._maker)
        return as_markdown(found) if form == "md" else as_text(found)
