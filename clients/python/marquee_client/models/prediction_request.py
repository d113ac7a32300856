from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="PredictionRequest")


@_attrs_define
class PredictionRequest:
    """The user and the movies of a prediction.

    Attributes:
        movie_ids (list[int]): TMDB ids.
        user_id (str): Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.
    """

    movie_ids: list[int]
    user_id: str

    def to_dict(self) -> dict[str, Any]:
        movie_ids = self.movie_ids

        user_id = self.user_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movie_ids": movie_ids,
                "user_id": user_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        movie_ids = cast("list[int]", d.pop("movie_ids"))

        user_id = d.pop("user_id")

        prediction_request = cls(
            movie_ids=movie_ids,
            user_id=user_id,
        )

        return prediction_request
