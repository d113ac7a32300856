"""The format of log lines."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core import log_lines
from core.settings import redaction


@pytest.fixture
def _far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_far_from_greenwich")
def test_times_in_the_log_are_utc_wherever_the_machine_is() -> None:
    record = logging.LogRecord("marquee", logging.INFO, __file__, 1, "ready", None, None)
    record.created, record.msecs = datetime(2027, 4, 3, 14, 30, tzinfo=UTC).timestamp(), 7.0
    assert log_lines.UtcFormatter(log_lines.FORM).format(record) == "2027-04-03T14:30:00.007Z INFO marquee ready"


def test_a_text_cannot_forge_another_line() -> None:
    forged = "x\n2026-11-21T12:30:15.000Z ERROR marquee.web all is lost\r\x1b[31m\x85\u2028é"
    record = logging.LogRecord("marquee.web", logging.INFO, "", 0, "no movie %s", (forged,), None)
    line = log_lines.UtcFormatter(log_lines.FORM).format(record)
    assert len(line.splitlines()) == 1
    assert line.endswith("all is lost\\r\\x1b[31m\\x85\\u2028é")


def test_a_line_of_json_has_the_record_its_fields_and_the_request() -> None:
    record = logging.LogRecord("marquee.access", logging.INFO, "", 0, "%s", ("{…}",), None)
    record.created, record.msecs = datetime(2027, 4, 3, 14, 30, tzinfo=UTC).timestamp(), 7.0
    record.fields = {"event": "request", "status": 200}
    log_lines.request_id.set("ab12")
    try:
        line = log_lines.formatter("json").format(record)
    finally:
        log_lines.request_id.set("")
    told = {"time": "2027-04-03T14:30:00.007Z", "level": "INFO", "logger": "marquee.access", "request": "ab12"}
    assert json.loads(line) == {**told, "event": "request", "status": 200}


def test_a_traceback_is_in_the_line_of_json_without_secrets() -> None:
    redaction.remember(["hunter2hunter2"])
    try:
        raise ValueError("the password is hunter2hunter2\u2028\x85\n")
    except ValueError:
        record = logging.LogRecord("marquee.web", logging.ERROR, "", 0, "no %s", ("hunter2hunter2",), sys.exc_info())
    line = log_lines.formatter("json").format(record)
    assert len(line.splitlines()) == 1
    assert "hunter2" not in line
    told = json.loads(line)
    assert told["exception"].startswith("Traceback (most recent call last):\n")
    assert "request" not in told
    assert told["message"].startswith("no ")
