"""Patients that several tests ask about, as facts by attribute."""

from __future__ import annotations

BONE = {
    "presentation": "de_novo",
    "hr_status": "positive",
    "her2_status": "negative",
    "age": 48,
    "metastatic_sites": {"only": ["bone"]},
    "metastasis_count": 1,
    "primary_status": "intact",
    "primary_resectable": True,
    "prior_lines": 0,
}
"""A solitary bone metastasis, found with the resectable primary tumour, and nothing done yet."""
