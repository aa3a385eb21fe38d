"""Values into HTML pages: the templates, the style sheet, and the policy they are sent under."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.answers import NOTICE
from metalocal.endpoint.addresses import own_path, prefix_of
from metalocal.endpoint.formats import Format

HTML = Format("html", ("text/html",), is_text=True)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_FOLDER = Path(__file__).parent
_templates = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["notice"] = NOTICE
_templates.globals["style"] = sha256((_FOLDER / "static" / "style.css").read_bytes()).hexdigest()[
    :12
]
_ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "favicon.svg": "image/svg+xml",
}


def html_page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The template with its values, every one of them escaped; it may load nothing but our CSS."""
    text = _templates.get_template(template).render(values, root=prefix_of(request))
    own = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    return Response(text, headers={**own, **(headers or {})})


def asset_routes() -> list[Route]:
    """The style sheet and the icon."""
    return [
        Route("/static/style.css", _asset),
        Route("/static/favicon.svg", _asset),
        Route("/favicon.ico", _asset),
    ]


async def _asset(request: Request) -> Response:
    name = own_path(request).rpartition("/")[2].replace("favicon.ico", "favicon.svg")
    headers = {"Content-Type": _ASSETS[name], "Cache-Control": "max-age=3600"}
    return Response((_FOLDER / "static" / name).read_bytes(), headers=headers)
