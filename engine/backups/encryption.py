"""Encryption of a backup's files with age (age-encryption.org): any tool of that format decrypts them.

A site needs only the public key to make backups. Whoever breaks into it cannot read the earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyrage

from core.config import Settings, variable
from core.errors import BackupUnusable, InvalidSettings

SUFFIX = ".age"
Parsed = TypeVar("Parsed")


class Encryption:
    """Encrypts and decrypts files with the keys of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Parse the keys. Raises `InvalidSettings` without repeating them."""
        secret = settings.backup_identity.get_secret_value() if settings.backup_identity is not None else ""
        self._identity = _parsed(
            pyrage.x25519.Identity.from_str, secret.strip(), "backup_identity", "AGE-SECRET-KEY-1…"
        )
        self._recipient = _parsed(
            pyrage.x25519.Recipient.from_str, settings.backup_recipient, "backup_recipient", "age1…"
        )
        if self._recipient is None and self._identity is not None:
            self._recipient = self._identity.to_public()

    @property
    def encrypts(self) -> bool:
        """Whether new backups are encrypted."""
        return self._recipient is not None

    def encrypt(self, path: Path, encrypted: Path) -> None:
        """Encrypt a file for the recipient. Raises `BackupUnusable`."""
        try:
            pyrage.encrypt_file(str(path), str(encrypted), [self._recipient])
        except (pyrage.EncryptError, OSError) as error:
            raise BackupUnusable(f"{path.name} cannot be encrypted: {error}") from None

    def decrypt(self, path: Path, decrypted: Path) -> None:
        """Decrypt a file.

        Raises:
            BackupUnusable: there is no key, it is another one, or the file was changed.
        """
        if self._identity is None:
            raise BackupUnusable(
                f"{path.name} is encrypted: set {variable('backup_identity')} to the secret key (AGE-SECRET-KEY-1…)"
            )
        try:
            pyrage.decrypt_file(str(path), str(decrypted), [self._identity])
        except (pyrage.DecryptError, OSError) as error:
            raise BackupUnusable(
                f"{path.name} cannot be decrypted with {variable('backup_identity')}: {error}"
            ) from None


def _parsed(parse: Callable[[str], Parsed], key: str, field: str, form: str) -> Parsed | None:
    if not key:
        return None
    try:
        return parse(key)
    except (pyrage.IdentityError, pyrage.RecipientError):
        raise InvalidSettings(f"{variable(field)}: expected a key of age, {form}") from None
