from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.variant_view_metrics import VariantViewMetrics
    from ..models.variant_view_settings import VariantViewSettings


T = TypeVar("T", bound="VariantView")


@_attrs_define
class VariantView:
    """Figures of one variant.

    Attributes:
        clicks (int):
        expected (float): Number of users expected from the shares.
        impressions (int):
        metrics (VariantViewMetrics):
        models (list[str]): The model that serves, or two that are interleaved.
        name (str):
        settings (VariantViewSettings): Serving settings that differ from the site's.
        share (float): Share of all users.
        users (int):
    """

    clicks: int
    expected: float
    impressions: int
    metrics: VariantViewMetrics
    models: list[str]
    name: str
    settings: VariantViewSettings
    share: float
    users: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        clicks = self.clicks

        expected = self.expected

        impressions = self.impressions

        metrics = self.metrics.to_dict()

        models = self.models

        name = self.name

        settings = self.settings.to_dict()

        share = self.share

        users = self.users

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "clicks": clicks,
                "expected": expected,
                "impressions": impressions,
                "metrics": metrics,
                "models": models,
                "name": name,
                "settings": settings,
                "share": share,
                "users": users,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.variant_view_metrics import VariantViewMetrics  # noqa: PLC0415
        from ..models.variant_view_settings import VariantViewSettings  # noqa: PLC0415

        d = dict(src_dict)
        clicks = d.pop("clicks")

        expected = d.pop("expected")

        impressions = d.pop("impressions")

        metrics = VariantViewMetrics.from_dict(d.pop("metrics"))

        models = cast("list[str]", d.pop("models"))

        name = d.pop("name")

        settings = VariantViewSettings.from_dict(d.pop("settings"))

        share = d.pop("share")

        users = d.pop("users")

        variant_view = cls(
            clicks=clicks,
            expected=expected,
            impressions=impressions,
            metrics=metrics,
            models=models,
            name=name,
            settings=settings,
            share=share,
            users=users,
        )

        variant_view.additional_properties = d
        return variant_view

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
