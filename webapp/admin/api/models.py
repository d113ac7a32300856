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

VERSIONS = Tag(name="Models", description="Versions of the model and their metrics, for administrators.")
EXPERIMENTS = Tag(name="Experiments", description="A/B tests and interleaving, for administrators.")
NONE = "no model is published yet"


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of models, metrics, reports, experiments and the audit log."""
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
        summary="Get the metrics of the published model",
        responses={200: schemas.MetricsResponse, **problems(404)},
    )
    @parse_request(query=Query)
    def metrics() -> Response:
        """Return the published version's metrics on held-out ratings; 404 if no version is published."""
        current = services.lifecycle.current()
        if current is None:
            raise NotFound(NONE)
        return answer(serializers.metrics(current, services.reports.online()))

    @calls.get(
        "/metrics/history",
        tags=[VERSIONS],
        summary="List the metrics of all versions",
        responses={200: schemas.MetricsHistoryResponse},
    )
    @parse_request(query=Query)
    def history() -> Response:
        """Return the metrics of every stored version, oldest first."""
        found = reversed(services.lifecycle.versions())
        return answer(schemas.MetricsHistoryResponse(results=tuple(serializers.metrics(version) for version in found)))


def _add_models(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/models", tags=[VERSIONS], summary="List all versions", responses={200: schemas.ModelsResponse})
    @parse_request(query=Query)
    def models() -> Response:
        """Return every stored version, newest first."""
        current = services.lifecycle.current()
        found = tuple(serializers.model(version) for version in services.lifecycle.versions())
        return answer(schemas.ModelsResponse(current=current.version if current else "", results=found))


def _add_choosing(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/models/compare",
        tags=[VERSIONS],
        summary="Compare two versions",
        responses={200: schemas.ComparisonResponse, **problems(404)},
    )
    @parse_request(query=forms.CompareQuery)
    def compare(query: forms.CompareQuery) -> Response:
        """Return the metrics of both with their differences, and the parameters that differ."""
        return answer(serializers.comparison(services.lifecycle.compare(query.first, query.second)))

    @calls.get("/models/best", tags=[VERSIONS], summary="Get the best version", responses={200: schemas.ModelView})
    @parse_request(query=forms.BestQuery)
    def best(query: forms.BestQuery) -> Response:
        """Return the best version by a metric: lowest for errors, highest otherwise."""
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
        """Publish a version, also to roll back; every process serves it within seconds. 503 if it is damaged."""
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
        """Delete a version permanently; 409 for the published one."""
        services.lifecycle.delete(path.version, by=authorization.administrator())
        return no_content()


def _add_reports(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/insights", tags=[VERSIONS], summary="Get reports", responses={200: schemas.ReportsResponse})
    @parse_request(query=forms.ReportsQuery)
    def reports(query: forms.ReportsQuery) -> Response:
        """Return ratings per day, users, movies and sparsity; searches without a good answer; online metrics."""
        service = services.reports
        searches = service.unanswered(days=query.days, limit=query.limit)
        demo = services.demo.in_use()
        return answer(serializers.reports(service.data(days=query.days), searches, service.online(), demo=demo))


def _add_experiments(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/experiments",
        tags=[EXPERIMENTS],
        summary="List experiments",
        responses={200: experiment_schemas.ExperimentsResponse},
    )
    @parse_request(query=Query)
    def experiments() -> Response:
        """Return every configured experiment: variants, effects with intervals, and a conclusion."""
        found = tuple(experiment_schemas.report(one) for one in services.experiments.reports())
        return answer(experiment_schemas.ExperimentsResponse(results=found))


def _add_audit(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/audit", tags=[VERSIONS], summary="Read the audit log", responses={200: schemas.AuditLogResponse})
    @parse_request(query=forms.LinesQuery)
    def audit(query: forms.LinesQuery) -> Response:
        """Return all changes, latest first: who did what to which version, job or run."""
        found = services.operations.audit_log(limit=query.limit, before=query.before)
        older = older_url(f"{PREFIX}/audit", query, found[-1].id) if len(found) == query.limit else ""
        return answer(schemas.AuditLogResponse(results=serializers.audit_entries(services, found), next=older))
