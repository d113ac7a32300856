from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FriendOpinionView")


@_attrs_define
class FriendOpinionView:
    """What a user whom you follow gave a movie.

    Attributes:
        name (str):
        review (int | None): Number of their review.
        stars (float):
    """

    name: str
    review: int | None
    stars: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        review: int | None
        review = self.review

        stars = self.stars

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "review": review,
                "stars": stars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        def _parse_review(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        review = _parse_review(d.pop("review"))

        stars = d.pop("stars")

        friend_opinion_view = cls(
            name=name,
            review=review,
            stars=stars,
        )

        friend_opinion_view.additional_properties = d
        return friend_opinion_view

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
