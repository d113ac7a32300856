"""The format of log lines."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core import log_lines


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
