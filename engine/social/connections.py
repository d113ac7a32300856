"""Following, approving followers, and blocking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.errors import InvalidRequest
from core.social.profiles import Connection, ConnectionKind, Follow
from core.users import User
from data.database import Stores
from engine import clock
from engine.social.profiles import Profiles, missing

PAGE_SIZE = 50


class Connections:
    """Who follows and who blocked whom. Users are named; a name that the user may not see is `NotFound`."""

    def __init__(self, stores: Stores, profiles: Profiles, *, clock: clock.Clock = clock.now) -> None:
        self._stores, self._profiles, self._clock = stores, profiles, clock

    def follow(self, user: User, name: str) -> Follow:
        """Follow a user, or ask to, if they approve their followers. Raises `NotFound`, `InvalidRequest`."""
        seen = self._profiles.see(user, name)
        if seen.own:
            raise InvalidRequest({"name": "you cannot follow yourself"})
        if seen.follow is not Follow.NO:
            return seen.follow
        accepted = not seen.profile.settings.approve_followers
        self._stores.follows.follow(user.id, seen.user.id, accepted=accepted, at=self._clock())
        return Follow.FOLLOWING if accepted else Follow.REQUESTED

    def unfollow(self, user: User, name: str) -> None:
        """Stop following a user, or withdraw the request; nothing happens if there is neither."""
        other = self._find(name)
        if other is not None:
            self._stores.follows.remove(user.id, other.id)

    def accept(self, user: User, name: str) -> None:
        """Accept the request of a user to follow. Raises `NotFound` if there is none."""
        other = self._find(name)
        if other is None or not self._stores.follows.accept(user.id, other.id):
            raise missing(name)

    def remove_follower(self, user: User, name: str) -> None:
        """Remove a follower, or decline their request; nothing happens if there is neither."""
        other = self._find(name)
        if other is not None:
            self._stores.follows.remove(other.id, user.id)

    def block(self, user: User, name: str) -> None:
        """Block a user: neither exists for the other any more.

        Raises:
            NotFound: the user can see no such profile, and nobody with this name follows them or asks to.
            InvalidRequest: (field `name`) the user themselves, or too many.
        """
        other = self._find(name)
        if other is None or not self._stores.follows.standing(other.id, user.id).follow.known:
            other = self._profiles.see(user, name).user
        if other.id == user.id:
            raise InvalidRequest({"name": "you cannot block yourself"})
        self._stores.follows.block(user.id, other.id, at=self._clock())

    def unblock(self, user: User, name: str) -> None:
        """End a block; follows that it ended stay ended."""
        other = self._find(name)
        if other is not None:
            self._stores.follows.unblock(user.id, other.id)

    def of(
        self, user: User, kind: ConnectionKind, *, size: int = PAGE_SIZE, before: datetime | None = None
    ) -> Sequence[Connection]:
        """Return the users whom a user is connected with, the latest first."""
        return self._stores.follows.connections(user.id, kind, limit=size, before=before)

    def requests(self, user: User) -> int:
        """Return how many users wait to be accepted."""
        return self._stores.follows.count_requests(user.id)

    def _find(self, name: str) -> User | None:
        found = self._stores.accounts.find(name)
        return found[0] if found else None
