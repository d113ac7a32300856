"""Reports of content, and what moderators decide. Immutable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.social.profiles import Person

MAX_REPORT_LENGTH = 1_000
MAX_EXPLANATION_LENGTH = 300
"""What a moderator adds to the reason."""
MAX_OPEN_REPORTS = 50
"""Reports of one user that wait for a decision."""


class ReportKind(StrEnum):
    """What can be reported."""

    PROFILE = "profile"
    REVIEW = "review"
    LIST = "list"


class ReportReason(StrEnum):
    """Why something is reported or hidden."""

    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    SEXUAL = "sexual"
    SPOILERS = "spoilers"
    PERSONAL_DATA = "personal-data"
    ILLEGAL = "illegal"
    OTHER = "other"


class ReportOutcome(StrEnum):
    """The state of a report."""

    OPEN = "open"
    DISMISSED = "dismissed"
    HIDDEN = "hidden"
    """The content was hidden from everybody but its owner."""
    SUSPENDED = "suspended"
    """The owner of the content may no longer share anything."""
    RESTORED = "restored"
    """The content was shown again, and its owner may share again."""


class ModerationAction(StrEnum):
    """What a moderator does about a report."""

    DISMISS = "dismiss"
    HIDE = "hide"
    SUSPEND = "suspend"
    RESTORE = "restore"


OUTCOMES = {
    ModerationAction.DISMISS: ReportOutcome.DISMISSED,
    ModerationAction.HIDE: ReportOutcome.HIDDEN,
    ModerationAction.SUSPEND: ReportOutcome.SUSPENDED,
    ModerationAction.RESTORE: ReportOutcome.RESTORED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report as a user sends it."""

    kind: ReportKind
    owner: Person
    subject: int | None
    """The number of the review or list; None for a profile."""
    reason: ReportReason
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A stored report."""

    id: int
    kind: ReportKind
    owner: Person
    reporter: Person | None
    """None if the account was deleted."""
    subject: int | None
    reason: ReportReason
    text: str
    at: datetime
    outcome: ReportOutcome
    closed_at: datetime | None
    content: str
    """The reported text as it is now: a review, the name and description of a list, or a bio."""
    movie: int | None = None
    hidden: bool = False
    """Whether the content is hidden now."""
    suspended: bool = False
    """Whether its owner may not share anything now."""


def explained(reason: ReportReason, explanation: str) -> str:
    """Return why something is hidden, as stored."""
    return f"{reason.value}: {explanation}" if explanation else reason.value


def reason_of(hidden: str) -> tuple[ReportReason, str]:
    """Return the reason and the explanation of a stored text; `OTHER` for an unknown one."""
    name, _, explanation = hidden.partition(": ")
    known = name in set(ReportReason)
    return (ReportReason(name), explanation) if known else (ReportReason.OTHER, hidden)
