"""hatchling, with what building a wheel needs kept out of an install in place.

A wheel carries the built graph, so building one runs graph_builder, audits of pooled results
included. An install in place (`pip install -e .`) builds its graph on first use, in the
environment it is installed into.
"""

from __future__ import annotations

from hatchling import build as hatchling
from hatchling.build import (
    build_editable,
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
]

BUILDER = [
    "pydantic>=2.9",
    "pyoxigraph>=0.5.8,<0.6",
    "pyshacl>=0.30",
    "pyyaml>=6.0.2",
    "rdflib>=7.1",
    "statsmodels>=0.14.4",
    "yamlcore>=0.0.4",
]
"""What graph_builder imports, as in the dependencies of pyproject.toml."""


def get_requires_for_build_wheel(config_settings: dict[str, str] | None = None) -> list[str]:
    """What hatchling asks for, and what graph_builder does."""
    return [*hatchling.get_requires_for_build_wheel(config_settings), *BUILDER]
