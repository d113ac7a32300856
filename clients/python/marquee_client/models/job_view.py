from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.parameter_view import ParameterView
    from ..models.run_view import RunView


T = TypeVar("T", bound="JobView")


@_attrs_define
class JobView:
    """A scheduled job.

    Attributes:
        about (str):
        cadence (str): When the job runs, for people.
        last (None | RunView): The latest run that ended.
        live (None | RunView): The queued or running run.
        name (str):
        next_ (datetime.datetime | None): Time of the next run; null if no scheduler has ever run.
        parameters (list[ParameterView]):
    """

    about: str
    cadence: str
    last: RunView | None
    live: RunView | None
    name: str
    next_: datetime.datetime | None
    parameters: list[ParameterView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.run_view import RunView  # noqa: PLC0415

        about = self.about

        cadence = self.cadence

        last: dict[str, Any] | None
        if isinstance(self.last, RunView):
            last = self.last.to_dict()
        else:
            last = self.last

        live: dict[str, Any] | None
        if isinstance(self.live, RunView):
            live = self.live.to_dict()
        else:
            live = self.live

        name = self.name

        next_: str | None
        if isinstance(self.next_, datetime.datetime):
            next_ = self.next_.isoformat()
        else:
            next_ = self.next_

        parameters = []
        for parameters_item_data in self.parameters:
            parameters_item = parameters_item_data.to_dict()
            parameters.append(parameters_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "about": about,
                "cadence": cadence,
                "last": last,
                "live": live,
                "name": name,
                "next": next_,
                "parameters": parameters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.parameter_view import ParameterView  # noqa: PLC0415
        from ..models.run_view import RunView  # noqa: PLC0415

        d = dict(src_dict)
        about = d.pop("about")

        cadence = d.pop("cadence")

        def _parse_last(data: object) -> RunView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_type_0 = RunView.from_dict(data)

                return last_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | RunView", data)

        last = _parse_last(d.pop("last"))

        def _parse_live(data: object) -> RunView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                live_type_0 = RunView.from_dict(data)

                return live_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | RunView", data)

        live = _parse_live(d.pop("live"))

        name = d.pop("name")

        def _parse_next_(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_type_0 = datetime.datetime.fromisoformat(data)

                return next_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        next_ = _parse_next_(d.pop("next"))

        parameters = []
        _parameters = d.pop("parameters")
        for parameters_item_data in _parameters:
            parameters_item = ParameterView.from_dict(parameters_item_data)

            parameters.append(parameters_item)

        job_view = cls(
            about=about,
            cadence=cadence,
            last=last,
            live=live,
            name=name,
            next_=next_,
            parameters=parameters,
        )

        job_view.additional_properties = d
        return job_view

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
