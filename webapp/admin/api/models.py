"""`/api/ml/models`, metrics, experiments and the audit log, for administrators."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from core.errors import NotFound
from engine.services import Services
from webapp.admin.api import experiment_schemas, forms, schemas, serializers
from webapp.admin.api.jobs import PREFIX, older_url
from webapp.http import authorization
from webapp.http.api import SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Query, parse_request

VERSIONS = Tag(name="Versions", description="Versions of the model and how good they are, for administrators.")
EXPERIMENTS = Tag(name="Experiments", description="Questions put to viewers, for administrators.")
NONE = "no model is published yet"


def blueprint(services: Services) -> APIBlueprint:
    """All calls about versions of the model, and what was done to them."""
    calls = APIBlueprint(
        "ml_api",
        __name__,
        url_prefix=PREFIX,
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    authorization.guard(calls)
    _add_metrics(calls, services)
    _add_models(calls, services)
    _add_choosing(calls, services)
    _add_changes(calls, services)
    _add_reports(calls, services)
    _add_experiments(calls, services)
    _add_audit(calls, services)
    return calls


def _add_metrics(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/metrics",
        tags=[VERSIONS],
        summary="How good the model is",
        responses={200: schemas.MetricsResponse, **problems(404)},
    )
    @parse_request(query=Query)
    def metrics() -> Response:
        """The published version's metrics, measured on ratings that it never saw; 404 where none is published."""
        current = services.lifecycle.current()
        if current is None:
            raise NotFound(NONE)
        return answer(serializers.metrics(current))

    @calls.get(
        "/metrics/history",
        tags=[VERSIONS],
        summary="How good the versions were",
        responses={200: schemas.MetricsHistoryResponse},
    )
    @parse_request(query=Query)
    def history() -> Response:
        """The metrics of every version that is kept, the oldest first."""
        found = reversed(services.lifecycle.versions())
        return answer(schemas.MetricsHistoryResponse(results=tuple(serializers.metrics(version) for version in found)))


def _add_models(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/models", tags=[VERSIONS], summary="All versions", responses={200: schemas.ModelsResponse})
    @parse_request(query=Query)
    def models() -> Response:
        """Every version that is kept, the newest first."""
        current = services.lifecycle.current()
        found = tuple(serializers.model(version) for version in services.lifecycle.versions())
        return answer(schemas.ModelsResponse(current=current.version if current else "", results=found))


def _add_choosing(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/models/compare",
        tags=[VERSIONS],
        summary="Two versions side by side",
        responses={200: schemas.ComparisonResponse, **problems(404)},
    )
    @parse_request(query=forms.CompareQuery)
    def compare(query: forms.CompareQuery) -> Response:
        """Metrics of both with their differences, and the parameters that differ."""
        return answer(serializers.comparison(services.lifecycle.compare(query.first, query.second)))

    @calls.get("/models/best", tags=[VERSIONS], summary="The best version", responses={200: schemas.ModelView})
    @parse_request(query=forms.BestQuery)
    def best(query: forms.BestQuery) -> Response:
        """The best by one metric: the least error, the most of everything else."""
        return answer(serializers.model(services.lifecycle.best(query.metric)))


def _add_changes(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "/models/activate/<string:version>",
        tags=[VERSIONS],
        summary="Publish a version",
        responses={200: schemas.ModelView, **problems(404)},
    )
    @parse_request(path=forms.VersionPath, query=Query)
    def activate(path: forms.VersionPath) -> Response:
        """Serve this version from now on, an older one too; every process does within seconds. 503: it is damaged."""
        done = services.lifecycle.activate(path.version, by=authorization.administrator())
        return answer(serializers.model(done))

    @calls.delete(
        "/models/<string:version>",
        tags=[VERSIONS],
        summary="Delete a version",
        responses={204: None, **problems(404, 409)},
    )
    @parse_request(path=forms.VersionPath, query=Query)
    def delete(path: forms.VersionPath) -> Response:
        """Delete a version for good; 409 for the one that serves."""
        services.lifecycle.delete(path.version, by=authorization.administrator())
        return no_content()


def _add_reports(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/insights", tags=[VERSIONS], summary="What the data say", responses={200: schemas.ReportsResponse})
    @parse_request(query=forms.ReportsQuery)
    def reports(query: forms.ReportsQuery) -> Response:
        """Ratings per day, users, movies, sparsity; searches without a good answer; what was measured online."""
        asked = services.reports
        searches = asked.unanswered(days=query.days, limit=query.limit)
        return answer(serializers.reports(asked.data(days=query.days), searches, asked.online()))


def _add_experiments(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/experiments",
        tags=[EXPERIMENTS],
        summary="Experiments",
        responses={200: experiment_schemas.ExperimentsResponse},
    )
    @parse_request(query=Query)
    def experiments() -> Response:
        """Every experiment of the settings: its variants, their effects with intervals, and what follows in words."""
        found = tuple(experiment_schemas.report(one) for one in services.experiments.reports())
        return answer(experiment_schemas.ExperimentsResponse(results=found))


def _add_audit(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/audit", tags=[VERSIONS], summary="What administrators did", responses={200: schemas.AuditLogResponse})
    @parse_request(query=forms.LinesQuery)
    def audit(query: forms.LinesQuery) -> Response:
        """Every change, the latest first: who did what to which version, job or run."""
        found = services.operations.audit_log(limit=query.limit, before=query.before)
        older = older_url(f"{PREFIX}/audit", query, found[-1].id) if len(found) == query.limit else ""
        return answer(schemas.AuditLogResponse(results=serializers.audit_entries(services, found), next=older))
