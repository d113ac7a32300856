from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PublishRequest")


@_attrs_define
class PublishRequest:
    """How a note is published.

    Attributes:
        spoilers (bool | Unset): Whether it tells how the movie ends. Default: False.
    """

    spoilers: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        spoilers = self.spoilers

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if spoilers is not UNSET:
            field_dict["spoilers"] = spoilers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        spoilers = d.pop("spoilers", UNSET)

        publish_request = cls(
            spoilers=spoilers,
        )

        return publish_request
