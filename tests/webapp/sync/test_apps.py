"""The page Connected apps, and the API of webhooks and media servers."""

from __future__ import annotations

import html
import io
import json
import logging
import re
from collections.abc import Callable

import pytest

from core.errors import InvalidRequest
from core.sync.records import Attempt, Scrobble, ScrobbleOutcome, WebhookEvent
from core.users import Scope
from engine import clock
from tests.fakes import MOVIES
from tests.webapp.signed_in import PASSWORD, Caller, Site
from tests.webapp.sync.conftest import Browser
from webapp.app import MAX_REPORT

KEEPER = MOVIES[0]
PLEX = json.dumps(
    {
        "event": "media.scrobble",
        "Account": {"title": "ada"},
        "Metadata": {"type": "movie", "title": KEEPER.title, "year": KEEPER.year, "Guid": []},
    }
)
JELLYFIN = {
    "NotificationType": "PlaybackStop", "PlayedToCompletion": True, "ItemType": "Movie", "Name": KEEPER.title,
    "Year": KEEPER.year, "NotificationUsername": "ada",
}  # fmt: skip
Open = Callable[[str], Browser]


def address(browser: Browser, server: str, **fields: str) -> str:
    """Create the address of a media server and return its path."""
    answer = browser.post("/account/apps/servers", server=server, password=PASSWORD, **fields)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'id="secret"[^>]*value="https?://[^/"]+([^"]+)"', answer.text)
    assert found
    return html.unescape(found[1])


def test_plex_and_jellyfin_report_to_addresses_that_the_page_creates(site: Site, browser: Open) -> None:
    ada = browser("ada")
    plex, jellyfin = address(ada, "plex", account="Ada"), address(ada, "jellyfin")
    server = site.client.application.test_client()
    picture = (io.BytesIO(b"\xff" * 600_000), "thumb.jpg")
    first = server.post(plex, data={"payload": PLEX, "thumb": picture})
    assert first.get_json() == {"outcome": "logged", "reason": "added to the diary", "movie": KEEPER.id}
    assert server.post(jellyfin, json=JELLYFIN).get_json()["outcome"] == "repeated"
    as_text = server.post(jellyfin, data=json.dumps({**JELLYFIN, "ItemType": "Episode"}), content_type="text/plain")
    assert (as_text.status_code, as_text.get_json()["outcome"]) == (200, "series")
    text = ada.page("/account/apps")
    for words in (KEEPER.title, "added to your diary", "series are not recorded", "Plex", "Jellyfin"):
        assert words in text
    assert site.stores.watches.count(ada.user.id) == 1


def test_the_token_of_a_media_server_can_do_nothing_else(site: Site, browser: Open) -> None:
    token = re.search("token=([^&]+)", address(browser("ada"), "plex"))
    assert token
    program = Caller(site.client.application.test_client(), token[1])
    for method, path in (("GET", "/me"), ("GET", "/me/ratings"), ("POST", "/me/import"), ("GET", "/me/webhooks")):
        assert program.send(method, path).status_code == 403
    assert program.send("POST", "/scrobble/plex", data={"payload": PLEX}).status_code == 200
    assert site.client.get(f"/api/me?token={token[1]}").status_code == 401
    assert program.send("GET", "/search?q=keeper").status_code == 200


def test_other_tokens_cannot_report(site: Site) -> None:
    _, program = site.member(Scope.READ, Scope.WRITE)
    answer = program.send("POST", "/scrobble/plex", data={"payload": PLEX})
    assert (answer.status_code, "lacks the scope 'scrobble'" in answer.text) == (403, True)
    for query in ("", "?token=", "?token=wrong", "?token=" + "x" * 500):
        assert site.client.post(f"/api/scrobble/plex{query}", data={"payload": PLEX}).status_code in (400, 401)


def test_the_scope_of_media_servers_cannot_be_combined(site: Site, browser: Open) -> None:
    user = browser("ada").user
    with pytest.raises(InvalidRequest, match="cannot be combined"):
        site.services.accounts.add_token(user, "x", frozenset({Scope.SCROBBLE, Scope.READ}))


def test_a_report_that_is_none_is_refused_by_its_field(site: Site, browser: Open) -> None:
    url = address(browser("ada"), "plex")
    answer = site.client.application.test_client().post(url, data={"payload": "x"})
    assert answer.status_code == 400
    assert "payload" in answer.get_json()["errors"]
    large = (io.BytesIO(b"x" * (MAX_REPORT + 1)), "thumb.jpg")
    assert site.client.application.test_client().post(url, data={"thumb": large}).status_code == 413


def test_the_token_in_an_address_is_not_logged(site: Site, browser: Open, caplog: pytest.LogCaptureFixture) -> None:
    url = address(browser("ada"), "plex", account="ada")
    token = re.search("token=([^&]+)", url)
    assert token
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        site.client.application.test_client().post(url, data={"payload": PLEX})
        site.client.application.test_client().get("/sign-in?next=" + url.replace("=", "%3D").replace("&", "%26"))
    assert '"query": "token=\\u2026&account=ada"' in caplog.text
    assert token[1] not in caplog.text


