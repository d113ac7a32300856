from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.online_metrics_view_click_through import OnlineMetricsViewClickThrough
    from ..models.online_metrics_view_helpful import OnlineMetricsViewHelpful
    from ..models.online_metrics_view_rated_well import OnlineMetricsViewRatedWell
    from ..models.online_metrics_view_sessions import OnlineMetricsViewSessions


T = TypeVar("T", bound="OnlineMetricsView")


@_attrs_define
class OnlineMetricsView:
    """Online metrics over the days before a point in time.

    Attributes:
        at (datetime.datetime):
        click_through (OnlineMetricsViewClickThrough): Share of shown movies that were opened, with its interval.
        helpful (OnlineMetricsViewHelpful): Share of yes among the answers to “Was this helpful?”.
        rated_well (OnlineMetricsViewRatedWell): Share of recommended movies that were then rated 4 stars or more.
        sessions (OnlineMetricsViewSessions): Share of successful sessions.
    """

    at: datetime.datetime
    click_through: OnlineMetricsViewClickThrough
    helpful: OnlineMetricsViewHelpful
    rated_well: OnlineMetricsViewRatedWell
    sessions: OnlineMetricsViewSessions
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        click_through = self.click_through.to_dict()

        helpful = self.helpful.to_dict()

        rated_well = self.rated_well.to_dict()

        sessions = self.sessions.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "click_through": click_through,
                "helpful": helpful,
                "rated_well": rated_well,
                "sessions": sessions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.online_metrics_view_click_through import OnlineMetricsViewClickThrough  # noqa: PLC0415
        from ..models.online_metrics_view_helpful import OnlineMetricsViewHelpful  # noqa: PLC0415
        from ..models.online_metrics_view_rated_well import OnlineMetricsViewRatedWell  # noqa: PLC0415
        from ..models.online_metrics_view_sessions import OnlineMetricsViewSessions  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        click_through = OnlineMetricsViewClickThrough.from_dict(d.pop("click_through"))

        helpful = OnlineMetricsViewHelpful.from_dict(d.pop("helpful"))

        rated_well = OnlineMetricsViewRatedWell.from_dict(d.pop("rated_well"))

        sessions = OnlineMetricsViewSessions.from_dict(d.pop("sessions"))

        online_metrics_view = cls(
            at=at,
            click_through=click_through,
            helpful=helpful,
            rated_well=rated_well,
            sessions=sessions,
        )

        online_metrics_view.additional_properties = d
        return online_metrics_view

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
