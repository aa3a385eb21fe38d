"""The answer as one HTML page that needs nothing beside it."""

from metalocal.render.html.page import as_html

__all__ = ["as_html"]
