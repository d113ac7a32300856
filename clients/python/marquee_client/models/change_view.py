from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ChangeView")


@_attrs_define
class ChangeView:
    """One change to the user's ratings, lists or reviews.

    Attributes:
        after (None | str):
        at (datetime.datetime):
        before (None | str): The value before; null if there was none.
        id (int): TMDB id.
        title (None | str):
        what (str): `rating`, `review`, or a mark: `watchlist`, `favourite`, `watched`, `dismissed`, …
    """

    after: str | None
    at: datetime.datetime
    before: str | None
    id: int
    title: str | None
    what: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        after: str | None
        after = self.after

        at = self.at.isoformat()

        before: str | None
        before = self.before

        id = self.id

        title: str | None
        title = self.title

        what = self.what

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "after": after,
                "at": at,
                "before": before,
                "id": id,
                "title": title,
                "what": what,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_after(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        after = _parse_after(d.pop("after"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        def _parse_before(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        before = _parse_before(d.pop("before"))

        id = d.pop("id")

        def _parse_title(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        title = _parse_title(d.pop("title"))

        what = d.pop("what")

        change_view = cls(
            after=after,
            at=at,
            before=before,
            id=id,
            title=title,
            what=what,
        )

        change_view.additional_properties = d
        return change_view

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
