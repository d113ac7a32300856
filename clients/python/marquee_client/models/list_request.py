from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ListRequest")


@_attrs_define
class ListRequest:
    """Name, description and visibility of a list.

    Attributes:
        name (str): At most 100 characters.
        description (str | Unset): Plain text of at most 2,000 characters. Default: ''.
        public (bool | Unset): Whether anybody with the link may read the list. Default: False.
    """

    name: str
    description: str | Unset = ""
    public: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        public = self.public

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if public is not UNSET:
            field_dict["public"] = public

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description", UNSET)

        public = d.pop("public", UNSET)

        list_request = cls(
            name=name,
            description=description,
            public=public,
        )

        return list_request
