"""The store of accounts, sessions and API tokens."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.errors import NameTaken, NotFound, StoreUnavailable
from core.language.normalization import account_key
from core.language.scripts import skeleton
from core.users import Preferences, Scope, Session, Token, User, UserId
from data.database.connections import Database
from data.database.events import changed_hours
from data.database.schema import AnyRow, one_time_secrets, sessions, tokens, users
from data.database.social import likes

NOTE_EVERY = timedelta(hours=1)
"""Resolution of last-used times of sessions and tokens: one write per hour instead of one per request."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Before any session."""

PORTION = 500
"""Accounts looked up by one statement: databases limit the number of parameters."""

_log = logging.getLogger(__name__)

_USER = (
    users.c.id.label("user_id"),
    users.c.name.label("user_name"),
    users.c.created_at.label("user_created_at"),
    users.c.administrator,
    users.c.preferences,
    users.c.email,
    users.c.second_factor_at,
)
_SESSION = (
    sessions.c.id,
    sessions.c.opened_at,
    sessions.c.seen_at,
    sessions.c.expires_at,
    sessions.c.label,
    sessions.c.notice_at,
)
_TOKEN = (
    tokens.c.id,
    tokens.c.name,
    tokens.c.scopes,
    tokens.c.created_at,
    tokens.c.used_at,
    tokens.c.expires_at.label("token_expires_at"),
)

_BY_ID = sa.select(*_USER).where(users.c.id == sa.bindparam("user"))
_BY_NAME = sa.select(*_USER, users.c.password_hash).where(users.c.folded_name == sa.bindparam("folded"))
_HASH = sa.select(users.c.password_hash).where(users.c.id == sa.bindparam("user"))
_BY_SESSION = (
    sa.select(*_SESSION, *_USER)
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.secret_hash == sa.bindparam("secret"),
        sessions.c.expires_at > sa.bindparam("now"),
        sessions.c.seen_at > sa.bindparam("idle_since"),
    )
)
_BY_TOKEN = (
    sa.select(*_TOKEN, *_USER)
    .join(users, users.c.id == tokens.c.user_id)
    .where(tokens.c.secret_hash == sa.bindparam("secret"), tokens.c.expires_at > sa.bindparam("now"))
)
_SESSIONS = (
    sa.select(*_SESSION, sessions.c.user_id)
    .where(sessions.c.user_id == sa.bindparam("user"))
    .order_by(sessions.c.opened_at.desc(), sessions.c.id.desc())
)
_TOKENS = (
    sa.select(*_TOKEN, tokens.c.user_id)
    .where(tokens.c.user_id == sa.bindparam("user"))
    .order_by(tokens.c.created_at.desc(), tokens.c.id.desc())
)


