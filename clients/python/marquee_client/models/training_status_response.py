from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.run_view import RunView


T = TypeVar("T", bound="TrainingStatusResponse")


@_attrs_define
class TrainingStatusResponse:
    """Whether a model is being trained, and the current or latest training run.

    Attributes:
        run (None | RunView):
        scheduler (str): Process that runs the jobs; empty if no scheduler is running.
        stream_url (str): URL of the same as server-sent events.
        training (bool):
    """

    run: RunView | None
    scheduler: str
    stream_url: str
    training: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.run_view import RunView  # noqa: PLC0415

        run: dict[str, Any] | None
        if isinstance(self.run, RunView):
            run = self.run.to_dict()
        else:
            run = self.run

        scheduler = self.scheduler

        stream_url = self.stream_url

        training = self.training

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "run": run,
                "scheduler": scheduler,
                "stream_url": stream_url,
                "training": training,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_view import RunView  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_run(data: object) -> RunView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                run_type_0 = RunView.from_dict(data)

                return run_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | RunView", data)

        run = _parse_run(d.pop("run"))

        scheduler = d.pop("scheduler")

        stream_url = d.pop("stream_url")

        training = d.pop("training")

        training_status_response = cls(
            run=run,
            scheduler=scheduler,
            stream_url=stream_url,
            training=training,
        )

        training_status_response.additional_properties = d
        return training_status_response

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
