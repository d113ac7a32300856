"""API schemas of profiles, connections, reviews and activities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import Field

from core.social.activity import ActivityKind, ActivityPage
from core.social.profiles import Connection, Follow, ProfileSettings, Visibility
from core.social.reviews import FriendOpinions, PublishedReview, ReviewPage
from core.types import MovieId
from engine.services import Services
from engine.social.profiles import ProfilePage
from webapp.http.schemas import View
from webapp.lists import schemas as list_schemas
from webapp.lists.schemas import ListView
from webapp.movies import serializers
from webapp.movies.schemas import MovieCard
from webapp.social import addresses


class PublishedReviewView(View):
    """A published review."""

    id: int = Field(description="Number of the review.")
    url: str = Field(description="Path of its page on this site.")
    writer: str = Field(description="Name of the user who wrote it.")
    movie_id: int = Field(description="TMDB id.")
    movie: MovieCard | None = Field(description="The movie; null if it is no longer in the catalogue.")
    text: str = Field(description="Plain text: escape it before showing it.")
    stars: float | None = Field(description="Half stars; null also if the writer does not show ratings.")
    spoilers: bool = Field(description="Whether it tells how the movie ends: cover it.")
    published_at: datetime
    likes: int
    friend_likes: int = Field(description="Likes of users whom you follow.")
    liked: bool = Field(description="Whether you like it.")
    own: bool = Field(description="Whether you wrote it.")
    hidden: str = Field(description="Why moderators hid it; only its writer sees it then. Empty if they did not.")


class PublishedReviewsResponse(View):
    """A page of reviews."""

    results: tuple[PublishedReviewView, ...]
    next: str = Field(description="Cursor of the next page, for `after`; empty on the last page.")


class ProfileWatchView(View):
    """A watching on a profile, without its note."""

    day: date
    stars: float | None = Field(description="Null also if ratings are not shown.")
    rewatch: bool
    movie_id: int = Field(description="TMDB id.")
    movie: MovieCard | None


class ProfileView(View):
    """A user's profile. What they do not share with you is empty or 0."""

    name: str
    url: str = Field(description="Path of its page on this site.")
    since: date | None = Field(description="When the account was created.")
    bio: str = Field(description="Plain text: escape it before showing it.")
    follow: Follow = Field(description="Whether you follow this user.")
    own: bool
    opened: bool = Field(description="False if only followers see more than the name and you are none.")
    followers: int
    following: int
    watched: int = Field(description="Watchings in the diary.")
    rated: int
    reviews_count: int
    lists_count: int
    stars: dict[str, int] = Field(description="How often each number of stars was given.")
    favourites: tuple[MovieCard, ...]
    diary: tuple[ProfileWatchView, ...] = Field(description="The latest watchings.")
    reviews: tuple[PublishedReviewView, ...] = Field(description="The latest reviews.")
    lists: tuple[ListView, ...] = Field(description="Lists that are shared by link.")


class SharingView(View):
    """What you share, and with whom."""

    visibility: Visibility
    bio: str
    favourites: tuple[int, ...] = Field(description="TMDB ids of the movies at the top of your profile.")
    ratings: bool = Field(description="Whether ratings and favourites are shown.")
    diary: bool
    reviews: bool
    lists: bool = Field(description="Whether the profile shows the lists that are shared by link.")
    approve_followers: bool
    hidden: str = Field(description="Why moderators hid your profile; empty if they did not.")
    suspended: str = Field(description="Why moderators stopped you from sharing; empty if they did not.")


class ConnectionView(View):
    """A user, and since when you are connected."""

    name: str
    at: datetime


class ConnectionsResponse(View):
    """Users whom you are connected with, the latest first."""

    results: tuple[ConnectionView, ...]


class FollowView(View):
    """Whether you follow a user."""

    name: str
    follow: Follow


class ActivityView(View):
    """What a user whom you follow did."""

    kind: ActivityKind
    at: datetime
    user: str
    movie: MovieCard | None = Field(description="Null for a list, and for a movie that the catalogue lacks.")
    movie_id: int | None
    stars: float | None
    text: str = Field(description="The review, or the name of the list. Plain text: escape it before showing it.")
    spoilers: bool
    url: str = Field(description="Path of the review, the list or the movie.")
    size: int = Field(description="Movies of the list.")


class ActivitiesResponse(View):
    """A page of activities, the newest first."""

    results: tuple[ActivityView, ...]
    next: str = Field(description="Cursor of the next page, for `after`; empty on the last page.")


class FriendOpinionView(View):
    """What a user whom you follow gave a movie."""

    name: str
    stars: float
    review: int | None = Field(description="Number of their review.")


