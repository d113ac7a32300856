"""The contract of `Accounts`, on a real database."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import argon2
import numpy as np
import pytest

from core.errors import InvalidRequest, NotFound, NotSignedIn
from core.recommendations.records import ExploredMovie, LoggedDraw
from core.recommendations.snapshots import ImplicitFeedback
from core.types import MovieId
from core.users import Client, Event, EventKind, MarkKind, Preferences, Scope, User
from data.database import Stores
from engine.accounts.accounts import ADMINISTRATORS_ONLY, MAX_SESSIONS, WRONG, AccountPolicy, Accounts
from engine.accounts.credentials.passwords import Passwords
from engine.accounts.names import LETTERS_ONLY, NOT_AVAILABLE, ONE_SCRIPT, RESERVED
from engine.accounts.security_log import digest
from tests.data.database.servers import fill_credentials, fill_social, fill_sync, fill_watches
from tests.engine.accounts.conftest import Clock

PASSWORD = "correct horse"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def accounts(stores: Stores, clock: Clock) -> Accounts:
    """The use cases, with cheap hashing."""
    return Accounts(stores, hashing=Passwords(hasher=CHEAP), clock=clock)


@pytest.fixture
def ada(accounts: Accounts) -> User:
    """A user with an account."""
    return accounts.sign_up("Ada", PASSWORD)


def test_a_new_user_can_sign_in(accounts: Accounts, ada: User) -> None:
    user, secret = accounts.sign_in("Ada", PASSWORD, client=Client(label="Firefox on Linux"))
    assert user == ada
    resumed = accounts.resume(secret)
    assert resumed is not None
    assert (resumed[0], resumed[1].label) == (ada, "Firefox on Linux")


def test_names_match_regardless_of_case_accents_and_spaces(accounts: Accounts, ada: User) -> None:
    for name in ("ada", "ADA", "Àda", " ada "):
        assert accounts.sign_in(name, PASSWORD)[0] == ada


@pytest.mark.parametrize("name", ["ada", "ADA", "Adá", "Ada.", "Ａda"])
def test_a_taken_name_is_not_available(accounts: Accounts, ada: User, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(name, PASSWORD)
    assert refused.value.fields == {"name": NOT_AVAILABLE}
    assert accounts.sign_in("Ada", PASSWORD)[0] == ada


@pytest.mark.parametrize("name", [*sorted(RESERVED), "Admin", "AD-MIN", "m.a.r.q.u.e.e", "Àdmin"])
def test_a_reserved_name_gets_the_message_of_a_taken_one(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(name, PASSWORD)
    assert refused.value.fields == {"name": NOT_AVAILABLE}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a", "2 to 40"),
        ("", "2 to 40"),
        ("a" * 41, "2 to 40"),
        ("Ada Lovelace", "letters, digits"),
        ("ada@home", "letters, digits"),
        ("ml:42", "letters, digits"),
        ("<b>ada</b>", "letters, digits"),
        ("ada\x00", "letters, digits"),
        ("ada\u202e", "letters, digits"),
        ("a\ud800", "letters, digits"),
        ("--", "Begin with"),
        ("_ada", "Begin with"),
    ],
)
def test_an_invalid_name_is_refused_with_a_reason(accounts: Accounts, name: str, words: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(name, PASSWORD)
    assert words in refused.value.fields["name"]


@pytest.mark.parametrize("name", ["Zoë", "ольга", "小林", "ada-l_3.x", "42", "हिन्दी", "Ad" * 20])
def test_names_in_all_scripts_are_accepted(accounts: Accounts, name: str) -> None:
    assert accounts.sign_up(name, PASSWORD).name == name


@pytest.mark.parametrize("name", ["АdaLovelace", "ada٣3", "Pаypal", "Ελλάδaк"])
def test_mixed_scripts_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(name, PASSWORD)
    assert refused.value.fields == {"name": ONE_SCRIPT}


@pytest.mark.parametrize("name", ["田中さんA", "コーヒー", "서울Seoul", "ольга2", "Zoë-3"])
def test_scripts_that_a_language_mixes_are_accepted(accounts: Accounts, name: str) -> None:
    assert accounts.sign_up(name, PASSWORD).name == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize("name", ["ada\u115f", "a\u034fda", "ad\ufe0fa", "ada\u17b4"])
def test_invisible_characters_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(name, PASSWORD)
    assert refused.value.fields == {"name": LETTERS_ONLY}


@pytest.mark.parametrize(
    ("first", "second"), [("paypal", "PayPaI"), ("paypal", "paypa1"), ("modern", "rnodern"), ("copa", "сора")]
)
def test_a_confusable_name_is_not_available(accounts: Accounts, first: str, second: str) -> None:
    accounts.sign_up(first, PASSWORD)
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(second, PASSWORD)
    assert refused.value.fields == {"name": NOT_AVAILABLE}


@pytest.mark.parametrize("name", ["ada-admin", "the.admin", "Marquee_Team", "AdaSupport", "admin2", "4dmin", "adm1n"])
def test_names_of_staff_are_reserved_also_as_parts(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up(name, PASSWORD)
    assert refused.value.fields == {"name": NOT_AVAILABLE}


@pytest.mark.parametrize("name", ["Supporter", "rootbeer", "team-rocket", "systematic", "you-know-who"])
def test_names_that_contain_a_reserved_word_by_chance_are_accepted(accounts: Accounts, name: str) -> None:
    assert accounts.sign_up(name, PASSWORD).name == name


def test_all_faults_of_a_sign_up_are_reported_at_once(accounts: Accounts) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up("?", "short")
    assert set(refused.value.fields) == {"name", "password"}


def test_a_password_that_is_the_name_is_refused(accounts: Accounts) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.sign_up("Grace.Hopper", "grace hopper")
    assert set(refused.value.fields) == {"password"}


def test_first_preferences_can_come_with_the_sign_up(accounts: Accounts) -> None:
    wanted = Preferences(genres=("Drama",), familiarity=0.2)
    assert accounts.sign_up("Ada", PASSWORD, preferences=wanted).preferences == wanted


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong horse"), ("Nobody1", PASSWORD), ("x" * 5000, PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_give_the_same_message(accounts: Accounts, name: str, password: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        accounts.sign_in(name, password)
    assert str(refused.value) == WRONG


def test_a_wrong_name_costs_as_many_hashes_as_a_wrong_password(stores: Stores) -> None:
    counting = CountingHasher()
    accounts = Accounts(stores, hashing=Passwords(hasher=counting))
    accounts.sign_up("Ada", PASSWORD)
    spent = []
    for name in ("Ada", "Nobody1", "y" * 300):
        counting.verified = 0
        with pytest.raises(NotSignedIn):
            accounts.sign_in(name, "wrong horse")
        spent.append(counting.verified)
    assert spent == [1, 1, 1]


class CountingHasher(argon2.PasswordHasher):
    """Counts its checks."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.verified += 1
        return super().verify(hash, password)


