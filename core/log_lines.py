"""What a line of the log looks like; loads nothing but the standard library."""

from __future__ import annotations

import logging
import time

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"


class UtcFormatter(logging.Formatter):
    """Writes times in UTC: in local time, one hour a year comes twice."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(timestamp: float | None = None) -> time.struct_time:
        """Return a time since 1970 as year, month, day, hour and so on."""
        return time.gmtime(timestamp)


def handler() -> logging.Handler:
    """Return what writes such lines to the standard error."""
    made = logging.StreamHandler()
    made.setFormatter(UtcFormatter(FORM))
    return made
