from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="ProfileWatchView")


@_attrs_define
class ProfileWatchView:
    """A watching on a profile, without its note.

    Attributes:
        day (datetime.date):
        movie (MovieCard | None):
        movie_id (int): TMDB id.
        rewatch (bool):
        stars (float | None): Null also if ratings are not shown.
    """

    day: datetime.date
    movie: MovieCard | None
    movie_id: int
    rewatch: bool
    stars: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        day = self.day.isoformat()

        movie: dict[str, Any] | None
        if isinstance(self.movie, MovieCard):
            movie = self.movie.to_dict()
        else:
            movie = self.movie

        movie_id = self.movie_id

        rewatch = self.rewatch

        stars: float | None
        stars = self.stars

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "day": day,
                "movie": movie,
                "movie_id": movie_id,
                "rewatch": rewatch,
                "stars": stars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        day = datetime.date.fromisoformat(d.pop("day"))

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

        rewatch = d.pop("rewatch")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        profile_watch_view = cls(
            day=day,
            movie=movie,
            movie_id=movie_id,
            rewatch=rewatch,
            stars=stars,
        )

        profile_watch_view.additional_properties = d
        return profile_watch_view

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
