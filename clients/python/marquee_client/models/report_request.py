from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.report_kind import ReportKind
from ..models.report_reason import ReportReason
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReportRequest")


@_attrs_define
class ReportRequest:
    """A report of content to the administrators.

    Attributes:
        kind (ReportKind): What can be reported.
        reason (ReportReason): Why something is reported or hidden.
        subject (str): Name of the user (profile), or number of the review or list.
        text (str | Unset): Plain text of at most 1,000 characters for the administrators. Default: ''.
    """

    kind: ReportKind
    reason: ReportReason
    subject: str
    text: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        reason = self.reason.value

        subject = self.subject

        text = self.text

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "reason": reason,
                "subject": subject,
            }
        )
        if text is not UNSET:
            field_dict["text"] = text

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = ReportKind(d.pop("kind"))

        reason = ReportReason(d.pop("reason"))

        subject = d.pop("subject")

        text = d.pop("text", UNSET)

        report_request = cls(
            kind=kind,
            reason=reason,
            subject=subject,
            text=text,
        )

        return report_request
