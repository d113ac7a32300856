"""Accounts, sessions and tokens: the contract of `AccountStore`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NameTaken, NotFound
from core.users import Preferences, Scope, User, UserId
from data.database import Stores
from tests.data.database.servers import LIFE, MINUTE, NOW, raw, sign_up

HOUR = 60 * MINUTE
NOBODY = UserId(999_999)


def test_an_account_is_found_by_id_and_by_name_however_it_is_written(stores: Stores) -> None:
    made = stores.accounts.create("Zoë Müller", password_hash="secret hash", preferences=Preferences(), at=NOW)
    assert made.name == "Zoë Müller"
    assert made.created_at == NOW
    assert not made.administrator
    assert stores.accounts.user(made.id) == made
    assert stores.accounts.find("  zoe MULLER ") == (made, "secret hash")
    assert stores.accounts.password_hash(made.id) == "secret hash"


def test_an_unknown_account_is_not_found(stores: Stores) -> None:
    assert stores.accounts.user(NOBODY) is None
    assert stores.accounts.find("nobody") is None
    assert stores.accounts.password_hash(NOBODY) is None
    assert stores.accounts.sessions(NOBODY) == []
    assert stores.accounts.tokens(NOBODY) == []


@pytest.mark.parametrize("user", [2**63 - 1, 2**63, 10**30, -1, 0])
def test_an_impossible_id_is_an_unknown_user(stores: Stores, user: int) -> None:
    assert stores.accounts.user(UserId(user)) is None
    assert stores.diaries.revision(UserId(user)) == 0
    assert stores.diaries.read(UserId(user)).ratings == {}
    with pytest.raises(NotFound):
        stores.diaries.rate(UserId(user), {603: 4.0}, at=NOW)


def test_names_that_fold_alike_are_taken(stores: Stores, ann: User) -> None:
    with pytest.raises(NameTaken, match="'ANN'"):
        sign_up(stores, "ANN")
    assert stores.accounts.user(ann.id) == ann


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    preferences=st.builds(
        Preferences,
        genres=st.lists(st.text()).map(tuple),
        taste_in_search=st.booleans(),
        keep_events=st.booleans(),
        familiarity=st.floats(0, 1),
        onboarded=st.booleans(),
    )
)
def test_preferences_are_returned_as_set(stores: Stores, preferences: Preferences) -> None:
    found = stores.accounts.find("ann")
    ann = found[0] if found else sign_up(stores)
    stores.accounts.set_preferences(ann.id, preferences)
    again = stores.accounts.user(ann.id)
    assert again is not None
    assert again.preferences == preferences


def test_setting_preferences_increases_the_revision(stores: Stores, ann: User) -> None:
    stores.accounts.set_preferences(ann.id, Preferences(familiarity=0.9))
    assert stores.diaries.revision(ann.id) == 1


def test_preferences_of_another_version_are_read_as_far_as_known(stores: Stores, ann: User, url: str) -> None:
    with raw(url) as connection, connection.begin():
        connection.exec_driver_sql("""UPDATE users SET preferences = '{"genres": ["Drama"], "font": "large"}'""")
    again = stores.accounts.user(ann.id)
    assert again is not None
    assert again.preferences == Preferences(genres=("Drama",))


def test_administrator_rights_are_granted_and_revoked(stores: Stores, ann: User) -> None:
    for administrator in (True, False):
        stores.accounts.set_administrator(ann.id, administrator)
        again = stores.accounts.user(ann.id)
        assert again is not None
        assert again.administrator is administrator


def test_changing_an_unknown_account_is_an_error(stores: Stores) -> None:
    accounts = stores.accounts
    with pytest.raises(NotFound):
        accounts.set_password(NOBODY, "hash")
    with pytest.raises(NotFound):
        accounts.set_preferences(NOBODY, Preferences())
    with pytest.raises(NotFound):
        accounts.set_administrator(NOBODY, True)
    with pytest.raises(NotFound):
        accounts.open_session(NOBODY, secret_hash="s", at=NOW, expires_at=NOW + HOUR, label="")
    with pytest.raises(NotFound):
        accounts.add_token(NOBODY, name="t", secret_hash="t", scopes=frozenset(), at=NOW, expires_at=NOW + LIFE)
    accounts.delete(NOBODY)


def test_the_id_of_a_deleted_account_is_not_reused(stores: Stores, ann: User) -> None:
    stores.accounts.delete(ann.id)
    assert sign_up(stores).id > ann.id


def test_a_session_is_valid_until_it_expires(stores: Stores, ann: User) -> None:
    opened = stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + HOUR, label="Firefox")
    assert (opened.user, opened.label, opened.opened_at, opened.expires_at) == (ann.id, "Firefox", NOW, NOW + HOUR)
    assert stores.accounts.session("s", at=NOW + 59 * MINUTE) == (opened, ann)
    assert stores.accounts.session("s", at=NOW + HOUR) is None
    assert stores.accounts.session("another", at=NOW) is None


def test_the_use_of_a_session_is_recorded_at_most_once_an_hour(stores: Stores, ann: User) -> None:
    stores.accounts.open_session(ann.id, secret_hash="s", at=NOW, expires_at=NOW + 9 * HOUR, label="")
    for later, noted in ((59 * MINUTE, NOW), (61 * MINUTE, NOW + 61 * MINUTE), (2 * HOUR, NOW + 61 * MINUTE)):
        stores.accounts.session("s", at=NOW + later)
        assert stores.accounts.sessions(ann.id)[0].seen_at == noted


def test_sessions_are_listed_latest_first_and_can_only_be_ended_by_their_user(stores: Stores, ann: User) -> None:
    first, second = (
        stores.accounts.open_session(ann.id, secret_hash=secret, at=NOW + wait, expires_at=NOW + HOUR, label=secret)
        for secret, wait in (("one", 0 * MINUTE), ("two", MINUTE))
    )
    bob = sign_up(stores, "Bob")
    assert list(stores.accounts.sessions(ann.id)) == [second, first]
    assert not stores.accounts.end_session(bob.id, first.id)
    assert stores.accounts.end_session(ann.id, first.id)
    assert not stores.accounts.end_session(ann.id, first.id)
    assert stores.accounts.session("one", at=NOW) is None
    assert stores.accounts.session("two", at=NOW) is not None


def test_signing_in_deletes_expired_sessions(stores: Stores, ann: User) -> None:
    stores.accounts.open_session(ann.id, secret_hash="old", at=NOW, expires_at=NOW + HOUR, label="old")
    stores.accounts.open_session(ann.id, secret_hash="new", at=NOW + HOUR, expires_at=NOW + 2 * HOUR, label="new")
    assert [session.label for session in stores.accounts.sessions(ann.id)] == ["new"]


@pytest.mark.parametrize("keep", [True, False])
def test_a_new_password_ends_every_other_session(stores: Stores, ann: User, keep: bool) -> None:
    bob = sign_up(stores, "Bob")
    kept, *_ = [
        stores.accounts.open_session(user.id, secret_hash=secret, at=NOW, expires_at=NOW + HOUR, label="")
        for user, secret in ((ann, "one"), (ann, "two"), (bob, "bob"))
    ]
    stores.accounts.set_password(ann.id, "new hash", keep_session=kept.id if keep else None)
    assert stores.accounts.password_hash(ann.id) == "new hash"
    assert [session.id for session in stores.accounts.sessions(ann.id)] == ([kept.id] if keep else [])
    assert len(stores.accounts.sessions(bob.id)) == 1


@pytest.mark.parametrize(
    "scopes",
    [frozenset[Scope](), frozenset({Scope.READ}), frozenset({Scope.WRITE}), frozenset(Scope) - {Scope.SCROBBLE}],
)
def test_a_token_is_valid_with_its_scopes_until_revoked(stores: Stores, ann: User, scopes: frozenset[Scope]) -> None:
    made = stores.accounts.add_token(
        ann.id, name="script", secret_hash="t", scopes=scopes, at=NOW, expires_at=NOW + LIFE
    )
    assert (made.user, made.name, made.scopes, made.created_at, made.used_at) == (ann.id, "script", scopes, NOW, None)
    assert stores.accounts.token("t", at=NOW) == (made, ann)
    assert not stores.accounts.revoke_token(sign_up(stores, "Bob").id, made.id)
    assert stores.accounts.revoke_token(ann.id, made.id)
    assert not stores.accounts.revoke_token(ann.id, made.id)
    assert stores.accounts.token("t", at=NOW) is None


def test_the_use_of_a_token_is_recorded_at_most_once_an_hour(stores: Stores, ann: User) -> None:
    stores.accounts.add_token(ann.id, name="script", secret_hash="t", scopes=frozenset(), at=NOW, expires_at=NOW + LIFE)
    for later, noted in ((MINUTE, NOW + MINUTE), (60 * MINUTE, NOW + MINUTE), (61 * MINUTE, NOW + 61 * MINUTE)):
        stores.accounts.token("t", at=NOW + later)
        assert stores.accounts.tokens(ann.id)[0].used_at == noted


def test_tokens_are_listed_latest_first(stores: Stores, ann: User) -> None:
    for name, wait in (("old", 0), ("new", 1)):
        stores.accounts.add_token(
            ann.id, name=name, secret_hash=name, scopes=frozenset(), at=NOW + wait * MINUTE, expires_at=NOW + LIFE
        )
    assert [token.name for token in stores.accounts.tokens(ann.id)] == ["new", "old"]


def test_times_are_stored_in_utc_and_returned_aware(stores: Stores, url: str) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=-7)))
    ann = stores.accounts.create("Ann", password_hash="h", preferences=Preferences(), at=local)
    again = stores.accounts.user(ann.id)
    assert again is not None
    assert again.created_at == NOW
    assert again.created_at.tzinfo is UTC
    with raw(url) as connection:
        kept = connection.exec_driver_sql("SELECT CAST(created_at AS TEXT) FROM users").scalar_one()
    assert kept.startswith("2026-11-21 12:30:15.123456")


def test_a_time_without_a_time_zone_is_rejected(stores: Stores) -> None:
    with pytest.raises(Exception, match="expected a time with a time zone"):
        stores.accounts.create("Ann", password_hash="h", preferences=Preferences(), at=datetime(2026, 1, 1))  # noqa: DTZ001
