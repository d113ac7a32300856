from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.account_view import AccountView
    from ..models.export_response_events_item import ExportResponseEventsItem
    from ..models.export_response_history_item import ExportResponseHistoryItem
    from ..models.export_response_marks_item import ExportResponseMarksItem
    from ..models.export_response_passkeys_item import ExportResponsePasskeysItem
    from ..models.export_response_ratings_item import ExportResponseRatingsItem
    from ..models.export_response_reviews_item import ExportResponseReviewsItem
    from ..models.export_response_security_events_item import ExportResponseSecurityEventsItem
    from ..models.export_response_sessions_item import ExportResponseSessionsItem
    from ..models.export_response_tokens_item import ExportResponseTokensItem


T = TypeVar("T", bound="ExportResponse")


@_attrs_define
class ExportResponse:
    """All data stored about a user.

    Attributes:
        account (AccountView): An account.
        events (list[ExportResponseEventsItem]):
        exported_at (datetime.datetime):
        format_ (str):
        history (list[ExportResponseHistoryItem]):
        marks (list[ExportResponseMarksItem]):
        passkeys (list[ExportResponsePasskeysItem]):
        ratings (list[ExportResponseRatingsItem]):
        reviews (list[ExportResponseReviewsItem]):
        security_events (list[ExportResponseSecurityEventsItem]):
        sessions (list[ExportResponseSessionsItem]):
        tokens (list[ExportResponseTokensItem]):
    """

    account: AccountView
    events: list[ExportResponseEventsItem]
    exported_at: datetime.datetime
    format_: str
    history: list[ExportResponseHistoryItem]
    marks: list[ExportResponseMarksItem]
    passkeys: list[ExportResponsePasskeysItem]
    ratings: list[ExportResponseRatingsItem]
    reviews: list[ExportResponseReviewsItem]
    security_events: list[ExportResponseSecurityEventsItem]
    sessions: list[ExportResponseSessionsItem]
    tokens: list[ExportResponseTokensItem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account = self.account.to_dict()

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)

        exported_at = self.exported_at.isoformat()

        format_ = self.format_

        history = []
        for history_item_data in self.history:
            history_item = history_item_data.to_dict()
            history.append(history_item)

        marks = []
        for marks_item_data in self.marks:
            marks_item = marks_item_data.to_dict()
            marks.append(marks_item)

        passkeys = []
        for passkeys_item_data in self.passkeys:
            passkeys_item = passkeys_item_data.to_dict()
            passkeys.append(passkeys_item)

        ratings = []
        for ratings_item_data in self.ratings:
            ratings_item = ratings_item_data.to_dict()
            ratings.append(ratings_item)

        reviews = []
        for reviews_item_data in self.reviews:
            reviews_item = reviews_item_data.to_dict()
            reviews.append(reviews_item)

        security_events = []
        for security_events_item_data in self.security_events:
            security_events_item = security_events_item_data.to_dict()
            security_events.append(security_events_item)

        sessions = []
        for sessions_item_data in self.sessions:
            sessions_item = sessions_item_data.to_dict()
            sessions.append(sessions_item)

        tokens = []
        for tokens_item_data in self.tokens:
            tokens_item = tokens_item_data.to_dict()
            tokens.append(tokens_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account": account,
                "events": events,
                "exported_at": exported_at,
                "format": format_,
                "history": history,
                "marks": marks,
                "passkeys": passkeys,
                "ratings": ratings,
                "reviews": reviews,
                "security_events": security_events,
                "sessions": sessions,
                "tokens": tokens,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.account_view import AccountView  # noqa: PLC0415
        from ..models.export_response_events_item import ExportResponseEventsItem  # noqa: PLC0415
        from ..models.export_response_history_item import ExportResponseHistoryItem  # noqa: PLC0415
        from ..models.export_response_marks_item import ExportResponseMarksItem  # noqa: PLC0415
        from ..models.export_response_passkeys_item import ExportResponsePasskeysItem  # noqa: PLC0415
        from ..models.export_response_ratings_item import ExportResponseRatingsItem  # noqa: PLC0415
        from ..models.export_response_reviews_item import ExportResponseReviewsItem  # noqa: PLC0415
        from ..models.export_response_security_events_item import ExportResponseSecurityEventsItem  # noqa: PLC0415
        from ..models.export_response_sessions_item import ExportResponseSessionsItem  # noqa: PLC0415
        from ..models.export_response_tokens_item import ExportResponseTokensItem  # noqa: PLC0415

        d = dict(src_dict)
        account = AccountView.from_dict(d.pop("account"))

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = ExportResponseEventsItem.from_dict(events_item_data)

            events.append(events_item)

        exported_at = datetime.datetime.fromisoformat(d.pop("exported_at"))

        format_ = d.pop("format")

        history = []
        _history = d.pop("history")
        for history_item_data in _history:
            history_item = ExportResponseHistoryItem.from_dict(history_item_data)

            history.append(history_item)

        marks = []
        _marks = d.pop("marks")
        for marks_item_data in _marks:
            marks_item = ExportResponseMarksItem.from_dict(marks_item_data)

            marks.append(marks_item)

        passkeys = []
        _passkeys = d.pop("passkeys")
        for passkeys_item_data in _passkeys:
            passkeys_item = ExportResponsePasskeysItem.from_dict(passkeys_item_data)

            passkeys.append(passkeys_item)

        ratings = []
        _ratings = d.pop("ratings")
        for ratings_item_data in _ratings:
            ratings_item = ExportResponseRatingsItem.from_dict(ratings_item_data)

            ratings.append(ratings_item)

        reviews = []
        _reviews = d.pop("reviews")
        for reviews_item_data in _reviews:
            reviews_item = ExportResponseReviewsItem.from_dict(reviews_item_data)

            reviews.append(reviews_item)

        security_events = []
        _security_events = d.pop("security_events")
        for security_events_item_data in _security_events:
            security_events_item = ExportResponseSecurityEventsItem.from_dict(security_events_item_data)

            security_events.append(security_events_item)

        sessions = []
        _sessions = d.pop("sessions")
        for sessions_item_data in _sessions:
            sessions_item = ExportResponseSessionsItem.from_dict(sessions_item_data)

            sessions.append(sessions_item)

        tokens = []
        _tokens = d.pop("tokens")
        for tokens_item_data in _tokens:
            tokens_item = ExportResponseTokensItem.from_dict(tokens_item_data)

            tokens.append(tokens_item)

        export_response = cls(
            account=account,
            events=events,
            exported_at=exported_at,
            format_=format_,
            history=history,
            marks=marks,
            passkeys=passkeys,
            ratings=ratings,
            reviews=reviews,
            security_events=security_events,
            sessions=sessions,
            tokens=tokens,
        )

        export_response.additional_properties = d
        return export_response

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
