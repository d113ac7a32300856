from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="OrderRequest")


@_attrs_define
class OrderRequest:
    """An order of the movies of a list.

    Attributes:
        movies (list[int]): TMDB ids; movies of the list that are not named follow in their present order.
    """

    movies: list[int]

    def to_dict(self) -> dict[str, Any]:
        movies = self.movies

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "movies": movies,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        movies = cast("list[int]", d.pop("movies"))

        order_request = cls(
            movies=movies,
        )

        return order_request
