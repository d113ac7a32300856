"""The pages of email addresses and of forgotten passwords, with a real mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from data.database import Stores
from tests.engine.accounts.test_email_recovery import Mailbox, free_port
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site, make

SITE_URL = "http://localhost"


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


@pytest.fixture
def site(stores: Stores, tmp_path: Path, mailbox: Mailbox) -> Iterator[Site]:
    """A site with a mail server."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    server = SecretStr(f"smtp://127.0.0.1:{controller.port}")
    yield make(stores, tmp_path, smtp_url=server, site_url=SITE_URL)
    controller.stop()


def link(site: Site, mailbox: Mailbox) -> str:
    """Return the path of the link in the latest mail."""
    site.services.accounts.recovery.flush()
    found = re.search(rf"{SITE_URL}(/\S+)", mailbox.mails[-1].get_content())
    assert found
    return found[1]


def add_address(browser: Browser, site: Site, mailbox: Mailbox, email: str = "ada@example.org") -> None:
    """Add an email address on the pages."""
    asked = browser.send("/account/email", "/account/email", email=email, password=PASSWORD)
    assert asked.headers["Location"] == "/account#email"
    path = link(site, mailbox)
    assert browser.get(path).status_code == 200
    confirmed = browser.send(path, "/account/email/confirm", secret=path.partition("=")[2])
    assert confirmed.status_code == 303


def test_an_address_is_added_used_and_deleted(ada: Browser, site: Site, mailbox: Mailbox) -> None:
    assert "With one, you could reset a forgotten password." in ada.get("/account").text
    wrong = ada.send("/account/email", "/account/email", email="nonsense", password=PASSWORD)
    assert wrong.status_code == 400
    assert 'id="email-fault">Enter an email address' in wrong.text
    assert ada.send("/account/email", "/account/email", email="a@example.org", password="wrong").status_code == 400
    add_address(ada, site, mailbox)
    assert "ada@example.org" in ada.get("/account").text

    other = site.browser()
    assert "Forgot your password?" in other.get("/sign-in").text
    sent = other.send("/forgot-password", "/forgot-password", named="ada")
    path = link(site, mailbox)
    secret = path.partition("=")[2]
    assert sent.status_code == 200
    form = other.get(path)
    assert form.headers["Cache-Control"] == "no-store"
    weak = other.send(path, "/reset-password", secret=secret, password="password1")
    assert weak.status_code == 400
    assert "too common" in weak.text
    done = other.send(path, "/reset-password", secret=secret, password="another horse")
    assert done.headers["Location"] == "/sign-in"
    assert "Sign in with the new one." in other.get("/sign-in").text
    assert not ada.signed_in()
    assert other.sign_in(password="another horse").status_code == 303
    again = other.get(path)
    assert again.status_code == 400
    assert "This link has expired or was used already." in again.text

    assert other.send("/account/email", "/account/email/remove", password="wrong").status_code == 400
    assert other.send("/account/email", "/account/email/remove", password="another horse").status_code == 303
    assert "ada@example.org" not in other.get("/account").text


def test_the_response_does_not_tell_whether_there_is_an_account(ada: Browser, site: Site, mailbox: Mailbox) -> None:
    add_address(ada, site, mailbox)
    pages = set()
    for number, named in enumerate(("Ada", "Nobody1", "ada@example.org", "nobody@example.org")):
        answer = site.browser(address=f"198.51.100.{number}").send("/forgot-password", "/forgot-password", named=named)
        text = re.sub(r'value="[^"]*"|urn:[^"]*', "", answer.text)
        pages.add((answer.status_code, text))
    assert len(pages) == 1


def test_a_reset_does_not_replace_the_second_factor(ada: Browser, site: Site, mailbox: Mailbox, stores: Stores) -> None:
    add_address(ada, site, mailbox)
    user = site.services.accounts.sign_in("Ada", PASSWORD)[0]
    site.services.accounts.second_factors.new_codes(user)
    stores.second_factors.add_passkey(user.id, credential="c", public_key="k", uses=0, name="k", at=user.created_at)
    other = site.browser()
    other.send("/forgot-password", "/forgot-password", named="Ada")
    path = link(site, mailbox)
    other.send(path, "/reset-password", secret=path.partition("=")[2], password="another horse")
    assert other.sign_in(password="another horse").headers["Location"] == "/sign-in/second-factor"
    assert not other.signed_in()


def test_mails_are_in_the_language_of_the_account(ada: Browser, site: Site, mailbox: Mailbox) -> None:
    ada.send("/account", "/account/preferences", familiarity="50", language="de")
    add_address(ada, site, mailbox)
    assert mailbox.mails[-1]["Subject"] == "Marquee: E-Mail-Adresse bestätigen"


def test_requests_for_mails_are_limited(site: Site) -> None:
    browser = site.browser()
    answers = [browser.send("/forgot-password", "/forgot-password", named="Ada").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize("path", ["/forgot-password", "/reset-password?secret=x", "/account/email"])
def test_without_a_mail_server_there_are_no_such_pages(stores: Stores, tmp_path: Path, path: str) -> None:
    browser = make(stores, tmp_path).browser()
    browser.sign_up()
    assert browser.get(path).status_code == 404
    assert "Forgot your password?" not in browser.get("/sign-in").text
    assert "Email address" not in browser.get("/account").text


def test_the_request_log_omits_the_secrets_of_links(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    browser = site.browser()
    for path in ("/reset-password?secret=one-time-one", "/sign-in?next=/account/email/confirm%3Fsecret%3Done-time-one"):
        browser.get(path)
    logged = [record.getMessage() for record in caplog.records if record.name == "marquee.access"]
    assert len(logged) == 2
    assert not any("one-time-one" in line for line in logged)
