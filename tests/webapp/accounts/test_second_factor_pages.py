"""The pages of the second factor, in a browser without JavaScript, and what programs and administrators need."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pyotp
import pytest

from data.database import Stores
from engine.accounts.accounts import FACTOR_FIRST, NEEDS_FACTOR
from tests.authenticator import Authenticator
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site, make

PAGE = "/account/second-factor"
PROVE = "/sign-in/second-factor"


def field(text: str, name: str) -> str:
    """Return the value of an input."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return unescape(found[1])


def options(text: str) -> str:
    """Return the options for the script."""
    found = re.search(r'data-options="([^"]*)"', text)
    assert found
    return unescape(found[1])


def set_up(browser: Browser) -> tuple[str, list[str]]:
    """Set up an authenticator app; return its key and the recovery codes."""
    text = browser.send(PAGE, f"{PAGE}/app", password=PASSWORD).text
    found = re.search(r'id="key"[^>]* value="([A-Z2-7]{32})"', text)
    assert found
    done = browser.send(PAGE, f"{PAGE}/app/confirm", setup=field(text, "setup"), code=pyotp.TOTP(found[1]).now())
    assert done.status_code == 200, done.text
    assert done.headers["Cache-Control"] == "no-store"
    return found[1], re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)


def test_an_app_is_set_up_by_a_qr_code_and_asked_for_at_sign_in(ada: Browser, site: Site) -> None:
    refused = ada.send(PAGE, f"{PAGE}/app", password="wrong horse")
    assert refused.status_code == 400
    assert 'id="app-password-fault">This is not your password.' in refused.text
    page = ada.send(PAGE, f"{PAGE}/app", password=PASSWORD)
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    _, codes = set_up(ada)
    assert len(codes) == 10
    assert "10 codes are left" in ada.get(PAGE).text

    other = site.browser()
    first = other.sign_in(next="/ratings")
    assert first.headers["Location"] == f"{PROVE}?next=/ratings"
    assert not other.signed_in()
    form = other.get(f"{PROVE}?next=/ratings")
    assert form.headers["Cache-Control"] == "no-store"
    wrong = other.send(PROVE, PROVE, code="000000", next="/ratings")
    assert wrong.status_code == 400
    assert 'id="code-fault">This code is wrong or was used already.' in wrong.text
    right = other.send(PROVE, PROVE, code=codes[0], next="/ratings")
    assert right.headers["Location"] == "/ratings"
    assert other.signed_in()


def test_a_wrong_code_of_the_setup_shows_the_same_key_again(ada: Browser) -> None:
    text = ada.send(PAGE, f"{PAGE}/app", password=PASSWORD).text
    wrong = ada.send(PAGE, f"{PAGE}/app/confirm", setup=field(text, "setup"), code="000000")
    assert wrong.status_code == 400
    assert field(wrong.text, "setup") == field(text, "setup")
    assert re.findall(r'id="key"[^>]*', wrong.text) == re.findall(r'id="key"[^>]*', text)
    assert ada.send(PAGE, f"{PAGE}/app/confirm", setup="unknown", code="000000").status_code == 404


def test_the_second_step_without_the_first_leads_to_the_first(browser: Browser, ada: Browser) -> None:
    del ada
    fresh = Browser(browser.client.application.test_client())
    assert fresh.get(PROVE).headers["Location"] == "/sign-in"
    token = fresh.token("/sign-in")
    assert fresh.post(PROVE, {"csrf_token": token, "code": "000000"}).headers["Location"] == "/sign-in"


def test_attempts_of_the_second_factor_are_limited(ada: Browser, site: Site) -> None:
    set_up(ada)
    other = site.browser()
    other.sign_in()
    answers = [other.send(PROVE, PROVE, code="000000").status_code for _ in range(10)]
    assert answers == [400] * 9 + [429]  # the setup counted too
    assert not other.signed_in()


def test_a_passkey_is_added_used_and_removed(ada: Browser, site: Site) -> None:
    key = Authenticator()
    created = ada.send(PAGE, f"{PAGE}/passkeys", password=PASSWORD, name="My key")
    assert created.headers["Cache-Control"] == "no-store"
    answer = key.create(options(created.text))
    assert json.loads(options(created.text))["rp"]["id"] == "localhost"
    done = ada.send(PAGE, f"{PAGE}/passkeys/confirm", name="My key", passkey=answer)
    assert "Your recovery codes" in done.text
    assert ada.send(PAGE, f"{PAGE}/passkeys/confirm", name="My key", passkey=answer).status_code == 400

    other = site.browser()
    other.sign_in()
    signed = key.sign(options(other.get(PROVE).text))
    assert other.send(PROVE, PROVE, passkey=signed).status_code == 303
    assert other.signed_in()
    assert other.get(PAGE).text.count("My key") == 2
    found = re.search(rf"{PAGE}/passkeys/(\d+)/remove", other.get(PAGE).text)
    assert found
    assert other.send(PAGE, found[0], password="wrong horse").status_code == 400
    assert other.send(PAGE, found[0], password=PASSWORD).status_code == 303
    assert "My key" not in other.get(PAGE).text


