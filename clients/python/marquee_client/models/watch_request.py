from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="WatchRequest")


@_attrs_define
class WatchRequest:
    """A watching of a movie.

    Attributes:
        day (datetime.date | Unset): The day in your time zone (ISO 8601); without it, today.
        note (str | Unset): Plain text of at most 2,000 characters, which only you see unless you publish it. Default:
            ''.
        rewatch (bool | Unset): Whether you had seen the movie before. Default: False.
        stars (float | Unset): Half stars from 0.5 to 5. Those of the latest watching of a movie become your rating.
    """

    day: datetime.date | Unset = UNSET
    note: str | Unset = ""
    rewatch: bool | Unset = False
    stars: float | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        day: str | Unset = UNSET
        if not isinstance(self.day, Unset):
            day = self.day.isoformat()

        note = self.note

        rewatch = self.rewatch

        stars = self.stars

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if day is not UNSET:
            field_dict["day"] = day
        if note is not UNSET:
            field_dict["note"] = note
        if rewatch is not UNSET:
            field_dict["rewatch"] = rewatch
        if stars is not UNSET:
            field_dict["stars"] = stars

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _day = d.pop("day", UNSET)
        day: datetime.date | Unset
        if isinstance(_day, Unset):
            day = UNSET
        else:
            day = datetime.date.fromisoformat(_day)

        note = d.pop("note", UNSET)

        rewatch = d.pop("rewatch", UNSET)

        stars = d.pop("stars", UNSET)

        watch_request = cls(
            day=day,
            note=note,
            rewatch=rewatch,
            stars=stars,
        )

        return watch_request
