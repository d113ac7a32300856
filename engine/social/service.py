"""The social features as one record of use cases."""

from __future__ import annotations

from dataclasses import dataclass

from core.social.activity import ActivityCursor, ActivityPage
from core.users import User
from data.database import Stores
from data.database.social.activity import ActivityStore
from engine import clock
from engine.accounts.diary.lists import Lists
from engine.social.connections import Connections
from engine.social.moderation import Moderation
from engine.social.profiles import Profiles
from engine.social.reviews import Reviews

PAGE_SIZE = 30


class FriendActivity:
    """What the users whom a user follows did."""

    def __init__(self, store: ActivityStore) -> None:
        self._store = store

    def page(self, user: User, *, after: ActivityCursor | None = None, size: int = PAGE_SIZE) -> ActivityPage:
        """Return a page of activities, the newest first; only what each user shows."""
        return self._store.page(user.id, after=after, limit=size)


@dataclass(frozen=True, slots=True)
class Social:
    """Profiles, connections, reviews, activities and moderation."""

    profiles: Profiles
    connections: Connections
    reviews: Reviews
    activity: FriendActivity
    moderation: Moderation


def build(stores: Stores, lists: Lists, *, clock: clock.Clock = clock.now) -> Social:
    """Return the social features over a database."""
    profiles = Profiles(stores, clock=clock)
    return Social(
        profiles=profiles,
        connections=Connections(stores, profiles, clock=clock),
        reviews=Reviews(stores, clock=clock),
        activity=FriendActivity(stores.friends),
        moderation=Moderation(stores, profiles, lists, clock=clock),
    )
