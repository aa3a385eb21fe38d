"""Triples that are gathered first and indexed only when somebody asks: rdflib's Graph, for writing.

rdflib's own store keeps three indices from the first triple on. What is written here is mostly
read once, from the first triple to the last, so a set holds it until a pattern asks for more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from rdflib import Graph
from rdflib.plugins.stores.memory import SimpleMemory


class GatheringStore(SimpleMemory):
    """A set of triples that becomes an index with the first pattern asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self._gathered: set[Any] | None = set()

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        """Takes a triple in."""
        if self._gathered is None:
            super().add(triple, context, quoted)
        else:
            self._gathered.add(triple)

    def remove(self, triple_pattern: Any, context: Any = None) -> None:
        """Takes out what fits the pattern."""
        self._index(context)
        super().remove(triple_pattern, context)

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        """What fits the pattern; all triples are given without an index."""
        if self._gathered is not None and triple_pattern == (None, None, None):
            return ((triple, iter(())) for triple in list(self._gathered))
        self._index(context)
        return super().triples(triple_pattern, context)

    def __len__(self, context: Any = None) -> int:
        """How many triples are held."""
        return super().__len__(context) if self._gathered is None else len(self._gathered)

    def _index(self, context: Any) -> None:
        gathered, self._gathered = self._gathered, None
        for triple in gathered or ():
            super().add(triple, context)


class _GatheringGraph(Graph):
    """A graph over a gathering store; what it is given is not looked at again."""

    def add(self, triple: Any) -> Self:
        """Takes a triple in."""
        self.store.add(triple, self)
        return self


def gathering_graph() -> Graph:
    """An empty graph that is quick to write."""
    return _GatheringGraph(store=GatheringStore())
