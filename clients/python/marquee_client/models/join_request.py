from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="JoinRequest")


@_attrs_define
class JoinRequest:
    """An invitation.

    Attributes:
        invitation (str): The last part of the link.
    """

    invitation: str

    def to_dict(self) -> dict[str, Any]:
        invitation = self.invitation

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "invitation": invitation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        invitation = d.pop("invitation")

        join_request = cls(
            invitation=invitation,
        )

        return join_request
