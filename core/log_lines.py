"""The format of log lines. Imports only the standard library."""

from __future__ import annotations

import logging
import time

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"


class UtcFormatter(logging.Formatter):
    """Formats times in UTC: in local time, one hour a year occurs twice."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(timestamp: float | None = None) -> time.struct_time:
        """Return a Unix time as a `struct_time` in UTC."""
        return time.gmtime(timestamp)


def handler() -> logging.Handler:
    """Return a handler that writes formatted lines to standard error."""
    made = logging.StreamHandler()
    made.setFormatter(UtcFormatter(FORM))
    return made
