"""Checks of the parts of a site: what works and what does not, by name."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import MarqueeError
from engine.services import Services


def checks(services: Services) -> dict[str, Callable[[], str]]:
    """Return the checks by part. Each returns what is wrong, or an empty text, and may take as long as its part."""
    return {
        "search": lambda: _problem(services.library.check),
        "accounts": lambda: _problem(services.accounts.check),
        "recommendations": lambda: _problem(services.recommending.check),
    }


def summary(services: Services) -> dict[str, object]:
    """Return catalogue, number of movies and index version; empty if no index was ever loaded."""
    try:
        info = services.library.info()
    except MarqueeError:
        return {}
    return {"catalogue": info.catalogue, "movies": info.count, "index": info.version}


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except MarqueeError as error:
        return str(error)
    return ""
