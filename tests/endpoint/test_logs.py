"""One line a record, in JSON and for reading."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from metalocal.endpoint.operations.logs import (
    REQUEST_ID,
    JsonLines,
    TextLines,
    event,
    log_to_stderr,
)


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("metalocal", logging.INFO, __file__, 1, "%s", (message,), None)
    made.created = 1_000_000_000.25
    made.fields = fields
    return made


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers, root.level = before, level


def test_a_record_is_one_json_object_with_its_time_in_utc() -> None:
    line = JsonLines().format(record("request", route="/sparql", status=200))
    assert line == (
        '{"time": "2001-09-09T01:46:40.250Z", "level": "info", "event": "request", '
        '"route": "/sparql", "status": 200}'
    )


def test_a_record_reads_as_text() -> None:
    line = TextLines().format(record("two words", route="/sparql", query="ASK { }", client=""))
    assert line == (
        '2001-09-09T01:46:40.250Z info    "two words" route=/sparql query="ASK { }" client=""'
    )


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()])
@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2J", "\x00", "\x85", "\u2028", "\x7f", '"'])
def test_no_value_can_end_or_forge_a_line(formatter: logging.Formatter, sign: str) -> None:
    forged = f'x{sign}{{"event": "forged"}}'
    line = formatter.format(record(forged, query=forged))
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()


def test_a_line_of_a_request_bears_its_id() -> None:
    token = REQUEST_ID.set("a-1")
    line = JsonLines().format(record("request"))
    REQUEST_ID.reset(token)
    assert json.loads(line)["request_id"] == "a-1"
    assert "request_id" not in JsonLines().format(record("request"))


def test_an_exception_is_told_by_class_and_place_without_its_message() -> None:
    try:
        raise ValueError("sec" + "ret")
    except ValueError:
        made = record("own fault")
        made.exc_info = sys.exc_info()
    line = JsonLines().format(made)
    assert json.loads(line)["error"] == "ValueError"
    assert "test_logs.py" in json.loads(line)["frames"]
    assert "secret" not in line


@pytest.mark.parametrize(("form", "beginning"), [("json", "{"), ("auto", "{"), ("text", "2")])
@pytest.mark.usefixtures("logging_restored")
def test_where_standard_error_is_no_terminal_lines_are_json_unless_told(
    form: str, beginning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr(form)  # type: ignore[arg-type]
    event(logging.getLogger("metalocal.endpoint"), logging.WARNING, "something", {"n": 1})
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(beginning)
    assert written.err.count("\n") == 1
