"""Where the browser of the tests is installed."""

from __future__ import annotations

from pathlib import Path

DEBIAN = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
"""Debian's Chromium without a window, which takes a quarter less time, and with one."""


def debian() -> Path | None:
    """Return Debian's Chromium; None means the one that Playwright installed, if any."""
    return next((path for path in DEBIAN if path.exists()), None)


def found() -> str | None:
    """Return the path of some Chromium; None if there is none."""
    installed = (Path.home() / ".cache" / "ms-playwright").glob("chromium-*")
    path = debian() or next(installed, None)
    return None if path is None else str(path)