class AccountStore:
    """Stores accounts, sessions and API tokens. Secrets are passed as hashes; none is stored in clear text."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def check(self) -> None:
        """Check that the database responds."""
        with self.database.reading() as connection:
            connection.execute(sa.select(sa.literal(1)))

    def create(self, name: str, *, password_hash: str, preferences: Preferences, at: datetime) -> User:
        """Create an account. Raises `NameTaken` if the name equals another one folded, or is confusable with it."""
        values = {
            "name": name,
            "folded_name": account_key(name),
            "skeleton": skeleton(name),
            "password_hash": password_hash,
            "administrator": False,
            "preferences": asdict(preferences),
            "revision": 0,
            "created_at": at,
        }
        try:
            with self.database.writing() as connection:
                row = connection.execute(sa.insert(users).values(values).returning(*_USER)).one()
        except IntegrityError:
            raise NameTaken(f"the name {name!r}, or a similar one, is taken: choose another name") from None
        return _user(row)

    def find(self, name: str) -> tuple[User, str] | None:
        """Return the account with a name (compared folded) and its password hash."""
        with self.database.reading() as connection:
            row = connection.execute(_BY_NAME, {"folded": account_key(name)}).one_or_none()
        return None if row is None else (_user(row), row.password_hash)

    def user(self, user: UserId) -> User | None:
        """Return an account."""
        with self.database.reading() as connection:
            row = connection.execute(_BY_ID, {"user": user}).one_or_none()
        return None if row is None else _user(row)

    def without_events(self) -> set[UserId]:
        """Return the users who opted out of events."""
        keep = users.c.preferences["keep_events"].as_boolean()
        with self.database.reading() as connection:
            return set(map(UserId, connection.scalars(sa.select(users.c.id).where(keep.is_(False)))))

    def password_hash(self, user: UserId) -> str | None:
        """Return the password hash of an account."""
        with self.database.reading() as connection:
            return cast("str | None", connection.scalar(_HASH, {"user": user}))

    def of_email(self, email: str, *, limit: int) -> Sequence[User]:
        """Return the accounts with a confirmed email address, compared without regard to case."""
        own = sa.select(*_USER).where(users.c.email == email.casefold()).order_by(users.c.id).limit(limit)
        with self.database.reading() as connection:
            return [_user(row) for row in connection.execute(own)]

    def set_email(self, user: UserId, email: str) -> None:
        """Set the confirmed email address; empty: none. Raises `NotFound`."""
        with self.database.writing() as connection:
            _change(connection, user, {"email": email.casefold() or None})

    def set_password(
        self,
        user: UserId,
        password_hash: str,
        *,
        keep_session: int | None = None,
        new_secret_hash: str = "",
        keep_tokens: bool = False,
    ) -> None:
        """Change the password, end all sessions, and delete the API tokens and one-time secrets of the user.

        Args:
            keep_session: The session that stays signed in.
            new_secret_hash: The hash of a new secret for that session; empty: it keeps its secret.
            keep_tokens: Whether API tokens stay valid.

        Raises:
            NotFound: the account does not exist.
        """
        ended: list[sa.Delete | sa.Update] = [
            sa.delete(sessions).where(sessions.c.user_id == user, sessions.c.id.is_distinct_from(keep_session)),
            sa.delete(one_time_secrets).where(one_time_secrets.c.user_id == user),
        ]
        if not keep_tokens:
            ended.append(sa.delete(tokens).where(tokens.c.user_id == user))
        if new_secret_hash:
            own = sa.update(sessions).where(sessions.c.user_id == user)
            ended.append(own.values(secret_hash=new_secret_hash))
        with self.database.writing() as connection:
            _change(connection, user, {"password_hash": password_hash})
            for statement in ended:
                connection.execute(statement)

    def set_preferences(self, user: UserId, preferences: Preferences) -> None:
        """Replace the preferences and increase the diary's revision. Raises `NotFound`."""
        values = {"preferences": asdict(preferences), "revision": users.c.revision + 1}
        with self.database.writing() as connection:
            _change(connection, user, values)

    def set_administrator(self, user: UserId, administrator: bool) -> None:
        """Grant or revoke administrator rights. Raises `NotFound`."""
        with self.database.writing() as connection:
            _change(connection, user, {"administrator": administrator})

    def delete(self, user: UserId) -> None:
        """Delete an account; foreign keys cascade to its diary, history, sessions, tokens and events."""
        with self.database.erasing(rewriting=True) as connection:
            # Lock the table of accounts first, as the maintenance of partitions does, or the two could deadlock.
            connection.execute(sa.update(users).where(users.c.id == user).values(revision=users.c.revision))
            likes.forget(connection, user)
            changed_hours.add_events_of(connection, user)
            changed_hours.add_diary_of(connection, user)
            connection.execute(sa.delete(users).where(users.c.id == user))

    def open_session(
        self, user: UserId, *, secret_hash: str, at: datetime, expires_at: datetime, label: str
    ) -> Session:
        """Sign in a browser and delete expired sessions of the user. Raises `NotFound`."""
        expired = sa.delete(sessions).where(sessions.c.user_id == user, sessions.c.expires_at <= at)
        values = {
            "user_id": user,
            "secret_hash": secret_hash,
            "label": label,
            "opened_at": at,
            "seen_at": at,
            "expires_at": expires_at,
        }
        with self.database.writing() as connection:
            expect(connection, user)
            connection.execute(expired)
            statement = sa.insert(sessions).values(values).returning(*_SESSION, sessions.c.user_id)
            return _session(connection.execute(statement).one())

    def session(
        self, secret_hash: str, *, at: datetime, idle_since: datetime = EARLIEST
    ) -> tuple[Session, User] | None:
        """Return the session of a secret; record its use, at most once an hour.

        None if it has expired, ended, or not been used after `idle_since`.
        """
        given = {"secret": secret_hash, "now": at, "idle_since": idle_since}
        with self.database.reading() as connection:
            row = connection.execute(_BY_SESSION, given).one_or_none()
        if row is None:
            return None
        if at - row.seen_at >= NOTE_EVERY:
            self._record_use(sa.update(sessions).where(sessions.c.id == row.id).values(seen_at=at))
        return _session(row), _user(row)

    def sessions(self, user: UserId) -> Sequence[Session]:
        """Return signed-in browsers, latest first."""
        with self.database.reading() as connection:
            return [_session(row) for row in connection.execute(_SESSIONS, {"user": user})]

    def end_session(self, user: UserId, session: int) -> bool:
        """Sign out a browser of the user; return whether the session existed."""
        with self.database.writing() as connection:
            ended = sa.delete(sessions).where(sessions.c.user_id == user, sessions.c.id == session)
            return connection.execute(ended).rowcount > 0

    def purge_sessions(self, *, at: datetime, idle_since: datetime = EARLIEST) -> int:
        """Delete sessions that have expired or have not been used after `idle_since`; return their number."""
        ended = sa.or_(sessions.c.expires_at <= at, sessions.c.seen_at <= idle_since)
        with self.database.erasing() as connection:
            return connection.execute(sa.delete(sessions).where(ended)).rowcount

    def purge_tokens(self, *, at: datetime) -> int:
        """Delete tokens that expired before `at`; return their number."""
        with self.database.erasing() as connection:
            return connection.execute(sa.delete(tokens).where(tokens.c.expires_at <= at)).rowcount

    def add_token(
        self,
        user: UserId,
        *,
        name: str,
        secret_hash: str,
        scopes: frozenset[Scope],
        at: datetime,
        expires_at: datetime,
    ) -> Token:
        """Create an API token. Raises `NotFound` for an unknown user."""
        values = {
            "user_id": user,
            "name": name,
            "secret_hash": secret_hash,
            "scopes": " ".join(sorted(scopes)),
            "created_at": at,
            "expires_at": expires_at,
        }
        with self.database.writing() as connection:
            expect(connection, user)
            statement = sa.insert(tokens).values(values).returning(*_TOKEN, tokens.c.user_id)
            return _token(connection.execute(statement).one())

    def token(self, secret_hash: str, *, at: datetime) -> tuple[Token, User] | None:
        """Return the token of a secret unless it has expired or was revoked; record its use, at most once an hour."""
        with self.database.reading() as connection:
            row = connection.execute(_BY_TOKEN, {"secret": secret_hash, "now": at}).one_or_none()
        if row is None:
            return None
        if row.used_at is None or at - row.used_at >= NOTE_EVERY:
            self._record_use(sa.update(tokens).where(tokens.c.id == row.id).values(used_at=at))
        return _token(row), _user(row)

    def tokens(self, user: UserId) -> Sequence[Token]:
        """Return the user's tokens, latest first."""
        with self.database.reading() as connection:
            return [_token(row) for row in connection.execute(_TOKENS, {"user": user})]

    def revoke_token(self, user: UserId, token: int) -> bool:
        """Revoke a token of the user; return whether it existed."""
        with self.database.writing() as connection:
            revoked = sa.delete(tokens).where(tokens.c.user_id == user, tokens.c.id == token)
            return connection.execute(revoked).rowcount > 0

    def _record_use(self, statement: sa.Update) -> None:
        """Record a time of use. Errors are only logged: a full disk must not lock users out."""
        try:
            with self.database.writing() as connection:
                connection.execute(statement)
        except StoreUnavailable as error:
            _log.warning("a last-used time was not recorded: %s", error)