def test_a_session_expires(accounts: Accounts, ada: User, clock: Clock) -> None:
    _, secret = accounts.sign_in("Ada", PASSWORD)
    for _ in range(3):  # used every ten days, and hence never idle for long
        clock.at += timedelta(days=10, seconds=-1)
        assert accounts.resume(secret) is not None
    clock.at += timedelta(seconds=4)
    assert accounts.resume(secret) is None
    assert accounts.sessions(ada) == []


def test_a_session_ends_when_it_is_not_used(stores: Stores, ada: User, clock: Clock) -> None:
    accounts = Accounts(stores, hashing=Passwords(hasher=CHEAP), policy=AccountPolicy(idle_days=2), clock=clock)
    _, secret = accounts.sign_in("Ada", PASSWORD)
    clock.at += timedelta(days=2, seconds=-1)
    assert accounts.resume(secret) is not None
    clock.at += timedelta(days=2, seconds=1)
    assert accounts.resume(secret) is None
    assert accounts.sessions(ada) == []


def test_signing_out_ends_only_this_session(accounts: Accounts, ada: User) -> None:
    secrets = [accounts.sign_in("Ada", PASSWORD)[1] for _ in range(3)]
    accounts.sign_out(secrets[1])
    accounts.sign_out("never heard of")
    assert [accounts.resume(secret) is None for secret in secrets] == [False, True, False]
    assert len(accounts.sessions(ada)) == 2


