"""The site to fuzz: its routes, its users, and a server in its own process."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any

from flask import Flask, session
from flask_openapi3.openapi import OpenAPI
from flask_wtf.csrf import generate_csrf
from pydantic import SecretStr

import webapp
from benchmarks import server
from benchmarks.fuzzing.generator import Route, Visitor
from core.config import Settings
from core.users import Scope
from data import database
from engine import wiring
from engine.clock import now
from engine.operations import LEASE
from engine.services import Services
from webapp.description import openapi
from webapp.http import sessions

USERS, PASSWORD = 6, "a password of some length"
SKIPPED = re.compile(r"^/static/|/stream$|/account/delete$|/sign-out$")
"""Files, endless streams, and what would end the users' sessions."""
KEY = "the signing key of a site that is only fuzzed"


@dataclass(frozen=True, slots=True)
class Target:
    """A running site."""

    routes: Sequence[Route]
    visitors: Sequence[Visitor]
    address: tuple[str, int]
    pid: int


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Target]:
    """Serve a site with a published index; it gets an administrator and some users."""
    own = settings.model_copy(update={"secret_key": SecretStr(KEY), "proxies": 1})
    services = wiring.build(own)
    app = webapp.create_app(services)
    visitors = [Visitor(), *_users(app, services, own)]
    with server.running(own) as serving:
        yield Target(_routes(app), visitors, (server.HOST, serving.port), serving.pid)


def _routes(app: Flask) -> list[Route]:
    described: Mapping[str, Any] = app.api_doc if isinstance(app, OpenAPI) else {}
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            operation = described.get("paths", {}).get(path, {}).get(method.lower(), {})
            parameters = tuple(one["name"] for one in operation.get("parameters", ()))
            found.append(Route(method, rule.rule, parameters, _fields(operation, described)))
    return [route for route in found if not SKIPPED.search(route.rule)]


def _fields(operation: Mapping[str, Any], described: Mapping[str, Any]) -> tuple[str, ...]:
    content = operation.get("requestBody", {}).get("content", {}).values()
    schemas = described.get("components", {}).get("schemas", {})
    names = [openapi.kind(form.get("schema", {})) for form in content]
    return tuple(chain.from_iterable(schemas.get(name, {}).get("properties", ()) for name in names))


def _users(app: Flask, services: Services, settings: Settings) -> Iterator[Visitor]:
    """Create users; yield each as a browser and as a program. The first is an administrator."""
    stores = database.open(settings.database)
    # As if a scheduler were running, so that requests to run a job are accepted.
    stores.leases.acquire(LEASE, holder="fuzzing:1:a", at=now(), until=now() + timedelta(days=1))
    for number in range(USERS):
        user = services.accounts.sign_up(f"user-{number}", PASSWORD)
        stores.accounts.set_administrator(user.id, number == 0)
        secret = services.accounts.sign_in(user.name, PASSWORD)[1]
        scopes = frozenset(Scope) - {Scope.SCROBBLE} if number == 0 else frozenset({Scope.READ, Scope.WRITE})
        token = services.accounts.add_token(replace(user, administrator=number == 0), "fuzzing", scopes)[1]
        yield _browser(app, secret)
        yield Visitor((("Authorization", f"Bearer {token}"),))
    database.close(stores)


def _browser(app: Flask, secret: str) -> Visitor:
    """Return the cookie of a signed-in browser, and the token of its forms."""
    with app.test_request_context():
        session[sessions.OPENED] = secret
        csrf = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's signed cookie
        cookie = signer.dumps(dict(session))
    return Visitor((("Cookie", f"{sessions.COOKIE}={cookie}"),), csrf)
