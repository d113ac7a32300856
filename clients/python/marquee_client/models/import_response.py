from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.import_line_view import ImportLineView


T = TypeVar("T", bound="ImportResponse")


@_attrs_define
class ImportResponse:
    """The result of an import, or a preview of it.

    Attributes:
        applied (bool): Whether the import was applied; otherwise this is a preview.
        bad (list[str]): Invalid rows: file, row, column and reason.
        changes (int): Number of movies that the import changes: in a preview, what `written` will be.
        kind (str): The detected file format, for people.
        lines (list[ImportLineView]):
        matched (int): Number of rows matched to a movie.
        tagged (int): Number of rows with tags, which are not imported.
        unmatched (int): Number of rows without a certain match in the catalogue.
        watches (int): Number of watchings that the import adds to the diary.
        written (int): Number of movies that changed; 0 if the same import is repeated.
    """

    applied: bool
    bad: list[str]
    changes: int
    kind: str
    lines: list[ImportLineView]
    matched: int
    tagged: int
    unmatched: int
    watches: int
    written: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        applied = self.applied

        bad = self.bad

        changes = self.changes

        kind = self.kind

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        matched = self.matched

        tagged = self.tagged

        unmatched = self.unmatched

        watches = self.watches

        written = self.written

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "applied": applied,
                "bad": bad,
                "changes": changes,
                "kind": kind,
                "lines": lines,
                "matched": matched,
                "tagged": tagged,
                "unmatched": unmatched,
                "watches": watches,
                "written": written,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.import_line_view import ImportLineView  # noqa: PLC0415

        d = dict(src_dict)
        applied = d.pop("applied")

        bad = cast("list[str]", d.pop("bad"))

        changes = d.pop("changes")

        kind = d.pop("kind")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = ImportLineView.from_dict(lines_item_data)

            lines.append(lines_item)

        matched = d.pop("matched")

        tagged = d.pop("tagged")

        unmatched = d.pop("unmatched")

        watches = d.pop("watches")

        written = d.pop("written")

        import_response = cls(
            applied=applied,
            bad=bad,
            changes=changes,
            kind=kind,
            lines=lines,
            matched=matched,
            tagged=tagged,
            unmatched=unmatched,
            watches=watches,
            written=written,
        )

        import_response.additional_properties = d
        return import_response

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
