"""Limits of the endpoint as sentences."""

from __future__ import annotations

from metalocal.endpoint.settings import Limits


def limits_in_words(limits: Limits) -> str:
    """What a query may cost here.

    >>> limits_in_words(Limits(seconds=20, result_bytes=50_000_000)).partition(".")[0]
    'A query may run for 20 seconds and give 50 megabytes'
    """
    megabytes = limits.result_bytes / 10**6
    return (
        f"A query may run for {limits.seconds:g} seconds and give {megabytes:g} megabytes. "
        f"Its text may have {limits.query_characters:,} characters. "
        "The endpoint is read-only and fetches nothing from elsewhere: no SERVICE, no updates."
    )
