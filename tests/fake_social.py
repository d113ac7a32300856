"""Fakes of the social features in memory: nobody shares anything, except for the reviews of the fake diaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import NotFound
from core.social.activity import ActivityCursor, ActivityPage
from core.social.moderation import Report
from core.social.profiles import Connection, ConnectionKind, Person, Profile
from core.social.reviews import FriendOpinions, PublishedReview, ReviewCursor, ReviewPage, ReviewSort
from core.types import MovieId
from core.users import User, UserId
from engine.social.profiles import missing
from engine.social.service import Social
from tests.fake_people import FakeDiaries


class FakeProfiles:
    """Profiles of users who share nothing."""

    def of(self, user: User) -> Profile:
        """Return the profile of a user who shares nothing."""
        del user
        return Profile()

    def open(self, reader: User | None, name: str) -> None:
        """Find nobody."""
        del reader
        raise missing(name)


class FakeConnections:
    """Nobody follows anybody."""

    def of(
        self, user: User, kind: ConnectionKind, *, size: int = 50, before: datetime | None = None
    ) -> Sequence[Connection]:
        """Return nobody."""
        del user, kind, size, before
        return ()

    def requests(self, user: User) -> int:
        """Count none."""
        del user
        return 0


@dataclass
class FakeReviews:
    """The reviews of the fake diaries, all of them shared."""

    diaries: FakeDiaries

    def page(
        self,
        reader: User | None,
        movie: MovieId,
        *,
        sort: ReviewSort = ReviewSort.LIKED,
        after: ReviewCursor | None = None,
        size: int = 10,
    ) -> ReviewPage:
        """Return the reviews of others."""
        del sort, after
        own = reader.name if reader else ""
        found = [
            PublishedReview(
                id=number, writer=Person(UserId(number), name), movie=movie, text=text, stars=stars, spoilers=False,
                published_at=at, watch=None, likes=0,
            )
            for number, (name, stars, text, at) in enumerate(self.diaries.reviews(movie), 1)
            if name != own
        ]  # fmt: skip
        return ReviewPage(found[:size], None)

    def of_movie(self, user: User, movie: MovieId) -> PublishedReview | None:
        """Return nothing."""
        del user, movie

    def of_watch(self, user: User, watch: int) -> PublishedReview | None:
        """Return nothing."""
        del user, watch

    def get(self, reader: User | None, review: int) -> PublishedReview:
        """Find nothing."""
        del reader
        raise NotFound(f"no review {review}")

    def friends(self, reader: User, movie: MovieId) -> FriendOpinions:
        """Return no opinions."""
        del reader, movie
        return FriendOpinions()


class FakeFriendActivity:
    """Friends who did nothing."""

    def page(self, user: User, *, after: ActivityCursor | None = None, size: int = 30) -> ActivityPage:
        """Return an empty page."""
        del user, after, size
        return ActivityPage((), None)


class FakeModeration:
    """An empty queue."""

    def queue(self, *, open_only: bool = True, size: int = 50, before: int | None = None) -> Sequence[Report]:
        """Return no reports."""
        del open_only, size, before
        return ()

    def waiting(self) -> int:
        """Count none."""
        return 0

    def get(self, number: int) -> Report:
        """Find nothing."""
        raise NotFound(f"no report {number}")


def social(diaries: FakeDiaries) -> Social:
    """Return the social features over the reviews of fake diaries."""
    parts: dict[str, Any] = {
        "profiles": FakeProfiles(),
        "connections": FakeConnections(),
        "reviews": FakeReviews(diaries),
        "activity": FakeFriendActivity(),
        "moderation": FakeModeration(),
    }
    return Social(**parts)
