"""Routes of the administrators' pages, and their template functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from functools import partial

from flask import Blueprint, get_flashed_messages, request

from engine.services import Services
from webapp.admin import actions, formats, moderation, overview, previews, understanding
from webapp.admin.actions import Actions
from webapp.admin.pages import Pages
from webapp.http import authorization

TABS = (
    ("overview", "Overview"),
    ("activity", "Activity"),
    ("users", "Users"),
    ("reports", "Reports"),
    ("movies", "Movies"),
    ("models", "Models"),
    ("training", "Training"),
    ("jobs", "Jobs"),
    ("metrics", "Metrics"),
    ("data", "Data"),
    ("trending", "Trending"),
    ("searches", "Searches"),
    ("understanding", "Understanding"),
    ("experiments", "Experiments"),
    ("audit", "Audit log"),
)
"""Pages in the navigation: endpoint and name."""


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of `/admin`."""
    routes = Blueprint("admin", __name__, url_prefix="/admin")
    authorization.guard(routes)
    _add_pages(routes, Pages(services))
    _add_actions(routes, Actions(services))
    overview.add(routes, services)
    previews.add(routes, services)
    moderation.add(routes, services)
    understanding.add(routes, services)
    _equip_templates(routes, services.settings.zone)
    return routes


def _add_pages(routes: Blueprint, pages: Pages) -> None:
    for rule, name, view in (
        ("/models", "models", pages.models),
        ("/models/compare", "compare", pages.compare),
        ("/models/<version>", "model", pages.model),
        ("/training", "training", pages.training),
        ("/jobs", "jobs", pages.jobs),
        ("/jobs/<name>", "job", pages.job),
        ("/runs/<int:number>", "run", pages.run),
        ("/metrics", "metrics", pages.metrics),
        ("/data", "data", pages.data),
        ("/trending", "trending", pages.trending),
        ("/searches", "searches", pages.searches),
        ("/experiments", "experiments", pages.experiments),
        ("/audit", "audit", pages.audit),
    ):
        routes.add_url_rule(rule, name, view)


def _add_actions(routes: Blueprint, actions: Actions) -> None:
    for rule, name, act in (
        ("/training", "train", actions.train),
        ("/jobs/<name>/run", "run_job", actions.run),
        ("/runs/<int:number>/cancel", "cancel", actions.cancel),
        ("/models/<version>/activate", "activate", actions.activate),
        ("/models/<version>/delete", "delete", actions.delete),
    ):
        routes.add_url_rule(rule, name, act, methods=["POST"])


def _equip_templates(routes: Blueprint, zone: tzinfo) -> None:
    routes.add_app_template_global(lambda: TABS, "admin_tabs")
    routes.add_app_template_global(_notices, "admin_notices")
    for name in ("number", "signed", "share", "size", "length", "rows", "slug", "text"):
        routes.add_app_template_filter(getattr(formats, name), f"in_{name}")
    routes.add_app_template_filter(partial(formats.moment, zone=zone), "in_moment")
    routes.add_app_template_global(formats.lasted, "lasted")


def _notices() -> Iterable[tuple[str, bool]]:
    """Return the messages for this page, and whether each is an error."""
    if not request.cookies:
        return []
    done, faults = (get_flashed_messages(category_filter=[category]) for category in (actions.DONE, actions.FAULT))
    return [*((str(text), False) for text in done), *((str(text), True) for text in faults)]
