"""Queries without data and without end: the engine looks at no quad and would go on for ages."""

from __future__ import annotations

LISTS = " ".join(f"VALUES ?{name} {{ {' '.join('1234567890')} }}" for name in "abcdefghijkl")
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {LISTS} }}"
SORTED = f"SELECT * {{ {LISTS} }} ORDER BY ?a"
"""Takes all the memory it is given."""
