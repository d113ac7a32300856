"""`/.well-known/security.txt` names the contact of the settings, and its expiry lies ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

import webapp
from core import config
from core.config import Settings
from core.errors import InvalidSettings
from tests import fakes
from webapp.edge import well_known

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)


def test_the_file_names_the_contact_and_expires_within_a_year() -> None:
    app = Flask(__name__)
    app.register_blueprint(well_known.blueprint("mailto:security@films.example", lambda: NOW))
    answer = app.test_client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@films.example"
    assert timedelta(days=300) < datetime.fromisoformat(fields["Expires"]) - NOW < timedelta(days=365)
    assert answer.mimetype == "text/plain"


def test_without_a_contact_there_is_no_file() -> None:
    client = webapp.create_app(fakes.services(settings=Settings())).test_client()
    assert client.get("/.well-known/security.txt").status_code == 404
    with_contact = Settings(security_contact="https://films.example/security")
    assert (
        webapp.create_app(fakes.services(settings=with_contact))
        .test_client()
        .get("/.well-known/security.txt")
        .text.startswith("Contact: https://films.example/security\n")
    )


@pytest.mark.parametrize(
    "contact", ["security@films.example", "http://films.example", "mailto:a\nContact: b", "tel: 1"]
)
def test_a_contact_that_is_no_url_is_refused(contact: str) -> None:
    with pytest.raises(InvalidSettings, match=r"MARQUEE_SECURITY_CONTACT: .*mailto:"):
        config.load({"MARQUEE_SECURITY_CONTACT": contact})
