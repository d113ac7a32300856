"""The application over made-up movies, and over failing services."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from tests import fakes
from tests.webapp import made_once

Open = Callable[..., FlaskClient]


@pytest.fixture(scope="session", autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A temporary home, so that the site's key is not written to the files of the current user."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    """Share compiled templates and schemas between applications."""
    with made_once.kept():
        yield


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Default settings, without limits: the tests share an application and an address."""
    return Settings(rate_limits=False)


@pytest.fixture(scope="session")
def client(settings: Settings) -> FlaskClient:
    """A client of the site over the made-up movies."""
    return webapp.create_app(fakes.services(settings=settings)).test_client()


@pytest.fixture
def broken(settings: Settings) -> Open:
    """A client of a site whose services all raise the given error."""

    def open_broken(error: Exception) -> FlaskClient:
        return webapp.create_app(fakes.broken_services(error, settings=settings)).test_client()

    return open_broken
