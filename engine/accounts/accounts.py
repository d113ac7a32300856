"""Accounts: sign-up, sessions, API tokens, data export and deletion."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.errors import InvalidRequest, NameTaken, NotFound, NotSignedIn
from core.jobs.retention import SESSION_DAYS
from core.texts import fold
from core.users import Preferences, Scope, Session, Token, User, UserId
from data.database import Stores
from engine.accounts import data_export, passwords
from engine.accounts.passwords import Passwords
from engine.clock import Clock, now

MIN_NAME, MAX_NAME = 2, 40
MARKS = "-_."
RESERVED = frozenset(
    "admin administrator admins anonymous api deleted editor everybody everyone guest help helpdesk info mail marquee "
    "me moderator moderators nobody none null official operator owner postmaster root security somebody staff support "
    "sysadmin system team undefined viewer visitor webmaster you".split()
)
"""Names that could impersonate the site or its staff, or that mean nobody."""
NOT_AVAILABLE = "That name is not available"
WRONG = "The name or the password is wrong."
SECRET_BYTES = 32
MAX_LABEL = 100
MAX_TOKEN_NAME = 60
MAX_TOKENS = 50
MAX_SESSIONS = 50
"""Sessions per user; a new session ends the oldest one."""


def digest(secret: str) -> str:
    """Return the stored form of a secret: SHA-256 in hexadecimal. Enough for 256 random bits; passwords need Argon2."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Accounts:
    """Accounts, sessions and API tokens. Only callers see the secrets of sessions and tokens; stores keep hashes."""

    def __init__(
        self,
        stores: Stores,
        *,
        hashing: Passwords | None = None,
        session_days: int = SESSION_DAYS,
        clock: Clock = now,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        """`settle` waits until queued events are written, so that deletion and export include them."""
        self._stores, self._store = stores, stores.accounts
        self._passwords = hashing or Passwords()
        self._lifetime = timedelta(days=session_days)
        self._clock, self._settle = clock, settle

    def check(self) -> None:
        """Check that accounts can be read. Raises `StoreUnavailable`."""
        self._store.check()

    def sign_up(self, name: str, password: str, *, preferences: Preferences | None = None) -> User:
        """Create an account. Raises `InvalidRequest` (fields `name`, `password`) with the first fault of each."""
        name = unicodedata.normalize("NFKC", name).strip()
        _refuse({"name": name_fault(name), "password": passwords.fault(password, name=name)})
        hashed = self._passwords.hash(password)
        try:
            return self._store.create(
                name, password_hash=hashed, preferences=preferences or Preferences(), at=self._clock()
            )
        except NameTaken:
            raise InvalidRequest({"name": NOT_AVAILABLE}) from None

    def sign_in(self, name: str, password: str, *, label: str = "") -> tuple[User, str]:
        """Open a session; return the user and the session's secret. `label` is the browser's description of itself.

        Raises:
            NotSignedIn: the name or the password is wrong; message and duration are the same for both.
        """
        user, stored = self._check(name, password)
        renewed = self._passwords.hash(password) if self._passwords.outdated(stored) else ""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        opened = self._open(user, secret, label)
        if self._store.password_hash(user.id) != stored:  # changed meanwhile, which ended all sessions but this new one
            self._store.end_session(user.id, opened.id)
            raise NotSignedIn(WRONG)
        if renewed:
            self._store.set_password(user.id, renewed, keep_session=opened.id)
        for session in self._store.sessions(user.id)[MAX_SESSIONS:]:
            self._store.end_session(user.id, session.id)
        return user, secret

    def resume(self, secret: str) -> tuple[User, Session] | None:
        """Return the owner of a session's secret and the session, in one query; None if it was ended or has expired."""
        found = self._store.session(digest(secret), at=self._clock())
        return (found[1], found[0]) if found else None

    def sign_out(self, secret: str) -> None:
        """End the session of a secret; do nothing if the secret is unknown."""
        found = self._store.session(digest(secret), at=self._clock())
        if found:
            self._store.end_session(found[1].id, found[0].id)

    def sessions(self, user: User) -> Sequence[Session]:
        """Return the active sessions, latest first."""
        at = self._clock()
        return [session for session in self._store.sessions(user.id) if session.expires_at > at]

    def end_session(self, user: User, session: int) -> None:
        """End one session. Raises `NotFound`."""
        if not self._store.end_session(user.id, session):
            raise NotFound("This browser is not signed in.")

    def change_password(self, user: User, old: str, new: str, *, keep_session: int | None = None) -> None:
        """Set a new password and end every other session. Raises `InvalidRequest` (fields `old`, `new`)."""
        faults = {"new": passwords.fault(new, name=user.name)}
        if not self._is_password(user.id, old):
            faults["old"] = "This is not your password."
        _refuse(faults)
        self._store.set_password(user.id, self._passwords.hash(new), keep_session=keep_session)

    def close(self, user: User, password: str) -> None:
        """Delete the account with all its data. Raises `InvalidRequest` (field `password`)."""
        if not self._is_password(user.id, password):
            raise InvalidRequest({"password": "This is not your password."})
        self._settle()
        self._store.delete(user.id)

    def export(self, user: User) -> Mapping[str, Any]:
        """Return all stored data of the user as plain JSON values."""
        self._settle()
        return data_export.everything(self._stores, user, at=self._clock())

    def prefer(self, user: User, preferences: Preferences) -> User:
        """Replace the preferences; opting out of events deletes the stored ones."""
        self._store.set_preferences(user.id, preferences)
        if not preferences.keep_events:
            self._settle()
            self._stores.events.forget(user.id)
            self._stores.implicit_feedback.forget(user.id)
        return replace(user, preferences=preferences)

    def add_token(self, user: User, name: str, scopes: frozenset[Scope]) -> tuple[Token, str]:
        """Create an API token; return it with its secret, which is not stored.

        Raises:
            InvalidRequest: with the fields `name` and `scopes`.
        """
        name = _printable(name)
        faults = {
            "name": "" if 1 <= len(name) <= MAX_TOKEN_NAME else f"Use 1 to {MAX_TOKEN_NAME} characters.",
            "scopes": "" if scopes else "Choose at least one: read, write.",
        }
        if len(self._store.tokens(user.id)) >= MAX_TOKENS:
            faults["name"] = f"You have {MAX_TOKENS} tokens already; revoke one first."
        _refuse(faults)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        token = self._store.add_token(user.id, name=name, secret_hash=digest(secret), scopes=scopes, at=self._clock())
        return token, secret

    def tokens(self, user: User) -> Sequence[Token]:
        """Return the tokens, latest first."""
        return self._store.tokens(user.id)

    def revoke_token(self, user: User, token: int) -> None:
        """Revoke a token. Raises `NotFound`."""
        if not self._store.revoke_token(user.id, token):
            raise NotFound("This token does not exist or was revoked.")

    def of_token(self, secret: str) -> tuple[User, frozenset[Scope]] | None:
        """Return the owner and the scopes of a token's secret, in one query; None if it is unknown."""
        found = self._store.token(digest(secret), at=self._clock())
        return (found[1], found[0].scopes) if found else None

    def _open(self, user: User, secret: str, label: str) -> Session:
        at = self._clock()
        try:
            return self._store.open_session(
                user.id,
                secret_hash=digest(secret),
                at=at,
                expires_at=at + self._lifetime,
                label=_printable(label)[:MAX_LABEL],
            )
        except NotFound:  # deleted since the password was checked
            raise NotSignedIn(WRONG) from None

    def _check(self, name: str, password: str) -> tuple[User, str]:
        """Return the account and its hash; a wrong name and a wrong password fail alike, after the same work."""
        found = self._store.find(name) if len(name) <= MAX_NAME else None
        user, stored = found or (None, None)
        if not self._passwords.verify(stored, password) or user is None or stored is None:
            raise NotSignedIn(WRONG)
        return user, stored

    def _is_password(self, user: UserId, password: str) -> bool:
        return self._passwords.verify(self._store.password_hash(user), password)


def name_fault(name: str) -> str:
    """Return what is wrong with a new name, or an empty text. A reserved name gets the message of a taken one."""
    if not MIN_NAME <= len(name) <= MAX_NAME:
        return f"Use {MIN_NAME} to {MAX_NAME} characters."
    if not all(c in MARKS or unicodedata.category(c)[0] in "LM" or c.isdecimal() for c in name):
        return "Use letters, digits and - _ . only."
    if not fold(name) or not name[0].isalnum():
        return "Begin with a letter or a digit."
    return NOT_AVAILABLE if fold(name).replace(" ", "") in RESERVED else ""


def _refuse(faults: Mapping[str, str]) -> None:
    messages = {field: message for field, message in faults.items() if message}
    if messages:
        raise InvalidRequest(messages)


def _printable(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isprintable()).strip()
