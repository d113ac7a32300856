from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="LineCorrection")


@_attrs_define
class LineCorrection:
    """What to do with a row, and with all other rows about the same movie.

    Attributes:
        number (int): Number of the row.
        movie (int | Unset): TMDB id of the right movie.
        skip (bool | Unset): Whether not to import the row. Without `movie` and `skip`, it is as it was at first.
            Default: False.
    """

    number: int
    movie: int | Unset = UNSET
    skip: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        movie = self.movie

        skip = self.skip

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "number": number,
            }
        )
        if movie is not UNSET:
            field_dict["movie"] = movie
        if skip is not UNSET:
            field_dict["skip"] = skip

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        movie = d.pop("movie", UNSET)

        skip = d.pop("skip", UNSET)

        line_correction = cls(
            number=number,
            movie=movie,
            skip=skip,
        )

        return line_correction
