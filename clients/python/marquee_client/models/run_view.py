from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.outcome import Outcome

if TYPE_CHECKING:
    from ..models.run_view_figures import RunViewFigures
    from ..models.run_view_parameters import RunViewParameters


T = TypeVar("T", bound="RunView")


@_attrs_define
class RunView:
    """One run of a job.

    Attributes:
        attempt (int):
        cancel (bool): Whether cancellation was requested.
        doing (str): The current step.
        ended (bool): Whether the run is over.
        ended_at (datetime.datetime | None):
        error (str): Traceback of a failed run.
        figures (RunViewFigures): Results; during the run, those known so far.
        holder (str): Process that executes the run.
        id (int):
        job (str):
        log (str):
        outcome (Outcome): The state of a run.
        parameters (RunViewParameters):
        progress (float | None): 0 to 1; null if not known yet.
        queued_at (datetime.datetime):
        queued_by (int | None): Number of the administrator who queued the run; null: the scheduler.
        started_at (datetime.datetime | None):
        status_url (str): URL of this run.
    """

    attempt: int
    cancel: bool
    doing: str
    ended: bool
    ended_at: datetime.datetime | None
    error: str
    figures: RunViewFigures
    holder: str
    id: int
    job: str
    log: str
    outcome: Outcome
    parameters: RunViewParameters
    progress: float | None
    queued_at: datetime.datetime
    queued_by: int | None
    started_at: datetime.datetime | None
    status_url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        cancel = self.cancel

        doing = self.doing

        ended = self.ended

        ended_at: str | None
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        error = self.error

        figures = self.figures.to_dict()

        holder = self.holder

        id = self.id

        job = self.job

        log = self.log

        outcome = self.outcome.value

        parameters = self.parameters.to_dict()

        progress: float | None
        progress = self.progress

        queued_at = self.queued_at.isoformat()

        queued_by: int | None
        queued_by = self.queued_by

        started_at: str | None
        if isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        status_url = self.status_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "cancel": cancel,
                "doing": doing,
                "ended": ended,
                "ended_at": ended_at,
                "error": error,
                "figures": figures,
                "holder": holder,
                "id": id,
                "job": job,
                "log": log,
                "outcome": outcome,
                "parameters": parameters,
                "progress": progress,
                "queued_at": queued_at,
                "queued_by": queued_by,
                "started_at": started_at,
                "status_url": status_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_view_figures import RunViewFigures  # noqa: PLC0415
        from ..models.run_view_parameters import RunViewParameters  # noqa: PLC0415

        d = dict(src_dict)
        attempt = d.pop("attempt")

        cancel = d.pop("cancel")

        doing = d.pop("doing")

        ended = d.pop("ended")

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        error = d.pop("error")

        figures = RunViewFigures.from_dict(d.pop("figures"))

        holder = d.pop("holder")

        id = d.pop("id")

        job = d.pop("job")

        log = d.pop("log")

        outcome = Outcome(d.pop("outcome"))

        parameters = RunViewParameters.from_dict(d.pop("parameters"))

        def _parse_progress(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        progress = _parse_progress(d.pop("progress"))

        queued_at = datetime.datetime.fromisoformat(d.pop("queued_at"))

        def _parse_queued_by(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        queued_by = _parse_queued_by(d.pop("queued_by"))

        def _parse_started_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        started_at = _parse_started_at(d.pop("started_at"))

        status_url = d.pop("status_url")

        run_view = cls(
            attempt=attempt,
            cancel=cancel,
            doing=doing,
            ended=ended,
            ended_at=ended_at,
            error=error,
            figures=figures,
            holder=holder,
            id=id,
            job=job,
            log=log,
            outcome=outcome,
            parameters=parameters,
            progress=progress,
            queued_at=queued_at,
            queued_by=queued_by,
            started_at=started_at,
            status_url=status_url,
        )

        run_view.additional_properties = d
        return run_view

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
