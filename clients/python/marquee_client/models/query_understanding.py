from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.other_reading import OtherReading
    from ..models.query_piece import QueryPiece


T = TypeVar("T", bound="QueryUnderstanding")


@_attrs_define
class QueryUnderstanding:
    """The interpretation of a search text.

    Attributes:
        dropped (list[str]): Keys of the pieces ignored by `drop`.
        language (str): ISO 639-1 code of the text's language; empty if the text is a title or a name.
        other (None | OtherReading): An alternative interpretation; null if there is none.
        pieces (list[QueryPiece]): Pieces in the order of the text.
        query (str): The interpreted text; if a correction was searched instead, the corrected text.
        query_type (str): Kind of request: `wish` (pieces filter), or `description`, `memory`, `title` (pieces only
            score).
        reader (str): What interpreted the text: `rules`, or the name of a language model.
        remainder (str): The rest of the text, matched by words and meaning.
    """

    dropped: list[str]
    language: str
    other: OtherReading | None
    pieces: list[QueryPiece]
    query: str
    query_type: str
    reader: str
    remainder: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.other_reading import OtherReading  # noqa: PLC0415

        dropped = self.dropped

        language = self.language

        other: dict[str, Any] | None
        if isinstance(self.other, OtherReading):
            other = self.other.to_dict()
        else:
            other = self.other

        pieces = []
        for pieces_item_data in self.pieces:
            pieces_item = pieces_item_data.to_dict()
            pieces.append(pieces_item)

        query = self.query

        query_type = self.query_type

        reader = self.reader

        remainder = self.remainder

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dropped": dropped,
                "language": language,
                "other": other,
                "pieces": pieces,
                "query": query,
                "query_type": query_type,
                "reader": reader,
                "remainder": remainder,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.other_reading import OtherReading  # noqa: PLC0415
        from ..models.query_piece import QueryPiece  # noqa: PLC0415

        d = dict(src_dict)
        dropped = cast("list[str]", d.pop("dropped"))

        language = d.pop("language")

        def _parse_other(data: object) -> OtherReading | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                other_type_0 = OtherReading.from_dict(data)

                return other_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | OtherReading", data)

        other = _parse_other(d.pop("other"))

        pieces = []
        _pieces = d.pop("pieces")
        for pieces_item_data in _pieces:
            pieces_item = QueryPiece.from_dict(pieces_item_data)

            pieces.append(pieces_item)

        query = d.pop("query")

        query_type = d.pop("query_type")

        reader = d.pop("reader")

        remainder = d.pop("remainder")

        query_understanding = cls(
            dropped=dropped,
            language=language,
            other=other,
            pieces=pieces,
            query=query,
            query_type=query_type,
            reader=reader,
            remainder=remainder,
        )

        query_understanding.additional_properties = d
        return query_understanding

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
