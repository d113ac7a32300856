from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.effect_view import EffectView
    from ..models.interleaving_view import InterleavingView
    from ..models.variant_view import VariantView


T = TypeVar("T", bound="ExperimentView")


@_attrs_define
class ExperimentView:
    """An experiment and its results so far.

    Attributes:
        broken (bool): Whether there is a sample ratio mismatch.
        drafted (InterleavingView | None):
        effects (list[EffectView]):
        level (float): Confidence level of the intervals.
        moved (int): Number of excluded users, who saw more than one variant.
        name (str):
        ratio_p (float | None): p-value of the sample ratio check.
        since (datetime.datetime | None): Time of the first exposure.
        variants (list[VariantView]): The first one is the control.
        verdict (list[str]): The conclusion as sentences.
    """

    broken: bool
    drafted: InterleavingView | None
    effects: list[EffectView]
    level: float
    moved: int
    name: str
    ratio_p: float | None
    since: datetime.datetime | None
    variants: list[VariantView]
    verdict: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.interleaving_view import InterleavingView  # noqa: PLC0415

        broken = self.broken

        drafted: dict[str, Any] | None
        if isinstance(self.drafted, InterleavingView):
            drafted = self.drafted.to_dict()
        else:
            drafted = self.drafted

        effects = []
        for effects_item_data in self.effects:
            effects_item = effects_item_data.to_dict()
            effects.append(effects_item)

        level = self.level

        moved = self.moved

        name = self.name

        ratio_p: float | None
        ratio_p = self.ratio_p

        since: str | None
        if isinstance(self.since, datetime.datetime):
            since = self.since.isoformat()
        else:
            since = self.since

        variants = []
        for variants_item_data in self.variants:
            variants_item = variants_item_data.to_dict()
            variants.append(variants_item)

        verdict = self.verdict

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "broken": broken,
                "drafted": drafted,
                "effects": effects,
                "level": level,
                "moved": moved,
                "name": name,
                "ratio_p": ratio_p,
                "since": since,
                "variants": variants,
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.effect_view import EffectView  # noqa: PLC0415
        from ..models.interleaving_view import InterleavingView  # noqa: PLC0415
        from ..models.variant_view import VariantView  # noqa: PLC0415

        d = dict(src_dict)
        broken = d.pop("broken")

        def _parse_drafted(data: object) -> InterleavingView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                drafted_type_0 = InterleavingView.from_dict(data)

                return drafted_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("InterleavingView | None", data)

        drafted = _parse_drafted(d.pop("drafted"))

        effects = []
        _effects = d.pop("effects")
        for effects_item_data in _effects:
            effects_item = EffectView.from_dict(effects_item_data)

            effects.append(effects_item)

        level = d.pop("level")

        moved = d.pop("moved")

        name = d.pop("name")

        def _parse_ratio_p(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        ratio_p = _parse_ratio_p(d.pop("ratio_p"))

        def _parse_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.datetime.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        since = _parse_since(d.pop("since"))

        variants = []
        _variants = d.pop("variants")
        for variants_item_data in _variants:
            variants_item = VariantView.from_dict(variants_item_data)

            variants.append(variants_item)

        verdict = cast("list[str]", d.pop("verdict"))

        experiment_view = cls(
            broken=broken,
            drafted=drafted,
            effects=effects,
            level=level,
            moved=moved,
            name=name,
            ratio_p=ratio_p,
            since=since,
            variants=variants,
            verdict=verdict,
        )

        experiment_view.additional_properties = d
        return experiment_view

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
