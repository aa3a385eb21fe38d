"""An HTTP request -> the query it carries (SPARQL 1.1 Protocol, section 2.1), or a refusal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from metalocal.endpoint.formats import accepted, accepted_by_name
from metalocal.endpoint.guard import READ_ONLY
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.settings import Limits

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"

# A character is at most 4 bytes of UTF-8, each at most 3 characters of a form (%F0).
_BYTES_PER_CHARACTER = 12
_BYTES_FOR_OTHER_PARAMETERS = 10_000
_MOST_PARAMETERS = 200
_LONGEST_QUERY_STRING = 65_536
_BYTE_ORDER_MARK = "\ufeff"
_FORMAT_PARAMETERS = ("format", "output")

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class QueryRequest:
    """A query, the dataset the protocol asks for (empty: none), and what the client accepts."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    accept: str = ""


async def read_request(request: Request, limits: Limits) -> QueryRequest | None:
    """Query of `request`; None for a GET without parameters, which asks what this is.

    Raises:
        RefusedError: 400, 403, 408, 413, 414 or 415, with the way to mend it.
    """
    query_string = request.scope["query_string"]
    if len(query_string) > _LONGEST_QUERY_STRING:
        raise RefusedError(
            414,
            f"The URL is longer than {_LONGEST_QUERY_STRING} bytes; send the query by POST, "
            f"as {DIRECT} or {FORM}.",
        )
    accept = accepted(request)
    parameters = _parameters(_text(query_string, "The URL"))
    if request.method != "POST":
        return _query_request(parameters, accept, limits) if parameters else None
    media_type = _media_type(request)
    text = _text(await _body(request, limits), "The body")
    if media_type == DIRECT:
        own = [("query", text.removeprefix(_BYTE_ORDER_MARK))]
    else:
        own = _parameters(text)
    return _query_request([*parameters, *own], accept, limits)


def _media_type(request: Request) -> str:
    header = request.headers.get("content-type", "")
    media_type, *parameters = (piece.strip().lower() for piece in header.split(";"))
    if media_type == UPDATE:
        raise RefusedError(403, READ_ONLY)
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset")]
    if media_type not in (FORM, DIRECT) or any(c not in ("utf-8", "utf8") for c in charsets):
        raise RefusedError(
            415,
            "The Content-Type of this POST is not one a query can come in; "
            f"send {DIRECT} or {FORM}, in UTF-8.",
        )
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusedError(415, "The body is compressed; send it as it is.")
    return media_type


async def _body(request: Request, limits: Limits) -> bytes:
    """The body, if it is short enough and there within the time a query has."""
    most = limits.query_characters * _BYTES_PER_CHARACTER + _BYTES_FOR_OTHER_PARAMETERS
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > most:
        raise _too_long(limits)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise _too_long(limits)
    except TimeoutError:
        raise RefusedError(
            408,
            f"The body was not complete within {limits.seconds:g} seconds; send it again.",
            {"Connection": "close"},
        ) from None
    except ClientDisconnect:
        raise RefusedError(400, "The body ended before it was complete; send it again.") from None
    return bytes(body)


def _text(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf_8(where, error) from error


def _parameters(text: str) -> Parameters:
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise _not_utf_8("A parameter", error) from error
    except ValueError as error:
        raise RefusedError(
            400, f"The request has more than {_MOST_PARAMETERS} parameters; send fewer."
        ) from error


def _query_request(parameters: Parameters, accept: str, limits: Limits) -> QueryRequest:
    if any(name == "update" for name, _ in parameters):
        raise RefusedError(403, READ_ONLY)
    queries = _values(parameters, "query")
    if len(queries) != 1:
        found = "no query" if not queries else f"{len(queries)} queries"
        raise RefusedError(400, f"The request holds {found}; send exactly one parameter 'query'.")
    if len(queries[0]) > limits.query_characters:
        raise _too_long(limits)
    return QueryRequest(
        queries[0],
        _graphs(parameters, "default-graph-uri"),
        _graphs(parameters, "named-graph-uri"),
        _accept(parameters) or accept,
    )


def _values(parameters: Parameters, wanted: str) -> list[str]:
    return [value for name, value in parameters if name == wanted]


def _graphs(parameters: Parameters, wanted: str) -> tuple[str, ...]:
    """Graphs asked for; an empty field of a form asks for none."""
    return tuple(filter(None, _values(parameters, wanted)))


def _accept(parameters: Parameters) -> str | None:
    """What `format=` or `output=` ask for, if it is known: a link cannot set an Accept header."""
    wanted = [value for name, value in parameters if name in _FORMAT_PARAMETERS]
    return next(filter(None, map(accepted_by_name, wanted)), None)


def _too_long(limits: Limits) -> RefusedError:
    return RefusedError(
        413,
        f"The query is longer than {limits.query_characters} characters; "
        "shorten it, or split its VALUES over several requests.",
    )


def _not_utf_8(where: str, error: UnicodeDecodeError) -> RefusedError:
    return RefusedError(
        400, f"{where} is not UTF-8 at byte {error.start + 1}; encode the query as UTF-8."
    )
