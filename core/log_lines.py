"""The format of log lines, without secrets. Imports only the standard library."""

from __future__ import annotations

import logging
import re
import time

from core.settings import redaction

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"


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


def handler() -> logging.Handler:
    """Return a handler that writes formatted lines to standard error."""
    made = logging.StreamHandler()
    made.setFormatter(UtcFormatter(FORM))
    return made
