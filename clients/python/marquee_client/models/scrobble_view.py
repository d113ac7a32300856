from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scrobble_outcome import ScrobbleOutcome

T = TypeVar("T", bound="ScrobbleView")


@_attrs_define
class ScrobbleView:
    """What a media server reported.

    Attributes:
        at (datetime.datetime):
        movie (int | None): TMDB id; null if no movie matches.
        outcome (ScrobbleOutcome): What was done with a report of a media server.
        source (str):
        title (str):
        year (int | None):
    """

    at: datetime.datetime
    movie: int | None
    outcome: ScrobbleOutcome
    source: str
    title: str
    year: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        movie: int | None
        movie = self.movie

        outcome = self.outcome.value

        source = self.source

        title = self.title

        year: int | None
        year = self.year

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "movie": movie,
                "outcome": outcome,
                "source": source,
                "title": title,
                "year": year,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        def _parse_movie(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        movie = _parse_movie(d.pop("movie"))

        outcome = ScrobbleOutcome(d.pop("outcome"))

        source = d.pop("source")

        title = d.pop("title")

        def _parse_year(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        year = _parse_year(d.pop("year"))

        scrobble_view = cls(
            at=at,
            movie=movie,
            outcome=outcome,
            source=source,
            title=title,
            year=year,
        )

        scrobble_view.additional_properties = d
        return scrobble_view

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
