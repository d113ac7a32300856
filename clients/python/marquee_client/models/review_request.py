from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReviewRequest")


@_attrs_define
class ReviewRequest:
    """A review.

    Attributes:
        text (str): Plain text of at most 2,000 characters; control characters are dropped.
        spoilers (bool | Unset): Whether it tells how the movie ends. Default: False.
    """

    text: str
    spoilers: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        spoilers = self.spoilers

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if spoilers is not UNSET:
            field_dict["spoilers"] = spoilers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        spoilers = d.pop("spoilers", UNSET)

        review_request = cls(
            text=text,
            spoilers=spoilers,
        )

        return review_request
