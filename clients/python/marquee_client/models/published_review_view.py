from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="PublishedReviewView")


@_attrs_define
class PublishedReviewView:
    """A published review.

    Attributes:
        friend_likes (int): Likes of users whom you follow.
        hidden (str): Why moderators hid it; only its writer sees it then. Empty if they did not.
        id (int): Number of the review.
        liked (bool): Whether you like it.
        likes (int):
        movie (MovieCard | None): The movie; null if it is no longer in the catalogue.
        movie_id (int): TMDB id.
        own (bool): Whether you wrote it.
        published_at (datetime.datetime):
        spoilers (bool): Whether it tells how the movie ends: cover it.
        stars (float | None): Half stars; null also if the writer does not show ratings.
        text (str): Plain text: escape it before showing it.
        url (str): Path of its page on this site.
        writer (str): Name of the user who wrote it.
    """

    friend_likes: int
    hidden: str
    id: int
    liked: bool
    likes: int
    movie: MovieCard | None
    movie_id: int
    own: bool
    published_at: datetime.datetime
    spoilers: bool
    stars: float | None
    text: str
    url: str
    writer: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        friend_likes = self.friend_likes

        hidden = self.hidden

        id = self.id

        liked = self.liked

        likes = self.likes

        movie: dict[str, Any] | None
        if isinstance(self.movie, MovieCard):
            movie = self.movie.to_dict()
        else:
            movie = self.movie

        movie_id = self.movie_id

        own = self.own

        published_at = self.published_at.isoformat()

        spoilers = self.spoilers

        stars: float | None
        stars = self.stars

        text = self.text

        url = self.url

        writer = self.writer

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "friend_likes": friend_likes,
                "hidden": hidden,
                "id": id,
                "liked": liked,
                "likes": likes,
                "movie": movie,
                "movie_id": movie_id,
                "own": own,
                "published_at": published_at,
                "spoilers": spoilers,
                "stars": stars,
                "text": text,
                "url": url,
                "writer": writer,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        friend_likes = d.pop("friend_likes")

        hidden = d.pop("hidden")

        id = d.pop("id")

        liked = d.pop("liked")

        likes = d.pop("likes")

        def _parse_movie(data: object) -> MovieCard | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                movie_type_0 = MovieCard.from_dict(data)

                return movie_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("MovieCard | None", data)

        movie = _parse_movie(d.pop("movie"))

        movie_id = d.pop("movie_id")

        own = d.pop("own")

        published_at = datetime.datetime.fromisoformat(d.pop("published_at"))

        spoilers = d.pop("spoilers")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        text = d.pop("text")

        url = d.pop("url")

        writer = d.pop("writer")

        published_review_view = cls(
            friend_likes=friend_likes,
            hidden=hidden,
            id=id,
            liked=liked,
            likes=likes,
            movie=movie,
            movie_id=movie_id,
            own=own,
            published_at=published_at,
            spoilers=spoilers,
            stars=stars,
            text=text,
            url=url,
            writer=writer,
        )

        published_review_view.additional_properties = d
        return published_review_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
