"""Version ids: the time of the training, so that alphabetical order is chronological."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

FORM = "%Y%m%d-%H%M%S-%f"
MOMENT = re.compile(r"\d{8}-\d{6}-\d{6}")
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""Names that are a single folder in any file system and bucket."""
TICK = timedelta(microseconds=1)


class Naming:
    """Generates ascending names, even if the clock stops or goes back. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = datetime.min.replace(tzinfo=UTC)

    def new(self, others: Iterable[str] = (), *, now: datetime | None = None) -> str:
        """Return a name after all `others` and all names returned before.

        The last four digits are random, for two machines that train in the same microsecond.
        """
        latest = max((at for name in others if (at := moment(name)) is not None), default=None)
        with self._lock:
            at = max(now or datetime.now(UTC), self._last + TICK, *((latest + TICK,) if latest else ()))
            self._last = at
        return f"{at.strftime(FORM)}-{secrets.token_hex(2)}"


def moment(version: str) -> datetime | None:
    """Return the time in a version's name; None if the name contains none."""
    found = MOMENT.match(version)
    if found is None:
        return None
    try:
        return datetime.strptime(found.group(), FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def safe(version: str) -> bool:
    """Return whether a version can be the name of a folder."""
    return SAFE.fullmatch(version) is not None


new = Naming().new
"""Generates the names of this process."""
