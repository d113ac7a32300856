from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.audit_entry_view_details import AuditEntryViewDetails


T = TypeVar("T", bound="AuditEntryView")


@_attrs_define
class AuditEntryView:
    """An action of an administrator.

    Attributes:
        action (str):
        at (datetime.datetime):
        by (int | None): Number of the administrator; null: the scheduler, or a deleted account.
        by_name (str): Name of the administrator; empty if there is none.
        details (AuditEntryViewDetails):
        id (int):
        subject (str):
    """

    action: str
    at: datetime.datetime
    by: int | None
    by_name: str
    details: AuditEntryViewDetails
    id: int
    subject: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        action = self.action

        at = self.at.isoformat()

        by: int | None
        by = self.by

        by_name = self.by_name

        details = self.details.to_dict()

        id = self.id

        subject = self.subject

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "action": action,
                "at": at,
                "by": by,
                "by_name": by_name,
                "details": details,
                "id": id,
                "subject": subject,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_entry_view_details import AuditEntryViewDetails  # noqa: PLC0415

        d = dict(src_dict)
        action = d.pop("action")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        def _parse_by(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        by = _parse_by(d.pop("by"))

        by_name = d.pop("by_name")

        details = AuditEntryViewDetails.from_dict(d.pop("details"))

        id = d.pop("id")

        subject = d.pop("subject")

        audit_entry_view = cls(
            action=action,
            at=at,
            by=by,
            by_name=by_name,
            details=details,
            id=id,
            subject=subject,
        )

        audit_entry_view.additional_properties = d
        return audit_entry_view

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
