"""Accessibility violations of a page, as found by axe once it has loaded."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def settled(page: Page) -> None:
    """Wait until the page has loaded; if it has an event stream, also until the network is idle for half a second."""
    page.wait_for_load_state("networkidle" if page.locator("[data-stream]").count() else "load")


def grave(page: Page) -> list[Any]:
    """Return violations that are serious or critical: the rule, and the first elements that violate it."""
    options = {"resultTypes": ["violations"]}
    if page.evaluate("typeof axe === 'undefined'"):
        found = Axe().run(page, options=options).response["violations"]
    else:  # Its script, which takes longer than most pages, was loaded for another theme or size of the same page.
        found = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [
        (fault["id"], [node["html"] for node in fault["nodes"][:3]])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
