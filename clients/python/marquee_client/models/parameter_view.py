from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.kind import Kind

T = TypeVar("T", bound="ParameterView")


@_attrs_define
class ParameterView:
    """A parameter of a job.

    Attributes:
        choices (list[str]): Allowed values.
        default (Any): Default value.
        kind (Kind): The type of a job's parameter.
        least (float | None): Minimum of a number, inclusive.
        meaning (str):
        most (float | None): Maximum of a number, inclusive.
        name (str):
    """

    choices: list[str]
    default: Any
    kind: Kind
    least: float | None
    meaning: str
    most: float | None
    name: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        choices = self.choices

        default = self.default

        kind = self.kind.value

        least: float | None
        least = self.least

        meaning = self.meaning

        most: float | None
        most = self.most

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "choices": choices,
                "default": default,
                "kind": kind,
                "least": least,
                "meaning": meaning,
                "most": most,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        choices = cast("list[str]", d.pop("choices"))

        default = d.pop("default")

        kind = Kind(d.pop("kind"))

        def _parse_least(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        least = _parse_least(d.pop("least"))

        meaning = d.pop("meaning")

        def _parse_most(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        most = _parse_most(d.pop("most"))

        name = d.pop("name")

        parameter_view = cls(
            choices=choices,
            default=default,
            kind=kind,
            least=least,
            meaning=meaning,
            most=most,
            name=name,
        )

        parameter_view.additional_properties = d
        return parameter_view

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
