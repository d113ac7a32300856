from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_status import DeliveryStatus
from ..models.webhook_event import WebhookEvent

T = TypeVar("T", bound="DeliveryView")


@_attrs_define
class DeliveryView:
    """A message to a webhook.

    Attributes:
        answer (str): The status that the server answered last, or why it did not.
        attempts (int):
        created_at (datetime.datetime):
        event (WebhookEvent): What webhooks tell of.
        message (str): The header `webhook-id`, the same for each attempt.
        next_at (datetime.datetime | None): When it is tried again.
        status (DeliveryStatus): How far a delivery came.
    """

    answer: str
    attempts: int
    created_at: datetime.datetime
    event: WebhookEvent
    message: str
    next_at: datetime.datetime | None
    status: DeliveryStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        answer = self.answer

        attempts = self.attempts

        created_at = self.created_at.isoformat()

        event = self.event.value

        message = self.message

        next_at: str | None
        if isinstance(self.next_at, datetime.datetime):
            next_at = self.next_at.isoformat()
        else:
            next_at = self.next_at

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "answer": answer,
                "attempts": attempts,
                "created_at": created_at,
                "event": event,
                "message": message,
                "next_at": next_at,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        answer = d.pop("answer")

        attempts = d.pop("attempts")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        event = WebhookEvent(d.pop("event"))

        message = d.pop("message")

        def _parse_next_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        next_at = _parse_next_at(d.pop("next_at"))

        status = DeliveryStatus(d.pop("status"))

        delivery_view = cls(
            answer=answer,
            attempts=attempts,
            created_at=created_at,
            event=event,
            message=message,
            next_at=next_at,
            status=status,
        )

        delivery_view.additional_properties = d
        return delivery_view

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
