"""Whether the process lives, and whether a search would work now."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from engine.services import Services


def blueprint(services: Services) -> Blueprint:
    """`/health/live` and `/health/ready`."""
    routes = Blueprint("health", __name__, url_prefix="/health")

    @routes.get("/live")
    def live() -> Response:
        """Always cheap: touches nothing."""
        return _uncached(jsonify(status="ok"))

    @routes.get("/ready")
    def ready() -> Response:
        """Asks the engine and the encoder; what is wrong comes as a problem with status 503."""
        services.library.check()
        info = services.library.info()
        return _uncached(jsonify(status="ok", catalogue=info.catalogue, movies=info.count, index=info.version))

    return routes


def _uncached(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
