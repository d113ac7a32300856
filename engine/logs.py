"""How every process of Marquee that lives long writes its log."""

from __future__ import annotations

import logging

from core.config import Settings

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
TALKATIVE = ("alembic", "apscheduler", "elastic_transport", "httpx", "httpcore")
"""At INFO they tell their plugins at every start, each look at the clock, and every single request."""


def start(settings: Settings) -> None:
    """Log to the standard error, as loudly as the settings say."""
    logging.basicConfig(level=settings.log_level, format=FORM)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
