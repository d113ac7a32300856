"""Names of versions: the moment of a training, so that the order of text is the order of time."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

FORM = "%Y%m%d-%H%M%S-%f"
MOMENT = re.compile(r"\d{8}-\d{6}-\d{6}")
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""Names that are one folder, in any file system and any bucket."""
TICK = timedelta(microseconds=1)


class Naming:
    """Gives names that only ascend, even where the clock stands still or goes back. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = datetime.min.replace(tzinfo=UTC)

    def new(self, others: Iterable[str] = (), *, now: datetime | None = None) -> str:
        """A name after all `others` and after each one given before.

        The four digits in the end are chance: two machines that train in the same microsecond differ by them.
        """
        latest = max((at for name in others if (at := moment(name)) is not None), default=None)
        with self._lock:
            at = max(now or datetime.now(UTC), self._last + TICK, *((latest + TICK,) if latest else ()))
            self._last = at
        return f"{at.strftime(FORM)}-{secrets.token_hex(2)}"


def moment(version: str) -> datetime | None:
    """When a version was made, by its name; None where the name does not say."""
    found = MOMENT.match(version)
    if found is None:
        return None
    try:
        return datetime.strptime(found.group(), FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def safe(version: str) -> bool:
    """Whether this may be the name of a folder."""
    return SAFE.fullmatch(version) is not None


new = Naming().new
"""The names that this process gives."""
