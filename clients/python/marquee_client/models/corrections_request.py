from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.line_correction import LineCorrection


T = TypeVar("T", bound="CorrectionsRequest")


@_attrs_define
class CorrectionsRequest:
    """Corrections of rows.

    Attributes:
        lines (list[LineCorrection]): The corrections, applied in this order.
    """

    lines: list[LineCorrection]

    def to_dict(self) -> dict[str, Any]:
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lines": lines,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.line_correction import LineCorrection  # noqa: PLC0415

        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = LineCorrection.from_dict(lines_item_data)

            lines.append(lines_item)

        corrections_request = cls(
            lines=lines,
        )

        return corrections_request
