"""The store of second factors: keys of one-time passwords, passkeys and recovery codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.errors import NameTaken
from core.users import Passkey, UserId
from data.database.connections import Database
from data.database.schema import AnyRow, passkeys, recovery_codes, totp_keys, users
from data.database.stores.accounts import expect

_PASSKEY = (
    passkeys.c.id,
    passkeys.c.user_id,
    passkeys.c.credential,
    passkeys.c.public_key,
    passkeys.c.uses,
    passkeys.c.name,
    passkeys.c.created_at,
    passkeys.c.used_at,
)


class SecondFactorStore:
    """Stores second factors, and with the account whether it has any."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def set_totp(self, user: UserId, secret: str, *, step: int, at: datetime) -> None:
        """Replace the encrypted key of one-time passwords. `step`: the last time step used. Raises `NotFound`."""
        values = {"user_id": user, "secret": secret, "last_step": step, "created_at": at}
        with self.database.writing() as connection:
            expect(connection, user)
            connection.execute(sa.delete(totp_keys).where(totp_keys.c.user_id == user))
            connection.execute(sa.insert(totp_keys).values(values))
            _note(connection, user, at)

    def totp(self, user: UserId) -> str | None:
        """Return the encrypted key of one-time passwords."""
        with self.database.reading() as connection:
            return connection.scalar(sa.select(totp_keys.c.secret).where(totp_keys.c.user_id == user))

    def totp_since(self, user: UserId) -> datetime | None:
        """Return when the key of one-time passwords was set up."""
        with self.database.reading() as connection:
            return connection.scalar(sa.select(totp_keys.c.created_at).where(totp_keys.c.user_id == user))

    def use_step(self, user: UserId, step: int) -> bool:
        """Record the use of a time step; return False if it, or a later one, has been used before."""
        later = sa.update(totp_keys).where(totp_keys.c.user_id == user, totp_keys.c.last_step < step)
        with self.database.writing() as connection:
            return connection.execute(later.values(last_step=step)).rowcount > 0

    def remove_totp(self, user: UserId, *, at: datetime) -> bool:
        """Delete the key of one-time passwords; return whether there was one."""
        with self.database.writing() as connection:
            removed = connection.execute(sa.delete(totp_keys).where(totp_keys.c.user_id == user)).rowcount > 0
            _note(connection, user, at)
            return removed

    def add_passkey(
        self, user: UserId, *, credential: str, public_key: str, uses: int, name: str, at: datetime
    ) -> Passkey:
        """Store a passkey. Raises `NotFound`; `NameTaken` if the credential is registered already."""
        values = {
            "user_id": user,
            "credential": credential,
            "public_key": public_key,
            "uses": uses,
            "name": name,
            "created_at": at,
        }
        try:
            with self.database.writing() as connection:
                expect(connection, user)
                row = connection.execute(sa.insert(passkeys).values(values).returning(*_PASSKEY)).one()
                _note(connection, user, at)
        except IntegrityError:
            raise NameTaken("this passkey is registered already") from None
        return _passkey(row)

    def passkeys(self, user: UserId) -> Sequence[Passkey]:
        """Return the passkeys of a user, latest first."""
        own = sa.select(*_PASSKEY).where(passkeys.c.user_id == user).order_by(passkeys.c.id.desc())
        with self.database.reading() as connection:
            return [_passkey(row) for row in connection.execute(own)]

    def use_passkey(self, user: UserId, passkey: int, *, uses: int, at: datetime) -> bool:
        """Record a use with the authenticator's new counter; return False if the counter did not grow: a clone."""
        grown = sa.or_(passkeys.c.uses < uses, sa.and_(passkeys.c.uses == 0, sa.literal(uses) == 0))
        own = sa.update(passkeys).where(passkeys.c.user_id == user, passkeys.c.id == passkey, grown)
        with self.database.writing() as connection:
            return connection.execute(own.values(uses=uses, used_at=at)).rowcount > 0

    def remove_passkey(self, user: UserId, passkey: int, *, at: datetime) -> bool:
        """Delete a passkey; return whether it existed."""
        own = sa.delete(passkeys).where(passkeys.c.user_id == user, passkeys.c.id == passkey)
        with self.database.writing() as connection:
            removed = connection.execute(own).rowcount > 0
            _note(connection, user, at)
            return removed

    def set_codes(self, user: UserId, hashes: Iterable[str]) -> None:
        """Replace the recovery codes. Raises `NotFound`."""
        rows = [{"user_id": user, "code_hash": code} for code in hashes]
        with self.database.writing() as connection:
            expect(connection, user)
            connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.user_id == user))
            if rows:
                connection.execute(sa.insert(recovery_codes), rows)

    def use_code(self, user: UserId, code_hash: str) -> bool:
        """Use up a recovery code; return whether it existed."""
        own = sa.delete(recovery_codes).where(recovery_codes.c.user_id == user, recovery_codes.c.code_hash == code_hash)
        with self.database.writing() as connection:
            return connection.execute(own).rowcount > 0

    def codes_left(self, user: UserId) -> int:
        """Return the number of unused recovery codes."""
        own = sa.select(sa.func.count()).select_from(recovery_codes).where(recovery_codes.c.user_id == user)
        with self.database.reading() as connection:
            return int(connection.scalar(own) or 0)

    def remove_all(self, user: UserId) -> None:
        """Delete all second factors and recovery codes of a user."""
        with self.database.writing() as connection:
            for table in (totp_keys, passkeys, recovery_codes):
                connection.execute(sa.delete(table).where(table.c.user_id == user))
            connection.execute(sa.update(users).where(users.c.id == user).values(second_factor_at=None))


def _note(connection: sa.Connection, user: UserId, at: datetime) -> None:
    """Record with the account whether it has a factor; without any, its recovery codes are deleted too."""
    own = sa.union_all(
        sa.select(sa.literal(1)).where(totp_keys.c.user_id == user),
        sa.select(sa.literal(1)).where(passkeys.c.user_id == user),
    )
    if connection.execute(own.limit(1)).first() is not None:
        since = sa.func.coalesce(users.c.second_factor_at, sa.literal(at, users.c.second_factor_at.type))
        connection.execute(sa.update(users).where(users.c.id == user).values(second_factor_at=since))
        return
    connection.execute(sa.update(users).where(users.c.id == user).values(second_factor_at=None))
    connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.user_id == user))


def _passkey(row: AnyRow) -> Passkey:
    return Passkey(
        id=row.id,
        user=UserId(row.user_id),
        credential=row.credential,
        public_key=row.public_key,
        uses=row.uses,
        name=row.name,
        created_at=row.created_at,
        used_at=row.used_at,
    )
