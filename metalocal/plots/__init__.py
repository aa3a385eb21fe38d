"""Estimates into forest plots, results of arms into paired plots; SVG text or PNG bytes."""

from metalocal.plots.arms import arms_drawing
from metalocal.plots.forest import forest_drawing
from metalocal.plots.press import plain_settings, png_of, svg_of
from metalocal.plots.records import VERDICTS, ArmRow, ArmsPlot, Forest, ForestRow, PooledRow

DPI = 200
"""Dots an inch of a PNG, unless told otherwise; journals ask for 300."""


def forest_svg(forest: Forest) -> str:
    """The forest plot as SVG.

    Raises:
        ValueError: there is nothing to draw, or a number that cannot be drawn.
    """
    with plain_settings():
        return svg_of(forest_drawing(forest))


def forest_png(forest: Forest, dpi: int = DPI) -> bytes:
    """The forest plot as PNG. Raises ValueError as forest_svg does."""
    with plain_settings():
        return png_of(forest_drawing(forest), dpi)


def arms_svg(plot: ArmsPlot) -> str:
    """The results of arms as SVG.

    Raises:
        ValueError: there is nothing to draw, or a number that cannot be drawn.
    """
    with plain_settings():
        return svg_of(arms_drawing(plot))


def arms_png(plot: ArmsPlot, dpi: int = DPI) -> bytes:
    """The results of arms as PNG. Raises ValueError as arms_svg does."""
    with plain_settings():
        return png_of(arms_drawing(plot), dpi)


__all__ = [
    "VERDICTS",
    "ArmRow",
    "ArmsPlot",
    "Forest",
    "ForestRow",
    "PooledRow",
    "arms_png",
    "arms_svg",
    "forest_png",
    "forest_svg",
]
