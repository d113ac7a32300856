from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="MovieRatingRequest")


@_attrs_define
class MovieRatingRequest:
    """A rating and its movie.

    Attributes:
        movie_id (int): TMDB id of the movie.
        rating (float): Half stars from 0.5 to 5.
    """

    movie_id: int
    rating: float

    def to_dict(self) -> dict[str, Any]:
        movie_id = self.movie_id

        rating = self.rating

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie_id": movie_id,
                "rating": rating,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        movie_id = d.pop("movie_id")

        rating = d.pop("rating")

        movie_rating_request = cls(
            movie_id=movie_id,
            rating=rating,
        )

        return movie_rating_request
