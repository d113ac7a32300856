"""Blobs beside the movies of a version: what they may be called, and whether they came back whole. Pure."""

from __future__ import annotations

import hashlib
import re

from core.errors import SearchUnavailable

SPELLING = "spelling"
"""The attachment that every version has: the vocabulary that corrections come from."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def check_name(name: str) -> str:
    """The name, which becomes part of a file's name and of a document's id.

    Raises:
        ValueError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"attachment: expected a name of small letters, digits, dashes and underscores, got {name!r}")
    return name


def check_free(name: str) -> str:
    """The name of an attachment of a caller, which must not be one of the version's own.

    Raises:
        ValueError: it is, or it cannot be a name.
    """
    if name == SPELLING:
        raise ValueError(f"attachment: the name {name!r} is taken by the index itself")
    return check_name(name)


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
