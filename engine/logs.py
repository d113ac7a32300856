"""How every process of Marquee that lives long writes its log."""

from __future__ import annotations

import logging

from core import log_lines
from core.config import Settings

TALKATIVE = ("alembic", "apscheduler", "elastic_transport", "httpx", "httpcore")
"""At INFO they tell their plugins at every start, each look at the clock, and every single request."""


def start(settings: Settings) -> None:
    """Log to the standard error, as loudly as the settings say."""
    logging.basicConfig(level=settings.log_level, handlers=[log_lines.handler()])
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
