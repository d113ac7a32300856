from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.online_metrics_view import OnlineMetricsView
    from ..models.ratings_per_day_view import RatingsPerDayView
    from ..models.unanswered_search_view import UnansweredSearchView


T = TypeVar("T", bound="ReportsResponse")


@_attrs_define
class ReportsResponse:
    """Reports on ratings, searches and online metrics.

    Attributes:
        cold_share (float | None): Share of the catalogue without ratings in the model's training data.
        movies (int): Number of rated movies.
        online (list[OnlineMetricsView]): Online metrics, oldest first.
        ratings (int):
        ratings_per_day (list[RatingsPerDayView]):
        sparsity (float | None): Share of the pairs of these users and movies without a rating.
        unanswered (list[UnansweredSearchView]): Searches after which nobody opened a result.
        users (int): Number of users with ratings.
        demo (bool | Unset): Whether the figures include demo data, made up for the sample catalogue. Default: False.
    """

    cold_share: float | None
    movies: int
    online: list[OnlineMetricsView]
    ratings: int
    ratings_per_day: list[RatingsPerDayView]
    sparsity: float | None
    unanswered: list[UnansweredSearchView]
    users: int
    demo: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cold_share: float | None
        cold_share = self.cold_share

        movies = self.movies

        online = []
        for online_item_data in self.online:
            online_item = online_item_data.to_dict()
            online.append(online_item)

        ratings = self.ratings

        ratings_per_day = []
        for ratings_per_day_item_data in self.ratings_per_day:
            ratings_per_day_item = ratings_per_day_item_data.to_dict()
            ratings_per_day.append(ratings_per_day_item)

        sparsity: float | None
        sparsity = self.sparsity

        unanswered = []
        for unanswered_item_data in self.unanswered:
            unanswered_item = unanswered_item_data.to_dict()
            unanswered.append(unanswered_item)

        users = self.users

        demo = self.demo

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cold_share": cold_share,
                "movies": movies,
                "online": online,
                "ratings": ratings,
                "ratings_per_day": ratings_per_day,
                "sparsity": sparsity,
                "unanswered": unanswered,
                "users": users,
            }
        )
        if demo is not UNSET:
            field_dict["demo"] = demo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.online_metrics_view import OnlineMetricsView  # noqa: PLC0415
        from ..models.ratings_per_day_view import RatingsPerDayView  # noqa: PLC0415
        from ..models.unanswered_search_view import UnansweredSearchView  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_cold_share(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        cold_share = _parse_cold_share(d.pop("cold_share"))

        movies = d.pop("movies")

        online = []
        _online = d.pop("online")
        for online_item_data in _online:
            online_item = OnlineMetricsView.from_dict(online_item_data)

            online.append(online_item)

        ratings = d.pop("ratings")

        ratings_per_day = []
        _ratings_per_day = d.pop("ratings_per_day")
        for ratings_per_day_item_data in _ratings_per_day:
            ratings_per_day_item = RatingsPerDayView.from_dict(ratings_per_day_item_data)

            ratings_per_day.append(ratings_per_day_item)

        def _parse_sparsity(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        sparsity = _parse_sparsity(d.pop("sparsity"))

        unanswered = []
        _unanswered = d.pop("unanswered")
        for unanswered_item_data in _unanswered:
            unanswered_item = UnansweredSearchView.from_dict(unanswered_item_data)

            unanswered.append(unanswered_item)

        users = d.pop("users")

        demo = d.pop("demo", UNSET)

        reports_response = cls(
            cold_share=cold_share,
            movies=movies,
            online=online,
            ratings=ratings,
            ratings_per_day=ratings_per_day,
            sparsity=sparsity,
            unanswered=unanswered,
            users=users,
            demo=demo,
        )

        reports_response.additional_properties = d
        return reports_response

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
