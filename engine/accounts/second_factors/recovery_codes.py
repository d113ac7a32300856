"""Recovery codes: each replaces the second factor once."""

from __future__ import annotations

import base64
import secrets

COUNT = 10
BYTES = 10
"""80 random bits: enough to store their SHA-256 without a salt."""
GROUP = 4
LENGTH = BYTES * 8 // 5


def new_codes() -> tuple[str, ...]:
    """Return new codes such as `k7fd-2mzx-q4ra-w3pe`."""
    return tuple(_grouped(base64.b32encode(secrets.token_bytes(BYTES)).decode().lower()) for _ in range(COUNT))


def normalized(typed: str) -> str:
    """Return a code as it is hashed; empty if it cannot be one."""
    bare = "".join(character for character in typed.lower() if character.isascii() and character.isalnum())
    return bare if len(bare) == LENGTH else ""


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