def test_a_session_can_be_ended_from_another_one(accounts: Accounts, ada: User) -> None:
    _, lost = accounts.sign_in("Ada", PASSWORD, client=Client(label="lost telephone"))
    accounts.sign_in("Ada", PASSWORD, client=Client(label="desk"))
    gone = next(session for session in accounts.sessions(ada) if session.label == "lost telephone")
    accounts.end_session(ada, gone.id)
    assert accounts.resume(lost) is None
    with pytest.raises(NotFound):
        accounts.end_session(ada, gone.id)


def test_sessions_and_tokens_of_other_users_cannot_be_ended(accounts: Accounts, ada: User) -> None:
    mallory = accounts.sign_up("Mallory", PASSWORD)
    _, secret = accounts.sign_in("Ada", PASSWORD)
    token, token_secret = accounts.add_token(ada, "mine", frozenset({Scope.READ}))
    with pytest.raises(NotFound):
        accounts.end_session(mallory, accounts.sessions(ada)[0].id)
    with pytest.raises(NotFound):
        accounts.revoke_token(mallory, token.id)
    assert accounts.resume(secret)
    assert accounts.of_token(token_secret)


def test_the_oldest_session_is_ended_at_the_limit(accounts: Accounts, ada: User, clock: Clock) -> None:
    secrets = []
    for _ in range(MAX_SESSIONS + 1):
        clock.at += timedelta(seconds=1)
        secrets.append(accounts.sign_in("Ada", PASSWORD)[1])
    assert len(accounts.sessions(ada)) == MAX_SESSIONS
    assert accounts.resume(secrets[0]) is None
    assert accounts.resume(secrets[1]) is not None


def test_a_new_password_replaces_the_old_and_ends_all_other_sessions(accounts: Accounts, ada: User) -> None:
    _, here = accounts.sign_in("Ada", PASSWORD)
    _, elsewhere = accounts.sign_in("Ada", PASSWORD)
    found = accounts.resume(here)
    assert found is not None
    renewed = accounts.change_password(ada, PASSWORD, "another horse", keep_session=found[1].id)
    kept = accounts.resume(renewed)
    assert kept is not None
    assert kept[1].id == found[1].id
    assert accounts.resume(here) is None
    assert accounts.resume(elsewhere) is None
    assert accounts.sign_in("Ada", "another horse")[0] == ada
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Ada", PASSWORD)


@pytest.mark.parametrize("keep", [False, True])
def test_a_new_password_revokes_tokens_unless_they_are_kept(accounts: Accounts, ada: User, keep: bool) -> None:
    _, secret = accounts.add_token(ada, "mine", frozenset({Scope.READ}))
    mallory = accounts.sign_up("Mallory", PASSWORD)
    _, other = accounts.add_token(mallory, "theirs", frozenset({Scope.READ}))
    accounts.change_password(ada, PASSWORD, "another horse", keep_tokens=keep)
    assert (accounts.of_token(secret) is not None) is keep
    assert accounts.of_token(other) is not None


def test_changing_a_password_needs_the_old_one_and_a_valid_new_one(accounts: Accounts, ada: User) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.change_password(ada, "wrong horse", "password")
    assert set(refused.value.fields) == {"old", "new"}
    assert accounts.sign_in("Ada", PASSWORD)[0] == ada


def test_a_sign_in_with_the_old_password_during_its_change_fails(stores: Stores) -> None:
    meddling = MeddlingStore(stores)
    accounts = Accounts(meddling.stores(), hashing=Passwords(hasher=CHEAP))
    ada = accounts.sign_up("Ada", PASSWORD)
    meddling.before_next_session = lambda: accounts.change_password(ada, PASSWORD, "another horse")
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Ada", PASSWORD)
    assert accounts.sessions(ada) == []


