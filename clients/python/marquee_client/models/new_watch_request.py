from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewWatchRequest")


@_attrs_define
class NewWatchRequest:
    """A watching and its movie.

    Attributes:
        movie_id (int): TMDB id of the movie.
        day (datetime.date | Unset): The day in your time zone (ISO 8601); without it, today.
        note (str | Unset): Plain text of at most 2,000 characters, which only you see unless you publish it. Default:
            ''.
        rewatch (bool | Unset): Whether you had seen the movie before. Default: False.
        stars (float | Unset): Half stars from 0.5 to 5. Those of the latest watching of a movie become your rating.
    """

    movie_id: int
    day: datetime.date | Unset = UNSET
    note: str | Unset = ""
    rewatch: bool | Unset = False
    stars: float | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        movie_id = self.movie_id

        day: str | Unset = UNSET
        if not isinstance(self.day, Unset):
            day = self.day.isoformat()

        note = self.note

        rewatch = self.rewatch

        stars = self.stars

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie_id": movie_id,
            }
        )
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
        movie_id = d.pop("movie_id")

        _day = d.pop("day", UNSET)
        day: datetime.date | Unset
        if isinstance(_day, Unset):
            day = UNSET
        else:
            day = datetime.date.fromisoformat(_day)

        note = d.pop("note", UNSET)

        rewatch = d.pop("rewatch", UNSET)

        stars = d.pop("stars", UNSET)

        new_watch_request = cls(
            movie_id=movie_id,
            day=day,
            note=note,
            rewatch=rewatch,
            stars=stars,
        )

        return new_watch_request
