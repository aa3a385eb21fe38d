"""Values into HTML pages, every one of them escaped, and the policy they are sent under."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from metalocal.answers import NOTICE
from metalocal.pages.addresses import prefix_of
from metalocal.pages.assets import chunks_of, script_of, style_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""A page loads what this server has and nothing else, and makes no script of text."""

REVISITED = {"Cache-Control": "private, no-cache"}
"""Header for pages that tell nothing of a patient: a browser may keep one to go back to it."""

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "notice": NOTICE,
    "style_of": style_of,
    "script_of": script_of,
    "chunks_of": chunks_of,
}


def html_page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The template with its values; `root` in it is what a proxy puts before our paths."""
    text = _templates.get_template(template).render(values, root=prefix_of(request))
    own = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    return Response(text, status, headers={**own, **(headers or {})})
