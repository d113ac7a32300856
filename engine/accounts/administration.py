"""Account administration from the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import InvalidRequest, NotFound
from core.users import SecurityEvent, SecurityEventKind, User
from data.database import Stores
from engine.accounts.credentials import password_rules
from engine.accounts.credentials.passwords import Passwords
from engine.clock import Clock, now

COMMAND = "marquee accounts"
"""What the security log names as the device."""


@dataclass(frozen=True)
class Administration:
    """Administration of accounts by name, without their passwords."""

    stores: Stores
    hashing: Passwords = field(default_factory=Passwords)
    clock: Clock = now

    def promote(self, name: str, *, administrator: bool) -> User:
        """Grant or revoke administrator rights. Raises `NotFound`."""
        user = self._find(name)
        self.stores.accounts.set_administrator(user.id, administrator)
        return user

    def reset_password(self, name: str, password: str, *, keep_tokens: bool = False) -> User:
        """Set the password of an account, end its sessions and revoke its tokens.

        Raises:
            NotFound, InvalidRequest: the account does not exist; the password is refused.
        """
        user = self._find(name)
        if fault := password_rules.fault(password, name=user.name):
            raise InvalidRequest({"password": fault})
        self.stores.accounts.set_password(user.id, self.hashing.hash(password), keep_tokens=keep_tokens)
        self._record(user, SecurityEventKind.PASSWORD_CHANGED)
        return user

    def remove_second_factors(self, name: str) -> User:
        """Remove the second factors and recovery codes of an account, and end its sessions. Raises `NotFound`."""
        user = self._find(name)
        self.stores.second_factors.remove_all(user.id)
        for session in self.stores.accounts.sessions(user.id):
            self.stores.accounts.end_session(user.id, session.id)
        self._record(user, SecurityEventKind.FACTOR_REMOVED)
        return user

    def delete(self, name: str) -> User:
        """Delete an account with all its data. Raises `NotFound`."""
        user = self._find(name)
        self.stores.accounts.delete(user.id)
        return user

    def _record(self, user: User, kind: SecurityEventKind) -> None:
        self.stores.security_events.add([SecurityEvent(user.id, self.clock(), kind, label=COMMAND)])

    def _find(self, name: str) -> User:
        found = self.stores.accounts.find(name)
        if found is None:
            raise NotFound(f"no account has the name {name!r}")
        return found[0]
