"""Whole files to text: every way in which a file cannot be read becomes one clear error."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from core.errors import DataError

Locate = Callable[[str], tuple[int, str]]
"""Says on which row and in which column a text ends."""


def load(path: Path) -> bytes:
    """Read a file that must exist and hold something."""
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
    """Decode UTF-8, with or without a byte-order mark; the error names the place of the first wrong byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row, column = locate(content[: error.start].decode("utf-8-sig", errors="replace"))
        reason = f"not UTF-8 (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        raise DataError(reason, file=str(path), row=row, column=column) from None


def fingerprint(*contents: bytes) -> str:
    """SHA-256 over several files in order, hexadecimal."""
    total = hashlib.sha256()
    for content in contents:
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()
