from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrendingReason")


@_attrs_define
class TrendingReason:
    """Why a movie is trending.

    Attributes:
        recent (float): Sum of event weights within the window, without decay.
        score (float): Decayed sum of event weights; for `rising`, standard deviations above the movie's usual day.
        sentence (str): The reason as a sentence.
        users (int): Number of distinct users; all visitors without an account count as one.
        usual (float): The movie's usual sum in a window of this length.
    """

    recent: float
    score: float
    sentence: str
    users: int
    usual: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recent = self.recent

        score = self.score

        sentence = self.sentence

        users = self.users

        usual = self.usual

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recent": recent,
                "score": score,
                "sentence": sentence,
                "users": users,
                "usual": usual,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recent = d.pop("recent")

        score = d.pop("score")

        sentence = d.pop("sentence")

        users = d.pop("users")

        usual = d.pop("usual")

        trending_reason = cls(
            recent=recent,
            score=score,
            sentence=sentence,
            users=users,
            usual=usual,
        )

        trending_reason.additional_properties = d
        return trending_reason

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
