"""Sign-up, sign-in and sign-out with a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import session

from data.database import Stores
from engine.accounts.accounts import WRONG
from engine.accounts.names import NOT_AVAILABLE
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site, make
from webapp.accounts import user_agents
from webapp.http import sessions


def test_a_new_user_signs_up_and_is_signed_in(browser: Browser) -> None:
    answer = browser.sign_up()
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/welcome")
    assert browser.signed_in()
    assert "Ada" in browser.get("/about").text


def test_the_welcome_page_leads_back_to_the_previous_page(browser: Browser) -> None:
    assert browser.sign_up(next="/movies/101?x=1").headers["Location"] == "/welcome?next=/movies/101%3Fx%3D1"


def test_signing_out_and_in_again(ada: Browser) -> None:
    out = ada.send("/account", "/sign-out")
    assert (out.status_code, out.headers["Location"]) == (303, "/")
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert not ada.signed_in()
    back = ada.sign_in()
    assert (back.status_code, back.headers["Location"]) == (303, "/")
    assert ada.signed_in()


def test_signing_out_needs_a_form_rather_than_a_link(ada: Browser) -> None:
    assert ada.get("/sign-out").status_code == 405
    assert ada.signed_in()


@pytest.mark.usefixtures("ada")
def test_signing_in_leads_back_to_the_previous_page(site: Site) -> None:
    other = site.browser()
    redirect = other.get("/account")
    assert (redirect.status_code, redirect.headers["Location"]) == (303, "/sign-in?next=/account")
    page = other.get("/sign-in?next=/account")
    assert 'name="next" value="/account"' in page.text
    assert other.sign_in(next="/account").headers["Location"] == "/account"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "https:evil.example",
        "http:/evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\x00/evil",
        "/x\r\nSet-Cookie: a=b",
        "\x1f//evil.example",
        " //evil.example",
        "evil.example",
        "//[",
        "",
    ],
)
def test_signing_in_never_redirects_to_another_site(site: Site, target: str) -> None:
    other = site.browser()
    assert other.sign_in(next=target).headers["Location"] == "/"
    assert sessions.local(target) == "/"


@pytest.mark.parametrize("target", ["/", "/movies/7", "/search?q=a%20b&page=2", "/people/Bran%C3%A9", "/a//b"])
def test_paths_of_this_site_are_followed(target: str) -> None:
    assert sessions.local(target) == target


def test_a_signed_in_user_is_not_asked_to_sign_in_again(ada: Browser) -> None:
    answer = ada.get("/sign-in?next=/browse")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/browse")
    assert ada.get("/sign-up").status_code == 303


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong horse"), ("Nobody1", PASSWORD), ("Nobody1", "wrong")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(site: Site, name: str, password: str) -> None:
    other = site.browser()
    answer = other.sign_in(name, password)
    assert answer.status_code == 400
    assert WRONG in answer.text
    assert not other.signed_in()
    same = site.browser().sign_in("Ada", "some other horse")
    assert plain(answer.text, name) == plain(same.text, "Ada")


def plain(text: str, name: str) -> str:
    """Return a page without the parts that always differ: the typed name and the token."""
    lines = [line for line in text.replace(f'value="{name}"', "").splitlines() if "csrf_token" not in line]
    return "\n".join(lines)


def test_a_form_shows_errors_at_its_fields(browser: Browser) -> None:
    answer = browser.sign_up("Ada Lovelace", "short")
    assert answer.status_code == 400
    assert 'value="Ada Lovelace"' in answer.text
    assert "Use letters, digits and - _ . only." in answer.text
    assert 'id="password-fault">Use 8 to 200 characters.' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'role="alert"' in answer.text
    assert "short" not in answer.text.replace("Use 8", "")


@pytest.mark.parametrize("page", ["/sign-up", "/sign-in"])
def test_empty_fields_are_named(browser: Browser, page: str) -> None:
    answer = browser.send(page, page, name="", password="")
    assert answer.status_code == 400
    assert "Enter a name." in answer.text
    assert "Enter a password." in answer.text


def test_what_was_typed_is_shown_as_text(browser: Browser) -> None:
    text = browser.sign_up('"><script>alert(1)</script>').text
    assert "<script>alert" not in text


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("name", ["ada", "admin"])
def test_taken_and_reserved_names_get_the_same_message(site: Site, name: str) -> None:
    answer = site.browser().sign_up(name)
    assert answer.status_code == 400
    assert NOT_AVAILABLE in answer.text


def test_nobody_is_invited_if_sign_up_is_disabled(stores: Stores, tmp_path: Path) -> None:
    closed = make(stores, tmp_path, sign_up=False).browser()
    assert "/sign-up" not in closed.get("/sign-in").text
    assert closed.get("/sign-up").status_code == 403
    assert (
        closed.post("/sign-up", {"csrf_token": closed.token(), "name": "Ada", "password": PASSWORD}).status_code == 403
    )
    assert closed.client.post("/api/accounts", json={"name": "Ada", "password": PASSWORD}).status_code == 403


def test_a_new_session_begins_with_an_empty_cookie(site: Site) -> None:
    with site.app.test_request_context():
        session.update(planted="x", csrf_token="known to somebody else")
        sessions.begin("secret")
        assert "planted" not in session
        assert session["csrf_token"] != "known to somebody else"


@pytest.mark.usefixtures("ada")
def test_signing_in_sets_a_cookie_without_anything_of_the_previous_one(site: Site) -> None:
    """Session fixation: a cookie planted before signing in is invalid afterwards."""
    victim = site.browser()
    victim.get("/sign-in")
    planted, token = victim.cookie(), victim.token()
    victim.sign_in()
    assert victim.cookie() != planted
    attacker = site.browser()
    attacker.client.set_cookie("marquee", planted)
    assert not attacker.signed_in()
    assert victim.post("/sign-out", {"csrf_token": token}).status_code == 400
    assert victim.signed_in()


def test_signing_in_again_ends_the_previous_session(ada: Browser, site: Site) -> None:
    stolen = ada.cookie()
    ada.post("/sign-in", {"csrf_token": ada.token("/account"), "name": "Ada", "password": PASSWORD})
    thief = site.browser()
    thief.client.set_cookie("marquee", stolen)
    assert ada.signed_in()
    assert not thief.signed_in()


def test_a_cookie_copied_before_signing_out_is_invalid_afterwards(ada: Browser, site: Site) -> None:
    stolen = ada.cookie()
    ada.send("/account", "/sign-out")
    thief = site.browser()
    thief.client.set_cookie("marquee", stolen)
    assert not thief.signed_in()


def test_a_forged_cookie_identifies_nobody(ada: Browser, site: Site) -> None:
    other = site.browser()
    for made_up in ("x", "eyJvcGVuZWQiOiJ4In0.aaaa.bbbb", ada.cookie()[:-2] + "xx", "\x7f" * 10):
        other.client.set_cookie("marquee", made_up)
        assert not other.signed_in()


@pytest.mark.parametrize(("base", "secure"), [("http://localhost", False), ("https://localhost", True)])
def test_the_cookie_is_inaccessible_to_scripts_and_other_sites(site: Site, base: str, secure: bool) -> None:
    client = site.app.test_client()
    cookie = client.get("/sign-in", base_url=base).headers["Set-Cookie"]
    assert cookie.startswith("__Host-marquee=" if secure else "marquee=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) == secure


def test_a_visitor_who_only_browses_gets_no_cookie(browser: Browser) -> None:
    for page in ("/search?q=storm", "/about", "/movies/101", "/api/genres"):
        assert "Set-Cookie" not in browser.get(page).headers, page


def test_users_see_the_menu_and_visitors_the_sign_in_link(ada: Browser, site: Site) -> None:
    visitor = site.browser().get("/movies/101").text
    assert 'href="/sign-in?next=/movies/101"' in visitor
    assert "csrf-token" not in visitor
    user = ada.get("/movies/101").text
    assert '<meta name="csrf-token" content="' in user
    for path in ("/for-you", "/watchlist", "/ratings", "/profile", "/swipe", "/account"):
        assert f'<a href="{path}"' in user
    assert 'action="/sign-out"' in user
    assert "/sign-in" not in user


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("something " * 20, ("something " * 6).strip()),
        ("", "A browser"),
    ],
)
def test_a_browser_gets_a_recognizable_name(agent: str, words: str) -> None:
    assert user_agents.label(agent) == words
