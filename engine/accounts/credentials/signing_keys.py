"""The key that signs forms and cookies: from the settings, or generated once and stored in a private file."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

from core.config import Settings, variable
from core.errors import InvalidSettings

log = logging.getLogger("marquee.accounts")

FILE = "secret.key"
KEY_BYTES = 48
MIN_LENGTH = 32
OTHERS = 0o077
"""Permission bits of everyone but the owner."""


def secret_key(settings: Settings) -> str:
    """Return the key that all processes of this site share.

    Raises:
        InvalidSettings: no key is set, and none can be stored in a file.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.state / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
        open_to_others = bool(path.stat().st_mode & OTHERS)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(
            f"{variable('secret_key')}: not set, and no key can be stored in {path}: {error}"
        ) from error
    if len(key) < MIN_LENGTH:
        raise InvalidSettings(f"{path}: expected a key of {MIN_LENGTH} characters or more; delete it to get a new one")
    if open_to_others:
        log.warning("%s can be read by others; run chmod 600 on it", path)
    return key


def _make(path: Path) -> None:
    """Write a temporary file, then link it: of processes that start together one wins, and none reads a partial key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        log.debug("another process created %s first", path)
    finally:
        draft.unlink()
