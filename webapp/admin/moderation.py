"""`/admin/reports`: reports of content, and decisions about them."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from core.errors import InvalidRequest
from core.social.moderation import MAX_EXPLANATION_LENGTH, ModerationAction, Report, ReportKind, ReportReason
from engine.services import Services
from engine.social.moderation import PAGE_SIZE
from webapp.admin.actions import DONE, FAULT
from webapp.admin.api import forms
from webapp.diary import request_diary
from webapp.http import authorization
from webapp.http.parsing import Query, parse_query

DONE_WORDS = {
    ModerationAction.DISMISS: "Dismissed report {}.",
    ModerationAction.HIDE: "Hidden. The owner sees the reason.",
    ModerationAction.SUSPEND: "Suspended: {owner} shares nothing any more and sees the reason.",
    ModerationAction.RESTORE: "Restored: the content is shown again, and {owner} may share.",
}


class ReportsQuery(Query):
    """Which reports to show."""

    closed: bool = False
    before: forms.Before = None


class ModerationPages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._moderation = services.social.moderation

    def reports(self) -> str:
        """Show reports that wait for a decision, or decided ones."""
        query = parse_query(ReportsQuery, request.args, lenient=True)
        found = self._moderation.queue(open_only=not query.closed, before=query.before)
        last, closed = found[-1].id if found else None, "1" if query.closed else None
        return render_template(
            "admin/reports.html",
            reports=[(report, content_url(report)) for report in found],
            closed=query.closed,
            waiting=self._moderation.waiting(),
            reasons=list(ReportReason),
            most=MAX_EXPLANATION_LENGTH,
            older_url=url_for("admin.reports", before=last, closed=closed) if len(found) == PAGE_SIZE else "",
        )

    def decide(self, number: int) -> Response:
        """Decide about a report."""
        sent = request.form
        action, reason = sent.get("action", ""), sent.get("reason", "")
        if action not in set(ModerationAction):
            raise InvalidRequest({"action": f"expected one of {', '.join(ModerationAction)}"})
        if reason and reason not in set(ReportReason):
            raise InvalidRequest({"reason": f"expected one of {', '.join(ReportReason)}"})
        chosen = ModerationAction(action)
        try:
            report = self._moderation.decide(
                number,
                chosen,
                by=authorization.administrator(),
                reason=ReportReason(reason) if reason else None,
                explanation=sent.get("explanation", ""),
            )
        except InvalidRequest as error:
            flash(str(error), FAULT)
        else:
            flash(DONE_WORDS[chosen].format(report.id, owner=report.owner.name), DONE)
        return request_diary.see(url_for("admin.reports"))


def content_url(report: Report) -> str:
    """Return the path of what was reported; its page does not exist for administrators if it is not public."""
    if report.kind is ReportKind.PROFILE:
        return url_for("social.profile", name=report.owner.name)
    if report.kind is ReportKind.LIST:
        return url_for("lists.show_number", list_id=report.subject)
    return url_for("social.review", review=report.subject)


def add(routes: Blueprint, services: Services) -> None:
    """Add the page and its form to the administrators' blueprint."""
    pages = ModerationPages(services)
    routes.add_url_rule("/reports", "reports", pages.reports)
    routes.add_url_rule("/reports/<int:number>", "decide_report", pages.decide, methods=["POST"])
