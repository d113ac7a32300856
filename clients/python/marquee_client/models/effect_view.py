from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.metric import Metric

T = TypeVar("T", bound="EffectView")


@_attrs_define
class EffectView:
    """Difference between a variant and the first one in one metric.

    Attributes:
        detectable (float | None): Minimum detectable effect at a power of 0.8.
        difference (float | None):
        excludes_zero (bool): Whether the interval excludes zero.
        high (float | None):
        low (float | None): Lower end of the interval.
        metric (Metric): Metrics for comparing variants; all are computed per user, since users are the unit of
            randomization.
        relative (float | None): Difference as a share of the first variant's value.
        variant (str):
    """

    detectable: float | None
    difference: float | None
    excludes_zero: bool
    high: float | None
    low: float | None
    metric: Metric
    relative: float | None
    variant: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        detectable: float | None
        detectable = self.detectable

        difference: float | None
        difference = self.difference

        excludes_zero = self.excludes_zero

        high: float | None
        high = self.high

        low: float | None
        low = self.low

        metric = self.metric.value

        relative: float | None
        relative = self.relative

        variant = self.variant

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "detectable": detectable,
                "difference": difference,
                "excludes_zero": excludes_zero,
                "high": high,
                "low": low,
                "metric": metric,
                "relative": relative,
                "variant": variant,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_detectable(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        detectable = _parse_detectable(d.pop("detectable"))

        def _parse_difference(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        difference = _parse_difference(d.pop("difference"))

        excludes_zero = d.pop("excludes_zero")

        def _parse_high(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        high = _parse_high(d.pop("high"))

        def _parse_low(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        low = _parse_low(d.pop("low"))

        metric = Metric(d.pop("metric"))

        def _parse_relative(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        relative = _parse_relative(d.pop("relative"))

        variant = d.pop("variant")

        effect_view = cls(
            detectable=detectable,
            difference=difference,
            excludes_zero=excludes_zero,
            high=high,
            low=low,
            metric=metric,
            relative=relative,
            variant=variant,
        )

        effect_view.additional_properties = d
        return effect_view

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
