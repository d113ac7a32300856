"""Reports, and what administrators decide about them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.social.moderation import ReportReason, explained, reason_of
from data.database.social import reports as store
from tests.webapp import signed_in
from tests.webapp.signed_in import Site
from tests.webapp.social.people import Browser, browser, join


def report(
    browser: Browser, kind: str, subject: object, reason: str = "spam", text: str = "They sell umbrellas"
) -> None:
    browser.done("POST", "/me/reports", {"kind": kind, "subject": str(subject), "reason": reason, "text": text})


def queue(admin: Browser) -> Any:
    return admin.json("/ml/reports")["results"]


def decide(admin: Browser, action: str, **more: Any) -> None:
    admin.done("POST", f"/ml/reports/{queue(admin)[0]['id']}", {"action": action, **more})


def test_a_reported_review_is_hidden_from_all_but_its_writer(
    site: Site, ada: Browser, bob: Browser, visitor: Browser, admin: Browser
) -> None:
    ada.share()
    review = ada.review(117, "Buy umbrellas")
    page = bob.page(f"/report?kind=review&subject={review}")
    assert 'value="harassment"' in page
    sent = bob.post("/report", kind="review", subject=str(review), reason="spam", text="See the link")
    assert sent.status_code == 303
    found = queue(admin)[0]
    assert (found["content"], found["text"], found["reporter"]) == ("Buy umbrellas", "See the link", bob.name)
    office = admin.page("/admin/reports")
    assert "Buy umbrellas" in office
    assert "See the link" in office
    admin.post(f"/admin/reports/{found['id']}", action="hide", reason="spam", explanation="No shops, please.")
    for reader in (bob, visitor):
        assert reader.get(f"/reviews/{review}").status_code == 404
        assert "Buy umbrellas" not in reader.page("/movies/117")
    own = ada.page(f"/reviews/{review}")
    assert "Spam or advertising. No shops, please" in own
    assert bob.name not in own
    entry = site.stores.audit_log.latest(limit=1)[0]
    assert (entry.action, entry.subject, entry.details["user"]) == ("hide-report", str(found["id"]), ada.name)
    admin.done("POST", f"/ml/reports/{found['id']}", {"action": "restore"})
    assert visitor.get(f"/reviews/{review}").status_code == 200


def test_a_hidden_list_exists_for_its_owner_only(ada: Browser, bob: Browser, visitor: Browser, admin: Browser) -> None:
    made = ada.api.send("POST", "/me/lists", json={"name": "Bad", "public": True}).get_json()
    secret = ada.api.send("POST", f"/me/lists/{made['id']}/invitations").get_json()["invitation"]
    bob.done("POST", "/me/lists/join", {"invitation": secret})
    assert f"/report?kind=list&amp;subject={made['id']}" in bob.page(made["url"])
    report(bob, "list", made["id"], "hate")
    decide(admin, "hide")
    for reader in (bob, visitor):
        assert reader.get(made["url"]).status_code == 404
        assert reader.get(f"/lists/{made['id']}.rss").status_code == 404
    assert "Hate speech" in ada.page(made["url"])


def test_a_hidden_profile_exists_for_its_owner_only(ada: Browser, bob: Browser, admin: Browser) -> None:
    ada.share(bio="Rude words")
    report(bob, "profile", ada.name, "harassment")
    assert queue(admin)[0]["content"] == "Rude words"
    decide(admin, "hide", reason="other", explanation="Be kind")
    assert bob.get(f"/users/{ada.name}").status_code == 404
    assert "Something else. Be kind" in ada.page(f"/users/{ada.name}")
    assert ada.json("/me/sharing")["hidden"] == "other: Be kind"
    ada.share(bio="Nice words")
    assert bob.get(f"/users/{ada.name}").status_code == 404, "the owner cannot undo it"


def test_a_suspended_user_shares_nothing(
    site: Site, ada: Browser, bob: Browser, visitor: Browser, admin: Browser
) -> None:
    ada.share()
    bob.follow(ada)
    review = ada.review(118, "Umbrellas again")
    made = ada.api.send("POST", "/me/lists", json={"name": "Shops", "public": True}).get_json()
    secret = ada.api.send("POST", f"/me/lists/{made['id']}/invitations").get_json()["invitation"]
    bob.done("POST", "/me/lists/join", {"invitation": secret})
    report(bob, "review", review)
    decide(admin, "suspend")
    for reader in (bob, visitor):
        for path in (f"/users/{ada.name}", f"/reviews/{review}", made["url"], f"/api/lists/{made['id']}"):
            assert reader.get(path).status_code == 404, path
        assert "Umbrellas again" not in reader.page("/movies/118")
    assert bob.json("/me/activity")["results"] == []
    assert "stopped you from sharing" in ada.page(f"/users/{ada.name}")
    assert ada.user
    client = browser(site, ada.name)
    assert "stopped you from sharing" in client.get("/account").text


def test_a_decision_closes_all_open_reports_of_the_same_content(
    ada: Browser, bob: Browser, eve: Browser, admin: Browser
) -> None:
    ada.share()
    review = ada.review(101, "Reported twice")
    other = ada.review(104, "Not decided")
    for reader in (bob, eve):
        report(reader, "review", review)
    report(bob, "review", other)
    mine = [one for one in queue(admin) if one["owner"] == ada.name]
    assert len(mine) == 3
    first = next(one for one in mine if one["subject"] == review)
    admin.done("POST", f"/ml/reports/{first['id']}", {"action": "dismiss"})
    assert [one["subject"] for one in queue(admin) if one["owner"] == ada.name] == [other]
    closed = [one for one in admin.json("/ml/reports?closed=true")["results"] if one["owner"] == ada.name]
    assert {one["outcome"] for one in closed} == {"dismissed"}
    assert len(closed) == 2
    assert "dismissed" in admin.page("/admin/reports?closed=1")


def test_only_administrators_see_and_decide_reports(ada: Browser, bob: Browser, visitor: Browser) -> None:
    ada.share()
    report(bob, "profile", ada.name)
    for reader, statuses in ((bob, (403,)), (visitor, (302, 303, 401))):
        for path in ("/admin/reports", "/api/ml/reports", "/api/ml/reports/1"):
            assert reader.get(path).status_code in statuses, path
        for path in ("/admin/reports/1", "/api/ml/reports/1"):
            assert reader.post(path, action="hide").status_code in (*statuses, 400), path
    assert visitor.get(f"/users/{ada.name}").status_code == 200


def test_what_somebody_cannot_see_cannot_be_reported(ada: Browser, bob: Browser, visitor: Browser) -> None:
    review = ada.review()
    made = ada.api.send("POST", "/me/lists", json={"name": "Private"}).get_json()
    for kind, subject in (
        ("profile", ada.name), ("profile", "zoe-99"), ("review", review), ("list", made["id"]), ("list", "x"),
        ("review", "99999999999999999"),
    ):  # fmt: skip
        sent = bob.api.send("POST", "/me/reports", json={"kind": kind, "subject": str(subject), "reason": "spam"})
        assert sent.status_code == 404, (kind, subject)
    body = {"kind": "review", "subject": str(review), "reason": "spam"}
    assert visitor.api.send("POST", "/me/reports", json=body).status_code == 401
    assert set(ada.api.send("POST", "/me/reports", json=body).get_json()["errors"]) == {"kind"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "movie"}, "kind"),
        ({"reason": "boring"}, "reason"),
        ({"text": "x" * 1_001}, "text"),
        ({"subject": ""}, "subject"),
    ],
)
def test_an_invalid_report_is_refused_by_its_field(
    ada: Browser, bob: Browser, body: dict[str, str], field: str
) -> None:
    ada.share()
    sent = bob.api.send("POST", "/me/reports", json={"kind": "profile", "subject": ada.name, "reason": "spam", **body})
    assert (sent.status_code, set(sent.get_json()["errors"])) == (400, {field})
    form = {"kind": "profile", "subject": ada.name, "reason": "spam", **body}
    assert bob.post("/report", **form).status_code in (400, 404)


def test_a_second_report_of_the_same_content_replaces_the_first(ada: Browser, bob: Browser, admin: Browser) -> None:
    ada.share()
    report(bob, "profile", ada.name, "spam", "First")
    report(bob, "profile", ada.name, "hate", "Second")
    assert [one["text"] for one in queue(admin) if one["owner"] == ada.name] == ["Second"]


def test_the_number_of_open_reports_is_limited(ada: Browser, bob: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_OPEN_REPORTS", 1)
    ada.share()
    report(bob, "review", ada.review())
    body = {"kind": "profile", "subject": ada.name, "reason": "spam"}
    assert bob.api.send("POST", "/me/reports", json=body).status_code == 400


def test_reports_and_follows_are_limited_by_rate(tmp_path: Any) -> None:
    with signed_in.site(tmp_path) as site:
        ada, bob = join(site), join(site)
        ada.share()
        body = {"kind": "profile", "subject": ada.name, "reason": "spam"}
        sent = [bob.api.send("POST", "/me/reports", json=body).status_code for _ in range(11)]
        assert sent == [204] * 10 + [429]
        followed = [bob.api.put(f"/me/following/{ada.name}").status_code for _ in range(61)]
        assert followed == [200] * 60 + [429]


def test_a_report_outlives_its_reporter_without_their_words(
    site: Site, ada: Browser, bob: Browser, admin: Browser
) -> None:
    ada.share()
    report(bob, "profile", ada.name, text="Call me at 555")
    assert bob.user
    site.stores.accounts.delete(bob.user.id)
    (found,) = [one for one in queue(admin) if one["owner"] == ada.name]
    assert (found["reporter"], found["text"], found["reason"]) == (None, "", "spam")
    assert "a deleted account" in admin.page("/admin/reports")
    assert ada.user
    site.stores.accounts.delete(ada.user.id)
    assert [one for one in queue(admin) if one["owner"] == ada.name] == []


def test_unknown_decisions_are_refused(ada: Browser, bob: Browser, admin: Browser) -> None:
    ada.share()
    report(bob, "profile", ada.name)
    number = queue(admin)[0]["id"]
    for fields in ({"action": "dance"}, {"action": "hide", "reason": "boring"}):
        assert admin.post(f"/admin/reports/{number}", **fields).status_code == 400
    assert admin.api.send("POST", f"/ml/reports/{number}", json={"action": "dance"}).status_code == 400
    admin.post(f"/admin/reports/{number}", action="hide", explanation="x" * 301)
    assert queue(admin)[0]["id"] == number, "nothing was decided"
    assert admin.api.get("/ml/reports/999999").status_code == 404


def test_reasons_are_stored_with_an_explanation() -> None:
    assert reason_of(explained(ReportReason.HATE, "Why: because")) == (ReportReason.HATE, "Why: because")
    assert reason_of(explained(ReportReason.SPAM, "")) == (ReportReason.SPAM, "")
    assert reason_of("whatever") == (ReportReason.OTHER, "whatever")
    assert re.fullmatch(r"[a-z-]+", ReportReason.PERSONAL_DATA.value)
