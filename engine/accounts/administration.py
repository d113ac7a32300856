"""What an operator does to accounts from the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import InvalidRequest, NotFound
from core.users import User
from data.database import Stores
from engine.accounts import passwords
from engine.accounts.passwords import Passwords


@dataclass(frozen=True)
class Administration:
    """Accounts by name, without anybody's password."""

    stores: Stores
    hashing: Passwords = field(default_factory=Passwords)

    def promote(self, name: str, *, administrator: bool) -> User:
        """Make somebody an administrator, or no longer. Raises `NotFound`."""
        user = self._find(name)
        self.stores.accounts.set_administrator(user.id, administrator)
        return user

    def reset_password(self, name: str, password: str) -> User:
        """Give an account another password and sign it out everywhere. Raises `NotFound`, `InvalidRequest`."""
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
            raise NotFound(f"nobody is called {name!r} here")
        return found[0]
