from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="WatchView")


@_attrs_define
class WatchView:
    """A watching of a movie.

    Attributes:
        created_at (datetime.datetime): When it was entered.
        day (datetime.date): The day, without a time.
        id (int): Number of the watching.
        movie (MovieCard | None): The movie; null if it is no longer in the catalogue.
        movie_id (int): TMDB id.
        note (str): Plain text: escape it before showing it.
        rewatch (bool):
        stars (float | None): The stars of that time; your rating may differ by now.
    """

    created_at: datetime.datetime
    day: datetime.date
    id: int
    movie: MovieCard | None
    movie_id: int
    note: str
    rewatch: bool
    stars: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        created_at = self.created_at.isoformat()

        day = self.day.isoformat()

        id = self.id

        movie: dict[str, Any] | None
        if isinstance(self.movie, MovieCard):
            movie = self.movie.to_dict()
        else:
            movie = self.movie

        movie_id = self.movie_id

        note = self.note

        rewatch = self.rewatch

        stars: float | None
        stars = self.stars

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "day": day,
                "id": id,
                "movie": movie,
                "movie_id": movie_id,
                "note": note,
                "rewatch": rewatch,
                "stars": stars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        day = datetime.date.fromisoformat(d.pop("day"))

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

        movie_id = d.pop("movie_id")

        note = d.pop("note")

        rewatch = d.pop("rewatch")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        watch_view = cls(
            created_at=created_at,
            day=day,
            id=id,
            movie=movie,
            movie_id=movie_id,
            note=note,
            rewatch=rewatch,
            stars=stars,
        )

        watch_view.additional_properties = d
        return watch_view

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
