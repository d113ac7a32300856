from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrailerView")


@_attrs_define
class TrailerView:
    """A trailer on YouTube.

    Attributes:
        embed (str): URL of a player without cookies.
        language (str): ISO 639-1 code.
        name (str):
        url (str): URL of its page.
    """

    embed: str
    language: str
    name: str
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        embed = self.embed

        language = self.language

        name = self.name

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "embed": embed,
                "language": language,
                "name": name,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        embed = d.pop("embed")

        language = d.pop("language")

        name = d.pop("name")

        url = d.pop("url")

        trailer_view = cls(
            embed=embed,
            language=language,
            name=name,
            url=url,
        )

        trailer_view.additional_properties = d
        return trailer_view

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
