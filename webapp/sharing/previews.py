"""The picture that services show beside a link to a movie."""

from __future__ import annotations

from flask import url_for

from webapp.movies import schemas


def picture(movie: schemas.Movie) -> str:
    """Return the URL of the backdrop or the poster; without both, that of a drawn card."""
    if movie.extras is not None and movie.extras.backdrop:
        return movie.extras.backdrop
    return url_for("posters.card", movie_id=movie.id) if movie.poster == movie.drawn else movie.poster


def card(shown: str, movie: schemas.Movie) -> str:
    """Return the kind of Twitter card for a picture: large unless it is upright."""
    return "summary" if shown == movie.poster else "summary_large_image"
