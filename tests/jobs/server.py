"""A scheduler in its own process: `python -m tests.jobs.server HOME FUNCTION [LIMIT [RHYTHM]] < URL`."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from pathlib import Path

from pydantic import SecretStr

from core.config import Settings
from data import database
from jobs.scheduler import Scheduler
from tests.jobs import worlds


def main(home: str, function: str, limit: str = "60", rhythm: str = "QUICK") -> None:
    """Serve until stopped."""
    logging.basicConfig(level="INFO")
    settings = Settings(home=Path(home), offline=True, database_url=SecretStr(sys.stdin.readline().strip()))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    jobs = (worlds.job(getattr(worlds, function), limit=float(limit)),)
    stores = database.open(settings.database)
    Scheduler(settings, stores, worlds.context, jobs=jobs, rhythm=getattr(worlds, rhythm)).run(stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
