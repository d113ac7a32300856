from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="ListEntryView")


@_attrs_define
class ListEntryView:
    """A movie on a list.

    Attributes:
        at (datetime.datetime): When it was added.
        id (int): TMDB id.
        movie (MovieCard | None): The movie; null if it is no longer in the catalogue.
        note (str): Plain text: escape it before showing it.
    """

    at: datetime.datetime
    id: int
    movie: MovieCard | None
    note: str
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

        note = self.note

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "id": id,
                "movie": movie,
                "note": note,
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

        note = d.pop("note")

        list_entry_view = cls(
            at=at,
            id=id,
            movie=movie,
            note=note,
        )

        list_entry_view.additional_properties = d
        return list_entry_view

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
