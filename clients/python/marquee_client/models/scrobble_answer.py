from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scrobble_outcome import ScrobbleOutcome

T = TypeVar("T", bound="ScrobbleAnswer")


@_attrs_define
class ScrobbleAnswer:
    """What was done with a report.

    Attributes:
        movie (int | None): TMDB id; null if no movie matches.
        outcome (ScrobbleOutcome): What was done with a report of a media server.
        reason (str): Why, in plain English.
    """

    movie: int | None
    outcome: ScrobbleOutcome
    reason: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        movie: int | None
        movie = self.movie

        outcome = self.outcome.value

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "movie": movie,
                "outcome": outcome,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_movie(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        movie = _parse_movie(d.pop("movie"))

        outcome = ScrobbleOutcome(d.pop("outcome"))

        reason = d.pop("reason")

        scrobble_answer = cls(
            movie=movie,
            outcome=outcome,
            reason=reason,
        )

        scrobble_answer.additional_properties = d
        return scrobble_answer

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
