from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="QueryPiece")


@_attrs_define
class QueryPiece:
    """A piece of a search text and its interpretation.

    Attributes:
        confidence (float): 0 to 1.
        end (int): Offset after the last character.
        key (str): Identifies the piece; send it as `drop` to ignore the piece.
        kind (str): One of: `genre`, `mood`, `years`, `language`, `country`, `person`, `studio`, `runtime`, `quality`,
            `recency`, `popularity`, `audience`, `collection`, `part`, `like`, `role`, `award`, `based_on`, `title`,
            `phrase`.
        label (str): Human-readable label.
        movies (list[int]): TMDB ids of the movies named by the piece.
        role (str): For a person: `actor`, `director`, or empty for any role.
        start (int): Offset of the first character, from 0.
        text (str): The piece as it occurs in the text.
        value (str): Machine-readable: a genre, `1990-1999`, an ISO 639-1 code, `<=90` minutes, a mood, …
        wanted (bool): False: results must not match it.
    """

    confidence: float
    end: int
    key: str
    kind: str
    label: str
    movies: list[int]
    role: str
    start: int
    text: str
    value: str
    wanted: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        confidence = self.confidence

        end = self.end

        key = self.key

        kind = self.kind

        label = self.label

        movies = self.movies

        role = self.role

        start = self.start

        text = self.text

        value = self.value

        wanted = self.wanted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "confidence": confidence,
                "end": end,
                "key": key,
                "kind": kind,
                "label": label,
                "movies": movies,
                "role": role,
                "start": start,
                "text": text,
                "value": value,
                "wanted": wanted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        confidence = d.pop("confidence")

        end = d.pop("end")

        key = d.pop("key")

        kind = d.pop("kind")

        label = d.pop("label")

        movies = cast("list[int]", d.pop("movies"))

        role = d.pop("role")

        start = d.pop("start")

        text = d.pop("text")

        value = d.pop("value")

        wanted = d.pop("wanted")

        query_piece = cls(
            confidence=confidence,
            end=end,
            key=key,
            kind=kind,
            label=label,
            movies=movies,
            role=role,
            start=start,
            text=text,
            value=value,
            wanted=wanted,
        )

        query_piece.additional_properties = d
        return query_piece

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