def test_codes_are_renewed_and_the_app_is_removed_with_the_password(ada: Browser, site: Site) -> None:
    assert ada.send(PAGE, f"{PAGE}/codes", password=PASSWORD).status_code == 404
    _, codes = set_up(ada)
    renewed = ada.send(PAGE, f"{PAGE}/codes", password=PASSWORD)
    assert len(set(re.findall(r"<code>([a-z2-7-]{19})</code>", renewed.text)) - set(codes)) == 10
    assert ada.send(PAGE, f"{PAGE}/app/remove", password="wrong horse").status_code == 400
    assert ada.send(PAGE, f"{PAGE}/app/remove", password=PASSWORD).status_code == 303
    other = site.browser()
    assert other.sign_in().headers["Location"] == "/"


def test_a_program_sends_the_code_with_the_password(ada: Browser, site: Site) -> None:
    _, codes = set_up(ada)
    body = {"account": "Ada", "password": PASSWORD, "name": "script", "scopes": ["read"]}
    program = site.app.test_client()
    refused = program.post("/api/tokens", json=body)
    assert refused.status_code == 400
    assert refused.json["errors"] == {"code": NEEDS_FACTOR}
    assert program.post("/api/tokens", json={**body, "code": "000000"}).status_code == 400
    assert program.post("/api/tokens", json={**body, "code": codes[0]}).status_code == 201
    assert program.post("/api/tokens", json={**body, "code": codes[0]}).status_code == 400


@pytest.fixture
def strict(stores: Stores, tmp_path: Path) -> Site:
    """A site that requires a second factor of administrators, with the administrator Ada."""
    site = make(stores, tmp_path, admin_second_factor=True)
    user = site.services.accounts.sign_up("Ada", PASSWORD)
    stores.accounts.set_administrator(user.id, True)
    return site


def test_an_administrator_is_led_to_the_setup_if_the_site_requires_it(strict: Site) -> None:
    browser = strict.browser()
    browser.sign_in()
    assert browser.get("/admin").headers["Location"] == PAGE
    assert FACTOR_FIRST in unescape(browser.get(PAGE).text)
    refused = browser.get("/api/ml/jobs")
    assert (refused.status_code, refused.json["detail"]) == (403, FACTOR_FIRST)
    body = {"password": PASSWORD, "name": "script", "scopes": ["read", "admin"]}
    headers = {"X-CSRFToken": browser.token("/account")}
    assert browser.client.post("/api/tokens", json=body, headers=headers).json["errors"] == {"scopes": FACTOR_FIRST}
    set_up(browser)
    assert browser.get("/admin").status_code == 200
    made = browser.client.post("/api/tokens", json=body, headers=headers)
    bearer = {"Authorization": f"Bearer {made.json['secret']}"}
    assert strict.app.test_client().get("/api/ml/jobs", headers=bearer).status_code == 200
    browser.send(PAGE, f"{PAGE}/app/remove", password=PASSWORD)
    assert strict.app.test_client().get("/api/ml/jobs", headers=bearer).status_code == 403


def test_other_users_need_no_second_factor_there(strict: Site) -> None:
    bob = strict.browser()
    bob.sign_up("Bob")
    assert bob.get("/admin").status_code == 403
    assert bob.signed_in()


def test_every_field_of_these_pages_has_a_label(ada: Browser, site: Site) -> None:
    texts = [ada.get(PAGE).text, ada.send(PAGE, f"{PAGE}/app", password=PASSWORD).text]
    set_up(ada)
    texts.append(ada.get(PAGE).text)
    other = site.browser()
    other.sign_in()
    texts.append(other.get(PROVE).text)
    for text in texts:
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'<input id="([^"]+)"', text)) <= set(
            re.findall(r'<label (?:class="[^"]*" )?for="([^"]+)"', text)
        )
        for described in re.findall(r'aria-describedby="([^"]+)"', text):
            assert set(described.split()) <= set(ids)
