from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.report_kind import ReportKind
from ..models.report_outcome import ReportOutcome
from ..models.report_reason import ReportReason

T = TypeVar("T", bound="ContentReportView")


@_attrs_define
class ContentReportView:
    """A report of content.

    Attributes:
        at (datetime.datetime):
        closed_at (datetime.datetime | None):
        content (str): The reported text as it is now. Plain text: escape it before showing it.
        hidden (bool): Whether the content is hidden now.
        id (int):
        kind (ReportKind): What can be reported.
        movie (int | None): TMDB id of the movie of a review.
        outcome (ReportOutcome): The state of a report.
        owner (str): Name of the user whose content was reported.
        reason (ReportReason): Why something is reported or hidden.
        reporter (None | str): Name of the user who reported it; null if the account was deleted.
        subject (int | None): Number of the review or list; null for a profile.
        suspended (bool): Whether its owner may not share anything now.
        text (str): Plain text: escape it before showing it.
    """

    at: datetime.datetime
    closed_at: datetime.datetime | None
    content: str
    hidden: bool
    id: int
    kind: ReportKind
    movie: int | None
    outcome: ReportOutcome
    owner: str
    reason: ReportReason
    reporter: str | None
    subject: int | None
    suspended: bool
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        closed_at: str | None
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        content = self.content

        hidden = self.hidden

        id = self.id

        kind = self.kind.value

        movie: int | None
        movie = self.movie

        outcome = self.outcome.value

        owner = self.owner

        reason = self.reason.value

        reporter: str | None
        reporter = self.reporter

        subject: int | None
        subject = self.subject

        suspended = self.suspended

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "closed_at": closed_at,
                "content": content,
                "hidden": hidden,
                "id": id,
                "kind": kind,
                "movie": movie,
                "outcome": outcome,
                "owner": owner,
                "reason": reason,
                "reporter": reporter,
                "subject": subject,
                "suspended": suspended,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        closed_at = _parse_closed_at(d.pop("closed_at"))

        content = d.pop("content")

        hidden = d.pop("hidden")

        id = d.pop("id")

        kind = ReportKind(d.pop("kind"))

        def _parse_movie(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        movie = _parse_movie(d.pop("movie"))

        outcome = ReportOutcome(d.pop("outcome"))

        owner = d.pop("owner")

        reason = ReportReason(d.pop("reason"))

        def _parse_reporter(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        reporter = _parse_reporter(d.pop("reporter"))

        def _parse_subject(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        subject = _parse_subject(d.pop("subject"))

        suspended = d.pop("suspended")

        text = d.pop("text")

        content_report_view = cls(
            at=at,
            closed_at=closed_at,
            content=content,
            hidden=hidden,
            id=id,
            kind=kind,
            movie=movie,
            outcome=outcome,
            owner=owner,
            reason=reason,
            reporter=reporter,
            subject=subject,
            suspended=suspended,
            text=text,
        )

        content_report_view.additional_properties = d
        return content_report_view

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
