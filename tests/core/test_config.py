"""Settings: read once, immutable, with all errors reported together."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pydantic
import pytest

from core import config
from core.errors import InvalidSettings


def test_without_any_setting_the_embedded_engine_serves() -> None:
    settings = config.load({})
    assert settings.elasticsearch_url == ()
    assert settings.home.is_absolute()


def test_variables_become_typed_settings() -> None:
    settings = config.load({
        "MARQUEE_DATA_DIR": "films",
        "MARQUEE_OFFLINE": "yes",
        "MARQUEE_ELASTICSEARCH_URL": "http://a:9200, https://b:9200",
        "MARQUEE_PORT": "9000",
        "OTHER_PORT": "1",
    })  # fmt: skip
    assert settings.data_dir == Path("films")
    assert settings.offline
    assert settings.elasticsearch_hosts == ("http://a:9200", "https://b:9200")
    assert settings.port == 9000


def test_the_time_zone_is_utc_unless_set() -> None:
    assert config.load({}).time_zone == "UTC"
    zone = config.load({"MARQUEE_TIME_ZONE": "Pacific/Auckland"}).zone
    assert datetime(2026, 1, 1, tzinfo=UTC).astimezone(zone).hour == 13


@pytest.mark.parametrize("name", ["Mars/Base", "localtime", "CEST", "../UTC"])
def test_an_unknown_time_zone_is_reported_with_an_example(name: str) -> None:
    with pytest.raises(InvalidSettings, match=r"MARQUEE_TIME_ZONE: .*as in Europe/Madrid"):
        config.load({"MARQUEE_TIME_ZONE": name})


def test_an_empty_variable_counts_as_unset() -> None:
    assert config.load({"MARQUEE_PORT": ""}).port == 8000


def test_remote_posters_can_be_turned_off() -> None:
    assert config.load({"MARQUEE_POSTER_BASE": "off"}).poster_base == ""
    assert config.load({}).poster_base.startswith("https://")


def test_all_errors_are_reported_together_under_their_names() -> None:
    with pytest.raises(InvalidSettings) as caught:
        config.load({"MARQUEE_PORT": "eighty", "MARQUEE_THREADS": "0", "MARQUEE_TYPO": "1"})
    for name in ("MARQUEE_PORT", "MARQUEE_THREADS", "MARQUEE_TYPO: no such setting"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    "environment",
    [
        {"MARQUEE_ELASTICSEARCH_USER": "ada"},
        {"MARQUEE_ELASTICSEARCH_PASSWORD": "secret-word"},
        {
            "MARQUEE_ELASTICSEARCH_API_KEY": "secret-key",
            "MARQUEE_ELASTICSEARCH_USER": "ada",
            "MARQUEE_ELASTICSEARCH_PASSWORD": "secret-word",
        },
        {"MARQUEE_ELASTICSEARCH_URL": "ada:secret-word@search.example"},
    ],
)
def test_contradictory_settings_are_rejected_without_showing_secrets(environment: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings, match="MARQUEE_ELASTICSEARCH") as caught:
        config.load(environment)
    assert "secret" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    shown = repr(config.load({"MARQUEE_ELASTICSEARCH_API_KEY": "secret-key"}))
    assert "secret-key" not in shown


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(pydantic.ValidationError):
        config.load({}).port = 1


def test_a_field_has_an_environment_variable() -> None:
    assert config.variable("data_dir") == "MARQUEE_DATA_DIR"


@pytest.mark.parametrize(("old", "new"), config.RENAMED.items())
def test_a_renamed_variable_is_read_under_its_old_name_with_a_warning(
    old: str, new: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert getattr(config.load({config.variable(old): "7"}), new) == 7
    assert [(record.levelname, config.variable(new) in record.getMessage()) for record in caplog.records] == [
        ("WARNING", True)
    ]


def test_the_new_name_of_a_variable_gives_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert config.load({"MARQUEE_MIN_USER_RATINGS": "7"}).min_user_ratings == 7
    assert caplog.records == []


def test_a_variable_set_under_both_names_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="MARQUEE_MIN_VIEWER_FILMS"):
        config.load({"MARQUEE_MIN_VIEWER_FILMS": "7", "MARQUEE_MIN_USER_RATINGS": "8"})
