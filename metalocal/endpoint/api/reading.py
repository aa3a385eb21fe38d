"""An HTTP request to `/api` -> the same request, bounded and well formed, or a refusal."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Message, Receive

from metalocal.endpoint.refusal import RefusedError

LARGEST_BODY = 1_000_000
_LONGEST_URL = 60_000
_MOST_PARAMETERS = 1_000


def refuse_ill_formed(request: Request) -> None:
    """Refuse a URL that is too long, or no UTF-8, or holds too many parameters.

    Raises:
        RefusedError: 400 or 414, with the way to mend it.
    """
    raw = request.scope["query_string"]
    if len(raw) > _LONGEST_URL:
        raise RefusedError(414, "The URL is too long; send the values as JSON body by POST.")
    try:
        parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise RefusedError(
            400, "The URL is not UTF-8 in percent-encoding; encode each character of it so."
        ) from error
    except ValueError as error:
        raise RefusedError(
            400, f"The URL has more than {_MOST_PARAMETERS} parameters; send fewer."
        ) from error


def refuse_repeated(request: Request, repeatable: Collection[str]) -> None:
    """Refuse a parameter that is given twice and can have one value only.

    Raises:
        RefusedError: 400, with its name.
    """
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if len(values) > 1 and name not in repeatable:
            raise RefusedError(
                400, f"Query parameter '{name}' is given {len(values)} times; give it once."
            )


async def bounded_body(request: Request) -> Receive:
    """What gives the body of a POST again, once it has been read and is not too large.

    Raises:
        RefusedError: 413 or 415, with the way to mend it.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RefusedError(
            415, "The body is not said to be JSON; send it with Content-Type: application/json."
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RefusedError(413, f"The body is larger than {LARGEST_BODY} bytes; send less.")
    return _again(bytes(body), request.receive)


def _again(body: bytes, receive: Receive) -> Receive:
    """First the body, whole; then what the connection tells, such as that the client left."""
    given = False

    async def read() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read
