"""Optional email addresses of accounts, and resetting a password by email.

Looking up accounts and sending emails happens in the background, so that a request takes the same time and has the same
response whether an account exists or not, and whether the mail server responds or not.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address

from core.config import Settings
from core.errors import InvalidRequest, MarqueeError, NotFound
from core.users import NO_CLIENT, Client, OneTimeKind, SecurityEventKind, User
from data.database import Stores
from engine import mail
from engine.accounts.credentials import password_rules
from engine.accounts.credentials.passwords import Passwords
from engine.accounts.names import MAX_NAME
from engine.accounts.security_log import SecurityLog, digest
from engine.clock import Clock
from engine.online.event_queue import EventQueue

LINK_LIFE = timedelta(minutes=30)
MAX_ACCOUNTS = 5
"""Accounts with one address that get a link each."""
MAX_ADDRESS = 254
"""Characters (RFC 5321)."""
ROOM = 200
"""Emails waiting to be sent; more are dropped and counted."""
SECRET_BYTES = 32
EXPIRED = "This link has expired or was used already. Ask for a new one."
INVALID = "Enter an email address, such as name@example.org."

log = logging.getLogger("marquee.security")


@dataclass(frozen=True, slots=True)
class Text:
    """An email in one language; `%(link)s` and `%(name)s` are filled in."""

    subject: str
    body: str


Texts = Mapping[str, Text]
"""The same email by language."""


@dataclass(frozen=True, slots=True)
class _Request:
    """An email to prepare and send."""

    kind: OneTimeKind
    texts: Texts
    path: str
    """The page of the link, to which the secret is appended."""
    language: str
    """The language of users who chose none."""
    user: User | None = None
    named: str = field(default="", repr=False)
    """The name or email address that was typed."""
    email: str = field(default="", repr=False)


class EmailRecovery:
    """Email addresses of accounts and resets by email. Without a mail server it is disabled."""

    def __init__(
        self,
        stores: Stores,
        security_log: SecurityLog,
        hashing: Passwords,
        *,
        clock: Clock,
        site_url: str = "",
        send: Callable[[str, str, str], None] | None = None,
    ) -> None:
        """`send` sends an email (address, subject, text); None disables everything here."""
        self._stores, self._log, self._passwords, self._clock = stores, security_log, hashing, clock
        self._site_url, self._send = site_url, send
        self._queue: EventQueue[_Request] = EventQueue(self, days=1, room=ROOM, max_age=0, what="emails")

    @property
    def enabled(self) -> bool:
        """Whether the settings name a mail server and the address of the site."""
        return self._send is not None and bool(self._site_url)

    def ask_address(self, user: User, email: str, *, texts: Texts, path: str, language: str) -> None:
        """Send a link that confirms an address; the address counts once the link is used.

        Raises:
            InvalidRequest: this is no email address (field `email`).
        """
        email = email.strip()
        if not is_address(email):
            raise InvalidRequest({"email": INVALID})
        self._queue.notice([_Request(OneTimeKind.EMAIL, texts, path, language, user=user, email=email)])

    def confirm_address(self, user: User, secret: str, *, client: Client = NO_CLIENT) -> str:
        """Set the address of a link that was sent to this user; return it. Raises `NotFound`."""
        taken = self._stores.one_time_secrets.take(digest(secret), OneTimeKind.EMAIL, at=self._clock())
        if taken is None or taken.user != user.id:
            raise NotFound(EXPIRED)
        self._stores.accounts.set_email(user.id, taken.details["email"])
        self._log.record(user.id, SecurityEventKind.EMAIL_CHANGED, client)
        return taken.details["email"]

    def remove_address(self, user: User, *, client: Client = NO_CLIENT) -> None:
        """Delete the address of an account, and unused links."""
        for kind in (OneTimeKind.EMAIL, OneTimeKind.RESET):
            self._stores.one_time_secrets.delete(user.id, kind)
        self._stores.accounts.set_email(user.id, "")
        self._log.record(user.id, SecurityEventKind.EMAIL_CHANGED, client)

    def ask_reset(self, named: str, *, texts: Texts, path: str, language: str) -> None:
        """Send links that reset the password to the accounts with this name or confirmed email address, if any."""
        self._queue.notice([_Request(OneTimeKind.RESET, texts, path, language, named=named.strip()[:MAX_ADDRESS])])

    def resetting(self, secret: str) -> User | None:
        """Return the user whose password a link resets; None if it has expired or was used."""
        found = self._stores.one_time_secrets.read(digest(secret), OneTimeKind.RESET, at=self._clock())
        return self._stores.accounts.user(found.user) if found else None

    def reset(self, secret: str, password: str, *, client: Client = NO_CLIENT) -> User:
        """Set the password by a link, end all sessions and revoke all tokens; a second factor is still needed.

        Raises:
            NotFound: the link has expired or was used.
            InvalidRequest: the password is refused (field `password`); the link stays valid.
        """
        user = self.resetting(secret)
        if user is None:
            raise NotFound(EXPIRED)
        if fault := password_rules.fault(password, name=user.name):
            raise InvalidRequest({"password": fault})
        hashed = self._passwords.hash(password)
        if self._stores.one_time_secrets.take(digest(secret), OneTimeKind.RESET, at=self._clock()) is None:
            raise NotFound(EXPIRED)
        self._stores.accounts.set_password(user.id, hashed)
        self._log.record(user.id, SecurityEventKind.PASSWORD_RESET, client)
        return user

    def flush(self) -> None:
        """Wait until the waiting emails are sent or dropped."""
        self._queue.flush()

    def close(self) -> None:
        """Stop the background thread."""
        self._queue.close()

    def add(self, requests: Sequence[_Request], /) -> None:
        """Send emails; called by the queue's thread. Failures are logged, without the address."""
        for request in requests:
            try:
                for user in self._recipients(request):
                    self._deliver(request, user)
            except (*mail.FAILURES, MessageError, MarqueeError) as error:
                log.warning("an email about an account was not delivered: %s", type(error).__name__)

    def purge(self, *, before: datetime) -> int:
        """Do nothing: emails are not kept."""
        del before
        return 0

    def _recipients(self, request: _Request) -> Sequence[User]:
        if request.user is not None:
            return [request.user]
        if "@" in request.named:
            return self._stores.accounts.of_email(request.named, limit=MAX_ACCOUNTS)
        found = self._stores.accounts.find(request.named) if len(request.named) <= MAX_NAME else None
        return [found[0]] if found and found[0].email else []

    def _deliver(self, request: _Request, user: User) -> None:
        if self._send is None:
            return
        secret, at = secrets.token_urlsafe(SECRET_BYTES), self._clock()
        details = {"email": request.email} if request.email else {}
        self._stores.one_time_secrets.add(
            user.id, request.kind, secret_hash=digest(secret), details=details, at=at, expires_at=at + LINK_LIFE
        )
        text = request.texts.get(user.preferences.language) or request.texts[request.language]
        link = f"{self._site_url}{request.path}{secret}"
        self._send(request.email or user.email, text.subject, text.body % {"link": link, "name": user.name})


def sender(settings: Settings) -> Callable[[str, str, str], None] | None:
    """Return the function that sends emails with the mail server of the settings; None if there is none."""
    server = settings.smtp_url
    if server is None:
        return None

    def send(to: str, subject: str, text: str) -> None:
        mail.send(server.get_secret_value(), to=[to], subject=subject, text=text, sender=settings.notify_sender)

    return send


def is_address(text: str) -> bool:
    """Whether a text is an email address that can be sent to, without a display name."""
    if len(text) > MAX_ADDRESS or not text.isascii() or not text.isprintable() or text.count("@") != 1:
        return False
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        return False
    return parsed.addr_spec == text and "." in parsed.domain.strip(".") and not set(text) & set(" ,[")
