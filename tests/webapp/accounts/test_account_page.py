"""The page /account: preferences, password, browsers, tokens, export, deletion."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime

import pytest

from core.users import Scope, SecurityEvent, SecurityEventKind, User
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site


def user(site: Site, name: str = "Ada") -> User:
    """Return an account as stored."""
    found = site.stores.accounts.find(name)
    assert found
    return found[0]


def test_a_visitor_is_asked_to_sign_in(browser: Browser) -> None:
    assert browser.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert browser.get("/account/export").status_code == 303


@pytest.mark.parametrize(
    "action",
    [
        "/account/preferences",
        "/account/password",
        "/account/tokens",
        "/account/browsers/1/end",
        "/account/tokens/1/revoke",
        "/account/delete",
    ],
)
def test_a_visitor_can_change_nothing(ada: Browser, site: Site, action: str) -> None:
    other = site.browser()
    answer = other.post(action, {"csrf_token": other.token(), "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
    assert ada.signed_in()


def test_preferences_are_saved(ada: Browser, site: Site) -> None:
    answer = ada.send("/account", "/account/preferences", familiarity="85", taste_in_search="1", watchlist_in_lists="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account#preferences")
    kept = user(site).preferences
    assert (kept.taste_in_search, kept.keep_events, kept.watchlist_in_lists, kept.familiarity) == (
        True,
        False,
        True,
        0.85,
    )
    page = ada.get("/account").text
    assert "Your preferences have been saved." in page
    assert 'value="85"' in page
    assert re.search(r'id="taste_in_search"[^>]* checked', page)
    assert re.search(r'id="watchlist_in_lists"[^>]* checked', page)
    assert not re.search(r'id="keep_events"[^>]* checked', page)
    assert "Your preferences have been saved." not in ada.get("/account").text


@pytest.mark.parametrize("sent", ["101", "-1", "x", "9" * 5000, "٣", "1e1"])
def test_a_slider_of_this_site_has_a_number_from_0_to_100(ada: Browser, site: Site, sent: str) -> None:
    answer = ada.send("/account", "/account/preferences", familiarity=sent)
    assert answer.status_code == 400
    assert "from 0 to 100" in answer.text
    assert user(site).preferences.familiarity == 0.5


def test_a_time_zone_is_chosen_from_a_list_and_kept(ada: Browser, site: Site) -> None:
    assert "Use this site's time zone (UTC)</option>" in ada.get("/account").text
    ada.send("/account", "/account/preferences", familiarity="50", time_zone="Pacific/Auckland")
    assert user(site).preferences.time_zone == "Pacific/Auckland"
    assert "<option selected>Pacific/Auckland</option>" in ada.get("/account").text
    ada.send("/account", "/account/preferences", familiarity="50")
    assert user(site).preferences.time_zone == "Pacific/Auckland"
    ada.send("/account", "/account/preferences", familiarity="50", time_zone="site")
    assert user(site).preferences.time_zone == ""


@pytest.mark.parametrize("sent", ["Mars/Base", "CEST", "../UTC", "x" * 5000])
def test_an_unknown_time_zone_is_refused_at_the_field(ada: Browser, site: Site, sent: str) -> None:
    answer = ada.send("/account", "/account/preferences", familiarity="50", time_zone=sent)
    assert answer.status_code == 400
    assert 'id="time-zone-fault">Choose a time zone from the list, such as Europe/Madrid.' in answer.text
    assert user(site).preferences.time_zone == ""


def test_the_dates_of_the_account_are_in_the_time_zone_of_the_user(ada: Browser, site: Site) -> None:
    account = user(site)
    evening = datetime(2026, 3, 3, 11, 30, tzinfo=UTC)
    site.stores.security_events.add([SecurityEvent(account.id, evening, SecurityEventKind.TOKEN_CREATED)])
    assert "3 March 2026, 11:30 UTC" in ada.get("/account").text
    ada.send("/account", "/account/preferences", familiarity="50", time_zone="Pacific/Auckland")
    assert "4 March 2026, 00:30 NZDT" in ada.get("/account").text
    ada.send("/account", "/account/preferences", familiarity="50", time_zone="America/Los_Angeles")
    assert "3 March 2026, 03:30 PST" in ada.get("/account").text


def test_a_new_password_signs_all_other_browsers_out(ada: Browser, site: Site) -> None:
    other = site.browser()
    other.sign_in()
    answer = ada.send("/account", "/account/password", old=PASSWORD, new="another horse")
    assert answer.status_code == 303
    assert ada.signed_in()
    assert not other.signed_in()
    assert other.sign_in(password=PASSWORD).status_code == 400
    assert other.sign_in(password="another horse").status_code == 303


def test_errors_of_a_new_password_are_shown_at_the_fields(ada: Browser) -> None:
    answer = ada.send("/account", "/account/password", old="wrong horse", new="Ada")
    assert answer.status_code == 400
    assert 'id="old-fault">This is not your password.' in answer.text
    assert 'id="new-fault">Use 8 to 200 characters.' in answer.text
    assert ada.signed_in()


def test_browsers_are_listed_and_can_be_signed_out(ada: Browser, site: Site) -> None:
    lost = site.browser(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537.36"})
    lost.sign_in()
    page = ada.get("/account").text
    assert "Chrome on Android" in page
    assert page.count("this browser") == 1
    number = next(s.id for s in site.services.accounts.sessions(user(site)) if s.label == "Chrome on Android")
    assert ada.send("/account", f"/account/browsers/{number}/end").headers["Location"] == "/account#browsers"
    assert not lost.signed_in()
    assert ada.signed_in()


def test_signing_out_this_browser_in_the_list_signs_out(ada: Browser, site: Site) -> None:
    number = site.services.accounts.sessions(user(site))[0].id
    assert ada.send("/account", f"/account/browsers/{number}/end").headers["Location"] == "/"
    assert not ada.signed_in()


@pytest.mark.parametrize("number", ["999999", "0", "99999999999999999999999999"])
def test_an_unknown_browser_is_a_404(ada: Browser, number: str) -> None:
    assert ada.send("/account", f"/account/browsers/{number}/end").status_code == 404
    assert ada.send("/account", f"/account/tokens/{number}/revoke").status_code == 404


def test_nobody_ends_the_session_of_somebody_else(ada: Browser, site: Site) -> None:
    number = site.services.accounts.sessions(user(site))[0].id
    mallory = site.browser()
    mallory.sign_up("Mallory")
    assert mallory.send("/account", f"/account/browsers/{number}/end").status_code == 404
    assert ada.signed_in()


def test_a_token_is_shown_once(ada: Browser, site: Site) -> None:
    made = ada.send("/account", "/account/tokens", token="my script", scopes=["read"], password=PASSWORD, days="7")
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    found = re.search(r'id="secret"[^>]* value="([\w-]{43})"', made.text)
    assert found
    page = ada.get("/account").text
    assert "my script" in page
    assert found[1] not in page
    response = site.browser().get("/api/me", headers={"Authorization": f"Bearer {found[1]}"})
    assert response.json is not None
    assert response.json["name"] == "Ada"


def test_a_token_without_a_name_or_a_scope_is_refused_at_the_fields(ada: Browser, site: Site) -> None:
    answer = ada.send("/account", "/account/tokens", token=" ", scopes=["everything"], password=PASSWORD, days="9999")
    assert answer.status_code == 400
    assert 'id="token-fault">' in answer.text
    assert "Choose at least one" in answer.text
    assert "Choose 1 to 365 days." in answer.text
    assert site.services.accounts.tokens(user(site)) == []


def test_a_token_needs_the_password(ada: Browser, site: Site) -> None:
    refused = ada.send("/account", "/account/tokens", token="mine", scopes=["read"], password="wrong horse")
    assert refused.status_code == 400
    assert 'id="token-password-fault">This is not your password.' in refused.text
    assert site.services.accounts.tokens(user(site)) == []


def test_only_administrators_see_and_grant_the_scope_admin(ada: Browser, site: Site) -> None:
    assert "administer this site" not in ada.get("/account").text
    fields = {"token": "mine", "scopes": ["read", "admin"], "password": PASSWORD}
    assert ada.send("/account", "/account/tokens", **fields).status_code == 400
    site.stores.accounts.set_administrator(user(site).id, True)
    assert "administer this site" in ada.get("/account").text
    assert ada.send("/account", "/account/tokens", **fields).status_code == 200
    (token,) = site.services.accounts.tokens(user(site))
    assert token.scopes == {Scope.READ, Scope.ADMIN}


def test_a_new_password_renews_the_session_and_revokes_tokens(ada: Browser, site: Site) -> None:
    before = ada.cookie()
    stolen = Browser(site.app.test_client())
    stolen.client.set_cookie("marquee", before)
    assert stolen.signed_in()
    _, secret = site.services.accounts.add_token(user(site), "mine", frozenset({Scope.READ}))
    ada.send("/account", "/account/password", old=PASSWORD, new="another horse", keep_tokens="1")
    assert site.services.accounts.of_token(secret) is not None
    assert ada.signed_in()
    stolen.client.set_cookie("marquee", before)
    assert not stolen.signed_in()
    ada.send("/account", "/account/password", old="another horse", new=PASSWORD)
    assert site.services.accounts.of_token(secret) is None
    assert "All API tokens have been revoked." in ada.get("/account").text


def test_recent_activity_shows_network_and_browser_without_addresses(ada: Browser, site: Site) -> None:
    site.browser(address="2001:db8:1:2::3").sign_in(password="wrong horse")
    site.services.accounts.security_log.flush()
    page = ada.get("/account").text
    assert "Wrong password" in page
    assert "2001:db8:1::/48" in page
    assert "2001:db8:1:2" not in page
    assert "192.0.2.0/24" in page


def test_a_sign_in_from_a_new_device_is_announced_until_dismissed(ada: Browser, site: Site) -> None:
    words = "Your account was signed in to from a new device."
    stranger = site.browser()
    stranger.sign_in(password="wrong horse")
    assert stranger.client.get_cookie("marquee_device") is None
    again = ada.client.get_cookie("marquee_device")
    assert again is not None
    assert (again.http_only, again.same_site) == (True, "Lax")
    ada.send("/account", "/sign-out")
    ada.sign_in()
    assert words not in ada.get("/about").text
    other = site.browser(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537.36"})
    other.sign_in()
    assert words not in other.get("/about").text
    assert words in ada.get("/about").text
    assert "Signed in from a new device" in ada.get("/account").text
    answer = ada.send("/account", "/account/notice/dismiss")
    assert answer.headers["Location"] == "/account#activity"
    assert words not in ada.get("/about").text


def test_a_token_can_be_revoked(ada: Browser, site: Site) -> None:
    token, secret = site.services.accounts.add_token(user(site), "mine", frozenset({Scope.READ}))
    assert ada.send("/account", f"/account/tokens/{token.id}/revoke").status_code == 303
    assert site.services.accounts.of_token(secret) is None


def test_an_export_is_a_file_download(ada: Browser) -> None:
    answer = ada.get("/account/export")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.text)["account"]["name"] == "Ada"


def test_deleting_an_account_needs_its_password(ada: Browser, site: Site) -> None:
    refused = ada.send("/account", "/account/delete", password="wrong horse")
    assert refused.status_code == 400
    assert 'id="delete-password-fault">This is not your password.' in refused.text
    gone = ada.send("/account", "/account/delete", password=PASSWORD)
    assert (gone.status_code, gone.headers["Location"]) == (303, "/account/deleted")
    assert gone.headers["Clear-Site-Data"] == '"cache"'
    assert "deleted" in ada.get("/account/deleted").text
    assert not ada.signed_in()
    with sqlite3.connect(site.file) as connection:
        for table in ("users", "sessions", "tokens"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - ours


def test_other_browsers_of_a_deleted_account_are_visitors(ada: Browser, site: Site) -> None:
    other = site.browser()
    other.sign_in()
    ada.send("/account", "/account/delete", password=PASSWORD)
    assert other.get("/movies/101").status_code == 200
    assert not other.signed_in()


def test_a_name_is_shown_as_text(browser: Browser, site: Site) -> None:
    browser.sign_up()
    ada = user(site)
    site.services.accounts.add_token(ada, "<script>alert(1)</script>", frozenset({Scope.READ}))
    assert "<script>alert" not in browser.get("/account").text


def test_the_page_needs_no_inline_script_or_style(ada: Browser) -> None:
    for page in ("/account", "/account/deleted"):
        text = ada.get(page).text
        assert "style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


def test_every_field_has_a_label_and_every_id_is_unique(ada: Browser, site: Site) -> None:
    pages = [ada.get("/account").text, *(site.browser().get(page).text for page in ("/sign-in", "/sign-up"))]
    for text in pages:
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        labelled = set(re.findall(r'<label (?:class="[^"]*" )?for="([^"]+)"', text))
        fields = re.findall(r'<input id="([^"]+)"', text)
        assert fields
        assert set(fields) <= labelled
        for described in re.findall(r'aria-describedby="([^"]+)"', text):
            assert set(described.split()) <= set(ids)


def test_the_language_of_the_account_is_saved_and_takes_precedence(ada: Browser, site: Site) -> None:
    ada.send("/account", "/account/preferences", familiarity="50", language="de")
    assert user(site).preferences.language == "de"
    page = ada.get("/account").text
    assert '<html lang="de">' in page
    assert "Deine Einstellungen sind gespeichert." in page
    assert '<option value="de" lang="de" selected>' in page
    ada.send("/account", "/account/preferences", familiarity="50", language="browser")
    assert user(site).preferences.language == ""


@pytest.mark.parametrize("language", ["", "xx"])
def test_a_missing_or_unknown_language_changes_nothing(ada: Browser, site: Site, language: str) -> None:
    ada.send("/account", "/account/preferences", familiarity="50", language="fr")
    ada.send("/account", "/account/preferences", familiarity="50", language=language)
    assert user(site).preferences.language == "fr"


def test_the_footer_changes_the_language_of_the_account(ada: Browser, site: Site) -> None:
    answer = ada.send("/account", "/language", language="es", next="/account")
    assert answer.headers["Location"] == "/account"
    assert user(site).preferences.language == "es"
    assert '<html lang="es">' in ada.get("/account").text


def test_nobody_else_changes_the_language_of_an_account(ada: Browser, site: Site) -> None:
    assert ada.client.post("/language", data={"language": "es"}).status_code == 400
    assert user(site).preferences.language == ""
