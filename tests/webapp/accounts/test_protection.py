"""Protection against forged forms, shared caches and embedding."""

from __future__ import annotations

import io
from base64 import urlsafe_b64decode

import pytest

from core.users import Scope
from tests.webapp.accounts.conftest import PASSWORD, Browser, Site, make
from webapp import app as application

ACTIONS = ("/sign-out", "/account/preferences", "/account/password", "/account/tokens", "/account/delete")
ROUTES = (
    "/",
    "/search?q=storm",
    "/movies/101",
    "/sign-in",
    "/sign-up",
    "/account",
    "/account/export",
    "/account/deleted",
    "/api/me",
    "/api/tokens",
    "/api/me/export",
    "/api/search?q=storm",
    "/health/live",
    "/static/site/marquee.css",
    "/poster/101.svg",
    "/nowhere",
)


@pytest.mark.parametrize("action", [*ACTIONS, "/sign-in", "/sign-up"])
@pytest.mark.parametrize("token", [None, "", "x", "IjEi.aaaa.bbbb"])
def test_a_form_without_its_token_is_refused_with_a_message(ada: Browser, action: str, token: str | None) -> None:
    fields = {"name": "Bob", "password": PASSWORD, "old": PASSWORD, "new": "another horse"}
    answer = ada.post(action, fields if token is None else {**fields, "csrf_token": token})
    assert answer.status_code == 400
    assert "This form has expired or was not sent from this site." in answer.text
    assert ada.signed_in()


def test_the_token_of_another_user_is_refused(ada: Browser, site: Site) -> None:
    bob = site.browser()
    bob.sign_up("Bob")
    assert ada.post("/sign-out", {"csrf_token": bob.token("/account")}).status_code == 400
    assert ada.signed_in()


def test_a_token_in_the_header_is_accepted(ada: Browser) -> None:
    answer = ada.post("/sign-out", {}, headers={"X-CSRFToken": ada.token("/account")})
    assert answer.status_code == 303


