from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.list_entry_view import ListEntryView
    from ..models.list_view import ListView


T = TypeVar("T", bound="ListResponse")


@_attrs_define
class ListResponse:
    """A list and a page of its movies, in order.

    Attributes:
        editable (bool): Whether you may change its movies.
        list_ (ListView): A list of movies.
        page (int):
        results (list[ListEntryView]):
        size (int):
        total (int): Number of movies, over all pages.
    """

    editable: bool
    list_: ListView
    page: int
    results: list[ListEntryView]
    size: int
    total: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        editable = self.editable

        list_ = self.list_.to_dict()

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
                "editable": editable,
                "list": list_,
                "page": page,
                "results": results,
                "size": size,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.list_entry_view import ListEntryView  # noqa: PLC0415
        from ..models.list_view import ListView  # noqa: PLC0415

        d = dict(src_dict)
        editable = d.pop("editable")

        list_ = ListView.from_dict(d.pop("list"))

        page = d.pop("page")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = ListEntryView.from_dict(results_item_data)

            results.append(results_item)

        size = d.pop("size")

        total = d.pop("total")

        list_response = cls(
            editable=editable,
            list_=list_,
            page=page,
            results=results,
            size=size,
            total=total,
        )

        list_response.additional_properties = d
        return list_response

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
