"""Encryption of stored keys with a key derived from the site's signing key."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PURPOSE = b"marquee second factors"
KEY_BYTES = 32


class Encryption:
    """Encrypts and authenticates texts (Fernet), so that a copy of the database alone reveals none."""

    def __init__(self, key: Callable[[], str], *, purpose: bytes = PURPOSE) -> None:
        """`key` is called on first use: it may create a file. Each purpose has a derived key of its own."""
        self._key, self._purpose = key, purpose

    def encrypt(self, text: str) -> str:
        """Encrypt a text."""
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str | None:
        """Decrypt a text; None if it was encrypted with another key, or was changed."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - see below

        try:
            return self._cipher().decrypt(encrypted.encode()).decode()
        except InvalidToken:
            return None

    def _cipher(self) -> Fernet:
        return _derived(self._key(), self._purpose)


@cache
def _derived(key: str, purpose: bytes) -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - slow to import, and rarely needed
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