def test_a_form_sent_by_another_site_is_refused_even_with_the_token(ada: Browser) -> None:
    token = ada.token("/account")
    answer = ada.post("/sign-out", {"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert ada.post("/sign-out", {"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


@pytest.mark.usefixtures("ada")
def test_a_visitor_cannot_be_signed_in_by_another_site(site: Site) -> None:
    """Login CSRF: otherwise, a visitor would rate movies in the account of an attacker."""
    other = site.browser()
    assert other.post("/sign-in", {"name": "Ada", "password": PASSWORD}).status_code == 400
    assert not other.signed_in()


def test_a_form_lives_as_long_as_its_session(ada: Browser, site: Site) -> None:
    assert site.app.config["WTF_CSRF_TIME_LIMIT"] is None
    token = ada.token("/account")
    for _ in range(3):
        assert ada.post("/account/preferences", {"csrf_token": token, "familiarity": "10"}).status_code == 303


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_call_with_a_cookie_needs_the_header(ada: Browser, method: str) -> None:
    send = getattr(ada.client, method)
    refused = send("/api/me", json={"familiarity": 1.0} if method == "patch" else {"password": PASSWORD})
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    assert "X-CSRFToken" in refused.json["detail"]
    assert ada.signed_in()


def test_a_call_with_a_cookie_and_the_header_is_accepted(ada: Browser) -> None:
    headers = {"X-CSRFToken": ada.token("/account")}
    assert (
        ada.client.patch("/api/me", json={"familiarity": 1.0}, headers=headers).json["preferences"]["familiarity"] == 1
    )


def test_a_call_with_a_bearer_token_needs_no_csrf_token(ada: Browser, site: Site) -> None:
    user, _ = site.services.accounts.sign_in("Ada", PASSWORD)
    _, secret = site.services.accounts.add_token(user, "mine", frozenset({Scope.READ, Scope.WRITE}))
    headers = {"Authorization": f"Bearer {secret}"}
    for client in (site.app.test_client(), ada.client):  # also together with a user's cookie
        assert client.patch("/api/me", json={"familiarity": 0.1}, headers=headers).status_code == 200


def test_an_invalid_bearer_token_does_not_fall_back_to_the_cookie(ada: Browser) -> None:
    headers = {"Authorization": "Bearer nonsense"}
    assert ada.client.patch("/api/me", json={"familiarity": 0.1}, headers=headers).status_code == 401
    assert ada.client.get("/api/me", headers=headers).status_code == 401


@pytest.mark.parametrize("url", ROUTES)
def test_every_response_has_the_security_headers(ada: Browser, site: Site, url: str) -> None:
    for browser in (ada, site.browser()):
        headers = browser.get(url).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("url", ["/search?q=storm", "/movies/101", "/about", "/api/search?q=storm", "/api/me"])
def test_no_cache_stores_what_a_user_sees(ada: Browser, url: str) -> None:
    answer = ada.get(url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"cookie", "authorization"} <= {name.lower() for name in answer.vary}


def test_what_a_visitor_sees_can_be_cached_and_revalidated(browser: Browser) -> None:
    answer = browser.get("/about")
    assert not answer.cache_control.private
    assert {"cookie", "authorization"} <= {name.lower() for name in answer.vary}
    again = browser.get("/about", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_etag_of_a_visitors_page_does_not_match_a_users_page(ada: Browser, site: Site) -> None:
    tag = site.browser().get("/about").headers["ETag"]
    assert ada.get("/about", headers={"If-None-Match": tag}).status_code == 200


def test_a_304_is_as_private_as_its_full_response(ada: Browser) -> None:
    first = ada.get("/api/me")
    again = ada.get("/api/me", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "no-store"
    assert "Cookie" in again.headers["Vary"]


@pytest.mark.parametrize("url", ["/account", "/account/export", "/sign-in", "/sign-up", "/api/me/export"])
def test_pages_with_forms_and_files_are_never_cached(ada: Browser, site: Site, url: str) -> None:
    browser = site.browser() if url.startswith("/sign") else ada
    answer = browser.get(url)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_pictures_and_styles_are_the_same_for_all(ada: Browser) -> None:
    for url in ("/static/site/marquee.css", "/poster/101.svg"):
        answer = ada.get(url)
        assert answer.cache_control.public
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_private_response_cannot_be_embedded_by_other_sites(ada: Browser, site: Site) -> None:
    name = "Cross-Origin-Resource-Policy"
    assert ada.get("/api/me").headers[name] == "same-origin"
    assert site.browser().get("/api/search").headers[name] == "cross-origin"


def test_scripts_of_other_sites_cannot_use_the_cookie(site: Site) -> None:
    open_to_all = make(site.stores, site.file.parent, cors_origins=("*",)).browser()
    open_to_all.sign_up("Cora")
    headers = {"Origin": "https://friend.example"}
    for url in ("/api/me", "/api/search"):
        answer = open_to_all.get(url, headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = {**headers, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    allowed = open_to_all.client.options("/api/me", headers=preflight)
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert "PUT" in allowed.headers["Access-Control-Allow-Methods"]


BIG = b"Date,Name,Year,Letterboxd URI,Rating\n" + b"2026-01-01,A film that is in no catalogue,1999,x,4\n" * 14_000
"""More than any request except an import may send, and than a form may hold in memory by default."""


@pytest.mark.parametrize("url", ["/api/me/import", "/import"])
def test_users_may_send_files_to_the_imports(ada: Browser, url: str) -> None:
    headers = {"X-CSRFToken": ada.token("/account")}
    sent = ada.client.post(url, data={"file": (io.BytesIO(BIG), "x.csv")}, headers=headers)
    assert sent.status_code in (200, 303)


def test_visitors_may_not_send_files(site: Site) -> None:
    file = {"file": (io.BytesIO(BIG), "x.csv")}
    assert site.app.test_client().post("/api/me/import", data=file).status_code in (401, 413)


@pytest.mark.parametrize("url", ["/account/preferences", "/api/me", "/api/events"])
def test_other_requests_are_limited_in_size(ada: Browser, url: str) -> None:
    headers = {"X-CSRFToken": ada.token("/account")}
    method = "PATCH" if url == "/api/me" else "POST"
    sent = ada.client.open(url, method=method, data=BIG, content_type="application/json", headers=headers)
    assert sent.status_code == 413


def test_imports_are_limited_in_size_too(ada: Browser) -> None:
    body = b"x" * (application.MAX_IMPORT + 1)
    answer = ada.client.post("/api/me/import", data=body, headers={"X-CSRFToken": ada.token("/account")})
    assert answer.status_code == 413


@pytest.mark.parametrize(("proxies", "limited"), [(0, True), (1, False)])
def test_the_address_behind_a_proxy_is_trusted_only_if_configured(site: Site, proxies: int, limited: bool) -> None:
    behind = make(site.stores, site.file.parent, proxies=proxies)
    statuses = []
    for number in range(25):
        visitor = behind.browser(headers={"X-Forwarded-For": f"198.51.100.{number}"})
        statuses.append(visitor.sign_in(f"somebody{number}", "wrong horse").status_code)
    assert (429 in statuses) == limited


def test_a_proxy_says_whether_the_connection_is_encrypted(site: Site) -> None:
    behind = make(site.stores, site.file.parent, proxies=1).browser(headers={"X-Forwarded-Proto": "https"})
    answer = behind.get("/sign-in")
    assert answer.headers["Set-Cookie"].startswith("__Host-marquee=")
    assert "; Secure; HttpOnly; Path=/" in answer.headers["Set-Cookie"]
    assert "Domain" not in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" not in site.browser(headers={"X-Forwarded-Proto": "https"}).get("/sign-in").headers["Set-Cookie"]


def test_subdomains_use_https_too_if_the_settings_say_so(site: Site) -> None:
    behind = make(site.stores, site.file.parent, proxies=1, hsts_subdomains=True)
    answer = behind.browser(headers={"X-Forwarded-Proto": "https"}).get("/about")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_over_https_a_cookie_that_another_host_may_have_set_identifies_nobody(ada: Browser, site: Site) -> None:
    behind = make(site.stores, site.file.parent, proxies=1).browser(headers={"X-Forwarded-Proto": "https"})
    behind.client.set_cookie("marquee", ada.cookie())
    assert not behind.signed_in()
    behind.client.set_cookie("__Host-marquee", ada.cookie(), secure=True)
    assert behind.signed_in()


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://app.example"}, {"Origin": "https://other.example"}])
def test_answers_of_the_api_vary_by_origin(site: Site, headers: dict[str, str]) -> None:
    open_to_one = make(site.stores, site.file.parent, cors_origins="https://app.example").browser()
    answer = open_to_one.get("/api/genres", headers=headers)
    assert "Origin" in answer.headers["Vary"]
    assert answer.headers.get("Access-Control-Allow-Origin") in (None, "https://app.example")
    again = open_to_one.get("/api/genres", headers={**headers, "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, "Origin" in again.headers["Vary"]) == (304, True)


def test_cookies_and_forms_are_signed_with_sha_256(ada: Browser) -> None:
    signatures = (ada.cookie(), ada.token("/account"))
    assert [len(urlsafe_b64decode(text.rpartition(".")[2] + "=")) for text in signatures] == [32, 32]


def test_over_https_the_cookie_of_the_language_belongs_to_this_host_only(site: Site) -> None:
    behind = make(site.stores, site.file.parent, proxies=1).browser(headers={"X-Forwarded-Proto": "https"})
    answer = behind.post("/language", {"language": "de"})
    assert answer.headers["Set-Cookie"].startswith("__Host-marquee_language=de;")
    assert "; Secure; HttpOnly; Path=/;" in answer.headers["Set-Cookie"]
    assert 'lang="de"' in behind.get("/about").text
