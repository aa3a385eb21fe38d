"""The built graph in, SPARQL answers over HTTP out: `Limits`, `Front`, `Sources`, `Listening`.

The names are resolved on first use, because a worker process imports
`metalocal.endpoint.engine.worker` and must not thereby load the web stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metalocal.endpoint.engine.engines import GraphNotLoadedError
    from metalocal.endpoint.settings import Front, Limits, Listening, Sources

__all__ = ["Front", "GraphNotLoadedError", "Limits", "Listening", "Sources"]

_HOME = {
    "GraphNotLoadedError": "engine.engines",
    "Front": "settings",
    "Limits": "settings",
    "Listening": "settings",
    "Sources": "settings",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  (resolved on first use)

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
