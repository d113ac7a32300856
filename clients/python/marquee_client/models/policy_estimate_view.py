from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PolicyEstimateView")


@_attrs_define
class PolicyEstimateView:
    """What a policy for the explored positions would have achieved, estimated from logged draws.

    Attributes:
        doubly_robust (float | None): The same share by the doubly robust estimator.
        draws (int): Draws whose movies were seen.
        effective (float): Effective number of draws; below 30 there is no estimate.
        high (float | None): Upper end of its 95 % interval.
        low (float | None): Lower end of its 95 % interval.
        policy (str): `best` movie by score, `as drawn`, or `at random` among the candidates.
        snips (float | None): Share of clicks, self-normalized by inverse propensities.
    """

    doubly_robust: float | None
    draws: int
    effective: float
    high: float | None
    low: float | None
    policy: str
    snips: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        doubly_robust: float | None
        doubly_robust = self.doubly_robust

        draws = self.draws

        effective = self.effective

        high: float | None
        high = self.high

        low: float | None
        low = self.low

        policy = self.policy

        snips: float | None
        snips = self.snips

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "doubly_robust": doubly_robust,
                "draws": draws,
                "effective": effective,
                "high": high,
                "low": low,
                "policy": policy,
                "snips": snips,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_doubly_robust(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        doubly_robust = _parse_doubly_robust(d.pop("doubly_robust"))

        draws = d.pop("draws")

        effective = d.pop("effective")

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

        policy = d.pop("policy")

        def _parse_snips(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        snips = _parse_snips(d.pop("snips"))

        policy_estimate_view = cls(
            doubly_robust=doubly_robust,
            draws=draws,
            effective=effective,
            high=high,
            low=low,
            policy=policy,
            snips=snips,
        )

        policy_estimate_view.additional_properties = d
        return policy_estimate_view

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
