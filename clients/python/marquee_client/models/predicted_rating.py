from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PredictedRating")


@_attrs_define
class PredictedRating:
    """The predicted rating of a movie.

    Attributes:
        id (int): TMDB id.
        stars (float | None): 0.5 to 5 stars; null if no prediction is possible.
    """

    id: int
    stars: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        stars: float | None
        stars = self.stars

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "stars": stars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        predicted_rating = cls(
            id=id,
            stars=stars,
        )

        predicted_rating.additional_properties = d
        return predicted_rating

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
