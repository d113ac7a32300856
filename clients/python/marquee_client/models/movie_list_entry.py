from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="MovieListEntry")


@_attrs_define
class MovieListEntry:
    """A movie on one of the user's lists.

    Attributes:
        at (datetime.datetime): When it was added to the list.
        id (int): TMDB id.
        movie (MovieCard | None): The movie; null if it is no longer in the catalogue.
        review (None | str): The user's review.
        stars (float | None): The user's rating, on every list.
    """

    at: datetime.datetime
    id: int
    movie: MovieCard | None
    review: str | None
    stars: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        at = self.at.isoformat()

        id = self.id

        movie: dict[str, Any] | None
        if isinstance(self.movie, MovieCard):
            movie = self.movie.to_dict()
        else:
            movie = self.movie

        review: str | None
        review = self.review

        stars: float | None
        stars = self.stars

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "id": id,
                "movie": movie,
                "review": review,
                "stars": stars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        id = d.pop("id")

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

        def _parse_review(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        review = _parse_review(d.pop("review"))

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        movie_list_entry = cls(
            at=at,
            id=id,
            movie=movie,
            review=review,
            stars=stars,
        )

        movie_list_entry.additional_properties = d
        return movie_list_entry

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
