from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.decision_request_reason import DecisionRequestReason
from ..models.moderation_action import ModerationAction
from ..types import UNSET, Unset

T = TypeVar("T", bound="DecisionRequest")


@_attrs_define
class DecisionRequest:
    """A decision about a report.

    Attributes:
        action (ModerationAction): What a moderator does about a report.
        explanation (str | Unset): Plain text of at most 300 characters for the owner. Default: ''.
        reason (DecisionRequestReason | Unset): The reason that the owner sees; by default, that of the report.
    """

    action: ModerationAction
    explanation: str | Unset = ""
    reason: DecisionRequestReason | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        action = self.action.value

        explanation = self.explanation

        reason: str | Unset = UNSET
        if not isinstance(self.reason, Unset):
            reason = self.reason.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "action": action,
            }
        )
        if explanation is not UNSET:
            field_dict["explanation"] = explanation
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = ModerationAction(d.pop("action"))

        explanation = d.pop("explanation", UNSET)

        _reason = d.pop("reason", UNSET)
        reason: DecisionRequestReason | Unset
        if isinstance(_reason, Unset):
            reason = UNSET
        else:
            reason = DecisionRequestReason(_reason)

        decision_request = cls(
            action=action,
            explanation=explanation,
            reason=reason,
        )

        return decision_request
