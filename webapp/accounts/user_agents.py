"""Readable names of browsers, from their user agents."""

from __future__ import annotations

import re

NAMES = (
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS)/"),
    ("Safari", r"\bVersion/[\d.]+ .*Safari/"),
    ("curl", r"^curl/"),
)
"""The order matters: most browsers also claim to be Chrome and Safari."""
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)
MAX_LENGTH = 60


def label(agent: str) -> str:
    """Return a name such as `Firefox on Linux`; an unknown agent truncated, or `A browser` if it is empty."""
    browser = next((name for name, sign in NAMES if re.search(sign, agent)), "")
    system = next((name for name, sign in SYSTEMS if re.search(sign, agent)), "")
    known = " on ".join(part for part in (browser, system) if part)
    return known or agent[:MAX_LENGTH].strip() or "A browser"
