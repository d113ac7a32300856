from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.status import Status

if TYPE_CHECKING:
    from ..models.model_view_learned_from import ModelViewLearnedFrom
    from ..models.model_view_metrics import ModelViewMetrics
    from ..models.model_view_parameters import ModelViewParameters


T = TypeVar("T", bound="ModelView")


@_attrs_define
class ModelView:
    """A version of the model.

    Attributes:
        code (str): Version of Marquee that trained the model.
        data_hash (str): Hash of the training interactions.
        learned_from (ModelViewLearnedFrom):
        made_at (datetime.datetime):
        metrics (ModelViewMetrics): Metrics on held-out ratings.
        parameters (ModelViewParameters):
        parents (list[str]): Versions that this one was derived from.
        reasons (list[str]): Reasons of the promotion gate.
        size_bytes (int):
        status (Status): The status of a version.
        version (str):
    """

    code: str
    data_hash: str
    learned_from: ModelViewLearnedFrom
    made_at: datetime.datetime
    metrics: ModelViewMetrics
    parameters: ModelViewParameters
    parents: list[str]
    reasons: list[str]
    size_bytes: int
    status: Status
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        data_hash = self.data_hash

        learned_from = self.learned_from.to_dict()

        made_at = self.made_at.isoformat()

        metrics = self.metrics.to_dict()

        parameters = self.parameters.to_dict()

        parents = self.parents

        reasons = self.reasons

        size_bytes = self.size_bytes

        status = self.status.value

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "data_hash": data_hash,
                "learned_from": learned_from,
                "made_at": made_at,
                "metrics": metrics,
                "parameters": parameters,
                "parents": parents,
                "reasons": reasons,
                "size_bytes": size_bytes,
                "status": status,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.model_view_learned_from import ModelViewLearnedFrom  # noqa: PLC0415
        from ..models.model_view_metrics import ModelViewMetrics  # noqa: PLC0415
        from ..models.model_view_parameters import ModelViewParameters  # noqa: PLC0415

        d = dict(src_dict)
        code = d.pop("code")

        data_hash = d.pop("data_hash")

        learned_from = ModelViewLearnedFrom.from_dict(d.pop("learned_from"))

        made_at = datetime.datetime.fromisoformat(d.pop("made_at"))

        metrics = ModelViewMetrics.from_dict(d.pop("metrics"))

        parameters = ModelViewParameters.from_dict(d.pop("parameters"))

        parents = cast("list[str]", d.pop("parents"))

        reasons = cast("list[str]", d.pop("reasons"))

        size_bytes = d.pop("size_bytes")

        status = Status(d.pop("status"))

        version = d.pop("version")

        model_view = cls(
            code=code,
            data_hash=data_hash,
            learned_from=learned_from,
            made_at=made_at,
            metrics=metrics,
            parameters=parameters,
            parents=parents,
            reasons=reasons,
            size_bytes=size_bytes,
            status=status,
            version=version,
        )

        model_view.additional_properties = d
        return model_view

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
