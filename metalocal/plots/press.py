"""A drawing into SVG text or PNG bytes; the one module that lets matplotlib draw."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO, StringIO
from threading import RLock
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from metalocal.plots.drawing import Drawing, Line, Text
from metalocal.plots.lettering import FONT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAMILIES = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', Verdana, sans-serif"
POINTS_PER_INCH = 72
SIDES = {"start": "left", "middle": "center", "end": "right"}
LETTERS = {
    "font-size": r"([\d.]+)px",
    "font-weight": r"\b(bold|700)\b",
    "fill": r"fill: (#\w+)",
    "text-anchor": r"text-anchor: (middle|end)",
}
"""Attributes of a text to where matplotlib says them in its style."""
TURN = RLock()
"""The settings of matplotlib belong to the process: one drawing at a time."""


@contextmanager
def plain_settings() -> Iterator[None]:
    """Matplotlib as it comes, whatever the user's settings, text kept as text; for layout too."""
    import matplotlib as mpl  # noqa: PLC0415  (slow)

    with TURN, warnings.catch_warnings(), mpl.rc_context():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "metalocal"})
        yield


def svg_of(drawing: Drawing) -> str:
    """The drawing as SVG, to stand alone or inside HTML; the same drawing gives the same text."""
    written = StringIO()
    metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure_of(drawing).savefig(written, format="svg", metadata=metadata)
    return accessible(written.getvalue(), drawing)


def png_of(drawing: Drawing, dpi: int) -> bytes:
    """The drawing as PNG, `dpi` dots an inch, its words kept as title and description.

    Raises:
        ValueError: more dots than a picture of this size can be asked for, or too few to read.
    """
    if not 50 <= dpi <= 600:
        raise ValueError(f"{dpi} dots an inch. Mend: 50 to 600; journals ask for 300")
    written = BytesIO()
    metadata = {"Title": drawing.title, "Description": drawing.description, "Software": None}
    figure_of(drawing).savefig(written, format="png", dpi=dpi, metadata=metadata)
    return written.getvalue()


def figure_of(drawing: Drawing) -> Figure:
    """The marks as artists of a figure without axes, in points from the top left."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (slow)
    from matplotlib.lines import Line2D  # noqa: PLC0415  (slow)
    from matplotlib.patches import Polygon  # noqa: PLC0415  (slow)
    from matplotlib.transforms import Affine2D  # noqa: PLC0415  (slow)

    inches = drawing.width / POINTS_PER_INCH, drawing.height / POINTS_PER_INCH
    figure = Figure(figsize=inches, dpi=POINTS_PER_INCH, facecolor="white")
    down = Affine2D().scale(1 / POINTS_PER_INCH, -1 / POINTS_PER_INCH).translate(0, inches[1])
    places = down + figure.dpi_scale_trans
    for order, mark in enumerate(drawing.marks):
        settings = {"transform": places, "gid": mark.name, "zorder": order}
        if isinstance(mark, Text):
            letters: dict[str, object] = {"family": FONT, "size": mark.size, "color": mark.colour}
            letters |= {"weight": "bold" if mark.bold else "normal", "ha": SIDES[mark.anchor]}
            figure.text(*mark.at, mark.text, {**letters, "parse_math": False, **settings})
        elif isinstance(mark, Line):
            xs, ys = zip(*mark.points, strict=True)
            line = Line2D(xs, ys, linewidth=mark.width, color=mark.colour)
            line.set(linestyle=(0, (3, 2.5)) if mark.dashed else "solid", **settings)
            figure.add_artist(line).set(solid_capstyle="butt")
        else:
            outline = {"edgecolor": mark.edge or "none", "linewidth": 0.8 if mark.edge else 0}
            shape = Polygon(mark.points, closed=True, facecolor=mark.fill, **outline)
            figure.add_artist(shape).set(**settings)
    return figure


def accessible(svg: str, drawing: Drawing) -> str:
    """The SVG of matplotlib with a name and a description for who cannot see it.

    What would clash where several plots stand in one page is gone: ids, a style for all elements.
    The names of marks become classes, each with plot- before it.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314  (written above, not received)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        tidy(element)
    for element in [child for child in root if child.tag in {"metadata", "defs"}]:
        root.remove(element)
    key = sha256(f"{drawing.title}\n{drawing.description}".encode()).hexdigest()[:12]
    size = {"width": f"{drawing.width:g}pt", "height": f"{drawing.height:g}pt"}
    view = {"viewBox": f"0 0 {drawing.width:g} {drawing.height:g}", "font-family": FAMILIES}
    ends = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    spoken = {"role": "img", "aria-labelledby": f"t{key}", "aria-describedby": f"d{key}"}
    root.attrib.clear()
    root.attrib.update({"xmlns": "http://www.w3.org/2000/svg", **size, **view, **ends, **spoken})
    for tag, text in (("desc", drawing.description), ("title", drawing.title)):
        element = ElementTree.Element(tag, {"id": f"{tag[0]}{key}"})
        element.text = text
        root.insert(0, element)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def tidy(element: ElementTree.Element) -> None:
    """An element of matplotlib with our name as class, and of text no more than must be told."""
    name = element.attrib.pop("id", "")
    if name and not re.fullmatch(r"[a-z]+\w*_\d+", name):
        element.set("class", " ".join(f"plot-{part}" for part in name.split()))
    if "d" in element.attrib:
        element.set("d", " ".join(element.attrib["d"].split()))
    element.tail = "\n"
    if element.tag != "text":
        element.text = element.text and element.text.strip()
        return
    style = element.attrib.pop("style", "")
    element.attrib.pop("transform", None)
    for attribute, pattern in LETTERS.items():
        found = re.search(pattern, style)
        if found:
            element.set(attribute, found.group(1))
