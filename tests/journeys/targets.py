"""Targets of a page that are too small to be hit with a finger (WCAG 2.2, success criterion 2.5.5)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

LEAST = 44
"""CSS pixels that a target is wide and high."""
ALIKE = 2
"""Elements of the same class and height that are measured."""
_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def too_small(page: Page) -> list[str]:
    """Return the targets below 44 by 44 CSS pixels.

    Allowed are links in sentences, and links that lead where a larger one leads too. The text of a label, a larger
    pseudo-element and the box of the stars count as part of their target; what something else covers does not.
    """
    return list(page.evaluate(_SCRIPT, {"least": LEAST, "alike": ALIKE}))
