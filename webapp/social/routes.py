"""The blueprint of all social pages."""

from __future__ import annotations

from flask import Blueprint

from engine.services import Services
from webapp.http.rate_limits import Limits
from webapp.social import pages, reports, reviews, settings


def blueprint(services: Services, limits: Limits) -> Blueprint:
    """Return the blueprint of profiles, activities, reviews and reports."""
    routes = Blueprint("social", __name__)
    pages.add_routes(routes, services, limits)
    reviews.add_routes(routes, services)
    settings.add_routes(routes, services)
    reports.add_routes(routes, services, limits)
    return routes
