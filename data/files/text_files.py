"""Reading whole files as text, with one clear error for every way in which that fails."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from core.errors import DataError

Locate = Callable[[str], tuple[int, str]]
"""Returns the row and the column in which a text ends."""


def load(path: Path) -> bytes:
    """Read a file that must exist and not be empty."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError("the file is missing", file=str(path)) from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if not content.strip():
        raise DataError("the file is empty", file=str(path))
    return content


def decode(content: bytes, path: Path, *, locate: Locate) -> str:
    """Decode UTF-8, with or without a byte-order mark; the error locates the first invalid byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row, column = locate(content[: error.start].decode("utf-8-sig", errors="replace"))
        reason = f"not UTF-8 (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        raise DataError(reason, file=str(path), row=row, column=column) from None


def fingerprint(*contents: bytes) -> str:
    """Return the SHA-256 of several files in order, hexadecimal."""
    total = hashlib.sha256()
    for content in contents:
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()
