from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.claim_view import ClaimView
    from ..models.movie_card import MovieCard


T = TypeVar("T", bound="AskResponse")


@_attrs_define
class AskResponse:
    """An answer with the movies that it is based on.

    Attributes:
        answer (list[ClaimView]): One to three sentences; empty if nothing was found.
        model (str): Language model that wrote the answer; empty if the sentences are quoted from plots.
        notice (str):
        question (str):
        results (list[MovieCard]): The movies found, best first.
    """

    answer: list[ClaimView]
    model: str
    notice: str
    question: str
    results: list[MovieCard]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        answer = []
        for answer_item_data in self.answer:
            answer_item = answer_item_data.to_dict()
            answer.append(answer_item)

        model = self.model

        notice = self.notice

        question = self.question

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "answer": answer,
                "model": model,
                "notice": notice,
                "question": question,
                "results": results,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.claim_view import ClaimView  # noqa: PLC0415
        from ..models.movie_card import MovieCard  # noqa: PLC0415

        d = dict(src_dict)
        answer = []
        _answer = d.pop("answer")
        for answer_item_data in _answer:
            answer_item = ClaimView.from_dict(answer_item_data)

            answer.append(answer_item)

        model = d.pop("model")

        notice = d.pop("notice")

        question = d.pop("question")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = MovieCard.from_dict(results_item_data)

            results.append(results_item)

        ask_response = cls(
            answer=answer,
            model=model,
            notice=notice,
            question=question,
            results=results,
        )

        ask_response.additional_properties = d
        return ask_response

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
