"""Second factors, one-time secrets and the security log, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.errors import NameTaken, NotFound
from core.users import OneTimeKind, Scope, SecurityEvent, SecurityEventKind, User, UserId
from data.database import Stores
from data.database.credentials.one_time_secrets import MAX_OPEN
from tests.data.database.servers import LIFE, MINUTE, NOW, fill_credentials, sign_up

NOBODY = UserId(999_999)


def read(stores: Stores, user: User) -> User:
    """Return the account as stored now."""
    found = stores.accounts.user(user.id)
    assert found is not None
    return found


def add_secret(stores: Stores, user: User, name: str, kind: OneTimeKind = OneTimeKind.RESET) -> None:
    """Store a one-time secret that is valid for a minute."""
    stores.one_time_secrets.add(user.id, kind, secret_hash=name, details={"for": name}, at=NOW, expires_at=NOW + MINUTE)


def open_session(stores: Stores, user: User, name: str) -> int:
    """Sign in a browser."""
    return stores.accounts.open_session(user.id, secret_hash=name, at=NOW, expires_at=NOW + LIFE, label="").id


def sign_in(stores: Stores, user: User, session: int, *, device: str, minutes: int) -> SecurityEventKind:
    """Record a sign-in."""
    event = SecurityEvent(user.id, NOW + minutes * MINUTE, SecurityEventKind.SIGN_IN, device_hash=device)
    return stores.security_events.add_sign_in(event, session=session).kind


def noticed(stores: Stores, user: User) -> set[int]:
    """Return the sessions with a notice about a new device."""
    return {session.id for session in stores.accounts.sessions(user.id) if session.new_device}


def test_a_time_step_is_used_once(stores: Stores, ann: User) -> None:
    stores.second_factors.set_totp(ann.id, "sealed", step=7, at=NOW)
    assert stores.second_factors.totp(ann.id) == "sealed"
    assert [stores.second_factors.use_step(ann.id, step) for step in (7, 8, 8, 6, 9)] == [
        False, True, False, False, True,
    ]  # fmt: skip
    assert not stores.second_factors.use_step(sign_up(stores, "Bob").id, 8)


def test_of_concurrent_uses_of_a_step_one_wins(stores: Stores, ann: User) -> None:
    stores.second_factors.set_totp(ann.id, "sealed", step=7, at=NOW)
    with ThreadPoolExecutor(4) as pool:
        used = list(pool.map(lambda step: stores.second_factors.use_step(ann.id, step), [8] * 4))
    assert used.count(True) == 1


def test_an_account_has_a_second_factor_until_the_last_is_removed(stores: Stores, ann: User) -> None:
    assert not ann.second_factor
    stores.second_factors.set_totp(ann.id, "sealed", step=1, at=NOW)
    key = stores.second_factors.add_passkey(ann.id, credential="c", public_key="k", uses=0, name="key", at=NOW)
    stores.second_factors.set_codes(ann.id, ["a", "b"])
    assert read(stores, ann).second_factor
    assert stores.second_factors.remove_totp(ann.id, at=NOW)
    assert not stores.second_factors.remove_totp(ann.id, at=NOW)
    assert read(stores, ann).second_factor
    assert stores.second_factors.codes_left(ann.id) == 2
    assert not stores.second_factors.remove_passkey(sign_up(stores, "Bob").id, key.id, at=NOW)
    assert stores.second_factors.remove_passkey(ann.id, key.id, at=NOW)
    assert not read(stores, ann).second_factor
    assert stores.second_factors.codes_left(ann.id) == 0


def test_a_credential_is_registered_once(stores: Stores, ann: User) -> None:
    made = stores.second_factors.add_passkey(ann.id, credential="c", public_key="k", uses=3, name="key", at=NOW)
    assert list(stores.second_factors.passkeys(ann.id)) == [made]
    bob = sign_up(stores, "Bob")
    with pytest.raises(NameTaken):
        stores.second_factors.add_passkey(bob.id, credential="c", public_key="k", uses=3, name="key", at=NOW)
    assert not read(stores, bob).second_factor


def test_the_counter_of_a_passkey_only_grows(stores: Stores, ann: User) -> None:
    key = stores.second_factors.add_passkey(ann.id, credential="c", public_key="k", uses=3, name="key", at=NOW)
    use = stores.second_factors.use_passkey
    assert [use(ann.id, key.id, uses=uses, at=NOW) for uses in (4, 4, 3, 0, 5)] == [True, False, False, False, True]
    none = stores.second_factors.add_passkey(ann.id, credential="d", public_key="k", uses=0, name="key", at=NOW)
    assert [use(ann.id, none.id, uses=0, at=NOW) for _ in range(2)] == [True, True]  # it does not count
    assert stores.second_factors.passkeys(ann.id)[0].used_at == NOW


def test_a_recovery_code_works_once_and_for_its_user(stores: Stores, ann: User) -> None:
    stores.second_factors.set_codes(ann.id, ["a", "b"])
    assert not stores.second_factors.use_code(sign_up(stores, "Bob").id, "a")
    assert [stores.second_factors.use_code(ann.id, code) for code in ("a", "a", "c")] == [True, False, False]
    stores.second_factors.set_codes(ann.id, ["d"])
    assert not stores.second_factors.use_code(ann.id, "b")


def test_a_one_time_secret_is_taken_once(stores: Stores, ann: User) -> None:
    add_secret(stores, ann, "r")
    found = stores.one_time_secrets.read("r", OneTimeKind.RESET, at=NOW)
    assert found is not None
    assert (found.user, dict(found.details)) == (ann.id, {"for": "r"})
    assert stores.one_time_secrets.take("r", OneTimeKind.SIGN_IN, at=NOW) is None
    assert stores.one_time_secrets.take("r", OneTimeKind.RESET, at=NOW + MINUTE) is None
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda name: stores.one_time_secrets.take(name, OneTimeKind.RESET, at=NOW), "rrrr"))
    assert [one for one in taken if one is not None] == [found]


def test_unused_secrets_are_bounded_and_belong_to_an_account(stores: Stores, ann: User) -> None:
    for number in range(MAX_OPEN + 3):
        stores.one_time_secrets.add(
            ann.id,
            OneTimeKind.RESET,
            secret_hash=f"r{number}",
            details={},
            at=NOW,
            expires_at=NOW + (number + 1) * MINUTE,
        )
    add_secret(stores, ann, "other", OneTimeKind.EMAIL)
    left = stores.one_time_secrets.of_user(ann.id)
    assert len(left) == MAX_OPEN + 1
    assert stores.one_time_secrets.read("r0", OneTimeKind.RESET, at=NOW) is None
    assert stores.one_time_secrets.read(f"r{MAX_OPEN + 2}", OneTimeKind.RESET, at=NOW) is not None
    stores.one_time_secrets.delete(ann.id, OneTimeKind.RESET)
    assert [one.kind for one in stores.one_time_secrets.of_user(ann.id)] == [OneTimeKind.EMAIL]
    with pytest.raises(NotFound):
        stores.one_time_secrets.add(
            NOBODY, OneTimeKind.RESET, secret_hash="x", details={}, at=NOW, expires_at=NOW + MINUTE
        )


@pytest.mark.parametrize("keep", [False, True])
def test_a_new_password_deletes_secrets_and_tokens_and_renews_the_session(
    stores: Stores, ann: User, keep: bool
) -> None:
    add_secret(stores, ann, "r")
    kept = open_session(stores, ann, "here")
    open_session(stores, ann, "there")
    stores.accounts.add_token(
        ann.id, name="t", secret_hash="t", scopes=frozenset(Scope) - {Scope.SCROBBLE}, at=NOW, expires_at=NOW + LIFE
    )
    stores.accounts.set_password(ann.id, "new", keep_session=kept, new_secret_hash="renewed", keep_tokens=keep)
    assert stores.one_time_secrets.of_user(ann.id) == []
    assert [session.id for session in stores.accounts.sessions(ann.id)] == [kept]
    assert stores.accounts.session("here", at=NOW) is None
    assert stores.accounts.session("renewed", at=NOW) is not None
    assert (stores.accounts.token("t", at=NOW) is not None) is keep


def test_an_expired_token_is_unknown(stores: Stores, ann: User) -> None:
    stores.accounts.add_token(ann.id, name="t", secret_hash="t", scopes=frozenset(), at=NOW, expires_at=NOW + MINUTE)
    assert stores.accounts.token("t", at=NOW + MINUTE - timedelta(seconds=1)) is not None
    assert stores.accounts.token("t", at=NOW + MINUTE) is None
    assert stores.accounts.purge_tokens(at=NOW + MINUTE) == 1


def test_a_session_that_is_not_used_is_unknown(stores: Stores, ann: User) -> None:
    open_session(stores, ann, "s")
    assert stores.accounts.session("s", at=NOW, idle_since=NOW - MINUTE) is not None
    assert stores.accounts.session("s", at=NOW, idle_since=NOW) is None
    assert stores.accounts.purge_sessions(at=NOW, idle_since=NOW) == 1


def test_accounts_are_found_by_their_email_address(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    assert stores.accounts.of_email("", limit=5) == []
    for user in (ann, bob):
        stores.accounts.set_email(user.id, "Both@Example.org")
    assert [user.id for user in stores.accounts.of_email("both@example.ORG", limit=5)] == [ann.id, bob.id]
    assert len(stores.accounts.of_email("both@example.org", limit=1)) == 1
    stores.accounts.set_email(ann.id, "")
    assert read(stores, ann).email == ""
    assert read(stores, bob).email == "both@example.org"


def test_only_a_further_device_is_new(stores: Stores, ann: User) -> None:
    sessions = [open_session(stores, ann, name) for name in ("one", "two", "three")]
    assert sign_in(stores, ann, sessions[0], device="a", minutes=0) == SecurityEventKind.SIGN_IN
    assert sign_in(stores, ann, sessions[0], device="a", minutes=1) == SecurityEventKind.SIGN_IN
    assert noticed(stores, ann) == set()
    assert sign_in(stores, ann, sessions[1], device="b", minutes=2) == SecurityEventKind.NEW_DEVICE
    assert noticed(stores, ann) == {sessions[0], sessions[2]}
    stores.security_events.dismiss(ann.id, sessions[0])
    stores.security_events.dismiss(sign_up(stores, "Bob").id, sessions[2])
    assert noticed(stores, ann) == {sessions[2]}


def test_an_owner_who_signs_in_later_gets_the_notice(stores: Stores, ann: User) -> None:
    first = open_session(stores, ann, "one")
    sign_in(stores, ann, first, device="a", minutes=0)
    stores.accounts.end_session(ann.id, first)
    sign_in(stores, ann, open_session(stores, ann, "thief"), device="b", minutes=1)
    back = open_session(stores, ann, "back")
    assert sign_in(stores, ann, back, device="a", minutes=2) == SecurityEventKind.SIGN_IN
    assert back in noticed(stores, ann)
    again = open_session(stores, ann, "again")
    sign_in(stores, ann, again, device="a", minutes=3)
    assert again not in noticed(stores, ann)


def test_events_are_returned_latest_first_and_purged(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    events = [
        SecurityEvent(user.id, NOW + minutes * MINUTE, kind, "192.0.2.0/24", "Firefox on Linux", "device")
        for user, minutes, kind in (
            (ann, 0, SecurityEventKind.SIGN_IN),
            (bob, 1, SecurityEventKind.SIGN_IN),
            (ann, 2, SecurityEventKind.WRONG_PASSWORD),
        )
    ]
    stores.security_events.add([*events, SecurityEvent(NOBODY, NOW, SecurityEventKind.SIGN_IN)])
    assert stores.security_events.of_user(ann.id) == [events[2], events[0]]
    assert stores.security_events.of_user(ann.id, limit=1) == [events[2]]
    assert stores.security_events.purge(before=NOW + MINUTE) == 1


def test_all_credentials_are_deleted_with_their_account(stores: Stores, ann: User) -> None:
    fill_credentials(stores, ann)
    stores.accounts.delete(ann.id)
    assert stores.security_events.of_user(ann.id) == []
    assert stores.one_time_secrets.of_user(ann.id) == []
    assert stores.second_factors.passkeys(ann.id) == []
    assert (stores.second_factors.totp(ann.id), stores.second_factors.codes_left(ann.id)) == (None, 0)
