from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.query_type import QueryType
from ..types import UNSET, Unset

T = TypeVar("T", bound="LabelRequest")


@_attrs_define
class LabelRequest:
    """A search text with its expected interpretation.

    Attributes:
        text (str): The text as typed.
        pieces (str | Unset): `genre:Horror; not-mood:violent; ?years:1990-1999`, see
            benchmarks/requests/understanding.md. Default: ''.
        query_type (QueryType | Unset): The type of a search text; it decides whether its pieces filter, score or are
            ignored.
    """

    text: str
    pieces: str | Unset = ""
    query_type: QueryType | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        pieces = self.pieces

        query_type: str | Unset = UNSET
        if not isinstance(self.query_type, Unset):
            query_type = self.query_type.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if pieces is not UNSET:
            field_dict["pieces"] = pieces
        if query_type is not UNSET:
            field_dict["query_type"] = query_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        pieces = d.pop("pieces", UNSET)

        _query_type = d.pop("query_type", UNSET)
        query_type: QueryType | Unset
        if isinstance(_query_type, Unset):
            query_type = UNSET
        else:
            query_type = QueryType(_query_type)

        label_request = cls(
            text=text,
            pieces=pieces,
            query_type=query_type,
        )

        return label_request
