"""A named query, or the answer for a profile -> one operation of the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from metalocal.catalogue import NamedQuery
from metalocal.endpoint.api.asking import FORMATS, Answering
from metalocal.endpoint.api.contents import Contents
from metalocal.endpoint.api.fields import Slot
from metalocal.endpoint.api.paging import columns_of
from metalocal.endpoint.api.query_slots import (
    body_slots,
    format_slot,
    own_parameters,
    page_slots,
    takes_profile,
    url_slots,
)
from metalocal.endpoint.api.results import answer_content, result_content
from metalocal.endpoint.api.rows import Rows
from metalocal.endpoint.api.telling import Patients
from metalocal.endpoint.service import Service

_PROFILE_SAID = (
    "The patient is told by attributes (see `/attributes`); those left out are unknown, and what "
    "follows from those given is added."
)

Given = Mapping[str, Any]
"""What was told, by the name of its slot."""

Respond = Callable[[Request, Given, Given | None], Awaitable[Response]]
"""A request, what its URL tells and, of a POST, what its body tells -> the answer."""


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: with values in the URL, or with a JSON body."""

    path: str
    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    results: Mapping[str, Any]
    refusals: tuple[int, ...]
    in_url: list[Slot]
    in_body: list[Slot]
    beside_body: list[Slot]
    respond: Respond


def query_operation(service: Service, query: NamedQuery, contents: Contents) -> Operation:
    """The operation of a named query.

    Raises:
        CatalogueError: the query cannot be paged.
    """
    columns, patients = columns_of(query), contents.patients
    words, asked = contents.words.get(query.name, {}), takes_profile(query)
    return Operation(
        path=f"/queries/{query.name}",
        name=query.name.replace("-", "_"),
        summary=query.summary,
        description=f"{query.description}\n\n{_PROFILE_SAID}" if asked else query.description,
        tags=query.tags,
        results=result_content(columns),
        refusals=(422,) if asked else (),
        in_url=url_slots(query, words) + (patients.url_slots() if asked else []) + page_slots(),
        in_body=body_slots(query, words) + (patients.body_slots() if asked else []),
        beside_body=page_slots(),
        respond=_answering_rows(Rows(service, query, columns), patients),
    )


def _answering_rows(rows: Rows, patients: Patients) -> Respond:
    own = {parameter.name for parameter in own_parameters(rows.query)}
    asked = takes_profile(rows.query)

    async def respond(request: Request, in_url: Given, in_body: Given | None) -> Response:
        given = in_url if in_body is None else in_body
        filled = {name: value for name, value in given.items() if name in own}
        if asked:
            told = {name: value for name, value in given.items() if name not in own}
            filled |= patients.profile(told, in_url=in_body is None).rows()
        return await rows.respond(request, filled, in_url)

    return respond


def answer_operation(patients: Patients, answering: Answering) -> Operation:
    """The operation that answers for a profile all that is asked about it."""

    async def respond(request: Request, in_url: Given, in_body: Given | None) -> Response:
        told = in_url if in_body is None else in_body
        profile = patients.profile(told, in_url=in_body is None)
        return await answering.respond(request, profile, in_url.get("format"))

    return Operation(
        path="/answer",
        name="answer",
        summary="What evidence there is for a patient",
        description=f"What `metalocal ask` answers. {_PROFILE_SAID} JSON holds all of the answer, "
        "text and Markdown hold it in brief.",
        tags=("profile",),
        results=answer_content(),
        refusals=(422,),
        in_url=[*patients.url_slots(), format_slot(FORMATS)],
        in_body=patients.body_slots(),
        beside_body=[format_slot(FORMATS)],
        respond=respond,
    )
