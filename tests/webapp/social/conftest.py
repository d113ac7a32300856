"""One site for all tests of a module, with new users for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.users import Scope
from tests.webapp import signed_in
from tests.webapp.signed_in import Site
from tests.webapp.social.people import Browser, join


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a real database."""
    with signed_in.site(Path(tmp_path_factory.mktemp("social"))) as opened:
        yield opened


@pytest.fixture
def ada(site: Site) -> Browser:
    """A user."""
    return join(site)


@pytest.fixture
def bob(site: Site) -> Browser:
    """Another user."""
    return join(site)


@pytest.fixture
def eve(site: Site) -> Browser:
    """A third user."""
    return join(site)


@pytest.fixture
def visitor(site: Site) -> Browser:
    """Somebody without an account."""
    return Browser(site.visitor())


@pytest.fixture
def admin(site: Site) -> Browser:
    """An administrator."""
    user, caller = site.member()
    site.stores.accounts.set_administrator(user.id, True)
    found = site.stores.accounts.user(user.id)
    assert found is not None
    _, secret = site.services.accounts.add_token(found, "office", frozenset(Scope) - {Scope.SCROBBLE})
    caller.token = secret
    return Browser(caller, found)
