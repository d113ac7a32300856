from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.evaluation_view_failures_item import EvaluationViewFailuresItem
    from ..models.evaluation_view_figures import EvaluationViewFigures


T = TypeVar("T", bound="EvaluationView")


@_attrs_define
class EvaluationView:
    """Accuracy of one version of a reader on the labelled requests.

    Attributes:
        at (datetime.datetime):
        failures (list[EvaluationViewFailuresItem]): Requests that were not fully understood.
        figures (EvaluationViewFigures): Counts by kind, mood and query type: right, missed, wrong, accuracy.
        id (int):
        reader (str): `rules`, or the name of a language model.
        requests (int):
        version (str):
    """

    at: datetime.datetime
    failures: list[EvaluationViewFailuresItem]
    figures: EvaluationViewFigures
    id: int
    reader: str
    requests: int
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        failures = []
        for failures_item_data in self.failures:
            failures_item = failures_item_data.to_dict()
            failures.append(failures_item)

        figures = self.figures.to_dict()

        id = self.id

        reader = self.reader

        requests = self.requests

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "failures": failures,
                "figures": figures,
                "id": id,
                "reader": reader,
                "requests": requests,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.evaluation_view_failures_item import EvaluationViewFailuresItem  # noqa: PLC0415
        from ..models.evaluation_view_figures import EvaluationViewFigures  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        failures = []
        _failures = d.pop("failures")
        for failures_item_data in _failures:
            failures_item = EvaluationViewFailuresItem.from_dict(failures_item_data)

            failures.append(failures_item)

        figures = EvaluationViewFigures.from_dict(d.pop("figures"))

        id = d.pop("id")

        reader = d.pop("reader")

        requests = d.pop("requests")

        version = d.pop("version")

        evaluation_view = cls(
            at=at,
            failures=failures,
            figures=figures,
            id=id,
            reader=reader,
            requests=requests,
            version=version,
        )

        evaluation_view.additional_properties = d
        return evaluation_view

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
