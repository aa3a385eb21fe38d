"""Log records -> one line each, as JSON or for reading; no value from outside can end a line.

An exception is told by its class and where it was raised, never by its message: that could quote a
query.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

Form = Literal["auto", "text", "json"]
_ENCODER = json.JSONEncoder(default=str)
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


def event(
    logger: logging.Logger, level: int, name: str, fields: Mapping[str, object] | None = None
) -> None:
    """Log that `name` happened; the fields follow it in the order given."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", name, extra={"fields": dict(fields or {})})


class JsonLines(logging.Formatter):
    """A record as one JSON object in ASCII on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Text of one record, without the end of the line."""
        return _quoted(_content(record))


class TextLines(logging.Formatter):
    """A record as one line for a person: time, level, event, then name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Text of one record, without the end of the line."""
        content = _content(record)
        head = f"{content.pop('time')} {content.pop('level'):<7} {_plain(content.pop('event'))}"
        return " ".join([head, *(f"{name}={_plain(value)}" for name, value in content.items())])


def log_to_stderr(form: Form) -> None:
    """Send all records of this process, the web server's too, to standard error.

    "auto" is for reading on a terminal, and JSON elsewhere.
    """
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(TextLines() if as_text else JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _content(record: logging.LogRecord) -> dict[str, Any]:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    content: dict[str, Any] = {
        "time": moment.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "event": record.getMessage(),
        **getattr(record, "fields", {}),
    }
    if REQUEST_ID.get():
        content["request_id"] = REQUEST_ID.get()
    if record.exc_info and record.exc_info[0]:
        content["error"] = record.exc_info[0].__name__
        content["frames"] = "".join(traceback.format_tb(record.exc_info[2]))
    return content


def _plain(value: object) -> str:
    r"""A value in printable ASCII on one line, in quotes where it holds a blank or a sign of ours.

    >>> _plain("two\\nlines"), _plain("word"), _plain(3)
    ('"two\\\\nlines"', 'word', '3')
    """
    text = str(value)
    quoted = _quoted(text)
    return text if quoted == f'"{text}"' and text and not set(text) & set(' ="') else quoted


def _quoted(value: object) -> str:
    """JSON in printable ASCII; JSON itself would leave the sign DEL as it is."""
    return _ENCODER.encode(value).replace("\x7f", "\\u007f")
