"""Elements of HTML: every text is escaped where it enters, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Text that is HTML already; any other text is escaped when it becomes part of an element."""

    __slots__ = ()


VOID = {"meta", "br"}
"""Elements without an end."""


def html(*children: str) -> Html:
    """The children one after another.

    >>> html("a < b", Html("<br>"))
    'a &lt; b<br>'
    """
    return Html(
        "".join(one if isinstance(one, Html) else escape(one, quote=False) for one in children)
    )


def element(tag: str, *children: str, **attributes: str) -> Html:
    """An element; an attribute that is no name in Python has an underscore behind or for a hyphen.

    >>> element("td", "p < 0.05", class_="number")
    '<td class="number">p &lt; 0.05</td>'
    """
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value
    )
    if tag in VOID:
        return Html(f"<{tag}{told}>")
    return Html(f"<{tag}{told}>{html(*children)}</{tag}>")


def items(children: Iterable[str], *, ordered: bool = False) -> Html:
    """A list; nothing where there is no item."""
    told = [element("li", child) for child in children]
    return element("ol" if ordered else "ul", *told) if told else Html()


def closed(summary: str, *children: str, id_: str = "") -> Html:
    """What opens when it is asked for; nothing where there is nothing inside."""
    inside = html(*children)
    return element("details", element("summary", summary), inside, id=id_) if inside else inside


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """A table with a caption, whose first column heads its rows."""
    head = element("tr", *(element("th", one, scope="col") for one in headings))
    body = [
        element("tr", element("th", first, scope="row"), *(element("td", one) for one in rest))
        for first, *rest in rows
    ]
    inner = element("caption", caption), element("thead", head), element("tbody", *body)
    scrolls = {"class_": "scrolls", "tabindex": "0", "role": "group", "aria_label": caption}
    return element("div", element("table", *inner), **scrolls)


def section(id_: str, heading: str, *children: str) -> Html:
    """A part of the page that is named by its heading; nothing where nothing stands in it."""
    inside = html(*children)
    if not inside:
        return inside
    title = element("h2", heading, id=f"{id_}-heading")
    return element("section", title, inside, id=id_, aria_labelledby=f"{id_}-heading")


def small(text: str) -> Html:
    """A line in small letters; nothing where there is no text."""
    return element("div", text, class_="small") if text else Html()


def cited(places: str) -> Html:
    """Sources and lines, as a line of small letters."""
    return element("div", element("cite", places), class_="small") if places else Html()
