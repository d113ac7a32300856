from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.metric_difference_view import MetricDifferenceView
    from ..models.model_view import ModelView
    from ..models.parameter_difference_view import ParameterDifferenceView


T = TypeVar("T", bound="ComparisonResponse")


@_attrs_define
class ComparisonResponse:
    """A comparison of two versions.

    Attributes:
        first (ModelView): A version of the model.
        metrics (list[MetricDifferenceView]):
        parameters (list[ParameterDifferenceView]): Parameters that differ.
        second (ModelView): A version of the model.
    """

    first: ModelView
    metrics: list[MetricDifferenceView]
    parameters: list[ParameterDifferenceView]
    second: ModelView
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        first = self.first.to_dict()

        metrics = []
        for metrics_item_data in self.metrics:
            metrics_item = metrics_item_data.to_dict()
            metrics.append(metrics_item)

        parameters = []
        for parameters_item_data in self.parameters:
            parameters_item = parameters_item_data.to_dict()
            parameters.append(parameters_item)

        second = self.second.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first": first,
                "metrics": metrics,
                "parameters": parameters,
                "second": second,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metric_difference_view import MetricDifferenceView  # noqa: PLC0415
        from ..models.model_view import ModelView  # noqa: PLC0415
        from ..models.parameter_difference_view import ParameterDifferenceView  # noqa: PLC0415

        d = dict(src_dict)
        first = ModelView.from_dict(d.pop("first"))

        metrics = []
        _metrics = d.pop("metrics")
        for metrics_item_data in _metrics:
            metrics_item = MetricDifferenceView.from_dict(metrics_item_data)

            metrics.append(metrics_item)

        parameters = []
        _parameters = d.pop("parameters")
        for parameters_item_data in _parameters:
            parameters_item = ParameterDifferenceView.from_dict(parameters_item_data)

            parameters.append(parameters_item)

        second = ModelView.from_dict(d.pop("second"))

        comparison_response = cls(
            first=first,
            metrics=metrics,
            parameters=parameters,
            second=second,
        )

        comparison_response.additional_properties = d
        return comparison_response

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
