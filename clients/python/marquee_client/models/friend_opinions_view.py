from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.friend_opinion_view import FriendOpinionView


T = TypeVar("T", bound="FriendOpinionsView")


@_attrs_define
class FriendOpinionsView:
    """What all users whom you follow gave a movie.

    Attributes:
        count (int):
        mean (float | None):
        results (list[FriendOpinionView]): The latest of them.
    """

    count: int
    mean: float | None
    results: list[FriendOpinionView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        mean: float | None
        mean = self.mean

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "mean": mean,
                "results": results,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.friend_opinion_view import FriendOpinionView  # noqa: PLC0415

        d = dict(src_dict)
        count = d.pop("count")

        def _parse_mean(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        mean = _parse_mean(d.pop("mean"))

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = FriendOpinionView.from_dict(results_item_data)

            results.append(results_item)

        friend_opinions_view = cls(
            count=count,
            mean=mean,
            results=results,
        )

        friend_opinions_view.additional_properties = d
        return friend_opinions_view

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
