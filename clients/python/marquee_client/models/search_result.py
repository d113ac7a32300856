from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.credit_view import CreditView
    from ..models.match_reason import MatchReason


T = TypeVar("T", bound="SearchResult")


@_attrs_define
class SearchResult:
    """A movie found by a search.

    Attributes:
        directors (list[str]):
        drawn (str): URL of the drawn poster.
        genres (list[str]):
        id (int): TMDB id.
        overview (str):
        poster (str): URL of TMDB's poster if there is one, otherwise of a drawn one (relative to this site).
        rating (float | None): Average vote, 0 to 10.
        runtime (int | None): Minutes.
        score (float): Orders the results of one query; not comparable across queries.
        title (str):
        url (str): Path of the movie's page on this site.
        votes (int):
        why (MatchReason): Why a movie is in the results.
        year (int | None):
        credits_ (list[CreditView] | Unset): The people that the search names, at most 3, with what they did in this
            movie.
    """

    directors: list[str]
    drawn: str
    genres: list[str]
    id: int
    overview: str
    poster: str
    rating: float | None
    runtime: int | None
    score: float
    title: str
    url: str
    votes: int
    why: MatchReason
    year: int | None
    credits_: list[CreditView] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        directors = self.directors

        drawn = self.drawn

        genres = self.genres

        id = self.id

        overview = self.overview

        poster = self.poster

        rating: float | None
        rating = self.rating

        runtime: int | None
        runtime = self.runtime

        score = self.score

        title = self.title

        url = self.url

        votes = self.votes

        why = self.why.to_dict()

        year: int | None
        year = self.year

        credits_: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.credits_, Unset):
            credits_ = []
            for credits_item_data in self.credits_:
                credits_item = credits_item_data.to_dict()
                credits_.append(credits_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "directors": directors,
                "drawn": drawn,
                "genres": genres,
                "id": id,
                "overview": overview,
                "poster": poster,
                "rating": rating,
                "runtime": runtime,
                "score": score,
                "title": title,
                "url": url,
                "votes": votes,
                "why": why,
                "year": year,
            }
        )
        if credits_ is not UNSET:
            field_dict["credits"] = credits_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.credit_view import CreditView  # noqa: PLC0415
        from ..models.match_reason import MatchReason  # noqa: PLC0415

        d = dict(src_dict)
        directors = cast("list[str]", d.pop("directors"))

        drawn = d.pop("drawn")

        genres = cast("list[str]", d.pop("genres"))

        id = d.pop("id")

        overview = d.pop("overview")

        poster = d.pop("poster")

        def _parse_rating(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        rating = _parse_rating(d.pop("rating"))

        def _parse_runtime(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        runtime = _parse_runtime(d.pop("runtime"))

        score = d.pop("score")

        title = d.pop("title")

        url = d.pop("url")

        votes = d.pop("votes")

        why = MatchReason.from_dict(d.pop("why"))

        def _parse_year(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        year = _parse_year(d.pop("year"))

        _credits_ = d.pop("credits", UNSET)
        credits_: list[CreditView] | Unset = UNSET
        if _credits_ is not UNSET:
            credits_ = []
            for credits_item_data in _credits_:
                credits_item = CreditView.from_dict(credits_item_data)

                credits_.append(credits_item)

        search_result = cls(
            directors=directors,
            drawn=drawn,
            genres=genres,
            id=id,
            overview=overview,
            poster=poster,
            rating=rating,
            runtime=runtime,
            score=score,
            title=title,
            url=url,
            votes=votes,
            why=why,
            year=year,
            credits_=credits_,
        )

        search_result.additional_properties = d
        return search_result

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
