"""Plain text to Markdown that shows exactly that text: escapes, links, lists, tables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

_MARKS = {sign: f"&#{ord(sign)};" for sign in "&<>|\\`{}*_[]~^"}
_SPACES = re.compile(r"\s+")
_LIST_START = re.compile(r"^(?:(?:[-+]|\d+[.)])(?=\s|$)|#|!!!)")


def text(value: str) -> str:
    """`value` on one line, its marks written so that no Markdown or HTML is read into them.

    >>> text("a|b_c <i>")
    'a&#124;b&#95;c &#60;i&#62;'
    """
    marked = "".join(_MARKS.get(sign, sign) for sign in _SPACES.sub(" ", value).strip())
    return _LIST_START.sub(_unlisted, marked)


def _unlisted(start: re.Match[str]) -> str:
    """The same signs, the last of them by number: no list, heading or image begins with them."""
    found = start.group()
    return f"{found[:-1]}&#{ord(found[-1])};"


def code(value: str) -> str:
    """`value` in the type of code."""
    return f"<code>{text(value)}</code>"


def outside(label: str, address: str) -> str:
    """A link to an address on the web; one that is no http address stays text."""
    if not address.startswith(("https://", "http://")):
        return text(label)
    return f"[{text(label)}]({quote(address, safe=':/?#@!$&*+,;=%~-._')})"


def inside(page: str, target: str, label: str) -> str:
    """A link from one page to another (both as paths of the site, the target with its anchor)."""
    path, mark, anchor = target.partition("#")
    relative = posixpath.relpath(path, posixpath.dirname(page) or ".")
    return f"[{text(label)}]({quote(relative)}{mark}{quote(anchor)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; without rows nothing."""
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    return "\n".join([_line(head), _line(["---"] * len(head)), *lines])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def bullets(items: Iterable[str]) -> str:
    """A list of items that are Markdown already."""
    return "\n".join(f"- {item}" for item in items)


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of named values; those without a value are left out."""
    return bullets(f"**{name}:** {value}" for name, value in pairs if value)


def box(kind: str, title: str, body: str) -> str:
    """A box that stands out (`kind` is note or warning), its body Markdown already."""
    inner = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    return f'!!! {kind} "{text(title).replace(chr(34), "&quot;")}"\n\n{inner}'


def folded(title: str, body: str) -> str:
    """A part that opens on a click, its body Markdown already."""
    return f'<details markdown="1">\n<summary>{text(title)}</summary>\n\n{body}\n\n</details>'


def joined(parts: Iterable[str]) -> str:
    """Parts of a page, one under the other; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
