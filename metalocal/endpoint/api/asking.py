"""`/api/answer`: a profile -> the answer of `metalocal ask`, from the graph that is served."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from metalocal.answers import Library, answer
from metalocal.endpoint.api.results import chosen
from metalocal.endpoint.formats import Format
from metalocal.endpoint.library import answers_of
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
    """Answers for profiles over one graph, each written in the format asked for."""

    def __init__(self, service: Service, queries: Path) -> None:
        self._answers = answers_of(service, queries)
        served = service.pool.loaded
        self._maker = Maker(version(), served.sha256 if served else "")

    async def respond(self, request: Request, profile: Profile, form: str | None) -> Response:
        """The answer for a profile, whole.

        Raises:
            RefusedError: 406, or 503 where too many wait or time runs out.
        """
        wanted = chosen(request, form, FORMATS)
        text = await self._answers.made(request, partial(self._written, profile, wanted.name))
        return Response(text, headers={"Content-Type": wanted.content_type})

    def _written(self, profile: Profile, form: str, library: Library) -> str:
        found = answer(profile, library)
        if form == "json":
            return as_json(found, self._maker)
        return as_markdown(found) if form == "md" else as_text(found)
