"""URLs of profiles and reviews, and the cursors of their pages."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import url_for

from core.social.activity import ActivityCursor, ActivityKind
from core.social.reviews import ReviewCursor
from webapp.http.fields import MAX_ID, whole_number

MAX_CURSOR = 100
"""Characters of a cursor in a URL."""
REVIEW_PARTS, ACTIVITY_PARTS = 3, 4
MICROSECONDS = 1_000_000
LAST_SECOND = 7_258_118_400
"""The year 2200: the latest time of a cursor."""


def profile(name: str) -> str:
    """Return the path of the profile page of a user."""
    return url_for("social.profile", name=name)


def review(number: int) -> str:
    """Return the path of the page of a review."""
    return url_for("social.review", review=number)


def review_cursor(found: ReviewCursor) -> str:
    """Return a cursor of reviews as part of a URL."""
    return f"{found.id}-{found.likes}-{found.friend_likes}"


def read_review_cursor(text: str) -> ReviewCursor | None:
    """Return the cursor in a URL; None (the first page) for anything else."""
    parts = [whole_number(part) for part in text[:MAX_CURSOR].split("-")]
    if len(parts) != REVIEW_PARTS:
        return None
    number, likes, friend_likes = parts
    if number is None or likes is None or friend_likes is None:
        return None
    return ReviewCursor(number, likes, friend_likes)


def activity_cursor(found: ActivityCursor) -> str:
    """Return a cursor of activities as part of a URL."""
    return f"{moment(found.at)}-{found.kind.value}-{found.user}-{found.subject}"


def read_activity_cursor(text: str) -> ActivityCursor | None:
    """Return the cursor in a URL; None (the first page) for anything else."""
    parts = text[:MAX_CURSOR].split("-")
    if len(parts) != ACTIVITY_PARTS or parts[1] not in set(ActivityKind):
        return None
    at, user, subject = read_moment(parts[0]), whole_number(parts[2]), whole_number(parts[3])
    if at is None or user is None or subject is None:
        return None
    return ActivityCursor(at, ActivityKind(parts[1]), user, subject)


def moment(at: datetime) -> str:
    """Return a time as part of a URL, in microseconds."""
    return str(int(at.timestamp()) * MICROSECONDS + at.microsecond)


def read_moment(text: str) -> datetime | None:
    """Return the time in a URL; None for anything else."""
    number = whole_number(text, most=min(MAX_ID, LAST_SECOND * MICROSECONDS))
    if number is None:
        return None
    seconds, rest = divmod(number, MICROSECONDS)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
