"""The format of log lines, without secrets. Imports only the standard library."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from contextvars import ContextVar

from core.settings import redaction

TEXT, JSON = "text", "json"
FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELDS = "fields"
"""Attribute of a record with the values that its message is made of, for JSON."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that this thread answers; empty if it answers none."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class UtcFormatter(logging.Formatter):
    """Formats times in UTC: in local time, one hour a year occurs twice.

    Removes secrets, also from tracebacks, and escapes control characters: a text of a user cannot forge another line.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return redaction.scrub(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is Python's
        """Return the line without a traceback."""
        record.message = _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), record.message)
        return super().formatMessage(record)

    @staticmethod
    def converter(timestamp: float | None = None) -> time.struct_time:
        """Return a Unix time as a `struct_time` in UTC."""
        return time.gmtime(timestamp)


class JsonFormatter(UtcFormatter):
    """Formats each record, with its traceback, as one line of JSON, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        entry: dict[str, object] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": redaction.scrub(record.getMessage()),
        }
        if identity := request_id.get():
            entry["request"] = identity
        if fields := getattr(record, FIELDS, None):
            del entry["message"]
            entry.update(fields)
        if record.exc_info:
            entry["exception"] = redaction.scrub(self.formatException(record.exc_info))
        return redaction.scrub(json.dumps(entry, default=str))


def log_fields(log: logging.Logger, level: int, fields: Mapping[str, object]) -> None:
    """Log values as JSON, which are fields of the line itself if lines are JSON."""
    log.log(level, "%s", json.dumps(fields), extra={FIELDS: fields})


def formatter(form: str) -> logging.Formatter:
    """Return the formatter for `text` or `json`."""
    return JsonFormatter() if form == JSON else UtcFormatter(FORM)


def handler(form: str = TEXT) -> logging.Handler:
    """Return a handler that writes formatted lines to standard error."""
    made = logging.StreamHandler()
    made.setFormatter(formatter(form))
    return made
