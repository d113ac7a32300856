"""Account administration from the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import InvalidRequest, NotFound
from core.users import User
from data.database import Stores
from engine.accounts import passwords
from engine.accounts.passwords import Passwords


@dataclass(frozen=True)
class Administration:
    """Administration of accounts by name, without their passwords."""

    stores: Stores
    hashing: Passwords = field(default_factory=Passwords)

    def promote(self, name: str, *, administrator: bool) -> User:
        """Grant or revoke administrator rights. Raises `NotFound`."""
        user = self._find(name)
        self.stores.accounts.set_administrator(user.id, administrator)
        return user

    def reset_password(self, name: str, password: str) -> User:
        """Set the password of an account and end its sessions. Raises `NotFound`, `InvalidRequest`."""
        user = self._find(name)
        if fault := passwords.fault(password, name=user.name):
            raise InvalidRequest({"password": fault})
        self.stores.accounts.set_password(user.id, self.hashing.hash(password))
        return user

    def delete(self, name: str) -> User:
        """Delete an account with all its data. Raises `NotFound`."""
        user = self._find(name)
        self.stores.accounts.delete(user.id)
        return user

    def _find(self, name: str) -> User:
        found = self.stores.accounts.find(name)
        if found is None:
            raise NotFound(f"no account has the name {name!r}")
        return found[0]
