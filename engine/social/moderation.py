"""Reports of content, and what administrators decide. Each decision is recorded in the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import InvalidRequest, NotFound
from core.social.moderation import (
    MAX_EXPLANATION_LENGTH,
    MAX_REPORT_LENGTH,
    OUTCOMES,
    ModerationAction,
    NewReport,
    Report,
    ReportKind,
    ReportReason,
    explained,
)
from core.social.profiles import Person
from core.users import User
from data.database import Stores
from engine import clock
from engine.accounts import plain_text
from engine.accounts.diary.lists import Lists
from engine.social.profiles import Profiles

PAGE_SIZE = 50


class Moderation:
    """Reports, and decisions about them."""

    def __init__(self, stores: Stores, profiles: Profiles, lists: Lists, *, clock: clock.Clock = clock.now) -> None:
        self._stores, self._profiles, self._lists, self._clock = stores, profiles, lists, clock

    def report(self, user: User, kind: ReportKind, subject: str, reason: ReportReason, text: str = "") -> int:
        """Report a profile (by name), a review or a list (by number) that the user can see; return the report's number.

        Raises:
            NotFound: the content does not exist for the user.
            InvalidRequest: (field `text`) too long; (field `kind`) own content, or too many open reports.
        """
        cleaned = plain_text.clean(text)
        if len(cleaned) > MAX_REPORT_LENGTH:
            raise InvalidRequest({"text": f"expected at most {MAX_REPORT_LENGTH:,} characters, got {len(cleaned):,}"})
        owner, number = self._subject(user, kind, subject)
        if owner.id == user.id:
            raise InvalidRequest({"kind": "this is your own; delete it or change it instead"})
        new = NewReport(kind=kind, owner=owner, subject=number, reason=reason, text=cleaned)
        return self._stores.reports.add(user.id, new, at=self._clock())

    def queue(self, *, open_only: bool = True, size: int = PAGE_SIZE, before: int | None = None) -> Sequence[Report]:
        """Return reports that wait for a decision, or decided ones, the latest first."""
        return self._stores.reports.page(open_only=open_only, limit=size, before=before)

    def waiting(self) -> int:
        """Return how many reports wait for a decision."""
        return self._stores.reports.count_open()

    def get(self, number: int) -> Report:
        """Return a report. Raises `NotFound`."""
        return self._stores.reports.get(number)

    def decide(
        self,
        number: int,
        action: ModerationAction,
        *,
        by: User,
        reason: ReportReason | None = None,
        explanation: str = "",
    ) -> Report:
        """Decide about a report. The owner of hidden content sees the reason (by default that of the report).

        Raises:
            NotFound: there is no such report.
            InvalidRequest: (field `explanation`) too long.
        """
        words = " ".join(plain_text.clean(explanation).split())
        if len(words) > MAX_EXPLANATION_LENGTH:
            fault = f"expected at most {MAX_EXPLANATION_LENGTH} characters, got {len(words)}"
            raise InvalidRequest({"explanation": fault})
        report, at = self.get(number), self._clock()
        why = explained(reason or report.reason, words)
        reports = self._stores.reports
        if action is ModerationAction.HIDE:
            reports.hide(report, why, at=at)
        elif action is ModerationAction.SUSPEND:
            reports.suspend(report.owner.id, why, at=at)
        elif action is ModerationAction.RESTORE:
            reports.hide(report, "", at=at)
            reports.suspend(report.owner.id, "", at=at)
        reports.close(report, OUTCOMES[action], at=at)
        self._stores.audit_log.add(
            by=by.id,
            action=f"{action.value}-report",
            subject=str(report.id),
            details={"kind": report.kind.value, "number": report.subject, "user": report.owner.name, "reason": why},
            at=at,
        )
        return self.get(number)

    def _subject(self, user: User, kind: ReportKind, subject: str) -> tuple[Person, int | None]:
        """Return the owner of the content, and its number."""
        if kind is ReportKind.PROFILE:
            seen = self._profiles.see(user, subject)
            return Person(seen.user.id, seen.user.name), None
        if not subject.isascii() or not subject.isdigit() or len(subject) > _DIGITS:
            raise NotFound(f"no {kind.value} {subject!r}")
        number = int(subject)
        if kind is ReportKind.REVIEW:
            return self._stores.reviews.get(number, user.id).writer, number
        found = self._lists.open(user, number).list
        return Person(found.owner, found.owner_name), number


_DIGITS = 16
"""Of the largest number of a review or list."""
