from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.collection_movie import CollectionMovie


T = TypeVar("T", bound="CollectionView")


@_attrs_define
class CollectionView:
    """A series of movies, in the order of their release.

    Attributes:
        id (int): TMDB id of the collection.
        movies (list[CollectionMovie]):
        name (str):
    """

    id: int
    movies: list[CollectionMovie]
    name: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        movies = []
        for movies_item_data in self.movies:
            movies_item = movies_item_data.to_dict()
            movies.append(movies_item)

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "movies": movies,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.collection_movie import CollectionMovie  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        movies = []
        _movies = d.pop("movies")
        for movies_item_data in _movies:
            movies_item = CollectionMovie.from_dict(movies_item_data)

            movies.append(movies_item)

        name = d.pop("name")

        collection_view = cls(
            id=id,
            movies=movies,
            name=name,
        )

        collection_view.additional_properties = d
        return collection_view

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
