"""`/dump.nq`: the N-Quads file the store was loaded from, as it lies on disk, whole or in parts.

The compressed form is made once for each state of the file and kept: the file repeats its IRIs so
often that a twentieth of its size is left.
"""

from __future__ import annotations

import os
import re
import zlib
from asyncio import Lock
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from typing import BinaryIO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from metalocal.endpoint.formats import Format, accepted, choose, listing
from metalocal.endpoint.refusal import RefusedError, none_accepted
from metalocal.endpoint.service import Service
from metalocal.pages.packing import takes_gzip

_N_QUADS = (Format("n-quads", ("application/n-quads", "text/x-nquads", "text/plain")),)
_GZIP_WINDOW = 31
_LEVEL = 6
_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class State:
    """Size in bytes and time of change in nanoseconds of the file that was opened."""

    size: int
    changed: int

    @property
    def tag(self) -> str:
        """Strong entity tag of the file as it is."""
        return f'"{self.size:x}-{self.changed:x}"'

    @property
    def zipped_tag(self) -> str:
        """Strong entity tag of its compressed form."""
        return f'"{self.size:x}-{self.changed:x}-gzip"'

    @property
    def date(self) -> str:
        """Time of change as HTTP writes it."""
        return formatdate(self.changed // 10**9, usegmt=True)


def dump_routes(service: Service) -> list[Route]:
    """The route of the dump."""
    dump = _Dump(service)
    return [Route("/dump.nq", dump.respond, methods=["GET", "HEAD"])]


class _Dump:
    """The file, and its compressed form once somebody asked for it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._zipped: tuple[State, bytes] | None = None
        self._zipping = Lock()

    async def respond(self, request: Request) -> Response:
        """The file: whole, one range of it, compressed, or not at all if the client has it."""
        if choose(accepted(request), _N_QUADS) is None:
            raise none_accepted(listing(_N_QUADS))
        file = self._service.sources.graph_file.open("rb")
        try:
            return await self._answer(request, file, _state_of(file))
        except BaseException:
            file.close()
            raise

    async def _answer(self, request: Request, file: BinaryIO, state: State) -> Response:
        headers = _headers(state, state.tag)
        if _is_fresh(request, state):
            file.close()
            return Response(status_code=304, headers=headers)
        part = asked_range(request, state)
        if part is None and takes_gzip(request.headers.get("accept-encoding", "")):
            return await self._compressed(file, state)
        first, last = part or (0, state.size - 1)
        status, length = 206 if part else 200, last - first + 1
        headers["Content-Length"] = str(length)
        if part:
            headers["Content-Range"] = f"bytes {first}-{last}/{state.size}"
        if request.method == "HEAD":
            file.close()
            return Response(status_code=status, headers=headers)
        file.seek(first)
        return StreamingResponse(_chunks(file, length), status, headers=headers)

    async def _compressed(self, file: BinaryIO, state: State) -> Response:
        async with self._zipping:
            if self._zipped is None or self._zipped[0] != state:
                self._zipped = state, await to_thread.run_sync(_gzipped, file)
        file.close()
        headers = {**_headers(state, state.zipped_tag), "Content-Encoding": "gzip"}
        return Response(self._zipped[1], headers=headers)


def _state_of(file: BinaryIO) -> State:
    found = os.fstat(file.fileno())
    return State(found.st_size, found.st_mtime_ns)


def _headers(state: State, tag: str) -> dict[str, str]:
    return {
        "Content-Type": "application/n-quads",
        "Content-Disposition": 'attachment; filename="metalocal.nq"',
        "ETag": tag,
        "Last-Modified": state.date,
        "Cache-Control": "no-cache",
        "Accept-Ranges": "bytes",
        "Vary": "Accept, Accept-Encoding",
    }


def _is_fresh(request: Request, state: State) -> bool:
    """Whether the client holds this very state (RFC 9110, section 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return not known.isdisjoint({"*", state.tag, state.zipped_tag})
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= state.changed // 10**9
    except (ValueError, OverflowError):
        return False


def asked_range(request: Request, state: State) -> tuple[int, int] | None:
    """First and last byte of the one range asked for; None for the whole file.

    Several ranges, or a form nobody knows, are answered with the whole, as RFC 9110 allows.

    Raises:
        RefusedError: 416, the range begins behind the end.
    """
    matched = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    condition = request.headers.get("if-range", state.tag)
    if matched is None or condition not in (state.tag, state.date) or matched[0] == "bytes=-":
        return None
    begin, end = matched[1], matched[2]
    if not begin:
        first, last = max(0, state.size - int(end)), state.size - 1
    else:
        first, last = int(begin), min(int(end or state.size), state.size - 1)
    if end and begin and int(end) < int(begin):
        return None
    if first > last:
        text = f"The range begins behind the end; the dump has {state.size} bytes."
        raise RefusedError(416, text, {"Content-Range": f"bytes */{state.size}"})
    return first, last


async def _chunks(file: BinaryIO, length: int) -> AsyncIterator[bytes]:
    try:
        while length > 0:
            chunk = await to_thread.run_sync(file.read, min(_CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk
    finally:
        file.close()


def _gzipped(file: BinaryIO) -> bytes:
    """The rest of the file, compressed without a time or name, so that equal files stay equal."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    parts = [packer.compress(chunk) for chunk in iter(lambda: file.read(_CHUNK), b"")]
    return b"".join([*parts, packer.flush()])
