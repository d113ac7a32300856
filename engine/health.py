"""Checks of the parts of a site: what works and what does not, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from core.errors import MarqueeError, WrongRevision
from engine.services import Services


class Blocking(str):
    """A problem because of which this server must get no requests, while others may work."""

    __slots__ = ()


def checks(services: Services) -> dict[str, Callable[[], str]]:
    """Return the checks by part. Each returns what is wrong, or an empty text, and may take as long as its part."""
    parts: dict[str, Callable[[], str]] = {
        "search": lambda: _problem(services.library.check),
        "accounts": lambda: _accounts(services),
        "recommendations": lambda: _problem(services.recommending.check),
    }
    if services.shared is not None:
        parts["limits"] = partial(_problem, services.shared.check)
    return parts


def summary(services: Services) -> dict[str, object]:
    """Return catalogue, number of movies and index version; empty if no index was ever loaded."""
    try:
        info = services.library.info()
    except MarqueeError:
        return {}
    return {"catalogue": info.catalogue, "movies": info.count, "index": info.version}


def _accounts(services: Services) -> str:
    """Return what is wrong with the database. One that somebody else migrates blocks this server until they did."""
    try:
        services.accounts.check()
    except WrongRevision as error:
        return str(error) if services.settings.migrate else Blocking(error)
    except MarqueeError as error:
        return str(error)
    return ""


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except MarqueeError as error:
        return str(error)
    return ""
