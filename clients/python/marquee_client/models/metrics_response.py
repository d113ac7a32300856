from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.metrics_response_baselines import MetricsResponseBaselines
    from ..models.metrics_response_metrics import MetricsResponseMetrics
    from ..models.policy_estimate_view import PolicyEstimateView


T = TypeVar("T", bound="MetricsResponse")


@_attrs_define
class MetricsResponse:
    """The metrics of a version.

    Attributes:
        made_at (datetime.datetime):
        metrics (MetricsResponseMetrics):
        version (str):
        baselines (MetricsResponseBaselines | Unset): The same metrics of `popularity` and of the version `published`
            before, on the same users.
        exploration (list[PolicyEstimateView] | Unset): Off-policy estimates of the last days; empty without
            exploration, and in the history.
    """

    made_at: datetime.datetime
    metrics: MetricsResponseMetrics
    version: str
    baselines: MetricsResponseBaselines | Unset = UNSET
    exploration: list[PolicyEstimateView] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        made_at = self.made_at.isoformat()

        metrics = self.metrics.to_dict()

        version = self.version

        baselines: dict[str, Any] | Unset = UNSET
        if not isinstance(self.baselines, Unset):
            baselines = self.baselines.to_dict()

        exploration: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.exploration, Unset):
            exploration = []
            for exploration_item_data in self.exploration:
                exploration_item = exploration_item_data.to_dict()
                exploration.append(exploration_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "made_at": made_at,
                "metrics": metrics,
                "version": version,
            }
        )
        if baselines is not UNSET:
            field_dict["baselines"] = baselines
        if exploration is not UNSET:
            field_dict["exploration"] = exploration

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metrics_response_baselines import MetricsResponseBaselines  # noqa: PLC0415
        from ..models.metrics_response_metrics import MetricsResponseMetrics  # noqa: PLC0415
        from ..models.policy_estimate_view import PolicyEstimateView  # noqa: PLC0415

        d = dict(src_dict)
        made_at = datetime.datetime.fromisoformat(d.pop("made_at"))

        metrics = MetricsResponseMetrics.from_dict(d.pop("metrics"))

        version = d.pop("version")

        _baselines = d.pop("baselines", UNSET)
        baselines: MetricsResponseBaselines | Unset
        if isinstance(_baselines, Unset):
            baselines = UNSET
        else:
            baselines = MetricsResponseBaselines.from_dict(_baselines)

        _exploration = d.pop("exploration", UNSET)
        exploration: list[PolicyEstimateView] | Unset = UNSET
        if _exploration is not UNSET:
            exploration = []
            for exploration_item_data in _exploration:
                exploration_item = PolicyEstimateView.from_dict(exploration_item_data)

                exploration.append(exploration_item)

        metrics_response = cls(
            made_at=made_at,
            metrics=metrics,
            version=version,
            baselines=baselines,
            exploration=exploration,
        )

        metrics_response.additional_properties = d
        return metrics_response

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