class FriendOpinionsView(View):
    """What all users whom you follow gave a movie."""

    count: int
    mean: float | None
    results: tuple[FriendOpinionView, ...] = Field(description="The latest of them.")


def cards(services: Services, movies: Sequence[int]) -> dict[int, MovieCard]:
    """Return the cards of movies of the catalogue by id."""
    base = services.settings.poster_base
    found = services.movies.many(list(dict.fromkeys(MovieId(movie) for movie in movies)))
    return {movie.id: serializers.card(movie, poster_base=base) for movie in found}


def reviews(
    services: Services, found: Sequence[PublishedReview], *, reader: int | None
) -> tuple[PublishedReviewView, ...]:
    """Return reviews as views."""
    known = cards(services, [one.movie for one in found])
    return tuple(
        PublishedReviewView(
            id=one.id, url=addresses.review(one.id), writer=one.writer.name, movie_id=one.movie,
            movie=known.get(one.movie), text=one.text, stars=one.stars, spoilers=one.spoilers,
            published_at=one.published_at, likes=one.likes, friend_likes=one.friend_likes, liked=one.liked,
            own=one.writer.id == reader, hidden=one.hidden,
        )
        for one in found
    )  # fmt: skip


def review_page(services: Services, page: ReviewPage, *, reader: int | None) -> PublishedReviewsResponse:
    """Return a page of reviews as a view."""
    after = addresses.review_cursor(page.next) if page.next else ""
    return PublishedReviewsResponse(results=reviews(services, page.reviews, reader=reader), next=after)


def profile(services: Services, page: ProfilePage, *, reader: int | None) -> ProfileView:
    """Return a profile as a view."""
    seen, shown, counts = page.seen, page.seen.profile.settings, page.counts
    favourites = shown.favourites if seen.opened and shown.ratings else ()
    known = cards(services, [*favourites, *(one.entry.movie for one in page.watches)])
    return ProfileView(
        name=seen.user.name,
        url=addresses.profile(seen.user.name),
        since=seen.user.created_at.date() if seen.opened else None,
        bio=shown.bio if seen.opened else "",
        follow=seen.follow,
        own=seen.own,
        opened=seen.opened,
        followers=counts.followers,
        following=counts.following,
        watched=counts.watched,
        rated=counts.rated,
        reviews_count=counts.reviews,
        lists_count=counts.lists,
        stars={f"{stars:g}": count for stars, count in counts.stars.items()},
        favourites=tuple(known[movie] for movie in favourites if movie in known),
        diary=tuple(
            ProfileWatchView(
                day=one.entry.day, stars=one.entry.stars, rewatch=one.entry.rewatch, movie_id=one.entry.movie,
                movie=known.get(one.entry.movie),
            )
            for one in page.watches
        ),
        reviews=reviews(services, page.reviews, reader=reader),
        lists=tuple(map(list_schemas.movie_list, page.lists)),
    )  # fmt: skip


def sharing(settings: ProfileSettings, *, hidden: str, suspended: str) -> SharingView:
    """Return what a user shares as a view."""
    return SharingView(
        visibility=settings.visibility, bio=settings.bio, favourites=settings.favourites, ratings=settings.ratings,
        diary=settings.diary, reviews=settings.reviews, lists=settings.lists,
        approve_followers=settings.approve_followers, hidden=hidden, suspended=suspended,
    )  # fmt: skip


def connections(found: Sequence[Connection]) -> ConnectionsResponse:
    """Return connections as views."""
    return ConnectionsResponse(results=tuple(ConnectionView(name=one.person.name, at=one.at) for one in found))


def activities(services: Services, page: ActivityPage) -> ActivitiesResponse:
    """Return a page of activities as a view."""
    known = cards(services, [item.movie for item in page.items if item.movie is not None])
    shown = []
    for item in page.items:
        movie = known.get(item.movie) if item.movie is not None else None
        url = movie.url if movie else ""
        if item.kind is ActivityKind.REVIEWED:
            url = addresses.review(item.subject)
        elif item.kind is ActivityKind.LISTED:
            url = f"/lists/{item.subject}"
        shown.append(
            ActivityView(
                kind=item.kind, at=item.at, user=item.person.name, movie=movie, movie_id=item.movie, stars=item.stars,
                text=item.text, spoilers=item.spoilers, url=url, size=item.size,
            )
        )  # fmt: skip
    return ActivitiesResponse(results=tuple(shown), next=addresses.activity_cursor(page.next) if page.next else "")


def opinions(found: FriendOpinions) -> FriendOpinionsView:
    """Return opinions as a view."""
    return FriendOpinionsView(
        count=found.count,
        mean=None if found.mean is None else round(found.mean, 2),
        results=tuple(
            FriendOpinionView(name=one.person.name, stars=one.stars, review=one.review) for one in found.opinions
        ),
    )
