"""Liveness and readiness probes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from engine.services import Services


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of `/health/live` and `/health/ready`."""
    routes = Blueprint("health", __name__, url_prefix="/health")

    @routes.get("/live")
    def live() -> Response:
        """Return 200 while the process runs. Always cheap."""
        return _uncached(jsonify(status="ok"))

    @routes.get("/ready")
    def ready() -> Response:
        """Check the engine and the encoder; return 503 with problem details if a search would fail."""
        services.library.check()
        info = services.library.info()
        return _uncached(jsonify(status="ok", catalogue=info.catalogue, movies=info.count, index=info.version))

    return routes


def _uncached(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
