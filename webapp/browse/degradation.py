"""Answers of searches that lack something because a part of the site does not work."""

from __future__ import annotations

from flask import Response, g

from core.errors import SearchUnavailable
from core.types import Degradation, Page


def listed(page: Page) -> Page:
    """Return a page of a list that is meant to be complete.

    Raises:
        SearchUnavailable: there are only popular movies instead.
    """
    if Degradation.POPULAR in page.degraded:
        raise SearchUnavailable("the search engine does not respond; try again in a moment")
    return page


def mark(response: Response, page: Page) -> None:
    """Let nobody keep a response that lacks something, and note it for the metrics and the log."""
    if page.degraded:
        response.headers["Cache-Control"] = "no-store"
        g.degraded = tuple(reason.value for reason in page.degraded)
