"""Password rules and hashing (Argon2id, RFC 9106)."""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import TooMany
from core.texts import fold

MIN_LENGTH, MAX_LENGTH = 8, 200
"""Characters. NIST SP 800-63B requires at least 8; the upper limit bounds the cost of hashing."""
AT_ONCE = 2
"""Concurrent hashes: each takes 64 MiB, so a flood of sign-ins takes 128 MiB at most."""
PATIENCE = 5.0
"""Seconds that a sign-in waits for a free slot."""
COMMON = frozenset(
    """
    00000000 0123456789 0987654321 11111111 111111111 1111111111 11223344 12121212 12341234 123123123 1234567 12345678
    123456789 1234567890 12345678910 123456789a 1234qwer 123qweasd 123qwe123 147258369 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
    22222222 33333333 55555555 66666666 77777777 87654321 88888888 987654321 9876543210 99999999 a1234567 a12345678
    aa123456 aa12345678 abc12345 abcd1234 abcdefgh access14 admin123 administrator alexander asdasdasd asdf1234
    asdfasdf asdfghjk asdfghjkl azertyuiop babygirl baseball basketball blink182 butterfly carolina changeme
    charlie1 chocolate computer corvette danielle dragon123 einstein elephant facebook firebird football football1
    fuckyou1 hello123 hunter12 iloveyou iloveyou1 iloveyou2 internet jennifer jessica1 jonathan letmein1 letmein123
    liverpool lovelove marlboro maverick mercedes michael1 michelle midnight minecraft monkey123 mustang1 nicholas
    november passw0rd password password! password1 password12 password123 password1234 password2 patricia p@ssw0rd
    p@ssword pokemon1 princess princess1 q1w2e3r4 q1w2e3r4t5 qazwsxedc qwer1234 qwerty12 qwerty123 qwerty1234
    qwertyui qwertyuiop samantha september slipknot spiderman starwars steelers sunshine sunshine1 superman
    superman1 swordfish trustno1 victoria welcome1 welcome123 whatever william1 zaq12wsx zaq1zaq1 zxcvbnm1 zxcvbnm123
    zxcvbnma moviemovie filmfilm cinema123 marquee1 marquee123
    """.split()
)
"""Passwords that attackers try first. Shorter ones are not listed: the minimum length refuses them."""


def fault(password: str, *, name: str) -> str:
    """Return what is wrong with a new password for the account `name`, or an empty text."""
    plain = _normal(password)
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH:
        return f"Use {MIN_LENGTH} to {MAX_LENGTH} characters."
    if plain.casefold() == _normal(name).casefold() or (fold(plain) and fold(plain) == fold(name)):
        return "The password must not be the name."
    if plain.casefold() in COMMON or len(set(plain)) == 1:
        return "This password is too common. Choose another."
    return ""


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


def _normal(password: str) -> str:
    """Normalize characters that keyboards encode differently (NIST SP 800-63B requires NFKC or NFKD)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
