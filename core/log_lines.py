"""The format of log lines, without secrets. Imports only the standard library."""

from __future__ import annotations

import logging
import time

from core.settings import redaction

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"


class UtcFormatter(logging.Formatter):
    """Formats times in UTC: in local time, one hour a year occurs twice. Removes secrets, also from tracebacks."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return redaction.scrub(super().format(record))

    @staticmethod
    def converter(timestamp: float | None = None) -> time.struct_time:
        """Return a Unix time as a `struct_time` in UTC."""
        return time.gmtime(timestamp)


def handler() -> logging.Handler:
    """Return a handler that writes formatted lines to standard error."""
    made = logging.StreamHandler()
    made.setFormatter(UtcFormatter(FORM))
    return made
