"""Request models of profiles, connections, reviews and reports."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from core.social.moderation import MAX_REPORT_LENGTH, ReportKind, ReportReason
from core.social.profiles import MAX_BIO_LENGTH, MAX_SHOWN_FAVOURITES, ConnectionKind, Visibility
from core.social.reviews import ReviewSort
from engine.accounts.names import MAX_NAME
from webapp.http.fields import MAX_ID, Moment
from webapp.http.parsing import Body, Query
from webapp.lists.forms import RAW
from webapp.social.addresses import MAX_CURSOR

MAX_SIZE = 100
Cursor = Annotated[str, StringConstraints(max_length=MAX_CURSOR)]
UserName = Annotated[str, StringConstraints(min_length=1, max_length=RAW * MAX_NAME)]


class UserPath(BaseModel):
    """A user in a URL."""

    name: UserName = Field(description="Name of the user.")


class ReviewPath(BaseModel):
    """A review in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the review.")


class ReviewsQuery(Query):
    """Which reviews of a movie to return."""

    sort: ReviewSort = Field(ReviewSort.LIKED, description="`friends`: most likes of users whom you follow.")
    after: Cursor = Field("", description="`next` of the previous page.")
    size: int = Field(10, ge=1, le=MAX_SIZE, description="Reviews per page.")


class ActivityQuery(Query):
    """Which activities to return."""

    after: Cursor = Field("", description="`next` of the previous page.")
    size: int = Field(30, ge=1, le=MAX_SIZE, description="Activities per page.")


class ConnectionsQuery(Query):
    """Which connections to return."""

    show: ConnectionKind = Field(ConnectionKind.FOLLOWING, description="Which of your lists of users.")
    before: Moment = Field(None, description="Only those before this time: the `at` of the last one.")
    size: int = Field(50, ge=1, le=MAX_SIZE, description="Users per page.")


class SharingRequest(Body):
    """What you share, and with whom."""

    visibility: Visibility = Field(Visibility.PRIVATE, description="Who sees your profile.")
    bio: Annotated[str, StringConstraints(max_length=RAW * MAX_BIO_LENGTH)] = Field(
        "", description=f"Plain text of at most {MAX_BIO_LENGTH} characters."
    )
    favourites: Annotated[
        tuple[Annotated[int, Field(ge=1, le=MAX_ID)], ...], Field(max_length=MAX_SHOWN_FAVOURITES)
    ] = Field((), description="TMDB ids of movies that you marked as favourites.")
    ratings: StrictBool = Field(False, description="Whether to show ratings and favourites.")
    diary: StrictBool = Field(False, description="Whether to show watchings, never their notes.")
    reviews: StrictBool = Field(False, description="Whether to show published reviews.")
    lists: StrictBool = Field(False, description="Whether the profile shows the lists that are shared by link.")
    approve_followers: StrictBool = Field(False, description="Whether you accept each follower.")


class PublishRequest(Body):
    """How a note is published."""

    spoilers: StrictBool = Field(False, description="Whether it tells how the movie ends.")


class ReportRequest(Body):
    """A report of content to the administrators."""

    kind: ReportKind = Field(description="What is reported.")
    subject: UserName = Field(description="Name of the user (profile), or number of the review or list.")
    reason: ReportReason = Field(description="Why.")
    text: Annotated[str, StringConstraints(max_length=RAW * MAX_REPORT_LENGTH)] = Field(
        "", description=f"Plain text of at most {MAX_REPORT_LENGTH:,} characters for the administrators."
    )
