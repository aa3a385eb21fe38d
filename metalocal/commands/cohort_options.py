"""The options of a cohort, which `metalocal ask` has whether or not it is asked about one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

OPTIONS: dict[str, tuple[Any, Any]] = {
    "cohort": (
        Annotated[
            str | None,
            typer.Option(
                "--cohort",
                help="Answer for every patient of this CSV or JSON Lines file, - for standard "
                "input: a row per patient and question, as CSV or, with -o NAME.parquet, Parquet.",
            ),
        ],
        None,
    ),
    "rejected": (
        Annotated[
            Path | None,
            typer.Option("--rejected", help="With --cohort: set rows with errors aside here."),
        ],
        None,
    ),
    "stop_on_error": (
        Annotated[
            bool,
            typer.Option("--stop-on-error", help="With --cohort: stop at the first wrong row."),
        ],
        False,
    ),
}
"""The options of a cohort: annotation and default of each."""
