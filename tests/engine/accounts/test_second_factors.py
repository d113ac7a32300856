"""Second factors: set up, proved at sign-in, replayed, lost and removed."""

from __future__ import annotations

import dataclasses
import logging
from datetime import timedelta
from pathlib import Path

import argon2
import pyotp
import pytest

from core.errors import InvalidRequest, NotFound, NotSignedIn
from core.users import Client, Scope, SecurityEventKind, User
from data.database import Stores
from engine.accounts.accounts import FACTOR_FIRST, NEEDS_FACTOR, TOO_LATE, WRONG_CODE, AccountPolicy, Accounts
from engine.accounts.credentials.passwords import Passwords
from engine.accounts.second_factors import recovery_codes, totp
from engine.accounts.second_factors.factors import Code, PasskeyResponse
from engine.accounts.second_factors.passkeys import Site
from tests.authenticator import Authenticator
from tests.engine.accounts.conftest import Clock
from tests.engine.accounts.test_accounts import CHEAP, PASSWORD, dump

SITE = Site("localhost", "http://localhost")
KEY = "the key of this site"


@pytest.fixture
def accounts(stores: Stores, clock: Clock) -> Accounts:
    """The use cases, with cheap hashing."""
    return make(stores, clock)


def make(stores: Stores, clock: Clock, *, key: str = KEY, policy: AccountPolicy | None = None) -> Accounts:
    """Return the use cases with a signing key and a policy."""
    return Accounts(stores, hashing=Passwords(hasher=CHEAP), clock=clock, key=lambda: key, policy=policy)


@pytest.fixture
def ada(accounts: Accounts) -> User:
    """A user with an account."""
    return accounts.sign_up("Ada", PASSWORD)


def set_up(accounts: Accounts, user: User, clock: Clock) -> tuple[str, tuple[str, ...]]:
    """Set up an authenticator app; return its key and the recovery codes. Its code is used up."""
    setup = accounts.second_factors.begin_totp(user)
    codes = accounts.second_factors.confirm_totp(user, setup.secret, code(setup.key, clock))
    clock.at += timedelta(seconds=30)
    return setup.key, codes


def code(key: str, clock: Clock, *, steps: int = 0) -> str:
    """Return the code that an app shows, some steps later or earlier."""
    return pyotp.TOTP(key).at(clock.at, counter_offset=steps)


def kinds(accounts: Accounts, user: User) -> list[SecurityEventKind]:
    """Return the kinds of the recorded events, latest first."""
    accounts.security_log.flush()
    return [event.kind for event in accounts.security_log.recent(user.id)]


def test_signing_in_needs_a_code_once_an_app_is_set_up(accounts: Accounts, ada: User, clock: Clock) -> None:
    key, _ = set_up(accounts, ada, clock)
    user, pending = accounts.sign_in("Ada", PASSWORD)
    assert user.second_factor
    assert accounts.resume(pending) is None
    assert accounts.awaiting(pending) == user
    _, secret = accounts.finish_sign_in(pending, Code(code(key, clock)))
    assert accounts.resume(secret) is not None
    with pytest.raises(NotSignedIn):
        accounts.finish_sign_in(pending, Code(code(key, clock, steps=1)))


@pytest.mark.parametrize("typed", ["", "000000", "12345", "1234567", "abcdef", "١٢٣٤٥٦", " " * 50, "9" * 5000])
def test_a_wrong_code_is_refused(accounts: Accounts, ada: User, clock: Clock, typed: str) -> None:
    key, _ = set_up(accounts, ada, clock)
    _, pending = accounts.sign_in("Ada", PASSWORD)
    with pytest.raises(InvalidRequest) as refused:
        accounts.finish_sign_in(pending, Code(typed))
    assert refused.value.fields == {"code": WRONG_CODE}
    assert accounts.sessions(ada) == []
    accounts.finish_sign_in(pending, Code(code(key, clock)))
    assert SecurityEventKind.WRONG_FACTOR in kinds(accounts, ada)


def test_a_code_is_accepted_once(accounts: Accounts, ada: User, clock: Clock) -> None:
    key, _ = set_up(accounts, ada, clock)
    pending = [accounts.sign_in("Ada", PASSWORD)[1] for _ in range(3)]
    accounts.finish_sign_in(pending[0], Code(code(key, clock)))
    for typed in (code(key, clock), code(key, clock, steps=-1)):  # the same, and an earlier one
        with pytest.raises(InvalidRequest):
            accounts.finish_sign_in(pending[1], Code(typed))
    accounts.finish_sign_in(pending[2], Code(code(key, clock, steps=1)))


