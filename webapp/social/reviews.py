"""Published reviews on pages: on the page of a movie, on their own, and their forms."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import InvalidRequest, StoreUnavailable
from core.social.reviews import PublishedReview, ReviewSort
from core.types import MovieId
from core.users import Scope
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.parsing import Query, parse_query
from webapp.localization.translation import gettext as _
from webapp.social import addresses, labels, schemas
from webapp.social.api import reader, reader_id
from webapp.social.forms import Cursor
from webapp.social.schemas import FriendOpinionsView, PublishedReviewView

log = logging.getLogger("marquee.web")


class MovieQuery(Query):
    """The order and the page of the reviews on the page of a movie."""

    reviews: ReviewSort | None = None
    after: Cursor = ""


@dataclass(frozen=True, slots=True)
class Sorting:
    """A sort order, with its link."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class MovieReviews:
    """The reviews on the page of a movie."""

    reviews: Sequence[PublishedReviewView]
    sorts: Sequence[Sorting]
    next: str
    own: PublishedReview | None
    """The user's own review that was written there."""
    shared: bool
    """Whether somebody else sees the user's reviews."""


class ReviewPages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services, self._reviews = services, services.social.reviews

    def show(self, review: int) -> str:
        """Show a review."""
        user = reader()
        found = self._reviews.get(user, review)
        view = schemas.reviews(self._services, [found], reader=reader_id(user))[0]
        return render_template("social/review.html", review=view, why=labels.why_hidden(view.hidden))

    def like(self, review: int) -> Response:
        """Like a review, or take the like back."""
        user, on = sessions.required(Scope.WRITE), request.form.get("on", "")
        if on not in ("0", "1"):
            raise InvalidRequest({"on": "expected 1 (like) or 0 (take back)"})
        self._reviews.like(user, review, on=on == "1")
        return request_diary.back(addresses.review(review))

    def publish(self, watch: int) -> Response:
        """Publish the note of a watching, or make it private again."""
        user, action = sessions.required(Scope.WRITE), request.form.get("action", "")
        if action == "publish":
            self._reviews.publish(user, watch, spoilers="spoilers" in request.form)
            request_diary.notify(Notice(_("Your review was published.")))
        elif action == "withdraw":
            self._reviews.withdraw(user, watch)
            request_diary.notify(Notice(_("Only you see your note now.")))
        else:
            raise InvalidRequest({"action": "expected publish or withdraw"})
        return request_diary.see(url_for("diary.edit_watch", watch=watch))


def add_routes(routes: Blueprint, services: Services) -> None:
    """Add the pages and forms, and the template functions of other pages."""
    pages = ReviewPages(services)
    routes.add_url_rule("/reviews/<int:review>", "review", pages.show)
    routes.add_url_rule("/reviews/<int:review>/like", "like", pages.like, methods=["POST"])
    routes.add_url_rule("/diary/watchings/<int:watch>/review", "publish", pages.publish, methods=["POST"])
    routes.add_app_template_global(_of_movie(services), "movie_reviews")
    routes.add_app_template_global(_friends(services), "friend_opinions")
    routes.add_app_template_global(_of_watch(services), "review_of_watch")
    routes.add_app_template_filter(labels.why_hidden, "why_hidden")


def _of_movie(services: Services) -> Callable[[int], MovieReviews | None]:
    """Return a function that returns the reviews of a movie; None while the database is unreachable."""

    def movie_reviews(movie: int) -> MovieReviews | None:
        user, social = reader(), services.social
        query = parse_query(MovieQuery, request.args, lenient=True)
        sort = query.reviews or (ReviewSort.FRIENDS if user else ReviewSort.LIKED)
        try:
            page = social.reviews.page(user, MovieId(movie), sort=sort, after=addresses.read_review_cursor(query.after))
            shown = schemas.review_page(services, page, reader=reader_id(user))
            own = social.reviews.of_movie(user, MovieId(movie)) if user else None
            settings = social.profiles.of(user).settings if user else None
        except StoreUnavailable as error:
            log.error("no reviews of %s: %s", movie, error)
            return None
        shared = settings is not None and settings.reviews and settings.visibility.value != "private"
        more = _url(movie, sort, after=shown.next) if shown.next else ""
        return MovieReviews(shown.results, _sorts(movie, sort, signed_in=user is not None), more, own, shared)

    return movie_reviews


def _sorts(movie: int, chosen: ReviewSort, *, signed_in: bool) -> Sequence[Sorting]:
    return [
        Sorting(_(label), _url(movie, sort), sort is chosen)
        for sort, label in labels.SORTS.items()
        if signed_in or sort is not ReviewSort.FRIENDS
    ]


def _url(movie: int, sort: ReviewSort, *, after: str | None = None) -> str:
    return url_for("pages.movie", movie_id=movie, reviews=sort.value, after=after, _anchor="reviews")


def _friends(services: Services) -> Callable[[int], FriendOpinionsView | None]:
    """Return a function that returns what friends think of a movie; None for visitors and during outages."""

    def friend_opinions(movie: int) -> FriendOpinionsView | None:
        user = reader()
        try:
            return schemas.opinions(services.social.reviews.friends(user, MovieId(movie))) if user else None
        except StoreUnavailable as error:
            log.error("friends unavailable, page shown without them: %s", error)
            return None

    return friend_opinions


def _of_watch(services: Services) -> Callable[[int], PublishedReview | None]:
    """Return a function that returns the review that a watching of the user is published as."""

    def review_of_watch(watch: int) -> PublishedReview | None:
        return services.social.reviews.of_watch(sessions.required(), watch)

    return review_of_watch