@pytest.mark.parametrize(
    ("fields", "words"), [({"server": "emby"}, "Choose a media server."), ({}, "not your password")]
)
def test_a_wrong_form_for_a_media_server_is_shown_again(browser: Open, fields: dict[str, str], words: str) -> None:
    ada = browser("ada")
    password = PASSWORD if fields else "wrong"
    answer = ada.post("/account/apps/servers", **{"server": "plex", "password": password, **fields})
    assert answer.status_code == 400
    assert words in answer.text


def test_a_webhook_is_created_tested_and_deleted_on_the_page(site: Site, browser: Open) -> None:
    ada = browser("ada")
    made = ada.post("/account/apps/webhooks", url="https://example.org/<hook>", events=["rating.changed"])
    assert re.search(r'value="whsec_[^"]+"', made.text)
    assert made.headers["Cache-Control"] == "no-store"
    text = ada.page("/account/apps")
    assert "https://example.org/&lt;hook&gt;" in text
    (webhook,) = site.services.webhooks.of_user(ada.user)
    ada.post(f"/account/apps/webhooks/{webhook.id}", action="test")
    log = ada.page(f"/account/apps/webhooks/{webhook.id}")
    assert "waiting" in log
    bob = browser("bob")
    assert bob.client.get(f"/account/apps/webhooks/{webhook.id}").status_code == 404
    assert bob.post(f"/account/apps/webhooks/{webhook.id}", action="delete").status_code == 404
    ada.post(f"/account/apps/webhooks/{webhook.id}", action="delete")
    assert site.services.webhooks.of_user(ada.user) == []


def test_a_wrong_webhook_is_shown_again_with_its_fault(browser: Open) -> None:
    ada = browser("ada")
    answer = ada.post("/account/apps/webhooks", url="http://example.org/", events=["rating.changed"])
    assert answer.status_code == 400
    assert "begins with https://" in answer.text
    assert "Choose at least one." in ada.post("/account/apps/webhooks", url="https://example.org/").text


def test_the_page_says_that_a_webhook_was_disabled_and_enables_it(site: Site, browser: Open) -> None:
    ada = browser("ada")
    webhook, _ = site.services.webhooks.add(ada.user, "https://example.org/hook", [WebhookEvent.RATING])
    site.services.webhooks.test(ada.user, webhook.id)
    at = clock.now()
    ((_, message),) = site.stores.webhooks.claim(at=at, until=at, limit=1)
    gone = Attempt(delivered=False, answer="410", gone=True)
    site.stores.webhooks.settle(message, gone, at=at, next_at=None, disabled_before=at)
    text = ada.page("/account/apps")
    assert "was disabled on" in text
    assert 'value="enable"' in text
    ada.post(f"/account/apps/webhooks/{webhook.id}", action="enable")
    assert "was disabled on" not in ada.page("/account/apps")


def test_webhooks_over_the_api(site: Site) -> None:
    _, program = site.member()
    made = program.send("POST", "/me/webhooks", json={"url": "https://example.org/hook", "events": ["list.changed"]})
    assert made.status_code == 201
    number = made.get_json()["id"]
    (one,) = program.get("/me/webhooks").get_json()["results"]
    assert (one["url"], one["events"], "secret" in one) == ("https://example.org/hook", ["list.changed"], False)
    assert program.send("POST", f"/me/webhooks/{number}/test").status_code == 204
    (message,) = program.get(f"/me/webhooks/{number}/deliveries").get_json()["results"]
    assert (message["event"], message["status"], message["attempts"]) == ("test", "waiting", 0)
    _, other = site.member()
    assert other.delete(f"/me/webhooks/{number}").status_code == 404
    assert program.send("POST", f"/me/webhooks/{number}/enable").status_code == 204
    assert program.delete(f"/me/webhooks/{number}").status_code == 204
    assert program.delete(f"/me/webhooks/{number}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"url": "http://example.org/", "events": ["list.changed"]}, {"url": "https://e.org", "events": ["test"]}],
)
def test_a_wrong_webhook_is_refused_over_the_api(site: Site, body: dict[str, object]) -> None:
    _, program = site.member()
    assert program.send("POST", "/me/webhooks", json=body).status_code == 400


def test_reports_are_listed_over_the_api(site: Site) -> None:
    user, program = site.member()
    site.stores.scrobbles.add(user.id, Scrobble(clock.now(), "plex", ScrobbleOutcome.UNKNOWN, "Heat", 1995))
    (one,) = program.get("/me/scrobbles").get_json()["results"]
    assert (one["title"], one["outcome"], one["movie"]) == ("Heat", "unknown", None)


def test_visitors_sign_in_first(site: Site) -> None:
    assert site.client.get("/account/apps").status_code == 303
    assert site.visitor().get("/me/webhooks").status_code == 401


def test_a_diary_is_exported_for_letterboxd(site: Site, browser: Open) -> None:
    ada = browser("ada")
    answer = ada.client.get("/account/export/letterboxd")
    assert (answer.status_code, answer.mimetype, answer.data[:2]) == (200, "application/octet-stream", b"PK")
    _, program = site.member()
    assert program.get("/me/export/letterboxd").data[:2] == b"PK"
    site.services.diaries.rate(ada.user, KEEPER.id, 4)
    exported = ada.client.get("/account/export").get_json(force=True)
    assert exported["movies"] == [{"id": KEEPER.id, "title": KEEPER.title, "year": KEEPER.year}]