def test_the_code_that_confirmed_the_setup_is_used_up(accounts: Accounts, ada: User, clock: Clock) -> None:
    setup = accounts.second_factors.begin_totp(ada)
    shown = code(setup.key, clock)
    accounts.second_factors.confirm_totp(ada, setup.secret, shown)
    _, pending = accounts.sign_in("Ada", PASSWORD)
    with pytest.raises(InvalidRequest):
        accounts.finish_sign_in(pending, Code(shown))


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_clock_of_a_telephone_may_be_half_a_minute_wrong(clock: Clock, steps: int, right: bool) -> None:
    key = totp.new_key()
    assert (totp.matching_step(key, code(key, clock, steps=steps), at=clock.at) is not None) is right


def test_a_setup_has_no_effect_until_its_code_is_right(accounts: Accounts, ada: User, clock: Clock) -> None:
    setup = accounts.second_factors.begin_totp(ada)
    with pytest.raises(InvalidRequest):
        accounts.second_factors.confirm_totp(ada, setup.secret, "000000")
    user, secret = accounts.sign_in("Ada", PASSWORD)
    assert not user.second_factor
    assert accounts.resume(secret) is not None
    mallory = accounts.sign_up("Mallory", PASSWORD)
    with pytest.raises(NotFound):
        accounts.second_factors.confirm_totp(mallory, setup.secret, code(setup.key, clock))
    clock.at += timedelta(minutes=15)
    with pytest.raises(NotFound):
        accounts.second_factors.confirm_totp(ada, setup.secret, code(setup.key, clock))


def test_a_sign_in_waits_ten_minutes_for_its_code(accounts: Accounts, ada: User, clock: Clock) -> None:
    key, _ = set_up(accounts, ada, clock)
    _, pending = accounts.sign_in("Ada", PASSWORD)
    clock.at += timedelta(minutes=10)
    with pytest.raises(NotSignedIn, match=TOO_LATE):
        accounts.finish_sign_in(pending, Code(code(key, clock)))


def test_a_new_password_ends_sign_ins_that_wait(accounts: Accounts, ada: User, clock: Clock) -> None:
    key, _ = set_up(accounts, ada, clock)
    _, pending = accounts.sign_in("Ada", PASSWORD)
    accounts.change_password(ada, PASSWORD, "another horse")
    with pytest.raises(NotSignedIn):
        accounts.finish_sign_in(pending, Code(code(key, clock)))


def test_a_recovery_code_works_once(accounts: Accounts, ada: User, clock: Clock) -> None:
    _, codes = set_up(accounts, ada, clock)
    assert len(set(codes)) == recovery_codes.COUNT
    _, pending = accounts.sign_in("Ada", PASSWORD)
    accounts.finish_sign_in(pending, Code(codes[0].upper().replace("-", " ")))
    _, pending = accounts.sign_in("Ada", PASSWORD)
    with pytest.raises(InvalidRequest):
        accounts.finish_sign_in(pending, Code(codes[0]))
    renewed = accounts.second_factors.new_codes(ada)
    with pytest.raises(InvalidRequest):
        accounts.finish_sign_in(pending, Code(codes[1]))
    accounts.finish_sign_in(pending, Code(renewed[1]))
    assert accounts.second_factors.of(ada).codes_left == recovery_codes.COUNT - 1


