"""An old and a new version of Marquee serve side by side on one database that the new one has migrated."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from data import database
from data.database import revisions
from tests import databases, sample
from tests.data.database.migration_policy import violations
from tests.data.database.servers import ROOT
from tests.marquee.processes import Site, free_port

PACKAGES = ("core", "data", "indexer", "engine", "jobs", "webapp", "marquee")
NEWEST = revisions.revisions()[-1]
EXPANSION = f'''"""What the next version may add."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{NEWEST}"


def upgrade() -> None:
    """Add columns and a table."""
    op.add_column("users", sa.Column("nickname", sa.Text(), nullable=True))
    op.add_column("ratings", sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))
    op.create_table("badges", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.create_index("ix_badges_name", "badges", ["name"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("badges")
    op.drop_column("ratings", "weight")
    op.drop_column("users", "nickname")
'''
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.slow
Sites = tuple[Site, Site]


@pytest.fixture(params=databases.VARIANTS[:2])
def sites(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """A server of this version, and then one of the next, whose migration is applied while the first one serves."""
    following = tmp_path / "next"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, following / package, ignore=shutil.ignore_patterns("__pycache__"))
    (following / "data/database/migrations/versions/r9999_next.py").write_text(EXPANSION, encoding="utf-8")
    home = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample").home
    with ExitStack() as stack:
        url = stack.enter_context(databases.variant(request.param, tmp_path, request))
        settings = {
            "MARQUEE_DATABASE_URL": url,
            "MARQUEE_SECRET_KEY": "k" * 40,
            "MARQUEE_RATE_LIMITS": "0",
            "MARQUEE_DRAIN_SECONDS": "0",
        }
        old = Site(home, free_port(), settings)
        new = Site(home, free_port(), settings, code=following)
        stack.enter_context(old.running("serve", log=stack.enter_context((tmp_path / "old").open("w"))))
        migrated = new.call("database", "migrate")
        assert migrated.returncode == 0, migrated.stderr
        assert database.current(url) == "9999"
        stack.enter_context(new.running("serve", log=stack.enter_context((tmp_path / "new").open("w"))))
        yield old, new


def call(site: Site, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    """Return status and content of a call of the API."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None


def test_the_migration_of_this_test_keeps_the_rule() -> None:
    assert violations(EXPANSION) == []


def test_users_sign_up_sign_in_rate_and_search_on_both_versions(sites: Sites) -> None:
    movie = call(sites[0], "GET", "/api/search?q=robot")[1]["results"][0]["id"]
    for number, (one, other) in enumerate((sites, sites[::-1])):
        name = f"Ada{number}"
        assert call(one, "POST", "/api/accounts", {"name": name, "password": PASSWORD})[0] == 201
        given = {"account": name, "password": PASSWORD, "name": "tests", "scopes": ["read", "write"]}
        status, made = call(other, "POST", "/api/tokens", given)
        assert status == 201, made
        token = made["secret"]
        assert call(other, "PUT", f"/api/me/ratings/{movie}", {"stars": 4.5}, token)[0] in (200, 204)
        for site in (one, other):
            status, rating = call(site, "GET", f"/api/me/ratings/{movie}", token=token)
            assert (status, rating["stars"]) == (200, 4.5)
            assert call(site, "GET", "/api/search?q=robot")[1]["results"][0]["id"] == movie
            assert call(site, "GET", "/health/ready")[1]["degraded"] == {}


def test_the_old_version_can_be_started_again_after_the_migration(sites: Sites) -> None:
    old, _ = sites
    again = Site(old.home, free_port(), old.settings)
    with again.running("serve"):
        assert call(again, "POST", "/api/accounts", {"name": "Grace", "password": PASSWORD})[0] == 201
        assert call(again, "GET", "/health/ready")[1]["degraded"] == {}
    assert database.current(old.settings["MARQUEE_DATABASE_URL"]) == "9999"
