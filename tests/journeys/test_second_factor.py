"""The second factor in a real browser: an authenticator app, and a passkey of Chromium's virtual authenticator."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

import webapp
from core.config import Settings
from data import database
from engine.accounts.accounts import Accounts
from tests import databases, fakes
from tests.journeys.access import grave
from tests.journeys.conftest import HARMLESS, NARROW, unused
from tests.webapp.signed_in import CHEAP

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running site with a real database, on a host name, as passkeys need one."""
    folder = tmp_path_factory.mktemp("factors")
    stores = databases.open_new(f"sqlite:///{folder / 'people.sqlite'}")
    made = replace(
        fakes.services(settings=Settings(home=folder, secret_key="k" * 40)),
        accounts=Accounts(stores, hashing=CHEAP, key=lambda: "k" * 40),
    )
    server = make_server("127.0.0.1", 0, webapp.create_app(made), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    database.close(stores)


@pytest.fixture
def page(chromium: Browser, url: str) -> Iterator[Page]:
    """A page of a browser whose scripts raise no error and violate no policy."""
    context = chromium.new_context(base_url=url, viewport=NARROW)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if not any(sign in text for sign in HARMLESS)] == []


def sign_up(page: Page, name: str) -> None:
    """Create an account."""
    page.goto("/sign-up")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Create an account").click()
    expect(page).not_to_have_url(re.compile("/sign-up"))


def sign_in(page: Page, name: str) -> None:
    """Sign out, and enter name and password."""
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def test_a_passkey_is_created_and_signs_in(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    name = unused("Ada")
    sign_up(page, name)
    page.goto("/account/second-factor")
    assert grave(page) == []
    page.get_by_label("Name of the new passkey").fill("My computer")
    page.locator("#passkey-password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Create the passkey")).to_be_visible()
    assert grave(page) == []
    page.get_by_role("button", name="Create the passkey").press("Enter")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert grave(page) == []
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    sign_in(page, name)
    assert grave(page) == []
    page.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page.locator(".menu summary")).to_contain_text(name)

    session.send("WebAuthn.clearCredentials", {"authenticatorId": device})  # lost
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    sign_in(page, name)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey could not be used.")).to_be_visible(timeout=90_000)


def test_an_authenticator_app_works_by_keyboard_and_without_javascript(chromium: Browser, url: str) -> None:
    context = chromium.new_context(base_url=url, viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    name = unused("Grace")
    sign_up(page, name)
    page.goto("/account/second-factor")
    page.locator("#app-password").fill(PASSWORD)
    page.locator("#app-password").press("Enter")
    expect(page.get_by_role("img", name="QR code with the key below")).to_be_visible()
    assert page.locator(".qr svg").bounding_box() is not None
    key = pyotp.TOTP(page.get_by_label("Key, if you cannot scan it").input_value())
    page.get_by_label("Code", exact=True).fill(key.now())
    page.get_by_label("Code", exact=True).press("Enter")
    code = page.locator(".codes code").first.inner_text()
    sign_in(page, name)
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_label("Code", exact=True).press("Enter")
    expect(page.locator(".menu")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("Second factor accepted").first).to_be_visible()
    context.close()


def test_the_pages_of_the_app_and_of_the_account_are_accessible(page: Page) -> None:
    sign_up(page, unused("Rosalind"))
    page.goto("/account/second-factor")
    page.locator("#app-password").fill(PASSWORD)
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    assert grave(page) == []
    page.goto("/account")
    assert grave(page) == []
