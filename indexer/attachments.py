"""Blobs beside the movies of a version: what they may be called, and whether they came back whole. Pure."""

from __future__ import annotations

import hashlib
import re

from core.errors import SearchUnavailable

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def check_name(name: str) -> str:
    """The name, which becomes part of a file's name and of a document's id.

    Raises:
        ValueError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"attachment: expected a name of small letters, digits, dashes and underscores, got {name!r}")
    return name


def checksum(content: bytes) -> str:
    """The checksum that is kept beside a blob."""
    return hashlib.sha256(content).hexdigest()


def check_content(name: str, content: bytes, expected: str) -> bytes:
    """The blob, if it is the one that was written.

    Raises:
        SearchUnavailable: it is damaged.
    """
    if checksum(content) != expected:
        raise SearchUnavailable(f"the attachment {name!r} of the index is damaged; `marquee index` builds it anew")
    return content
