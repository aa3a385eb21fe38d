"""Style sheets, icon and scripts of the pages, each at an address that changes when it does.

`static/` holds our own files. `bundle/` holds the scripts that the build makes of `frontend/` and
the npm packages it names; it may be absent, and every page works without it.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

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


def style_of(name: str) -> str:
    """Path of the style sheet `name`, such as "style" or "ask"."""
    return f"/static/{name}.css?{_digest(_OWN / f'{name}.css')}"


def script_of(name: str) -> str:
    """Path of the script `name`, such as "explore"; "" where no bundle was built."""
    built = _manifest().get(f"{name}.js")
    return f"/bundle/{built}" if built else ""


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


async def _own(request: Request) -> Response:
    lasting = _FOR_EVER if request.url.query else _FOR_AN_HOUR
    return _file(_OWN, request.path_params["name"], lasting)


async def _built(request: Request) -> Response:
    return _file(BUNDLE, request.path_params["name"], _FOR_EVER)


async def _icon(_request: Request) -> Response:
    return _file(_OWN, "favicon.svg", _FOR_AN_HOUR)


def _file(folder: Path, name: str, lasting: dict[str, str]) -> Response:
    path = _files(folder).get(name)
    if path is None:
        raise HTTPException(404)
    headers = {"Content-Type": _TYPES[path.suffix], **lasting}
    return Response(path.read_bytes(), headers=headers)
