from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MetricDifferenceView")


@_attrs_define
class MetricDifferenceView:
    """One metric of two versions.

    Attributes:
        difference (float | None): Second minus first.
        first (float | None):
        name (str):
        second (float | None):
    """

    difference: float | None
    first: float | None
    name: str
    second: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        difference: float | None
        difference = self.difference

        first: float | None
        first = self.first

        name = self.name

        second: float | None
        second = self.second

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "difference": difference,
                "first": first,
                "name": name,
                "second": second,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_difference(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        difference = _parse_difference(d.pop("difference"))

        def _parse_first(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        first = _parse_first(d.pop("first"))

        name = d.pop("name")

        def _parse_second(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        second = _parse_second(d.pop("second"))

        metric_difference_view = cls(
            difference=difference,
            first=first,
            name=name,
            second=second,
        )

        metric_difference_view.additional_properties = d
        return metric_difference_view

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