def _change(connection: sa.Connection, user: UserId, values: Mapping[str, Any]) -> None:
    if not connection.execute(sa.update(users).where(users.c.id == user).values(values)).rowcount:
        raise unknown(user)


def expect(connection: sa.Connection, user: UserId) -> None:
    """Lock the account until the transaction ends, so that new rows can refer to it. Raises `NotFound`."""
    if not existing(connection, [user]):
        raise unknown(user)


def existing(connection: sa.Connection, named: Iterable[UserId]) -> set[UserId]:
    """Return which users have an account; all are locked until the transaction ends, in the order of their ids."""
    found: set[UserId] = set()
    wanted = sorted(set(named))
    for start in range(0, len(wanted), PORTION):
        portion = users.c.id.in_(wanted[start : start + PORTION])
        held = sa.select(users.c.id).where(portion).order_by(users.c.id)
        found.update(connection.scalars(held.with_for_update(read=True, key_share=True)))
    return found


def unknown(user: UserId) -> NotFound:
    """Return the error for an account that does not exist (any more)."""
    return NotFound(f"no account {user}")


def _user(row: AnyRow) -> User:
    kept = {name: value for name, value in row.preferences.items() if name in Preferences.__dataclass_fields__}
    kept["genres"] = tuple(kept.get("genres", ()))
    return User(
        id=UserId(row.user_id),
        name=row.user_name,
        created_at=row.user_created_at,
        administrator=row.administrator,
        preferences=Preferences(**kept),
        email=row.email or "",
        second_factor=row.second_factor_at is not None,
    )


def _session(row: AnyRow) -> Session:
    return Session(
        id=row.id,
        user=UserId(row.user_id),
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        label=row.label,
        new_device=row.notice_at is not None,
    )


def _token(row: AnyRow) -> Token:
    return Token(
        id=row.id,
        user=UserId(row.user_id),
        name=row.name,
        scopes=frozenset(map(Scope, row.scopes.split())),
        created_at=row.created_at,
        expires_at=row.token_expires_at,
        used_at=row.used_at,
    )
