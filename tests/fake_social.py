"""Fakes of the social features in memory: nobody shares anything, except for the reviews of the fake diaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import NotFound
from core.social.activity import ActivityCursor, ActivityPage
from core.social.moderation import ModerationAction, Report, ReportKind, ReportReason
from core.social.profiles import Connection, ConnectionKind, Person, Profile, ProfileSettings
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

    def set(self, user: User, settings: ProfileSettings) -> ProfileSettings:
        """Accept the settings and forget them."""
        del user
        return settings

    def open(self, reader: User | None, name: str) -> None:
        """Find nobody."""
        del reader
        raise missing(name)


class FakeConnections:
    """Nobody follows anybody, and nobody can be found."""

    def follow(self, user: User, name: str) -> None:
        """Find nobody."""
        del user
        raise missing(name)

    def unfollow(self, user: User, name: str) -> None:
        """Do nothing."""

    def accept(self, user: User, name: str) -> None:
        """Find nobody."""
        del user
        raise missing(name)

    def remove_follower(self, user: User, name: str) -> None:
        """Do nothing."""

    def block(self, user: User, name: str) -> None:
        """Find nobody."""
        del user
        raise missing(name)

    def unblock(self, user: User, name: str) -> None:
        """Do nothing."""

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

    def publish(self, user: User, watch: int, *, spoilers: bool) -> PublishedReview:
        """Find nothing."""
        del user, spoilers
        raise NotFound(f"no watching {watch} in your diary")

    def withdraw(self, user: User, watch: int) -> None:
        """Do nothing."""

    def like(self, user: User, review: int, *, on: bool) -> None:
        """Find nothing."""
        del user, on
        raise NotFound(f"no review {review}")

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

    def report(self, user: User, kind: ReportKind, subject: str, reason: ReportReason, text: str = "") -> int:
        """Find nothing."""
        del user, reason, text
        raise NotFound(f"no {kind.value} {subject!r}")

    def decide(
        self,
        number: int,
        action: ModerationAction,
        *,
        by: User,
        reason: ReportReason | None = None,
        explanation: str = "",
    ) -> Report:
        """Find nothing."""
        del action, by, reason, explanation
        return self.get(number)

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
