"""Email addresses of accounts and resets by email, with a real mail server on this machine."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from core.config import Settings
from core.errors import InvalidRequest, NotFound, NotSignedIn
from core.users import Preferences, Scope, SecurityEventKind, User
from data.database import Stores
from engine.accounts import email_recovery
from engine.accounts.accounts import Accounts
from engine.accounts.credentials.passwords import Passwords
from engine.accounts.email_recovery import Text
from tests.engine.accounts.conftest import Clock
from tests.engine.accounts.test_accounts import CHEAP, PASSWORD, dump

TEXTS = {"en": Text("Reset", "%(name)s:\n\n%(link)s\n"), "de": Text("Zurücksetzen", "%(name)s – öffne:\n%(link)s\n")}
PATH = "/reset-password?secret="
SITE_URL = "https://movies.example.org"


class Mailbox:
    """Keeps the mails that a server receives; may refuse them."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[Sequence[str]] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Keep a mail."""
        del server, session
        if self.refuses:
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"

    def secret(self) -> str:
        """Return the secret of the link in the latest mail."""
        found = re.search(r"secret=([\w-]{43})\s", self.mails[-1].get_content())
        assert found
        return found[1]


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[str]:
    """The URL of a running mail server."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def accounts(stores: Stores, clock: Clock, server: str) -> Accounts:
    """The use cases with that mail server."""
    return make(stores, clock, server)


def make(stores: Stores, clock: Clock, server: str) -> Accounts:
    """Return the use cases with a mail server."""
    send = email_recovery.sender(Settings(smtp_url=SecretStr(server), notify_sender="site@example.org"))
    return Accounts(stores, hashing=Passwords(hasher=CHEAP), clock=clock, site_url=SITE_URL, send=send)


@pytest.fixture
def ada(accounts: Accounts, mailbox: Mailbox) -> User:
    """A user with a confirmed address."""
    return confirmed(accounts, mailbox, "Ada", "ada@example.org")


def confirmed(accounts: Accounts, mailbox: Mailbox, name: str, email: str, *, language: str = "") -> User:
    """Sign up and confirm an address."""
    user = accounts.sign_up(name, PASSWORD, preferences=Preferences(language=language))
    accounts.recovery.ask_address(user, email, texts=TEXTS, path=PATH, language="en")
    accounts.recovery.flush()
    accounts.recovery.confirm_address(user, mailbox.secret())
    return user


def ask(accounts: Accounts, named: str) -> None:
    """Ask for a reset, and wait until it is handled."""
    accounts.recovery.ask_reset(named, texts=TEXTS, path=PATH, language="en")
    accounts.recovery.flush()


@pytest.mark.parametrize("named", ["Ada", " ADA ", "ada@example.org", "Ada@Example.org"])
def test_a_password_is_reset_by_a_link(accounts: Accounts, ada: User, mailbox: Mailbox, named: str) -> None:
    _, session = accounts.sign_in("Ada", PASSWORD)
    _, token = accounts.add_token(ada, "mine", frozenset({Scope.READ}))
    ask(accounts, named)
    mail = mailbox.mails[-1]
    assert (mail["From"], mail["To"], mail["Subject"]) == ("site@example.org", "ada@example.org", "Reset")
    assert f"Ada:\n\n{SITE_URL}{PATH}" in mail.get_content().replace("\r\n", "\n")
    secret = mailbox.secret()
    with pytest.raises(InvalidRequest) as refused:
        accounts.recovery.reset(secret, "short")
    assert set(refused.value.fields) == {"password"}
    assert accounts.recovery.reset(secret, "another horse").id == ada.id
    assert accounts.resume(session) is None
    assert accounts.of_token(token) is None
    with pytest.raises(NotSignedIn):
        accounts.sign_in("Ada", PASSWORD)
    accounts.sign_in("Ada", "another horse")
    assert accounts.security_log.recent(ada.id)[1].kind == SecurityEventKind.PASSWORD_RESET


def test_a_link_works_once(accounts: Accounts, ada: User, mailbox: Mailbox) -> None:
    ask(accounts, "Ada")
    secret = mailbox.secret()
    ask(accounts, "Ada")
    other = mailbox.secret()
    assert accounts.recovery.resetting(secret) is not None
    accounts.recovery.reset(secret, "another horse")
    for used in (secret, other, "unknown", ""):
        with pytest.raises(NotFound):
            accounts.recovery.reset(used, "a third horse")
    assert accounts.sign_in("Ada", "another horse")[0].id == ada.id


@pytest.mark.usefixtures("ada")
def test_a_link_works_for_half_an_hour(accounts: Accounts, mailbox: Mailbox, clock: Clock) -> None:
    ask(accounts, "Ada")
    clock.at += timedelta(minutes=30)
    assert accounts.recovery.resetting(mailbox.secret()) is None
    with pytest.raises(NotFound):
        accounts.recovery.reset(mailbox.secret(), "another horse")


@pytest.mark.parametrize("named", ["Nobody1", "Bob", "nobody@example.org", "", "x" * 5000])
@pytest.mark.usefixtures("ada")
def test_nobody_else_gets_a_mail(accounts: Accounts, mailbox: Mailbox, named: str) -> None:
    accounts.sign_up("Bob", PASSWORD)  # without an address
    before = len(mailbox.mails)
    ask(accounts, named)
    assert len(mailbox.mails) == before


def test_each_account_of_an_address_gets_its_own_link(accounts: Accounts, ada: User, mailbox: Mailbox) -> None:
    bob = confirmed(accounts, mailbox, "Bob", "ada@example.org", language="de")
    ask(accounts, "ada@example.org")
    assert [mail["Subject"] for mail in mailbox.mails[-2:]] == ["Reset", "Zurücksetzen"]
    assert "öffne" in mailbox.mails[-1].get_content()
    assert accounts.recovery.reset(mailbox.secret(), "another horse").id == bob.id
    assert accounts.sign_in("Ada", PASSWORD)[0].id == ada.id


def test_an_address_counts_once_its_link_is_used_by_its_user(
    accounts: Accounts, ada: User, mailbox: Mailbox, stores: Stores
) -> None:
    accounts.recovery.ask_address(ada, " new@example.org ", texts=TEXTS, path=PATH, language="en")
    accounts.recovery.flush()
    assert mailbox.recipients[-1] == ["new@example.org"]
    mallory = accounts.sign_up("Mallory", PASSWORD)
    with pytest.raises(NotFound):
        accounts.recovery.confirm_address(mallory, mailbox.secret())
    found = stores.accounts.user(ada.id)
    assert found is not None
    assert found.email == "ada@example.org"
    accounts.recovery.remove_address(ada)
    ask(accounts, "Ada")
    assert "new@example.org" in mailbox.recipients[-1]  # still the confirmation: nothing was sent


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@localhost",
        "Ada <ada@example.org>",
        "a@example.org,b@example.org",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@[127.0.0.1]",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_is_no_address_is_refused(accounts: Accounts, ada: User, email: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        accounts.recovery.ask_address(ada, email, texts=TEXTS, path=PATH, language="en")
    assert refused.value.fields == {"email": email_recovery.INVALID}


def test_secrets_and_addresses_are_not_logged_and_secrets_are_not_stored(
    accounts: Accounts, ada: User, mailbox: Mailbox, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(accounts, "Ada")
    secret = mailbox.secret()
    mailbox.refuses = True
    ask(accounts, "Ada")
    accounts.recovery.reset(secret, "another horse")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("marquee"))
    assert "an email about an account was not delivered: SMTPDataError" in ours
    assert secret not in dump(file) + ours + str(accounts.export(ada))
    assert "ada@example.org" not in ours


def _nothing_listens() -> str:
    return f"smtp://127.0.0.1:{free_port()}"


@pytest.mark.parametrize("server", [_nothing_listens, lambda: "smtp://user:key@127.0.0.1:1"], indirect=False)
def test_a_failing_mail_server_fails_nothing(
    stores: Stores, clock: Clock, server: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    accounts = make(stores, clock, server())
    ada = accounts.sign_up("Ada", PASSWORD)
    accounts.recovery.ask_address(ada, "ada@example.org", texts=TEXTS, path=PATH, language="en")
    stores.accounts.set_email(ada.id, "ada@example.org")
    ask(accounts, "Ada")
    assert caplog.text.count("was not delivered: ConnectionRefusedError") == 2
    assert "key" not in caplog.text.replace("user database", "")
    assert accounts.sign_in("Ada", PASSWORD)[0].id == ada.id


def test_waiting_emails_are_bounded(stores: Stores, clock: Clock) -> None:
    sent: list[str] = []
    accounts = Accounts(
        stores,
        hashing=Passwords(hasher=CHEAP),
        clock=clock,
        site_url=SITE_URL,
        send=lambda to, subject, text: sent.append(to),  # noqa: ARG005
    )
    ada = accounts.sign_up("Ada", PASSWORD)
    stores.accounts.set_email(ada.id, "ada@example.org")
    queue = accounts.recovery._queue
    with queue._changed:  # the thread cannot take any
        for _ in range(email_recovery.ROOM):
            queue._queue.append(None)  # type: ignore[arg-type]
        accounts.recovery.ask_reset("Ada", texts=TEXTS, path=PATH, language="en")
        assert len(queue._queue) == email_recovery.ROOM
        queue._queue.clear()
    assert queue.dropped == 1
    assert sent == []


def test_without_a_mail_server_it_is_disabled(stores: Stores) -> None:
    accounts = Accounts(stores, hashing=Passwords(hasher=CHEAP), site_url=SITE_URL)
    assert not accounts.recovery.enabled
    assert email_recovery.sender(Settings()) is None
