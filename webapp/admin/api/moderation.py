"""`/api/ml/reports`: reports of content, for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, StringConstraints, WithJsonSchema

from core.social.moderation import (
    MAX_EXPLANATION_LENGTH,
    ModerationAction,
    Report,
    ReportKind,
    ReportOutcome,
    ReportReason,
)
from engine.services import Services
from webapp.admin.api.forms import LinesQuery
from webapp.admin.api.jobs import PREFIX, older_url
from webapp.http import authorization
from webapp.http.api import SIGNED_IN, answer, problems
from webapp.http.fields import MAX_ID, Switch
from webapp.http.parsing import Body, Query, parse_request
from webapp.http.schemas import View

MODERATION = Tag(name="Moderation", description="Reports of profiles, reviews and lists, for administrators.")
REPORTS = f"{PREFIX}/reports"


class ReportsQuery(LinesQuery):
    """Which reports to return."""

    closed: Switch = Field(False, description="Decided reports instead of those that wait.")


class ReportPath(BaseModel):
    """A report in a URL."""

    id: int = Field(ge=1, le=MAX_ID, description="Number of the report.")


class DecisionRequest(Body):
    """A decision about a report."""

    action: ModerationAction = Field(
        description="`dismiss`; `hide`: only its owner sees the content; `suspend`: its owner may share nothing; "
        "`restore`: undo both."
    )
    reason: Annotated[
        ReportReason | None, WithJsonSchema({"type": "string", "enum": [reason.value for reason in ReportReason]})
    ] = Field(None, description="The reason that the owner sees; by default, that of the report.")
    explanation: Annotated[str, StringConstraints(max_length=4 * MAX_EXPLANATION_LENGTH)] = Field(
        "", description=f"Plain text of at most {MAX_EXPLANATION_LENGTH} characters for the owner."
    )


class ContentReportView(View):
    """A report of content."""

    id: int
    kind: ReportKind
    owner: str = Field(description="Name of the user whose content was reported.")
    reporter: str | None = Field(description="Name of the user who reported it; null if the account was deleted.")
    subject: int | None = Field(description="Number of the review or list; null for a profile.")
    movie: int | None = Field(description="TMDB id of the movie of a review.")
    reason: ReportReason
    text: str = Field(description="Plain text: escape it before showing it.")
    content: str = Field(description="The reported text as it is now. Plain text: escape it before showing it.")
    at: datetime
    outcome: ReportOutcome
    closed_at: datetime | None
    hidden: bool = Field(description="Whether the content is hidden now.")
    suspended: bool = Field(description="Whether its owner may not share anything now.")


class ContentReportsResponse(View):
    """Reports, the latest first."""

    results: tuple[ContentReportView, ...]
    next: str = Field(description="Path of older reports; empty if there are none.")


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of reports."""
    calls = APIBlueprint(
        "moderation_api",
        __name__,
        url_prefix=REPORTS,
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    authorization.guard(calls)
    moderation = services.social.moderation

    @calls.get("", tags=[MODERATION], summary="List reports", responses={200: ContentReportsResponse})
    @parse_request(query=ReportsQuery)
    def reports(query: ReportsQuery) -> Response:
        """Return reports that wait for a decision, or decided ones, the latest first."""
        found = moderation.queue(open_only=not query.closed, size=query.limit, before=query.before)
        older = older_url(REPORTS, query, found[-1].id) if len(found) == query.limit else ""
        return answer(ContentReportsResponse(results=tuple(map(_view, found)), next=older))

    @calls.get(
        "/<int:id>", tags=[MODERATION], summary="Get a report", responses={200: ContentReportView, **problems(404)}
    )
    @parse_request(path=ReportPath, query=Query)
    def report(path: ReportPath) -> Response:
        """Return a report with the reported text."""
        return answer(_view(moderation.get(path.id)))

    @calls.post(
        "/<int:id>",
        tags=[MODERATION],
        summary="Decide a report",
        responses={200: ContentReportView, **problems(404, 415)},
    )
    @parse_request(path=ReportPath, query=Query, body=DecisionRequest)
    def decide(path: ReportPath, body: DecisionRequest) -> Response:
        """Decide about a report, and about all open ones of the same content. Recorded in the audit log."""
        by = authorization.administrator()
        return answer(
            _view(moderation.decide(path.id, body.action, by=by, reason=body.reason, explanation=body.explanation))
        )

    return calls


def _view(report: Report) -> ContentReportView:
    return ContentReportView(
        id=report.id,
        kind=report.kind,
        owner=report.owner.name,
        reporter=report.reporter.name if report.reporter else None,
        subject=report.subject,
        movie=report.movie,
        reason=report.reason,
        text=report.text,
        content=report.content,
        at=report.at,
        outcome=report.outcome,
        closed_at=report.closed_at,
        hidden=report.hidden,
        suspended=report.suspended,
    )
