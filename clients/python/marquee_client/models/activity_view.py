from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.activity_kind import ActivityKind

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="ActivityView")


@_attrs_define
class ActivityView:
    """What a user whom you follow did.

    Attributes:
        at (datetime.datetime):
        kind (ActivityKind): What a user did, in the order of activities of the same time.
        movie (MovieCard | None): Null for a list, and for a movie that the catalogue lacks.
        movie_id (int | None):
        size (int): Movies of the list.
        spoilers (bool):
        stars (float | None):
        text (str): The review, or the name of the list. Plain text: escape it before showing it.
        url (str): Path of the review, the list or the movie.
        user (str):
    """

    at: datetime.datetime
    kind: ActivityKind
    movie: MovieCard | None
    movie_id: int | None
    size: int
    spoilers: bool
    stars: float | None
    text: str
    url: str
    user: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        at = self.at.isoformat()

        kind = self.kind.value

        movie: dict[str, Any] | None
        if isinstance(self.movie, MovieCard):
            movie = self.movie.to_dict()
        else:
            movie = self.movie

        movie_id: int | None
        movie_id = self.movie_id

        size = self.size

        spoilers = self.spoilers

        stars: float | None
        stars = self.stars

        text = self.text

        url = self.url

        user = self.user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "kind": kind,
                "movie": movie,
                "movie_id": movie_id,
                "size": size,
                "spoilers": spoilers,
                "stars": stars,
                "text": text,
                "url": url,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        kind = ActivityKind(d.pop("kind"))

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

        def _parse_movie_id(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        movie_id = _parse_movie_id(d.pop("movie_id"))

        size = d.pop("size")

        spoilers = d.pop("spoilers")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        text = d.pop("text")

        url = d.pop("url")

        user = d.pop("user")

        activity_view = cls(
            at=at,
            kind=kind,
            movie=movie,
            movie_id=movie_id,
            size=size,
            spoilers=spoilers,
            stars=stars,
            text=text,
            url=url,
            user=user,
        )

        activity_view.additional_properties = d
        return activity_view

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
