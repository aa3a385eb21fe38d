"""Style sheets, icon and scripts of the pages, each at an address that changes when it does.

`static/` holds our own files. `bundle/` holds the scripts that the build makes of `frontend/` and
the npm packages it names; it may be absent, and every page works without it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.pages.packing import packed, takes_gzip

_FOLDER = Path(__file__).parent
_OWN, BUNDLE = _FOLDER / "static", _FOLDER / "bundle"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_AN_HOUR = {"Cache-Control": "max-age=3600"}
_IMPORTED = re.compile(r"""\b(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
_SMALLEST_PACKED = 500  # bytes


def style_of(name: str) -> str:
    """Path of the style sheet `name`, such as "style" or "ask"."""
    return f"/static/{name}.css?{_digest(_OWN / f'{name}.css')}"


def script_of(name: str) -> str:
    """Path of the script `name`, such as "explore"; "" where no bundle was built."""
    built = _manifest().get(f"{name}.js")
    return f"/bundle/{built}" if built else ""


@cache
def chunks_of(name: str) -> tuple[str, ...]:
    """Paths of the scripts that the script `name` imports: a page can ask for them at once.

    What it imports later, when it is needed, is not among them.
    """
    wanted, found = [_manifest().get(f"{name}.js", "")], []
    for file in wanted:
        path = _files(BUNDLE).get(file)
        imported = _IMPORTED.findall(path.read_text("utf-8")) if path else []
        found += [each for each in imported if each not in found]
        wanted += [each for each in imported if each not in wanted]
    return tuple(f"/bundle/{file}" for file in found)


def asset_routes() -> list[BaseRoute]:
    """`/static/...` and `/bundle/...`."""
    return [
        Route("/static/{name}", _own),
        Route("/bundle/{name}", _built),
        Route("/favicon.ico", _icon),
    ]


@cache
def _manifest() -> dict[str, str]:
    """Name of a script to the file it was built into."""
    path = BUNDLE / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


@cache
def _files(folder: Path) -> dict[str, Path]:
    """Name to path of what a folder gives out: a request never becomes part of a path."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path for path in found if path.suffix in _TYPES}


@cache
def _packed(path: Path) -> bytes:
    return packed(path.read_bytes(), level=9)


async def _own(request: Request) -> Response:
    lasting = _FOR_EVER if request.url.query else _FOR_AN_HOUR
    return _file(request, _OWN, request.path_params["name"], lasting)


async def _built(request: Request) -> Response:
    return _file(request, BUNDLE, request.path_params["name"], _FOR_EVER)


async def _icon(request: Request) -> Response:
    return _file(request, _OWN, "favicon.svg", _FOR_AN_HOUR)


def _file(request: Request, folder: Path, name: str, lasting: dict[str, str]) -> Response:
    """The file, compressed if the client takes that; nothing but its tag if the client has it."""
    path = _files(folder).get(name)
    if path is None:
        raise HTTPException(404)
    tag = f'W/"{_digest(path)}"'
    headers = {"ETag": tag, "Vary": "Accept-Encoding", **lasting}
    known = request.headers.get("if-none-match", "")
    if tag.removeprefix("W/") in known or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = _TYPES[path.suffix]
    is_large = path.stat().st_size >= _SMALLEST_PACKED
    if is_large and takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(_packed(path), headers={**headers, "Content-Encoding": "gzip"})
    return Response(path.read_bytes(), headers=headers)
