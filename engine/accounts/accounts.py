"""Accounts: sign-up, sessions, API tokens, data export and deletion."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.config import MAX_TOKEN_DAYS, Settings
from core.errors import InvalidRequest, NameTaken, NotFound, NotSignedIn
from core.jobs import retention
from core.users import (
    NO_CLIENT,
    Client,
    OneTimeKind,
    Preferences,
    Scope,
    SecurityEventKind,
    Session,
    Token,
    User,
    UserId,
)
from data.database import Stores
from engine.accounts import data_export, names
from engine.accounts.credentials import password_rules
from engine.accounts.credentials.passwords import Passwords
from engine.accounts.email_recovery import EmailRecovery
from engine.accounts.names import NOT_AVAILABLE
from engine.accounts.second_factors.factors import Proof, SecondFactors
from engine.accounts.security_log import SecurityLog, digest
from engine.clock import Clock, now

WRONG = "The name or the password is wrong."
NOT_YOURS = "This is not your password."
WRONG_CODE = "This code is wrong or was used already."
NEEDS_FACTOR = "Enter the code of your second factor."
TOO_LATE = "This sign-in took too long. Sign in again."
ADMINISTRATORS_ONLY = "Only administrators can grant the scope admin."
FACTOR_FIRST = "Set up a second factor first; this site requires it of administrators."
SCROBBLE_ALONE = "The scope scrobble cannot be combined: its token is visible in the settings of a media server."
SECRET_BYTES = 32
MAX_LABEL = 100
MAX_TOKEN_NAME = 60
MAX_TOKENS = 50
MAX_SESSIONS = 50
"""Sessions per user; a new session ends the oldest one."""
SECOND_STEP = timedelta(minutes=10)
"""Time between the password and the second factor."""


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """How long sessions and tokens last, and what administrators need."""

    session_days: int = retention.SESSION_DAYS
    idle_days: int = retention.IDLE_DAYS
    token_days: int = retention.TOKEN_DAYS
    admin_second_factor: bool = False

    @classmethod
    def of(cls, settings: Settings) -> AccountPolicy:
        """Return the policy of a site."""
        return cls(settings.session_days, settings.session_idle_days, settings.token_days, settings.admin_second_factor)


class Accounts:
    """Accounts, sessions and API tokens. Only callers see the secrets of sessions and tokens; stores keep hashes."""

    def __init__(
        self,
        stores: Stores,
        *,
        hashing: Passwords | None = None,
        policy: AccountPolicy | None = None,
        key: Callable[[], str] | None = None,
        site_url: str = "",
        send: Callable[[str, str, str], None] | None = None,
        clock: Clock = now,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        """`settle` waits until queued events are written, so that deletion and export include them.

        `key` returns the key that encrypts the keys of one-time passwords; None: a new one, which is lost with this
        object. `send` and `site_url` enable emails; see `EmailRecovery`.
        """
        self._stores, self._store = stores, stores.accounts
        self._passwords = hashing or Passwords()
        self._clock, self._settle = clock, settle
        self.policy = policy or AccountPolicy()
        self.security_log = SecurityLog(stores, clock=clock)
        own_key = secrets.token_hex(SECRET_BYTES)
        self.second_factors = SecondFactors(stores, self.security_log, key=key or (lambda: own_key), clock=clock)

        self.recovery = EmailRecovery(
            stores, self.security_log, self._passwords, clock=clock, site_url=site_url, send=send
        )

    def check(self) -> None:
        """Check that accounts can be read. Raises `StoreUnavailable`."""
        self._store.check()

    def sign_up(self, name: str, password: str, *, preferences: Preferences | None = None) -> User:
        """Create an account. Raises `InvalidRequest` (fields `name`, `password`) with the first fault of each."""
        name = names.normalized(name)
        _refuse({"name": names.fault(name), "password": password_rules.fault(password, name=name)})
        hashed = self._passwords.hash(password)
        try:
            return self._store.create(
                name, password_hash=hashed, preferences=preferences or Preferences(), at=self._clock()
            )
        except NameTaken:
            raise InvalidRequest({"name": NOT_AVAILABLE}) from None

    def sign_in(self, name: str, password: str, *, client: Client = NO_CLIENT) -> tuple[User, str]:
        """Open a session; return the user and the session's secret.

        If the user has a second factor, the secret is of no session yet, but is passed to `finish_sign_in`.

        Raises:
            NotSignedIn: the name or the password is wrong; message and duration are the same for both.
        """
        user, stored = self._check(name, password, client)
        renewed = self._passwords.hash(password) if self._passwords.outdated(stored) else ""
        if user.second_factor:
            return user, self._await_factor(user, stored, renewed)
        return self._begin(user, stored, client, renewed=renewed)

    def awaiting(self, secret: str) -> User | None:
        """Return the user whose second factor a sign-in waits for; None if there is no such sign-in."""
        found = self._stores.one_time_secrets.read(digest(secret), OneTimeKind.SIGN_IN, at=self._clock())
        return self._store.user(found.user) if found else None

    def finish_sign_in(self, secret: str, proof: Proof, *, client: Client = NO_CLIENT) -> tuple[User, str]:
        """Open the session of a sign-in with its second factor; return the user and the session's secret.

        Raises:
            NotSignedIn: the sign-in took too long, or the password was changed meanwhile.
            InvalidRequest: the proof is wrong (field `code`).
        """
        user = self.awaiting(secret)
        if user is None:
            raise NotSignedIn(TOO_LATE)
        if not self.second_factors.accepts(user, proof, client):
            raise InvalidRequest({"code": WRONG_CODE})
        taken = self._stores.one_time_secrets.take(digest(secret), OneTimeKind.SIGN_IN, at=self._clock())
        stored = self._store.password_hash(user.id)
        if taken is None or stored is None or taken.details.get("password") != digest(stored):
            raise NotSignedIn(TOO_LATE)
        return self._begin(user, stored, client, renewed=taken.details["renewed"])

    def authenticate(self, name: str, password: str, *, proof: Proof | None = None, client: Client = NO_CLIENT) -> User:
        """Return the account of a name and a password, for a single request of a program.

        Raises:
            NotSignedIn: the name or the password is wrong.
            InvalidRequest: the second factor is missing or wrong (field `code`).
        """
        user, _ = self._check(name, password, client)
        if user.second_factor and proof is None:
            raise InvalidRequest({"code": NEEDS_FACTOR})
        if user.second_factor and proof is not None and not self.second_factors.accepts(user, proof, client):
            raise InvalidRequest({"code": WRONG_CODE})
        return user

    def confirm(self, user: User, password: str, *, client: Client = NO_CLIENT) -> None:
        """Check the password of a signed-in user. Raises `InvalidRequest` (field `password`)."""
        if not self._is_password(user.id, password, client):
            raise InvalidRequest({"password": NOT_YOURS})

    def resume(self, secret: str) -> tuple[User, Session] | None:
        """Return the owner of a session's secret and the session, in one query; None if it was ended or has expired."""
        found = self._store.session(digest(secret), **self._active())
        return (found[1], found[0]) if found else None

    def sign_out(self, secret: str, *, client: Client = NO_CLIENT) -> None:
        """End the session of a secret; do nothing if the secret is unknown."""
        found = self._store.session(digest(secret), **self._active())
        if found and self._store.end_session(found[1].id, found[0].id):
            self.security_log.record(found[1].id, SecurityEventKind.SESSION_ENDED, client)

    def sessions(self, user: User) -> Sequence[Session]:
        """Return the active sessions, latest first."""
        times = self._active()
        return [
            session
            for session in self._store.sessions(user.id)
            if session.expires_at > times["at"] and session.seen_at > times["idle_since"]
        ]

    def end_session(self, user: User, session: int, *, client: Client = NO_CLIENT) -> None:
        """End one session. Raises `NotFound`."""
        if not self._store.end_session(user.id, session):
            raise NotFound("This browser is not signed in.")
        self.security_log.record(user.id, SecurityEventKind.SESSION_ENDED, client)

    def change_password(
        self,
        user: User,
        old: str,
        new: str,
        *,
        keep_session: int | None = None,
        keep_tokens: bool = False,
        client: Client = NO_CLIENT,
    ) -> str:
        """Set a new password, end all sessions and revoke the API tokens; return the new secret of the kept session.

        Args:
            user: The owner of the account.
            old: The current password.
            new: The new password.
            keep_session: The session that makes the change. It stays signed in, with a new secret.
            keep_tokens: Whether API tokens stay valid.
            client: Where the request came from.

        Raises:
            InvalidRequest: with the fields `old` and `new`.
        """
        faults = {"new": password_rules.fault(new, name=user.name)}
        if not self._is_password(user.id, old, client):
            faults["old"] = NOT_YOURS
        _refuse(faults)
        secret = secrets.token_urlsafe(SECRET_BYTES) if keep_session is not None else ""
        self._store.set_password(
            user.id,
            self._passwords.hash(new),
            keep_session=keep_session,
            new_secret_hash=digest(secret) if secret else "",
            keep_tokens=keep_tokens,
        )
        self.security_log.record(user.id, SecurityEventKind.PASSWORD_CHANGED, client)
        return secret

    def close(self, user: User, password: str, *, client: Client = NO_CLIENT) -> None:
        """Delete the account with all its data. Raises `InvalidRequest` (field `password`)."""
        self.confirm(user, password, client=client)
        self._settle()
        self.security_log.flush()
        self._store.delete(user.id)

    def export(self, user: User) -> Mapping[str, Any]:
        """Return all stored data of the user as plain JSON values."""
        self._settle()
        self.security_log.flush()
        return data_export.everything(self._stores, user, at=self._clock())

    def prefer(self, user: User, preferences: Preferences) -> User:
        """Replace the preferences; opting out of events deletes the stored ones."""
        self._store.set_preferences(user.id, preferences)
        if not preferences.keep_events:
            self._settle()
            self._stores.events.forget(user.id)
            self._stores.implicit_feedback.forget(user.id)
            self._stores.explorations.forget(user.id)
        return replace(user, preferences=preferences)

    def add_token(
        self,
        user: User,
        name: str,
        scopes: frozenset[Scope],
        *,
        days: int | None = None,
        client: Client = NO_CLIENT,
    ) -> tuple[Token, str]:
        """Create an API token that expires after `days`; return it with its secret, which is not stored.

        Raises:
            InvalidRequest: with the fields `name`, `scopes` and `days`.
        """
        name, days = _printable(name), self.policy.token_days if days is None else days
        faults = {
            "name": "" if 1 <= len(name) <= MAX_TOKEN_NAME else f"Use 1 to {MAX_TOKEN_NAME} characters.",
            "scopes": self._scopes_fault(user, scopes),
            "days": "" if 1 <= days <= MAX_TOKEN_DAYS else f"Choose 1 to {MAX_TOKEN_DAYS} days.",
        }
        if len(self._store.tokens(user.id)) >= MAX_TOKENS:
            faults["name"] = f"You have {MAX_TOKENS} tokens already; revoke one first."
        _refuse(faults)
        secret, at = secrets.token_urlsafe(SECRET_BYTES), self._clock()
        token = self._store.add_token(
            user.id,
            name=name,
            secret_hash=digest(secret),
            scopes=scopes,
            at=at,
            expires_at=at + timedelta(days=days),
        )
        self.security_log.record(user.id, SecurityEventKind.TOKEN_CREATED, client)
        return token, secret

    def tokens(self, user: User) -> Sequence[Token]:
        """Return the tokens, latest first."""
        return self._store.tokens(user.id)

    def revoke_token(self, user: User, token: int, *, client: Client = NO_CLIENT) -> None:
        """Revoke a token. Raises `NotFound`."""
        if not self._store.revoke_token(user.id, token):
            raise NotFound("This token does not exist or was revoked.")
        self.security_log.record(user.id, SecurityEventKind.TOKEN_REVOKED, client)

    def of_token(self, secret: str) -> tuple[User, frozenset[Scope]] | None:
        """Return the owner and the scopes of a token's secret, in one query; None if it is unknown.

        Without the scope `admin`, an administrator has no rights of an administrator.
        """
        found = self._store.token(digest(secret), at=self._clock())
        if found is None:
            return None
        token, user = found
        return replace(user, administrator=user.administrator and Scope.ADMIN in token.scopes), token.scopes

    def lacks_factor(self, user: User) -> bool:
        """Whether the site requires a second factor of this user, who has none."""
        return self.policy.admin_second_factor and user.administrator and not user.second_factor

    def _scopes_fault(self, user: User, scopes: frozenset[Scope]) -> str:
        if Scope.ADMIN in scopes and not user.administrator:
            return ADMINISTRATORS_ONLY
        if Scope.ADMIN in scopes and self.lacks_factor(user):
            return FACTOR_FIRST
        if Scope.SCROBBLE in scopes and len(scopes) > 1:
            return SCROBBLE_ALONE
        return "" if scopes else "Choose at least one: read, write."

    def _active(self) -> dict[str, Any]:
        at = self._clock()
        return {"at": at, "idle_since": at - timedelta(days=self.policy.idle_days)}

    def _await_factor(self, user: User, stored: str, renewed: str) -> str:
        secret, at = secrets.token_urlsafe(SECRET_BYTES), self._clock()
        try:
            self._stores.one_time_secrets.add(
                user.id,
                OneTimeKind.SIGN_IN,
                secret_hash=digest(secret),
                details={"password": digest(stored), "renewed": renewed},
                at=at,
                expires_at=at + SECOND_STEP,
            )
        except NotFound:  # deleted since the password was checked
            raise NotSignedIn(WRONG) from None
        return secret

    def _begin(self, user: User, stored: str, client: Client, *, renewed: str = "") -> tuple[User, str]:
        """Open a session unless the password hash is no longer `stored`; replace it by `renewed`, if given."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        opened = self._open(user, secret, client)
        if self._store.password_hash(user.id) != stored:  # changed meanwhile, which ended all sessions but this new one
            self._store.end_session(user.id, opened.id)
            raise NotSignedIn(WRONG)
        if renewed:
            self._store.set_password(user.id, renewed, keep_session=opened.id, keep_tokens=True)
        for session in self._store.sessions(user.id)[MAX_SESSIONS:]:
            self._store.end_session(user.id, session.id)
        self.security_log.record_sign_in(user.id, client, session=opened.id)
        return user, secret

    def _open(self, user: User, secret: str, client: Client) -> Session:
        at = self._clock()
        try:
            return self._store.open_session(
                user.id,
                secret_hash=digest(secret),
                at=at,
                expires_at=at + timedelta(days=self.policy.session_days),
                label=_printable(client.label)[:MAX_LABEL],
            )
        except NotFound:  # deleted since the password was checked
            raise NotSignedIn(WRONG) from None

    def _check(self, name: str, password: str, client: Client) -> tuple[User, str]:
        """Return the account and its hash; a wrong name and a wrong password fail alike, after the same work."""
        found = self._store.find(name) if len(name) <= names.MAX_NAME else None
        user, stored = found or (None, None)
        if not self._passwords.verify(stored, password) or user is None or stored is None:
            known = None if user is None else user.id
            self.security_log.record_failure(known, SecurityEventKind.WRONG_PASSWORD, client)
            raise NotSignedIn(WRONG)
        return user, stored

    def _is_password(self, user: UserId, password: str, client: Client) -> bool:
        right = self._passwords.verify(self._store.password_hash(user), password)
        if not right:
            self.security_log.record_failure(user, SecurityEventKind.WRONG_PASSWORD, client)
        return right


def _refuse(faults: Mapping[str, str]) -> None:
    messages = {field: message for field, message in faults.items() if message}
    if messages:
        raise InvalidRequest(messages)


def _printable(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isprintable()).strip()
