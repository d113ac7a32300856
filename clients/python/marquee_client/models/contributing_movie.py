from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ContributingMovie")


@_attrs_define
class ContributingMovie:
    """One of the user's movies that contributes to a recommendation.

    Attributes:
        id (int): TMDB id.
        mark (str): The user's mark if the movie is not rated: `watchlist`, `liked`, …
        share (float): Share of the personal part of the score, up to 1; negative: against the movie.
        stars (float | None): The user's rating.
        title (str):
    """

    id: int
    mark: str
    share: float
    stars: float | None
    title: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        mark = self.mark

        share = self.share

        stars: float | None
        stars = self.stars

        title = self.title

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "mark": mark,
                "share": share,
                "stars": stars,
                "title": title,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        mark = d.pop("mark")

        share = d.pop("share")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        title = d.pop("title")

        contributing_movie = cls(
            id=id,
            mark=mark,
            share=share,
            stars=stars,
            title=title,
        )

        contributing_movie.additional_properties = d
        return contributing_movie

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
