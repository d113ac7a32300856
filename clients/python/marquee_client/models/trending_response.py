from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.origin import Origin
from ..models.window import Window
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.trending_card import TrendingCard


T = TypeVar("T", bound="TrendingResponse")


@_attrs_define
class TrendingResponse:
    """A trending list.

    Attributes:
        made_at (datetime.datetime | None): When the list was computed; null: not yet.
        origin (Origin): The data source of a list.
        results (list[TrendingCard]):
        window (Window): The trending lists.
        demo (bool | Unset): Whether the list includes demo data, made up for the sample catalogue. Default: False.
        notice (str | Unset): A sentence for the reader about demo data; empty if there is none. Default: ''.
    """

    made_at: datetime.datetime | None
    origin: Origin
    results: list[TrendingCard]
    window: Window
    demo: bool | Unset = False
    notice: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        made_at: str | None
        if isinstance(self.made_at, datetime.datetime):
            made_at = self.made_at.isoformat()
        else:
            made_at = self.made_at

        origin = self.origin.value

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        window = self.window.value

        demo = self.demo

        notice = self.notice

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "made_at": made_at,
                "origin": origin,
                "results": results,
                "window": window,
            }
        )
        if demo is not UNSET:
            field_dict["demo"] = demo
        if notice is not UNSET:
            field_dict["notice"] = notice

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.trending_card import TrendingCard  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_made_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                made_at_type_0 = datetime.datetime.fromisoformat(data)

                return made_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        made_at = _parse_made_at(d.pop("made_at"))

        origin = Origin(d.pop("origin"))

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = TrendingCard.from_dict(results_item_data)

            results.append(results_item)

        window = Window(d.pop("window"))

        demo = d.pop("demo", UNSET)

        notice = d.pop("notice", UNSET)

        trending_response = cls(
            made_at=made_at,
            origin=origin,
            results=results,
            window=window,
            demo=demo,
            notice=notice,
        )

        trending_response.additional_properties = d
        return trending_response

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