def test_a_sign_in_to_an_account_that_is_being_deleted_fails(stores: Stores) -> None:
    meddling = MeddlingStore(stores)
    accounts = Accounts(meddling.stores(), hashing=Passwords(hasher=CHEAP))
    ada = accounts.sign_up("Ada", PASSWORD)
    meddling.before_next_session = lambda: accounts.close(ada, PASSWORD)
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Ada", PASSWORD)


class MeddlingStore:
    """A store that runs a function during one of its calls, to simulate a second process."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.before_next_session = lambda: None

    def __getattr__(self, name: str) -> object:
        if name == "open_session":
            self.before_next_session()
        return getattr(self._stores.accounts, name)

    def stores(self) -> Stores:
        """Return the stores with this one replaced."""
        return dataclasses.replace(self._stores, accounts=self)  # type: ignore[arg-type]


def test_an_outdated_hash_is_renewed_when_its_owner_signs_in(stores: Stores, ada: User) -> None:
    before = stores.accounts.password_hash(ada.id)
    stronger = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    renewed = Accounts(stores, hashing=Passwords(hasher=stronger))
    _, secret = renewed.sign_in("Ada", PASSWORD)
    after = stores.accounts.password_hash(ada.id)
    assert after is not None
    assert after != before
    assert argon2.extract_parameters(after).time_cost == 2
    assert renewed.resume(secret) is not None
    assert renewed.sign_in("Ada", PASSWORD)[0] == ada
    assert stores.accounts.password_hash(ada.id) == after


def test_a_failed_sign_in_renews_nothing(stores: Stores, ada: User) -> None:
    before = stores.accounts.password_hash(ada.id)
    renewed = Accounts(stores, hashing=Passwords(hasher=argon2.PasswordHasher(time_cost=2, memory_cost=16)))
    with pytest.raises(NotSignedIn):
        renewed.sign_in("Ada", "wrong horse")
    assert stores.accounts.password_hash(ada.id) == before


def test_a_token_works_until_it_is_revoked(accounts: Accounts, ada: User) -> None:
    token, secret = accounts.add_token(ada, "  my\tscript ", frozenset({Scope.READ}))
    assert token.name == "myscript"
    assert accounts.of_token(secret) == (ada, frozenset({Scope.READ}))
    accounts.revoke_token(ada, token.id)
    assert accounts.of_token(secret) is None
    with pytest.raises(NotFound):
        accounts.revoke_token(ada, token.id)


def test_a_token_expires(accounts: Accounts, ada: User, clock: Clock) -> None:
    usual, secret = accounts.add_token(ada, "usual", frozenset({Scope.READ}))
    _, short = accounts.add_token(ada, "short", frozenset({Scope.READ}), days=1)
    assert usual.expires_at == clock.at + timedelta(days=90)
    clock.at += timedelta(days=1)
    assert accounts.of_token(short) is None
    clock.at += timedelta(days=89, seconds=-1)
    assert accounts.of_token(secret) is not None
    clock.at += timedelta(seconds=1)
    assert accounts.of_token(secret) is None


@pytest.mark.parametrize("days", [0, -1, 366, 10**9])
def test_the_life_of_a_token_is_bounded(accounts: Accounts, ada: User, days: int) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.add_token(ada, "mine", frozenset({Scope.READ}), days=days)
    assert refused.value.fields == {"days": "Choose 1 to 365 days."}


def test_only_an_administrator_grants_the_scope_admin(accounts: Accounts, ada: User, stores: Stores) -> None:
    everything = frozenset(Scope) - {Scope.SCROBBLE}
    with pytest.raises(InvalidRequest) as refused:
        accounts.add_token(ada, "mine", everything)
    assert refused.value.fields == {"scopes": ADMINISTRATORS_ONLY}
    stores.accounts.set_administrator(ada.id, True)
    promoted = dataclasses.replace(ada, administrator=True)
    _, secret = accounts.add_token(promoted, "mine", everything)
    _, ordinary = accounts.add_token(promoted, "ordinary", everything - {Scope.ADMIN})
    assert _administrator(accounts, secret)
    assert not _administrator(accounts, ordinary)
    stores.accounts.set_administrator(ada.id, False)
    assert not _administrator(accounts, secret)


def _administrator(accounts: Accounts, secret: str) -> bool:
    found = accounts.of_token(secret)
    assert found is not None
    return found[0].administrator


def test_session_and_token_secrets_are_not_interchangeable(accounts: Accounts, ada: User) -> None:
    _, session = accounts.sign_in("Ada", PASSWORD)
    _, token = accounts.add_token(ada, "mine", frozenset({Scope.READ}))
    assert accounts.of_token(session) is None
    assert accounts.resume(token) is None


@pytest.mark.parametrize(
    ("name", "scopes", "fields"),
    [("", {Scope.READ}, {"name"}), ("x" * 61, {Scope.READ}, {"name"}), ("mine", set(), {"scopes"})],
)
def test_a_token_needs_a_name_and_a_scope(
    accounts: Accounts, ada: User, name: str, scopes: set[Scope], fields: set[str]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.add_token(ada, name, frozenset(scopes))
    assert set(refused.value.fields) == fields


def test_the_number_of_tokens_is_limited(accounts: Accounts, ada: User) -> None:
    for number in range(50):
        accounts.add_token(ada, f"token {number}", frozenset({Scope.READ}))
    with pytest.raises(InvalidRequest, match="revoke one"):
        accounts.add_token(ada, "one more", frozenset({Scope.READ}))


def test_secrets_and_passwords_are_nowhere_in_the_database(accounts: Accounts, ada: User, file: Path) -> None:
    _, session = accounts.sign_in("Ada", PASSWORD)
    _, token = accounts.add_token(ada, "mine", frozenset({Scope.READ, Scope.WRITE}))
    kept = dump(file)
    for secret in (PASSWORD, session, token):
        assert secret not in kept
    assert digest(session) in kept
    assert digest(token) in kept
    assert "$argon2id$" in kept


@pytest.mark.usefixtures("ada")
def test_secrets_are_long_and_unique(accounts: Accounts) -> None:
    secrets = {accounts.sign_in("Ada", PASSWORD)[1] for _ in range(20)}
    assert len(secrets) == 20
    assert min(map(len, secrets)) >= 43


def test_opting_out_of_events_deletes_the_stored_ones(accounts: Accounts, ada: User, stores: Stores) -> None:
    stores.events.add([click(ada), click(None)])
    stores.implicit_feedback.replace(_with_feedback(stores.implicit_feedback.read(), ada))
    changed = accounts.prefer(ada, Preferences(keep_events=False))
    assert changed.preferences.keep_events is False
    assert stores.events.of_user(ada.id) == []
    assert stores.events.count() == 1
    assert len(stores.implicit_feedback.read()) == 0


def test_queued_events_are_awaited_before_events_are_deleted(stores: Stores) -> None:
    waiting: list[Event] = []

    def settle() -> None:
        stores.events.add(waiting)
        waiting.clear()

    accounts = Accounts(stores, hashing=Passwords(hasher=CHEAP), settle=settle)
    ada = accounts.sign_up("Ada", PASSWORD)
    waiting.append(click(ada))
    accounts.prefer(ada, Preferences(keep_events=False))
    assert stores.events.count() == 0


def test_other_preferences_leave_events_alone(accounts: Accounts, ada: User, stores: Stores) -> None:
    stores.events.add([click(ada)])
    accounts.prefer(ada, Preferences(familiarity=1.0))
    assert len(stores.events.of_user(ada.id)) == 1
    found = stores.accounts.user(ada.id)
    assert found is not None
    assert found.preferences.familiarity == 1.0


def test_an_export_contains_all_columns_of_all_tables_about_the_user(
    accounts: Accounts, ada: User, stores: Stores, file: Path
) -> None:
    fill(accounts, ada, stores)
    exported = json.loads(json.dumps(accounts.export(ada)))
    parts = {
        "users": {**exported["account"], "revision": exported["revision"]},
        "sessions": exported["sessions"][0],
        "tokens": exported["tokens"][0],
        "ratings": exported["ratings"][0],
        "marks": exported["marks"][0],
        "reviews": exported["reviews"][0],
        "watches": exported["watches"][0],
        "watch_goals": exported["watch_goals"][0],
        "lists": exported["lists"][0],
        "list_entries": exported["list_entries"][0],
        "list_members": exported["list_members"][0],
        "list_tastes": exported["list_tastes"][0],
        "list_invitations": exported["list_invitations"][0],
        "changes": exported["history"][-1],
        "events": exported["events"][0],
        "exposures": exported["exposures"][0],
        "explorations": {**exported["explorations"][0], "day": 0},
        "implicit_feedback": exported["implicit_feedback"][0],
        "totp_keys": exported["totp_keys"][0],
        "passkeys": exported["passkeys"][0],
        "recovery_codes": exported["recovery_codes"][0],
        "one_time_secrets": exported["one_time_secrets"][0],
        "security_events": exported["security_events"][0],
        "profiles": exported["profiles"][0],
        "follows": exported["follows"][0],
        "blocks": exported["blocks"][0],
        "published_reviews": exported["published_reviews"][0],
        "review_likes": exported["review_likes"][0],
        "reports": exported["reports"][0],
        "import_drafts": exported["import_drafts"][0],
        "webhooks": exported["webhooks"][0],
        "deleted_lists": exported["deleted_lists"][0],
        "webhook_deliveries": exported["webhook_deliveries"][0],
        "scrobbles": exported["scrobbles"][0],
    }
    about = {table: columns for table, columns in tables(file).items() if table == "users" or "user_id" in columns}
    assert set(about) == set(parts)
    secret = {"secret_hash", "password_hash", "device_hash", "code_hash", "secret", "public_key"}
    derived = {"folded_name", "skeleton", "second_factor_at", "notice_at", "last_step"}
    derived |= {"content"}  # of an uploaded file, for a day
    left_out = {"id", "user_id"} | secret | derived
    of_others = {"follows": {"followed_id"}, "blocks": {"blocked_id"}, "reports": {"reporter_id", "text"}}
    for table, columns in about.items():
        assert columns - left_out - of_others.get(table, set()) <= set(parts[table]), table
    assert (exported["follows"][0]["name"], exported["reports_sent"][0]["text"]) == (f"Other-{ada.id}", "They yell!")
    assert "They sell!" not in json.dumps(exported), "what somebody wrote about the user"


def test_an_export_contains_all_rows_of_its_user_and_no_others(
    accounts: Accounts, ada: User, stores: Stores, file: Path
) -> None:
    fill(accounts, ada, stores)
    fill(accounts, accounts.sign_up("Bob", PASSWORD), stores)
    exported = accounts.export(ada)
    names = {"changes": "history"}
    for table, columns in tables(file).items():
        if "user_id" in columns:
            assert len(exported[names.get(table, table)]) == rows(file, table, ada), table
    assert "Bob" not in json.dumps(exported)


def test_the_export_of_an_administrator_contains_queued_jobs_and_audited_actions(
    accounts: Accounts, ada: User, stores: Stores
) -> None:
    bob, at = accounts.sign_up("Bob", PASSWORD), datetime(2026, 11, 20, tzinfo=UTC)
    for user, job in ((ada, "retrain"), (bob, "cleanup")):
        stores.jobs.enqueue(job, parameters={"factors": 8}, by=user.id, at=at)
        stores.audit_log.add(by=user.id, action="run", subject=job, details={"run": 1}, at=at)
    exported = json.loads(json.dumps(accounts.export(ada)))
    assert exported["jobs"] == [{"job": "retrain", "queued_at": "2026-11-20T00:00:00Z", "parameters": {"factors": 8}}]
    (act,) = exported["audit_log"]
    assert (act["action"], act["subject"], act["details"]) == ("run", "retrain", {"run": 1})


def test_an_export_does_not_repeat_the_id_of_its_user(accounts: Accounts, ada: User, stores: Stores) -> None:
    fill(accounts, ada, stores)
    exported = json.loads(json.dumps(accounts.export(ada)))
    assert exported["account"]["id"] == ada.id
    records = [*exported["sessions"], *exported["tokens"], *exported["events"]]
    assert len(records) > 2
    assert not any({"user", "user_id"} & set(record) for record in records)


def test_an_export_contains_no_secret(accounts: Accounts, ada: User, stores: Stores) -> None:
    fill(accounts, ada, stores)
    text = json.dumps(accounts.export(ada))
    assert "argon2" not in text
    assert "secret_hash" not in text


def test_deleting_an_account_deletes_all_its_rows(accounts: Accounts, ada: User, stores: Stores, file: Path) -> None:
    bob = accounts.sign_up("Bob", PASSWORD)
    for user in (ada, bob):
        fill(accounts, user, stores)
    _, secret = accounts.sign_in("Ada", PASSWORD)
    accounts.close(ada, PASSWORD)
    for table, columns in tables(file).items():
        if "user_id" in columns:
            assert rows(file, table, ada) == 0, table
            assert rows(file, table, bob) > 0, table
    assert accounts.resume(secret) is None
    assert stores.accounts.find("Ada") is None
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Ada", PASSWORD)


def test_an_account_is_not_deleted_with_a_wrong_password(accounts: Accounts, ada: User) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.close(ada, "wrong horse")
    assert set(refused.value.fields) == {"password"}
    assert accounts.sign_in("Ada", PASSWORD)[0] == ada


def click(user: User | None) -> Event:
    """Return an event with every field set."""
    return Event(
        EventKind.CLICK,
        datetime(2026, 11, 20, tzinfo=UTC),
        user=user.id if user else None,
        movie=MovieId(603),
        list="search",
        position=1,
        model="m1",
        query="robots",
    )


def fill(accounts: Accounts, user: User, stores: Stores) -> None:
    """Write at least one row of the user into every table."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    accounts.sign_in(user.name, PASSWORD, client=Client(label="Firefox"))
    _, secret = accounts.add_token(user, "mine", frozenset({Scope.READ}))
    accounts.of_token(secret)
    stores.exposures.add("ranker", {user.id: "published"}, at=at)
    stores.explorations.add([LoggedDraw(user.id, ExploredMovie(MovieId(1), 2, 0, 40, 0.1), at)])
    stores.implicit_feedback.replace(_with_feedback(stores.implicit_feedback.read(), user))
    stores.diaries.rate(user.id, {MovieId(1): 4.5, MovieId(2): 2.0}, at=at)
    stores.diaries.rate(user.id, {MovieId(2): None}, at=at)
    stores.diaries.mark(user.id, MarkKind.WATCHLIST, [MovieId(3)], on=True, at=at)
    stores.diaries.review(user.id, MovieId(1), "Good.", at=at)
    stores.events.add([click(user)])
    fill_credentials(stores, user)
    fill_watches(stores, user)
    fill_social(stores, user)
    fill_sync(stores, user)


def _with_feedback(feedback: ImplicitFeedback, user: User) -> ImplicitFeedback:
    """Add implicit feedback."""
    return ImplicitFeedback(*(np.append(getattr(feedback, name), user.id) for name in ImplicitFeedback.__slots__))


def tables(file: Path) -> dict[str, set[str]]:
    """Return all tables of the database with their columns."""
    with sqlite3.connect(file) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: {column for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))}
            for name in names
            if not name.startswith("sqlite_")
        }


def rows(file: Path, table: str, user: User) -> int:
    """Return the number of rows of a table about the user."""
    with sqlite3.connect(file) as connection:
        query = f"SELECT count(*) FROM {table} WHERE user_id = ?"  # noqa: S608 - a table of ours
        return int(connection.execute(query, (user.id,)).fetchone()[0])


def dump(file: Path) -> str:
    """Return the whole database as text."""
    with sqlite3.connect(file) as connection:
        return "\n".join(connection.iterdump())
