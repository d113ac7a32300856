"""Notifications about runs, sent to a real web server and a real mail server on this machine."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core import config
from core.config import Settings
from core.errors import InvalidSettings
from core.jobs.runs import Outcome, Run
from jobs import notifications
from tests.jobs.mail_server import MailServer, certificate

AT = datetime(2026, 11, 23, 4, 10, tzinfo=UTC)
BETTER = {"before": {"ndcg@10": 0.20312}, "after": {"ndcg@10": 0.31}, "ratings": 1200}
PASSWORD = "correct horse battery"


def ended(outcome: Outcome = Outcome.FAILED, *, job: str = "retrain", **more: Any) -> Run:
    """An ended run."""
    return Run(7, job, outcome, AT, started_at=AT, ended_at=AT, **more)


@dataclass
class Hook:
    """A web server that stores the posted messages."""

    url: str = ""
    status: int = 204
    location: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    state = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.end_headers()

        def do_GET(self) -> None:
            state.got.append({"redirected": True})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_receives_job_outcome_metrics_and_the_last_line_of_the_error(hook: Hook) -> None:
    run = ended(figures=BETTER, error="Traceback\n  File x\nValueError: no ratings")
    notifications.tell(run, Settings(notify_webhook=SecretStr(hook.url)))
    (said,) = hook.got
    assert (said["job"], said["outcome"], said["run"]) == ("retrain", "failed", 7)
    assert (said["before"], said["after"]) == ({"ndcg@10": 0.20312}, {"ndcg@10": 0.31})
    assert said["figures"] == {"ratings": 1200}
    assert said["error"] == "ValueError: no ratings"
    assert said["subject"] == "Marquee: retrain failed"


def test_a_new_model_is_notified_and_a_rejected_one_with_its_reason(hook: Hook) -> None:
    settings = Settings(notify_webhook=SecretStr(hook.url))
    notifications.tell(ended(Outcome.DONE, figures=BETTER), settings)
    notifications.tell(ended(Outcome.REJECTED, figures={**BETTER, "rejected": "worse by 0.02"}), settings)
    assert [said["outcome"] for said in hook.got] == ["done", "rejected"]
    assert hook.got[1]["rejected"] == "worse by 0.02"


def test_normal_outcomes_are_only_logged(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    notifications.tell(ended(Outcome.DONE, job="trending"), Settings(notify_webhook=SecretStr(hook.url)))
    notifications.tell(ended(Outcome.CANCELLED), Settings(notify_webhook=SecretStr(hook.url)))
    assert hook.got == []
    assert "trending is done" in caplog.text


def test_messages_contain_no_secrets(hook: Hook) -> None:
    settings = Settings(notify_webhook=SecretStr(hook.url), secret_key=SecretStr("k" * 40))
    error = f"OSError: {'k' * 40} at postgresql://ann:{PASSWORD.replace(' ', '-')}@host/db"
    notifications.tell(ended(error=error, figures={"after": {"where": f"{'k' * 40}"}}), settings)
    told = json.dumps(hook.got)
    assert "kkkk" not in told
    assert "horse" not in told
    assert "ann" not in told
    assert "postgresql://[hidden]@host/db" in told


def test_a_redirect_is_not_followed(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hook.status, hook.location = 302, hook.url + "/elsewhere"
    notifications.tell(ended(), Settings(notify_webhook=SecretStr(hook.url)))
    assert [said for said in hook.got if "redirected" in said] == []
    assert "was not delivered: HTTPError 302" in caplog.text


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/secret-path", "file:///etc/passwd", "nonsense", "http://[::1", "http://a b/"]
)
def test_an_unreachable_address_fails_nothing_and_is_not_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    unchecked = Settings().model_copy(update={"notify_webhook": SecretStr(address)})
    notifications.tell(ended(), unchecked)
    assert "webhook notification about a run was not delivered" in caplog.text
    assert address not in caplog.text


@pytest.mark.parametrize(
    ("environment", "fault"),
    [
        ({"MARQUEE_NOTIFY_WEBHOOK": "ftp://ann:hidden@host"}, "MARQUEE_NOTIFY_WEBHOOK: .*expected http:// or https://"),
        ({"MARQUEE_NOTIFY_WEBHOOK": "https:///hidden"}, "MARQUEE_NOTIFY_WEBHOOK: .*with a host"),
        ({"MARQUEE_NOTIFY_WEBHOOK": "http://[hidden"}, "MARQUEE_NOTIFY_WEBHOOK"),
        ({"MARQUEE_SMTP_URL": "https://ann:hidden@host"}, "MARQUEE_SMTP_URL: .*expected smtp:// or smtps://"),
        ({"MARQUEE_SMTP_URL": "smtp://ann:pass@host:hidden"}, "MARQUEE_SMTP_URL"),
        (
            {"MARQUEE_NOTIFY_EMAIL": "ann@example.org"},
            "MARQUEE_SMTP_URL: .*MARQUEE_NOTIFY_EMAIL requires a mail server",
        ),
    ],
)
def test_unusable_notification_settings_are_rejected_with_all_other_errors_and_without_their_values(
    environment: dict[str, str], fault: str
) -> None:
    with pytest.raises(InvalidSettings, match=fault) as caught:
        config.load({**environment, "MARQUEE_PORT": "eighty"})
    assert "MARQUEE_PORT" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_usable_notification_settings_are_accepted() -> None:
    taken = config.load({
        "MARQUEE_NOTIFY_WEBHOOK": "HTTPS://user:password@host/path?key=1",
        "MARQUEE_SMTP_URL": "smtps://ann%40host:p%2Fw@[::1]:465",
        "MARQUEE_NOTIFY_EMAIL": "ann@example.org, ben@example.org",
    })  # fmt: skip
    assert len(taken.notify_email) == 2


def test_a_server_that_never_responds_times_out_within_seconds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import socket  # noqa: PLC0415

    monkeypatch.setattr(notifications, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings = Settings(
            notify_webhook=SecretStr(f"http://127.0.0.1:{port}"),
            notify_email=("ops@example.org",),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"),
        )
        notifications.tell(ended(), settings)
    assert "webhook notification about a run was not delivered: TimeoutError" in caplog.text
    assert "email notification about a run was not delivered" in caplog.text


def test_oversized_figures_are_omitted(hook: Hook) -> None:
    run = ended(figures={**BETTER, "losses": list(range(100_000))})
    notifications.tell(run, Settings(notify_webhook=SecretStr(hook.url)))
    assert hook.got[0]["figures"] == {}
    assert hook.got[0]["after"] == {"ndcg@10": 0.31}


def mailing(server: MailServer, *, user: str = "") -> Settings:
    """Settings with two mail recipients."""
    url = f"smtp://{user}127.0.0.1:{server.port}"
    return Settings(notify_email=("a@example.org", "b@example.org"), notify_sender="m@e.org", smtp_url=SecretStr(url))


def test_a_mail_is_sent_to_all_recipients_over_tls_after_login(tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path)
    with MailServer(tls=theirs) as server:
        settings = mailing(server, user="ann%40example.org:pass%2Fword@")
        notifications.tell(ended(figures=BETTER, error="ValueError: no"), settings, tls=ours)
    (mail,) = server.mails
    assert server.encrypted == [True]
    assert "To: a@example.org, b@example.org" in mail
    assert "Subject: Marquee: retrain failed" in mail
    assert "before: ndcg@10 0.2031" in mail
    assert "after: ndcg@10 0.31" in mail
    assert "error: ValueError: no" in mail
    assert server.commands.index("STARTTLS") < next(i for i, c in enumerate(server.commands) if c.startswith("AUTH"))


def test_a_password_is_never_sent_in_clear_text(caplog: pytest.LogCaptureFixture) -> None:
    with MailServer() as server:
        notifications.tell(ended(), mailing(server, user="ann:word@"))
    assert server.mails == []
    assert not any(command.startswith("AUTH") for command in server.commands)
    assert "email notification about a run was not delivered" in caplog.text


def test_nothing_is_sent_to_a_server_with_an_untrusted_certificate(tmp_path: Path) -> None:
    theirs, _ = certificate(tmp_path)
    with MailServer(tls=theirs) as server:
        notifications.tell(ended(), mailing(server))
    assert server.mails == []


def test_a_local_mail_server_needs_neither_tls_nor_a_password() -> None:
    with MailServer() as server:
        notifications.tell(ended(Outcome.REJECTED, figures={"rejected": "worse"}), mailing(server))
    assert "rejected: worse" in server.mails[0]


def test_a_mail_server_that_rejects_a_mail_fails_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with MailServer(refuses=True) as server:
        notifications.tell(ended(), mailing(server))
    assert "email notification about a run was not delivered: SMTPConnectError 554" in caplog.text
