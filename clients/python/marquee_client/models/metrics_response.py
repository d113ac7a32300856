from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.metrics_response_metrics import MetricsResponseMetrics


T = TypeVar("T", bound="MetricsResponse")


@_attrs_define
class MetricsResponse:
    """The metrics of a version.

    Attributes:
        made_at (datetime.datetime):
        metrics (MetricsResponseMetrics):
        version (str):
    """

    made_at: datetime.datetime
    metrics: MetricsResponseMetrics
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        made_at = self.made_at.isoformat()

        metrics = self.metrics.to_dict()

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "made_at": made_at,
                "metrics": metrics,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metrics_response_metrics import MetricsResponseMetrics  # noqa: PLC0415

        d = dict(src_dict)
        made_at = datetime.datetime.fromisoformat(d.pop("made_at"))

        metrics = MetricsResponseMetrics.from_dict(d.pop("metrics"))

        version = d.pop("version")

        metrics_response = cls(
            made_at=made_at,
            metrics=metrics,
            version=version,
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
