"""Profiles: what a user shares, and what another user, or a visitor, sees of it.

A profile that somebody may not see does not exist for them: the error is that of a name that nobody has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.diary.lists import MovieList
from core.diary.watches import Watch
from core.errors import InvalidRequest, NotFound
from core.social.profiles import (
    MAX_BIO_LENGTH,
    MAX_SHOWN_FAVOURITES,
    Follow,
    Profile,
    ProfileCounts,
    ProfileSettings,
    Visibility,
)
from core.social.reviews import PublishedReview
from core.users import MarkKind, User
from data.database import Stores
from engine import clock
from engine.accounts import plain_text

RECENT = 10
"""Watchings and reviews on a profile."""
SHOWN_LISTS = 50


@dataclass(frozen=True, slots=True)
class SeenUser:
    """A user whose profile page exists for the reader."""

    user: User
    profile: Profile
    follow: Follow
    own: bool

    @property
    def opened(self) -> bool:
        """Whether the reader sees more than the name."""
        return self.own or self.profile.settings.visibility is Visibility.PUBLIC or self.follow is Follow.FOLLOWING


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A profile as one reader sees it; what its owner does not share is left out."""

    seen: SeenUser
    counts: ProfileCounts = field(default_factory=ProfileCounts)
    watches: Sequence[Watch] = ()
    reviews: Sequence[PublishedReview] = ()
    lists: Sequence[MovieList] = ()


class Profiles:
    """Users' profiles."""

    def __init__(self, stores: Stores, *, clock: clock.Clock = clock.now) -> None:
        self._stores, self._clock = stores, clock

    def of(self, user: User) -> Profile:
        """Return a user's own profile."""
        return self._stores.profiles.get(user.id)

    def set(self, user: User, settings: ProfileSettings) -> ProfileSettings:
        """Change what a user shares. Raises `InvalidRequest` (fields `bio`, `favourites`)."""
        bio = " ".join(plain_text.clean(settings.bio).split())
        favourites = tuple(dict.fromkeys(settings.favourites))
        faults = {}
        if len(bio) > MAX_BIO_LENGTH:
            faults["bio"] = f"expected at most {MAX_BIO_LENGTH} characters, got {len(bio)}"
        if len(favourites) > MAX_SHOWN_FAVOURITES:
            faults["favourites"] = f"expected at most {MAX_SHOWN_FAVOURITES} films, got {len(favourites)}"
        elif not set(favourites) <= set(self._stores.diaries.read(user.id).marked(MarkKind.FAVOURITE)):
            faults["favourites"] = "choose films that you marked as favourites"
        if faults:
            raise InvalidRequest(faults)
        changed = replace(settings, bio=bio, favourites=favourites)
        self._stores.profiles.put(user.id, changed, at=self._clock())
        return changed

    def see(self, reader: User | None, name: str) -> SeenUser:
        """Return the user with a name, if their profile page exists for the reader. Raises `NotFound`."""
        found = self._stores.accounts.find(name)
        if found is None:
            raise missing(name)
        user = found[0]
        profile = self._stores.profiles.get(user.id)
        if reader is not None and reader.id == user.id:
            return SeenUser(user, profile, Follow.NO, own=True)
        standing = self._stores.follows.standing(reader.id if reader else None, user.id)
        off = profile.settings.visibility is Visibility.PRIVATE or profile.hidden or profile.suspended
        members_only = profile.settings.visibility is Visibility.FOLLOWERS and reader is None
        if off or members_only or standing.blocked:
            raise missing(name)
        return SeenUser(user, profile, standing.follow, own=False)

    def open(self, reader: User | None, name: str) -> ProfilePage:
        """Return a profile as a reader sees it. Raises `NotFound`."""
        seen = self.see(reader, name)
        if not seen.opened:
            return ProfilePage(seen)
        shown, owner, stores = seen.profile.settings, seen.user.id, self._stores
        counts = stores.profiles.counts(owner)
        watches = stores.profiles.recent_watches(owner, limit=RECENT) if shown.diary else ()
        if not shown.ratings:
            watches = [replace(one, entry=replace(one.entry, stars=None)) for one in watches]
        written = stores.reviews.of_user(owner, reader.id if reader else None, limit=RECENT) if shown.reviews else ()
        lists = stores.lists.public_of(owner, limit=SHOWN_LISTS) if shown.lists else ()
        return ProfilePage(seen, _shared(counts, shown), watches, written, lists)


def missing(name: str) -> NotFound:
    """Return the error for a name that nobody has, or whose owner the reader may not see."""
    return NotFound(f"there is no user called {name!r}")


def _shared(counts: ProfileCounts, shown: ProfileSettings) -> ProfileCounts:
    """Return the numbers without those about what is not shared."""
    return ProfileCounts(
        watched=counts.watched if shown.diary else 0,
        rated=counts.rated if shown.ratings else 0,
        reviews=counts.reviews if shown.reviews else 0,
        lists=counts.lists if shown.lists else 0,
        followers=counts.followers,
        following=counts.following,
        stars=counts.stars if shown.ratings else {},
    )
