"""Setting up, checking and removing second factors."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.errors import InvalidRequest, NameTaken, NotFound
from core.users import NO_CLIENT, Client, OneTimeKind, OneTimeSecret, Passkey, SecurityEventKind, User
from data.database import Stores
from engine.accounts.second_factors import passkeys, recovery_codes, totp
from engine.accounts.second_factors.encryption import Encryption
from engine.accounts.second_factors.passkeys import SITE_NAME, Site
from engine.accounts.security_log import SecurityLog, digest
from engine.clock import Clock

MAX_PASSKEYS = 20
MAX_PASSKEY_NAME = 60
CHALLENGE_BYTES = 32
SETUP = timedelta(minutes=15)
"""Time for setting up a factor or answering a challenge."""
WRONG = "This code is wrong. Check the clock of your device and try the next code."
INVALID = "The passkey could not be verified. Try again."


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time password or a recovery code, as typed."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasskeyResponse:
    """A browser's response to a challenge, as JSON."""

    text: str = field(repr=False)
    site: Site


Proof = Code | PasskeyResponse


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """A key for one-time passwords that has to be confirmed by a code."""

    secret: str = field(repr=False)
    """Names this setup when the code is sent."""
    key: str = field(repr=False)
    qr_code: str = field(repr=False)
    """SVG."""


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of a user."""

    totp: bool
    passkeys: Sequence[Passkey]
    codes_left: int


class SecondFactors:
    """The second factors of users. The caller confirms the password before it changes any."""

    def __init__(self, stores: Stores, security_log: SecurityLog, *, key: Callable[[], str], clock: Clock) -> None:
        self._store, self._secrets, self._log = stores.second_factors, stores.one_time_secrets, security_log
        self._encryption, self._clock = Encryption(key), clock

    def of(self, user: User) -> Factors:
        """Return the factors of a user."""
        has_totp = self._store.totp(user.id) is not None
        return Factors(has_totp, self._store.passkeys(user.id), self._store.codes_left(user.id))

    def begin_totp(self, user: User) -> TotpSetup:
        """Create a key for an authenticator app; it has no effect until a code confirms it."""
        key, secret = totp.new_key(), secrets.token_urlsafe(CHALLENGE_BYTES)
        self._add(user, OneTimeKind.TOTP, secret, key=self._encryption.encrypt(key))
        return _setup(secret, key, user)

    def pending_totp(self, user: User, secret: str) -> TotpSetup | None:
        """Return a setup that was begun; None if it has expired."""
        found = self._secrets.read(digest(secret), OneTimeKind.TOTP, at=self._clock())
        key = self._encryption.decrypt(found.details.get("key", "")) if found and found.user == user.id else None
        return None if key is None else _setup(secret, key, user)

    def confirm_totp(self, user: User, secret: str, code: str, *, client: Client = NO_CLIENT) -> tuple[str, ...]:
        """Finish a setup by a code of the app; return new recovery codes if the user had no factor before.

        Raises:
            NotFound: the setup has expired.
            InvalidRequest: the code is wrong (field `code`).
        """
        setup = self.pending_totp(user, secret)
        if setup is None:
            raise NotFound("This setup has expired. Start again.")
        at = self._clock()
        step = totp.matching_step(setup.key, code, at=at)
        if step is None:
            raise InvalidRequest({"code": WRONG})
        if self._secrets.take(digest(secret), OneTimeKind.TOTP, at=at) is None:
            raise NotFound("This setup has expired. Start again.")
        self._store.set_totp(user.id, self._encryption.encrypt(setup.key), step=step, at=at)
        return self._added(user, client)

    def remove_totp(self, user: User, *, client: Client = NO_CLIENT) -> None:
        """Remove the authenticator app. Raises `NotFound`."""
        if not self._store.remove_totp(user.id, at=self._clock()):
            raise NotFound("No authenticator app is set up.")
        self._log.record(user.id, SecurityEventKind.FACTOR_REMOVED, client)

    def begin_passkey(self, user: User, site: Site) -> str:
        """Return the options for creating a passkey in a browser, as JSON."""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        self._add(user, OneTimeKind.PASSKEY, passkeys.to_base64url(challenge))
        return passkeys.creation_options(user, site, self._store.passkeys(user.id), challenge=challenge)

    def add_passkey(
        self, user: User, response: str, site: Site, *, name: str, client: Client = NO_CLIENT
    ) -> tuple[str, ...]:
        """Store a new passkey; return new recovery codes if the user had no factor before.

        Raises:
            InvalidRequest: the response or the name is invalid (fields `passkey`, `name`).
        """
        name = "".join(c for c in name if c.isprintable()).strip() or "Passkey"
        if len(name) > MAX_PASSKEY_NAME:
            raise InvalidRequest({"name": f"Use 1 to {MAX_PASSKEY_NAME} characters."})
        if len(self._store.passkeys(user.id)) >= MAX_PASSKEYS:
            raise InvalidRequest({"passkey": f"You have {MAX_PASSKEYS} passkeys already; remove one first."})
        challenge = self._take(user, OneTimeKind.PASSKEY, response)
        made = None if challenge is None else passkeys.verify_creation(response, site, challenge=challenge)
        if made is None:
            raise InvalidRequest({"passkey": INVALID})
        try:
            self._store.add_passkey(
                user.id,
                credential=made.credential,
                public_key=made.public_key,
                uses=made.uses,
                name=name,
                at=self._clock(),
            )
        except NameTaken:
            raise InvalidRequest({"passkey": INVALID}) from None
        return self._added(user, client)

    def remove_passkey(self, user: User, passkey: int, *, client: Client = NO_CLIENT) -> None:
        """Remove a passkey. Raises `NotFound`."""
        if not self._store.remove_passkey(user.id, passkey, at=self._clock()):
            raise NotFound("This passkey does not exist.")
        self._log.record(user.id, SecurityEventKind.FACTOR_REMOVED, client)

    def new_codes(self, user: User, *, client: Client = NO_CLIENT) -> tuple[str, ...]:
        """Replace the recovery codes; only their hashes are stored."""
        codes = recovery_codes.new_codes()
        self._store.set_codes(user.id, [digest(recovery_codes.normalized(code)) for code in codes])
        self._log.record(user.id, SecurityEventKind.RECOVERY_CODES, client)
        return codes

    def ask_passkey(self, user: User, site: Site) -> str:
        """Return the options for signing in with a passkey, as JSON; empty if the user has none."""
        known = self._store.passkeys(user.id)
        if not known:
            return ""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        self._add(user, OneTimeKind.ASSERTION, passkeys.to_base64url(challenge))
        return passkeys.request_options(site, known, challenge=challenge)

    def accepts(self, user: User, proof: Proof, client: Client) -> bool:
        """Whether a proof is valid; each proof is accepted once."""
        right = self._is_code(user, proof.text) if isinstance(proof, Code) else self._is_passkey(user, proof)
        if right:
            self._log.record(user.id, SecurityEventKind.SECOND_FACTOR, client)
        else:
            self._log.record_failure(user.id, SecurityEventKind.WRONG_FACTOR, client)
        return right

    def _is_code(self, user: User, typed: str) -> bool:
        recovery = recovery_codes.normalized(typed)
        if recovery:
            return self._store.use_code(user.id, digest(recovery))
        encrypted = self._store.totp(user.id)
        key = self._encryption.decrypt(encrypted) if encrypted else None
        step = totp.matching_step(key, typed, at=self._clock()) if key else None
        return step is not None and self._store.use_step(user.id, step)

    def _is_passkey(self, user: User, proof: PasskeyResponse) -> bool:
        challenge = self._take(user, OneTimeKind.ASSERTION, proof.text)
        if challenge is None:
            return False
        wanted = passkeys.credential_of(proof.text)
        passkey = next((one for one in self._store.passkeys(user.id) if one.credential == wanted), None)
        if passkey is None:
            return False
        uses = passkeys.verify_request(proof.text, proof.site, passkey, challenge=challenge)
        return uses is not None and self._store.use_passkey(user.id, passkey.id, uses=uses, at=self._clock())

    def _take(self, user: User, kind: OneTimeKind, response: str) -> bytes | None:
        """Use the challenge that a response answers; None if it was not given to this user, or was used."""
        challenge = passkeys.challenge_of(response)
        taken: OneTimeSecret | None = self._secrets.take(digest(challenge), kind, at=self._clock())
        return passkeys.from_base64url(challenge) if taken is not None and taken.user == user.id else None

    def _add(self, user: User, kind: OneTimeKind, secret: str, **details: str) -> None:
        at = self._clock()
        self._secrets.add(user.id, kind, secret_hash=digest(secret), details=details, at=at, expires_at=at + SETUP)

    def _added(self, user: User, client: Client) -> tuple[str, ...]:
        self._log.record(user.id, SecurityEventKind.FACTOR_ADDED, client)
        return () if self._store.codes_left(user.id) else self.new_codes(user, client=client)


def _setup(secret: str, key: str, user: User) -> TotpSetup:
    return TotpSetup(secret, key, totp.qr_code(totp.uri(key, name=user.name, site=SITE_NAME)))
