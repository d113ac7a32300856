from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.watch_view import WatchView


T = TypeVar("T", bound="WatchesResponse")


@_attrs_define
class WatchesResponse:
    """A page of the diary, the newest watching first.

    Attributes:
        page (int):
        results (list[WatchView]):
        size (int):
        total (int): Number of watchings, over all pages.
    """

    page: int
    results: list[WatchView]
    size: int
    total: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        page = self.page

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        size = self.size

        total = self.total

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "page": page,
                "results": results,
                "size": size,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.watch_view import WatchView  # noqa: PLC0415

        d = dict(src_dict)
        page = d.pop("page")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = WatchView.from_dict(results_item_data)

            results.append(results_item)

        size = d.pop("size")

        total = d.pop("total")

        watches_response = cls(
            page=page,
            results=results,
            size=size,
            total=total,
        )

        watches_response.additional_properties = d
        return watches_response

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
