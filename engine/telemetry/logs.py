"""Logging of long-running processes."""

from __future__ import annotations

import logging

from core import log_lines
from core.config import Settings
from engine.telemetry import error_reports

TALKATIVE = ("alembic", "apscheduler", "elastic_transport", "httpx", "httpcore")
"""Loggers that at INFO list their plugins at every start, every wake-up and every request."""


def start(settings: Settings) -> None:
    """Log to standard error at the level of the settings, without their secrets, and report errors if they say so.

    Raises:
        InvalidSettings: errors cannot be reported as the settings say.
    """
    settings.hide_secrets()  # in a process that received the settings from another one
    logging.basicConfig(level=settings.log_level, handlers=[log_lines.handler(settings.log_format)])
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns at every failed call; Marquee logs the outage itself, once.
    logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)
    error_reports.start(settings)
