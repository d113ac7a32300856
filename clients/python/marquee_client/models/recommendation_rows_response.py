from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recommendations_row import RecommendationsRow


T = TypeVar("T", bound="RecommendationRowsResponse")


@_attrs_define
class RecommendationRowsResponse:
    """Recommendations by rows and how they were made.

    Attributes:
        model (str): Version of the model; empty if no model is available.
        movies (int): Number of the user's movies that were used.
        rows (list[RecommendationsRow]): Rows that are not empty; no movie is in two of them.
        stage (str): How much is known about the user: `nobody`, `genres`, `few` or `known`.
        demo (bool | Unset): Whether the rows are based on demo data, made up for the sample catalogue. Default: False.
        notice (str | Unset): A sentence for the reader about demo data; empty if there is none. Default: ''.
    """

    model: str
    movies: int
    rows: list[RecommendationsRow]
    stage: str
    demo: bool | Unset = False
    notice: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        model = self.model

        movies = self.movies

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        stage = self.stage

        demo = self.demo

        notice = self.notice

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "model": model,
                "movies": movies,
                "rows": rows,
                "stage": stage,
            }
        )
        if demo is not UNSET:
            field_dict["demo"] = demo
        if notice is not UNSET:
            field_dict["notice"] = notice

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recommendations_row import RecommendationsRow  # noqa: PLC0415

        d = dict(src_dict)
        model = d.pop("model")

        movies = d.pop("movies")

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = RecommendationsRow.from_dict(rows_item_data)

            rows.append(rows_item)

        stage = d.pop("stage")

        demo = d.pop("demo", UNSET)

        notice = d.pop("notice", UNSET)

        recommendation_rows_response = cls(
            model=model,
            movies=movies,
            rows=rows,
            stage=stage,
            demo=demo,
            notice=notice,
        )

        recommendation_rows_response.additional_properties = d
        return recommendation_rows_response

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