def test_keys_and_codes_are_nowhere_in_clear_text(
    accounts: Accounts, ada: User, clock: Clock, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key, codes = set_up(accounts, ada, clock)
    waiting = accounts.second_factors.begin_totp(ada)
    _, pending = accounts.sign_in("Ada", PASSWORD, client=Client("192.0.2.0/24", "Firefox", "device secret"))
    accounts.finish_sign_in(pending, Code(codes[0]), client=Client(device="device secret"))
    everything = dump(file) + caplog.text + str(accounts.export(ada))
    for secret in (key, waiting.key, waiting.secret, pending, "device secret", *codes):
        assert secret not in everything
        assert recovery_codes.normalized(secret) == "" or recovery_codes.normalized(secret) not in everything
    assert "event=second_factor" in caplog.text


def test_an_outdated_hash_is_renewed_once_the_second_factor_is_proved(stores: Stores, ada: User, clock: Clock) -> None:
    key, _ = set_up(make(stores, clock), ada, clock)
    before = stores.accounts.password_hash(ada.id)
    stronger = Passwords(hasher=argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    accounts = Accounts(stores, hashing=stronger, clock=clock, key=lambda: KEY)
    _, pending = accounts.sign_in("Ada", PASSWORD)
    assert stores.accounts.password_hash(ada.id) == before
    _, secret = accounts.finish_sign_in(pending, Code(code(key, clock)))
    assert stores.accounts.password_hash(ada.id) != before
    assert accounts.resume(secret) is not None
    assert accounts.sign_in("Ada", PASSWORD)[0].id == ada.id


def test_a_copy_of_the_database_alone_reveals_no_key(stores: Stores, ada: User, clock: Clock) -> None:
    key, codes = set_up(make(stores, clock), ada, clock)
    other = make(stores, clock, key="the key of another site")
    _, pending = other.sign_in("Ada", PASSWORD)
    with pytest.raises(InvalidRequest):
        other.finish_sign_in(pending, Code(code(key, clock)))
    other.finish_sign_in(pending, Code(codes[0]))  # recovery codes still work


def test_a_removed_app_is_not_asked_for(accounts: Accounts, ada: User, clock: Clock) -> None:
    set_up(accounts, ada, clock)
    accounts.second_factors.remove_totp(ada)
    with pytest.raises(NotFound):
        accounts.second_factors.remove_totp(ada)
    user, secret = accounts.sign_in("Ada", PASSWORD)
    assert not user.second_factor
    assert accounts.resume(secret) is not None


@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_signs_in(accounts: Accounts, ada: User, counts: bool) -> None:
    key = Authenticator(counts=counts)
    codes = register(accounts, ada, key)
    assert len(codes) == recovery_codes.COUNT
    for _ in range(2):
        user, pending = accounts.sign_in("Ada", PASSWORD)
        answer = key.sign(accounts.second_factors.ask_passkey(user, SITE))
        _, secret = accounts.finish_sign_in(pending, PasskeyResponse(answer, SITE))
        assert accounts.resume(secret) is not None
    assert register(accounts, ada, Authenticator()) == ()  # the codes stay as they are
    assert [passkey.name for passkey in accounts.second_factors.of(ada).passkeys] == ["my key", "my key"]


def register(accounts: Accounts, user: User, key: Authenticator) -> tuple[str, ...]:
    """Add a passkey."""
    options = accounts.second_factors.begin_passkey(user, SITE)
    return accounts.second_factors.add_passkey(user, key.create(options), SITE, name=" my key\n")


def test_a_challenge_is_answered_once_and_by_its_user(accounts: Accounts, ada: User) -> None:
    key = Authenticator()
    register(accounts, ada, key)
    user, pending = accounts.sign_in("Ada", PASSWORD)
    answer = key.sign(accounts.second_factors.ask_passkey(user, SITE))
    accounts.finish_sign_in(pending, PasskeyResponse(answer, SITE))
    _, pending = accounts.sign_in("Ada", PASSWORD)
    late = key.sign(accounts.second_factors.ask_passkey(user, SITE))
    mallory, theirs = accounts.sign_up("Mallory", PASSWORD), Authenticator()
    register(accounts, mallory, theirs)
    foreign = key.sign(accounts.second_factors.ask_passkey(mallory, SITE))
    own = theirs.sign(accounts.second_factors.ask_passkey(user, SITE))
    for wrong in (answer, foreign, own, "", "{}", "[" * 50_000, '{"response": 1}', late.replace('"signature"', '"s"')):
        with pytest.raises(InvalidRequest):
            accounts.finish_sign_in(pending, PasskeyResponse(wrong, SITE))
    assert accounts.sessions(user) != []


@pytest.mark.parametrize(
    "forger",
    [
        Authenticator(origin="https://evil.example"),
        Authenticator(host="evil.example"),
        Authenticator(credential=b"0123456789abcdef"),
    ],
)
def test_a_response_of_another_site_or_key_is_refused(accounts: Accounts, ada: User, forger: Authenticator) -> None:
    key = Authenticator(credential=b"0123456789abcdef")
    register(accounts, ada, key)
    user, pending = accounts.sign_in("Ada", PASSWORD)
    forger.credential = key.credential
    answer = forger.sign(accounts.second_factors.ask_passkey(user, SITE))
    with pytest.raises(InvalidRequest):
        accounts.finish_sign_in(pending, PasskeyResponse(answer, SITE))


def test_a_cloned_passkey_is_refused(accounts: Accounts, ada: User) -> None:
    key = Authenticator()
    register(accounts, ada, key)
    user, pending = accounts.sign_in("Ada", PASSWORD)
    key.uses -= 1  # the clone lags behind
    answer = key.sign(accounts.second_factors.ask_passkey(user, SITE))
    with pytest.raises(InvalidRequest):
        accounts.finish_sign_in(pending, PasskeyResponse(answer, SITE))


def test_a_passkey_of_another_site_or_challenge_is_not_added(accounts: Accounts, ada: User) -> None:
    options = accounts.second_factors.begin_passkey(ada, SITE)
    for made in (
        Authenticator(origin="https://evil.example").create(options),
        Authenticator().create('{"challenge": "AAAA"}'),
        "",
        "null",
    ):
        with pytest.raises(InvalidRequest):
            accounts.second_factors.add_passkey(ada, made, SITE, name="key")
    assert not accounts.second_factors.of(ada).passkeys


def test_a_removed_passkey_is_refused(accounts: Accounts, ada: User) -> None:
    key, other = Authenticator(), Authenticator()
    for one in (key, other):
        register(accounts, ada, one)
    lost = accounts.second_factors.of(ada).passkeys[1]
    user, pending = accounts.sign_in("Ada", PASSWORD)
    answer = key.sign(accounts.second_factors.ask_passkey(user, SITE))
    accounts.second_factors.remove_passkey(ada, lost.id)
    with pytest.raises(InvalidRequest):
        accounts.finish_sign_in(pending, PasskeyResponse(answer, SITE))
    with pytest.raises(NotFound):
        accounts.second_factors.remove_passkey(ada, lost.id)


def test_a_program_needs_the_second_factor_too(accounts: Accounts, ada: User, clock: Clock) -> None:
    assert accounts.authenticate("Ada", PASSWORD) == ada
    key, _ = set_up(accounts, ada, clock)
    with pytest.raises(InvalidRequest) as refused:
        accounts.authenticate("Ada", PASSWORD)
    assert refused.value.fields == {"code": NEEDS_FACTOR}
    with pytest.raises(InvalidRequest) as refused:
        accounts.authenticate("Ada", PASSWORD, proof=Code("000000"))
    assert refused.value.fields == {"code": WRONG_CODE}
    with pytest.raises(NotSignedIn):
        accounts.authenticate("Ada", "wrong horse", proof=Code(code(key, clock)))
    assert accounts.authenticate("Ada", PASSWORD, proof=Code(code(key, clock))).id == ada.id
    assert accounts.sessions(ada) == []


def test_administrators_need_a_second_factor_if_the_site_requires_it(stores: Stores, clock: Clock) -> None:
    accounts = make(stores, clock, policy=AccountPolicy(admin_second_factor=True))
    ada = accounts.sign_up("Ada", PASSWORD)
    assert not accounts.lacks_factor(ada)
    grace = dataclasses.replace(ada, administrator=True)
    assert accounts.lacks_factor(grace)
    with pytest.raises(InvalidRequest) as refused:
        accounts.add_token(grace, "mine", frozenset(Scope) - {Scope.SCROBBLE})
    assert refused.value.fields == {"scopes": FACTOR_FIRST}
    ready = dataclasses.replace(grace, second_factor=True)
    assert not accounts.lacks_factor(ready)
    accounts.add_token(ready, "mine", frozenset(Scope) - {Scope.SCROBBLE})


def test_what_happens_to_an_account_is_recorded(
    accounts: Accounts, ada: User, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="marquee.security")
    here = Client("192.0.2.0/24", "Firefox on Linux", "here")
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Ada", "wrong horse", client=here)
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Nobody at all", PASSWORD, client=here)
    accounts.security_log.flush()
    steps = [
        lambda: accounts.sign_in("Ada", PASSWORD, client=here),
        lambda: accounts.sign_in("Ada", PASSWORD, client=Client("2001:db8::/48", "Safari on iPhone", "there")),
        lambda: accounts.end_session(ada, accounts.sessions(ada)[0].id, client=here),
        lambda: accounts.revoke_token(ada, accounts.add_token(ada, "t", frozenset({Scope.READ}))[0].id),
        lambda: accounts.change_password(ada, PASSWORD, "another horse", client=here),
    ]
    for step in steps:
        clock.at += timedelta(seconds=1)
        step()
    assert kinds(accounts, ada) == [
        SecurityEventKind.PASSWORD_CHANGED,
        SecurityEventKind.TOKEN_REVOKED,
        SecurityEventKind.TOKEN_CREATED,
        SecurityEventKind.SESSION_ENDED,
        SecurityEventKind.NEW_DEVICE,
        SecurityEventKind.SIGN_IN,
        SecurityEventKind.WRONG_PASSWORD,
    ]
    new = accounts.security_log.recent(ada.id)[4]
    assert (new.place, new.label, new.at) == ("2001:db8::/48", "Safari on iPhone", clock.at - timedelta(seconds=3))
    lines = [record.getMessage() for record in caplog.records if record.name == "marquee.security"]
    assert lines[0] == f"security event=wrong_password user={ada.id} place=192.0.2.0/24 device='Firefox on Linux'"
    assert lines[1] == "security event=wrong_password user=unknown place=192.0.2.0/24 device='Firefox on Linux'"
    assert not any("Nobody" in line or "horse" in line for line in lines)
