"""The form that reports content to the administrators."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from core.errors import InvalidRequest
from core.social.moderation import MAX_REPORT_LENGTH, ReportKind, ReportReason
from core.users import Scope
from engine.services import Services
from webapp.diary import request_diary
from webapp.diary.request_diary import Notice
from webapp.http import sessions
from webapp.http.parsing import Query, parse_query
from webapp.http.rate_limits import Limits
from webapp.localization.translation import gettext as _
from webapp.social import labels
from webapp.social.forms import UserName


class ReportQuery(Query):
    """What to report."""

    kind: ReportKind
    subject: UserName


def add_routes(routes: Blueprint, services: Services, limits: Limits) -> None:
    """Add the form."""

    def form() -> str:
        """Ask for the reason of a report."""
        sessions.required()
        query = parse_query(ReportQuery, request.args, lenient=True)
        reasons = [(reason.value, _(label)) for reason, label in labels.REASONS.items()]
        return render_template("social/report.html", query=query, reasons=reasons, most=MAX_REPORT_LENGTH)

    def report() -> Response:
        """Send a report."""
        user, sent = sessions.required(Scope.WRITE), request.form
        if sent.get("kind", "") not in set(ReportKind):
            raise InvalidRequest({"kind": f"expected one of {', '.join(ReportKind)}"})
        if sent.get("reason", "") not in set(ReportReason):
            raise InvalidRequest({"reason": f"expected one of {', '.join(ReportReason)}"})
        limits.count("report", account=user.name)
        kind, reason = ReportKind(sent["kind"]), ReportReason(sent["reason"])
        services.social.moderation.report(user, kind, sent.get("subject", ""), reason, sent.get("text", ""))
        request_diary.notify(Notice(_("Thank you. The administrators of this site will look at it.")))
        return request_diary.see("/activity")

    routes.add_url_rule("/report", "report_form", form)
    routes.add_url_rule("/report", "report", report, methods=["POST"])
