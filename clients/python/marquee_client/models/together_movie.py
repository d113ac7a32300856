from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="TogetherMovie")


@_attrs_define
class TogetherMovie:
    """A movie that several people could watch together.

    Attributes:
        movie (MovieCard): A movie in a list.
        of (int): How many of them have ratings that count.
        suits (int): For how many of them it is among the best fifth of all movies.
        watchlists (int): How many of them have it on their watchlist.
    """

    movie: MovieCard
    of: int
    suits: int
    watchlists: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        movie = self.movie.to_dict()

        of = self.of

        suits = self.suits

        watchlists = self.watchlists

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "movie": movie,
                "of": of,
                "suits": suits,
                "watchlists": watchlists,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        movie = MovieCard.from_dict(d.pop("movie"))

        of = d.pop("of")

        suits = d.pop("suits")

        watchlists = d.pop("watchlists")

        together_movie = cls(
            movie=movie,
            of=of,
            suits=suits,
            watchlists=watchlists,
        )

        together_movie.additional_properties = d
        return together_movie

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
