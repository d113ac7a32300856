from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.query_type import QueryType

T = TypeVar("T", bound="LabelView")


@_attrs_define
class LabelView:
    """A labelled request.

    Attributes:
        at (datetime.datetime | None):
        id (int):
        pieces (str):
        query_type (QueryType): The type of a search text; it decides whether its pieces filter, score or are ignored.
        source (str): `form`, `search` or `file`.
        split (str): `tune` or `held-out`, by a hash of the text.
        text (str):
    """

    at: datetime.datetime | None
    id: int
    pieces: str
    query_type: QueryType
    source: str
    split: str
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at: str | None
        if isinstance(self.at, datetime.datetime):
            at = self.at.isoformat()
        else:
            at = self.at

        id = self.id

        pieces = self.pieces

        query_type = self.query_type.value

        source = self.source

        split = self.split

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "id": id,
                "pieces": pieces,
                "query_type": query_type,
                "source": source,
                "split": split,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = datetime.datetime.fromisoformat(data)

                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        at = _parse_at(d.pop("at"))

        id = d.pop("id")

        pieces = d.pop("pieces")

        query_type = QueryType(d.pop("query_type"))

        source = d.pop("source")

        split = d.pop("split")

        text = d.pop("text")

        label_view = cls(
            at=at,
            id=id,
            pieces=pieces,
            query_type=query_type,
            source=source,
            split=split,
            text=text,
        )

        label_view.additional_properties = d
        return label_view

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
