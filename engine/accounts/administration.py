"""What an operator does to accounts from the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import InvalidRequest, NotFound
from core.users import Viewer
from data.database import Stores
from engine.accounts import passwords
from engine.accounts.passwords import Passwords


@dataclass(frozen=True)
class Administration:
    """Accounts by name, without anybody's password."""

    stores: Stores
    hashing: Passwords = field(default_factory=Passwords)

    def promote(self, name: str, *, administrator: bool) -> Viewer:
        """Make somebody an administrator, or no longer. Raises `NotFound`."""
        viewer = self._find(name)
        self.stores.accounts.set_administrator(viewer.id, administrator)
        return viewer

    def reset_password(self, name: str, password: str) -> Viewer:
        """Give an account another password and sign it out everywhere. Raises `NotFound`, `InvalidRequest`."""
        viewer = self._find(name)
        if fault := passwords.fault(password, name=viewer.name):
            raise InvalidRequest({"password": fault})
        self.stores.accounts.set_password(viewer.id, self.hashing.hash(password))
        return viewer

    def delete(self, name: str) -> Viewer:
        """Delete an account with all its data. Raises `NotFound`."""
        viewer = self._find(name)
        self.stores.accounts.delete(viewer.id)
        return viewer

    def _find(self, name: str) -> Viewer:
        found = self.stores.accounts.find(name)
        if found is None:
            raise NotFound(f"nobody is called {name!r} here")
        return found[0]
