"""Password rules and the cost of verification."""

from __future__ import annotations

import threading
import time

import argon2
import pytest
import zxcvbn
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TooMany
from engine.accounts.credentials import password_rules
from engine.accounts.credentials.passwords import Passwords

IN_CONTEXT = "The password must not be the name of the site or of the account with a few characters added."
DEADLINE = 60.0
"""Seconds until a test gives up."""
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    "password", ["correct horse", "12 chars ok!", "пароль из слов", "a horse " * 24 + "is long", "xkvw qrtz"]
)
def test_a_password_of_sensible_length_is_accepted(password: str) -> None:
    assert password_rules.fault(password, name="Ada") == ""


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "8 to 200"),
        ("", "8 to 200"),
        ("ab" * 101, "8 to 200"),
        ("Grace Hopper", "the name"),
        ("grace-hopper", "the name"),
        ("gráce.hopper", "the name"),
        ("password", "too common"),
        ("PassWord123", "too common"),
        ("iloveyou", "too common"),
        ("aaaaaaaaaaaa", "too common"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(password: str, words: str) -> None:
    assert words in password_rules.fault(password, name="Grace.Hopper")


def test_the_hundred_thousand_most_common_passwords_are_refused() -> None:
    listed = password_rules._common().decode().split()
    assert len(listed) == 100_000
    assert all(len(word) >= password_rules.MIN_LENGTH and word == word.casefold() for word in listed)
    for word in listed[:: len(listed) // 50]:
        assert password_rules.fault(word.upper(), name="Ada") in (password_rules.TOO_COMMON, IN_CONTEXT)
    assert password_rules.fault("assword1\nassword12", name="Ada") != password_rules.TOO_COMMON


@pytest.mark.parametrize(
    "password", ["Marquee2026!", "m4rquee 1", "!!eeuqraM", "Ada.Lovelace1815", "moviemovie", "film-movie99"]
)
def test_words_of_context_in_simple_variants_are_refused(password: str) -> None:
    assert password_rules.fault(password, name="Ada.Lovelace") == IN_CONTEXT


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("qwertyuiop[]", "Straight rows of keys"),
        ("bcdefghijklm", "Sequences like"),
        ("abcabcabcabc", "Repeats like"),
        ("25-12-1990", "Dates are often"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_with_advice(password: str, words: str) -> None:
    said = password_rules.fault(password, name="Ada")
    assert said.startswith(password_rules.EASY)
    assert words in said


@pytest.mark.parametrize("beginning", ["4@8({[<369!1|705$7+%2z", "1234567890@($!+%", "qwertyuiop", "aB"])
def test_the_estimate_of_a_hostile_password_reads_few_characters(
    beginning: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(zxcvbn, "zxcvbn", lambda text, user_inputs: seen.append(text) or {"score": 4})  # noqa: ARG005
    password_rules.fault((beginning * 200)[:200], name="Ada")
    assert all(len(text) <= password_rules.ESTIMATED for text in seen)
    assert all(len(set(text) & set("@({[<!|$+%")) <= password_rules.MAX_SYMBOLS for text in seen)
    assert seen


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_only_the_password_itself_is_right(password: str, other: str) -> None:
    hashing = Passwords(hasher=CHEAP)
    stored = hashing.hash(password)
    assert hashing.verify(stored, password)
    assert hashing.verify(stored, other) == (password_rules.normal(password) == password_rules.normal(other))


def test_equivalent_unicode_forms_of_a_password_match() -> None:
    hashing = Passwords(hasher=CHEAP)
    assert hashing.verify(hashing.hash("caf\u00e9 noir"), "cafe\u0301 noir")


def test_a_lone_surrogate_is_handled() -> None:
    hashing = Passwords(hasher=CHEAP)
    assert not hashing.verify(hashing.hash("something"), "\ud800 something")


def test_hashes_are_argon2id_with_the_parameters_of_rfc_9106_for_little_memory() -> None:
    parameters = argon2.extract_parameters(Passwords().hash("correct horse"))
    assert parameters == argon2.profiles.RFC_9106_LOW_MEMORY
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (64 * 1024, 3, 4)


def test_equal_passwords_have_unequal_hashes() -> None:
    hashing = Passwords(hasher=CHEAP)
    assert hashing.hash("correct horse") != hashing.hash("correct horse")


def test_no_password_matches_the_hash_for_unknown_names() -> None:
    hashing = Passwords(hasher=CHEAP)
    assert not hashing.verify(None, "")
    assert not hashing.verify(None, "correct horse")


class Counting(argon2.PasswordHasher):
    """Records the cost of each check."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.costs: list[argon2.Parameters] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
        self.costs.append(argon2.extract_parameters(str(hash)))
        return bool(super().verify(hash, password))


def test_verifying_an_unknown_name_costs_the_same_as_a_known_one() -> None:
    hasher = Counting()
    hashing = Passwords(hasher=hasher)
    assert not hashing.verify(hashing.hash("correct horse"), "wrong horse")
    assert not hashing.verify(None, "wrong horse")
    wrong, unknown = hasher.costs
    assert wrong == unknown


def test_a_hash_of_other_parameters_is_outdated() -> None:
    old, new = Passwords(hasher=CHEAP), Passwords()
    assert new.outdated(old.hash("correct horse"))
    assert not old.outdated(old.hash("correct horse"))


def test_a_damaged_hash_matches_nothing_and_does_not_crash() -> None:
    assert not Passwords(hasher=CHEAP).verify("not a hash at all", "correct horse")


class Gate(argon2.PasswordHasher):
    """Hashes once enough callers are waiting, and records how many hash at the same time."""

    def __init__(self, parties: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.now = self.most = 0
        self.lock = threading.Lock()
        self.full = threading.Barrier(parties)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.full.wait(DEADLINE)
        with self.lock:
            self.now -= 1
        return super().hash(password, salt=salt)


def test_concurrent_sign_ins_are_limited() -> None:
    hasher = Gate(2)
    hashing = Passwords(hasher=hasher, at_once=2, patience=DEADLINE)
    flood = [threading.Thread(target=hashing.hash, args=("correct horse",)) for _ in range(10)]
    for thread in flood:
        thread.start()
    for thread in flood:
        thread.join()
    assert hasher.most == 2
    assert not hasher.full.broken


def test_a_sign_in_that_waits_too_long_is_told_to_retry() -> None:
    hasher = Gate(2)
    hashing = Passwords(hasher=hasher, at_once=1, patience=0.01)
    first = threading.Thread(target=hashing.hash, args=("correct horse",))
    first.start()
    while not hasher.now:
        time.sleep(0.001)
    with pytest.raises(TooMany) as refused:
        hashing.hash("correct horse")
    hasher.full.wait(DEADLINE)  # the first one may go on
    first.join()
    assert refused.value.retry_after > 0
    again = threading.Thread(target=hasher.full.wait, args=(DEADLINE,))
    again.start()
    assert hashing.hash("correct horse")
    again.join()
