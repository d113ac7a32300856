from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CollectionMovie")


@_attrs_define
class CollectionMovie:
    """A movie of a collection.

    Attributes:
        id (int): TMDB id.
        poster (None | str): URL of its poster.
        title (str):
        url (None | str): Path of its page on this site; null if this catalogue lacks it.
        year (int | None):
    """

    id: int
    poster: str | None
    title: str
    url: str | None
    year: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        poster: str | None
        poster = self.poster

        title = self.title

        url: str | None
        url = self.url

        year: int | None
        year = self.year

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "poster": poster,
                "title": title,
                "url": url,
                "year": year,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        def _parse_poster(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        poster = _parse_poster(d.pop("poster"))

        title = d.pop("title")

        def _parse_url(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        url = _parse_url(d.pop("url"))

        def _parse_year(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        year = _parse_year(d.pop("year"))

        collection_movie = cls(
            id=id,
            poster=poster,
            title=title,
            url=url,
            year=year,
        )

        collection_movie.additional_properties = d
        return collection_movie

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
