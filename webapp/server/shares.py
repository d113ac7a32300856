"""Shares of the threads, so that slow work cannot occupy those of searches and pages."""

from __future__ import annotations

from enum import StrEnum


class Share(StrEnum):
    """A group of requests with threads of their own."""

    PAGES = "pages"
    PASSWORDS = "passwords"
    """Requests that hash a password, which takes a core and 64 MiB for 50 ms and more."""
    LONG = "long"
    """Imports, exports and questions to a language model, which take seconds."""


ACCOUNTS = ("/sign-in", "/sign-up", "/account/", "/reset", "/api/accounts", "/api/tokens")
"""Prefixes of the paths whose writing requests may hash a password; a test compares them with the application."""
ACCOUNT = "/api/me"
"""The account itself in the API; its sub-resources, such as ratings, hash nothing."""
LONG = ("/import", "/ask", "/account/export", "/api/ask", "/api/me/import", "/api/me/export")
SIZES = {Share.PASSWORDS: 2, Share.LONG: 2}
"""Threads of the special shares, in each process; two passwords at once take 128 MiB at most."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def share_of(method: str, path: str) -> Share:
    """Return the share of a request."""
    if method not in READING and (path.startswith(ACCOUNTS) or path == ACCOUNT):
        return Share.PASSWORDS
    return Share.LONG if path.startswith(LONG) else Share.PAGES
