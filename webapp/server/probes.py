"""Liveness and readiness probes under Flask's development server; `webapp.server` answers them itself."""

from __future__ import annotations

from flask import Blueprint, Response, request

from engine import health as parts
from engine.services import Services
from webapp.server import health
from webapp.server.refusals import Reply


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of `/health/live` and `/health/ready`."""
    routes = Blueprint("health", __name__, url_prefix="/health")
    checks = parts.checks(services)

    @routes.get("/live")
    def live() -> Response:
        """Return 200 while the process runs. Always cheap."""
        return _response(health.live())

    @routes.get("/ready")
    def ready() -> Response:
        """Check every part now; degraded ones are named, and answered with 503 only if `?strict`."""
        problems = {name: problem for name, check in checks.items() if (problem := check())}
        return _response(health.readiness(problems, parts.summary(services), strict="strict" in request.args))

    return routes


def _response(reply: Reply) -> Response:
    headers = [(name.decode(), value.decode()) for name, value in reply.headers]
    return Response(reply.body, reply.status, headers)
