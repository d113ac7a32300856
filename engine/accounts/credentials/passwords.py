"""Hashing of passwords (Argon2id, RFC 9106)."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import TooMany
from engine.accounts.credentials import password_rules

AT_ONCE = 2
"""Concurrent hashes: each takes 64 MiB, so a flood of sign-ins takes 128 MiB at most."""
PATIENCE = 5.0
"""Seconds that a sign-in waits for a free slot."""


class Passwords:
    """Creates and verifies hashes, a few at a time. Thread-safe."""

    def __init__(
        self, *, hasher: PasswordHasher | None = None, at_once: int = AT_ONCE, patience: float = PATIENCE
    ) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._turns = threading.BoundedSemaphore(at_once)
        self._patience = patience
        self._nobodys = nobodys_hash(self._hasher)

    def hash(self, password: str) -> str:
        """Return the hash of a new password, including salt and parameters. Raises `TooMany`."""
        with self._turn():
            return self._hasher.hash(_bytes(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether `password` matches `stored`; takes the same time if there is no account (None).

        Raises:
            TooMany: no slot became free in time.
        """
        with self._turn():
            try:
                return self._hasher.verify(stored or self._nobodys, _bytes(password)) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, stored: str) -> bool:
        """Return whether a hash was created with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._patience):
            raise TooMany("Many people are signing in right now. Try again in a moment.", retry_after=5)
        try:
            yield
        finally:
            self._turns.release()


def nobodys_hash(hasher: PasswordHasher) -> str:
    """Return a hash that no password matches, with the parameters of `hasher`: verifying it costs the same time."""
    salt, digest = (_base64(secrets.token_bytes(size)) for size in (hasher.salt_len, hasher.hash_len))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


def _bytes(password: str) -> bytes:
    return password_rules.normal(password).encode("utf-8", "surrogatepass")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
