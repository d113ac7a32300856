"""What the user shares: the section of the account page, and its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from core.errors import InvalidRequest
from core.social.profiles import MAX_BIO_LENGTH, MAX_SHOWN_FAVOURITES, Profile, ProfileSettings, Visibility
from core.types import MovieId
from core.users import MarkKind
from engine.services import Services
from webapp.accounts.responses import done
from webapp.http import sessions
from webapp.http.fields import whole_number
from webapp.localization.translation import gettext as _
from webapp.movies.schemas import MovieCard
from webapp.social import labels, schemas

OFFERED_FAVOURITES = 200
"""Favourites to choose from, the latest."""
SWITCHES = ("ratings", "diary", "reviews", "lists", "approve_followers")


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the section shows."""

    profile: Profile
    favourites: Sequence[MovieCard]
    visibilities: Sequence[tuple[str, str]]
    slots: int = MAX_SHOWN_FAVOURITES
    max_bio: int = MAX_BIO_LENGTH


def add_routes(routes: Blueprint, services: Services) -> None:
    """Add the form, and the template function of the account page."""

    def share() -> Response:
        """Change what the user shares; browsers do not send unchecked boxes."""
        user = sessions.by_browser()[0]
        services.social.profiles.set(user, _settings())
        return done(_("What you share has been saved."), "/account#sharing")

    routes.add_url_rule("/account/sharing", "share", share, methods=["POST"])
    routes.add_app_template_global(_sharing(services), "sharing")


def _settings() -> ProfileSettings:
    visibility = request.form.get("visibility", "")
    if visibility not in set(Visibility):
        raise InvalidRequest({"visibility": f"expected one of {', '.join(Visibility)}"})
    chosen = [whole_number(text) for text in request.form.getlist("favourite") if text]
    if None in chosen:
        raise InvalidRequest({"favourite": "expected the TMDB ids of movies"})
    return ProfileSettings(
        visibility=Visibility(visibility),
        bio=request.form.get("bio", ""),
        favourites=tuple(MovieId(movie) for movie in chosen if movie is not None),
        **{name: name in request.form for name in SWITCHES},
    )


def _sharing(services: Services) -> Callable[[], Sharing]:
    """Return a function that returns what the section shows."""

    def sharing() -> Sharing:
        user = sessions.required()
        profile = services.social.profiles.of(user)
        marked = services.diaries.read(user).marked(MarkKind.FAVOURITE)
        latest = sorted(marked, key=lambda movie: marked[movie], reverse=True)[:OFFERED_FAVOURITES]
        known = schemas.cards(services, [*profile.settings.favourites, *latest])
        words = [(one.value, _(label)) for one, label in labels.VISIBILITIES.items()]
        return Sharing(profile, list(known.values()), words)

    return sharing
