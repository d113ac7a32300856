from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.guest_request_ratings import GuestRequestRatings


T = TypeVar("T", bound="GuestRequest")


@_attrs_define
class GuestRequest:
    """Ratings of somebody without an account, and options of the list.

    Attributes:
        ratings (GuestRequestRatings): TMDB id to half stars, 0.5 to 5. Unknown movies are ignored.
        adult (bool | Unset): Whether adult movies are included. Default: False.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies.
        genre (list[str] | Unset): Genres that every movie must have.
        size (int | Unset): Maximum number of movies. Default: 20.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
    """

    ratings: GuestRequestRatings
    adult: bool | Unset = False
    familiarity: float | Unset = UNSET
    genre: list[str] | Unset = UNSET
    size: int | Unset = 20
    year_from: int | Unset = UNSET
    year_to: int | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        ratings = self.ratings.to_dict()

        adult = self.adult

        familiarity = self.familiarity

        genre: list[str] | Unset = UNSET
        if not isinstance(self.genre, Unset):
            genre = self.genre

        size = self.size

        year_from = self.year_from

        year_to = self.year_to

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ratings": ratings,
            }
        )
        if adult is not UNSET:
            field_dict["adult"] = adult
        if familiarity is not UNSET:
            field_dict["familiarity"] = familiarity
        if genre is not UNSET:
            field_dict["genre"] = genre
        if size is not UNSET:
            field_dict["size"] = size
        if year_from is not UNSET:
            field_dict["year_from"] = year_from
        if year_to is not UNSET:
            field_dict["year_to"] = year_to

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.guest_request_ratings import GuestRequestRatings  # noqa: PLC0415

        d = dict(src_dict)
        ratings = GuestRequestRatings.from_dict(d.pop("ratings"))

        adult = d.pop("adult", UNSET)

        familiarity = d.pop("familiarity", UNSET)

        genre = cast("list[str]", d.pop("genre", UNSET))

        size = d.pop("size", UNSET)

        year_from = d.pop("year_from", UNSET)

        year_to = d.pop("year_to", UNSET)

        guest_request = cls(
            ratings=ratings,
            adult=adult,
            familiarity=familiarity,
            genre=genre,
            size=size,
            year_from=year_from,
            year_to=year_to,
        )

        return guest_request
