from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PasswordRequest")


@_attrs_define
class PasswordRequest:
    """A new password.

    Attributes:
        new (str): The new password: 8 to 200 characters.
        old (str): The current password.
        keep_tokens (bool | Unset): Whether API tokens stay valid; otherwise all are revoked. Default: False.
    """

    new: str
    old: str
    keep_tokens: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        new = self.new

        old = self.old

        keep_tokens = self.keep_tokens

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "new": new,
                "old": old,
            }
        )
        if keep_tokens is not UNSET:
            field_dict["keep_tokens"] = keep_tokens

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        new = d.pop("new")

        old = d.pop("old")

        keep_tokens = d.pop("keep_tokens", UNSET)

        password_request = cls(
            new=new,
            old=old,
            keep_tokens=keep_tokens,
        )

        return password_request
