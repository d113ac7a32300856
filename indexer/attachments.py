"""Blobs stored with a version: names and checksums. Pure."""

from __future__ import annotations

import hashlib
import re

from core.errors import SearchUnavailable

SPELLING = "spelling"
"""The attachment of every version: the vocabulary for spelling corrections."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def check_name(name: str) -> str:
    """Return the name if it can be part of a file name and a document id.

    Raises:
        ValueError: the name is invalid.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"attachment: expected a name of lower-case letters, digits, dashes and underscores, got {name!r}"
        )
    return name


def check_free(name: str) -> str:
    """Return the name of a caller's attachment, which must not be one of the version's own.

    Raises:
        ValueError: the name is reserved or invalid.
    """
    if name == SPELLING:
        raise ValueError(f"attachment: the name {name!r} is reserved")
    return check_name(name)


def checksum(content: bytes) -> str:
    """Return the checksum stored with a blob."""
    return hashlib.sha256(content).hexdigest()


def check_content(name: str, content: bytes, expected: str) -> bytes:
    """Return the blob if it matches its checksum.

    Raises:
        SearchUnavailable: it is damaged.
    """
    if checksum(content) != expected:
        raise SearchUnavailable(f"the attachment {name!r} of the index is damaged; rebuild it with `marquee index`")
    return content
