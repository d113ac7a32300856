"""A live site and a real browser."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pydantic import SecretStr
from werkzeug.serving import make_server

import webapp
from engine.services import Services
from tests import browsers, sample

SCREENSHOTS = Path("artifacts/screenshots")
# A refused form (4xx), a request that the network fails on purpose, and one that is cut off by leaving the page (htmx
# reports both events for it; an answer of 5xx is reported as "htmx:responseError").
HARMLESS = ("status of 4", "ERR_", "htmx:afterRequest", "htmx:sendAbort")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

Visit = Callable[..., AbstractContextManager[Page]]

_numbers = itertools.count(1)


def unused(name: str) -> str:
    """Return a user name that is still free when a test that failed runs once more on the same site."""
    return f"{name}-{next(_numbers)}"


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """The services of the site: the sample catalogue with real search, a model and user data."""
    home = sample.shared(tmp_path_factory.getbasetemp()) / "trained"
    people = tmp_path_factory.mktemp("people") / "people.sqlite"
    own = {"database_url": SecretStr(f"sqlite:///{people}")}
    return sample.services(sample.trained(home).model_copy(update=own))


@pytest.fixture(scope="session")
def site(services: Services) -> Iterator[str]:
    """The URL of a running site."""
    with running(services) as address:
        yield address


@contextmanager
def running(services: Services) -> Iterator[str]:
    """A running site with its URL."""
    server = make_server("127.0.0.1", 0, webapp.create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.debian(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Visit:
    """Opens a path; console errors of the page fail the test."""

    @contextmanager
    def open_page(path: str = "/", *, status: int = 200, **options: object) -> Iterator[Page]:
        context = chromium.new_context(base_url=site, **{"viewport": WIDE, **options})
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status
        yield page
        context.close()
        assert [text for text in complaints if not any(sign in text for sign in HARMLESS)] == []

    return open_page


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Saves a screenshot as an artifact."""

    def take(page: Page, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return take
