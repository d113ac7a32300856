"""Secrets from files: `MARQUEE_X_FILE` instead of `MARQUEE_X`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from core import config
from core.errors import InvalidSettings
from core.settings import redaction
from core.settings.environment import MAX_SECRET_BYTES

KEY = "a-key-of-more-than-thirty-two-characters"


def written(folder: Path, content: str | bytes) -> str:
    """Return the path of a file with this content."""
    file = folder / "secret"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def faults(environment: dict[str, str]) -> str:
    """Return the message about invalid settings."""
    with pytest.raises(InvalidSettings) as caught:
        config.load(environment)
    return str(caught.value)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_content_without_its_final_newline_is_the_value(tmp_path: Path, end: str) -> None:
    settings = config.load({"MARQUEE_SECRET_KEY_FILE": written(tmp_path, KEY + end)})
    assert settings.secret_key == SecretStr(KEY)


def test_only_one_final_newline_is_removed(tmp_path: Path) -> None:
    settings = config.load({"MARQUEE_SECRET_KEY_FILE": written(tmp_path, f" {KEY}\n\n")})
    assert settings.secret_key == SecretStr(f" {KEY}\n")


@pytest.mark.parametrize("name", sorted(config.SECRETS))
def test_every_secret_can_be_read_from_a_file(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, "http://elsewhere.example/of-thirty-two-characters\n")
    problem = config.examine({config.variable(f"{name}_file"): path})[1]
    assert [fault for fault in problem if "no such setting" in fault.problem] == []


def test_the_secrets_are_the_fields_that_are_hidden() -> None:
    assert {"database_url", "elasticsearch_url", "elasticsearch_api_key", "secret_key", "smtp_url"} <= config.SECRETS
    assert not {"home", "elasticsearch_ca_file", "moods_file", "port"} & config.SECRETS


def test_the_documentation_lists_the_secrets() -> None:
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    section = text.partition("## Secrets from files")[2].partition("```")[0]
    named = set(re.findall(r"MARQUEE_[A-Z_]+[A-Z]", section)) - {"MARQUEE_X", "MARQUEE_X_FILE"}
    assert named == {config.variable(name) for name in config.SECRETS}


def test_a_list_of_addresses_is_read_from_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, "https://ann:password-1@a:9200, https://b:9200\n")
    hosts = config.load({"MARQUEE_ELASTICSEARCH_URL_FILE": path}).elasticsearch_hosts
    assert hosts == ("https://ann:password-1@a:9200", "https://b:9200")


def test_a_secret_from_a_file_is_hidden_from_logs(tmp_path: Path) -> None:
    config.load({"MARQUEE_SECRET_KEY_FILE": written(tmp_path, KEY)})
    assert redaction.scrub(f"the key is {KEY}") == f"the key is {redaction.HIDDEN}"


def test_the_value_and_its_file_together_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, KEY)
    found = faults({"MARQUEE_SECRET_KEY": KEY, "MARQUEE_SECRET_KEY_FILE": path})
    assert "set either MARQUEE_SECRET_KEY or MARQUEE_SECRET_KEY_FILE, not both" in found
    assert KEY not in found


def test_an_empty_variable_beside_a_file_counts_as_unset(tmp_path: Path) -> None:
    path = written(tmp_path, KEY)
    assert config.load({"MARQUEE_SECRET_KEY": "", "MARQUEE_SECRET_KEY_FILE": path}).secret_key == SecretStr(KEY)
    assert config.load({"MARQUEE_SECRET_KEY": KEY, "MARQUEE_SECRET_KEY_FILE": ""}).secret_key == SecretStr(KEY)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b"secret-\xff\xfe", "it is not UTF-8 text"),
        (b"secret-" * MAX_SECRET_BYTES, "it is larger than 64 KiB"),
    ],
)
def test_an_unusable_file_is_named_without_its_content(tmp_path: Path, content: bytes, reason: str) -> None:
    path = written(tmp_path, content)
    found = faults({"MARQUEE_TMDB_KEY_FILE": path})
    assert f"MARQUEE_TMDB_KEY_FILE: the file {path} cannot be used: {reason}" in found
    assert "secret-" not in found


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    found = faults({"MARQUEE_SMTP_URL_FILE": str(tmp_path / "absent"), "MARQUEE_NOTIFY_EMAIL": "ann@example.org"})
    assert f"MARQUEE_SMTP_URL_FILE: the file {tmp_path / 'absent'} cannot be used: No such file" in found
    assert "requires a mail server" not in found, "a consequence of the missing file"


def test_a_file_that_cannot_be_read_is_named() -> None:
    path = "/proc/self/mem"  # a file whose first byte nobody can read, not even root
    assert f"{path} cannot be used: Input/output error" in faults({"MARQUEE_SECRET_KEY_FILE": path})


def test_a_folder_or_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert "expected a regular file" in faults({"MARQUEE_SECRET_KEY_FILE": str(path)})


def test_faults_of_files_are_reported_with_those_of_other_settings(tmp_path: Path) -> None:
    found = faults({
        "MARQUEE_SECRET_KEY_FILE": str(tmp_path / "absent"),
        "MARQUEE_PORT": "eighty",
        "MARQUEE_ELASTICSEARCH_UR": "http://localhost:9200",
    })  # fmt: skip
    assert "MARQUEE_SECRET_KEY_FILE" in found
    assert "MARQUEE_PORT" in found
    assert "MARQUEE_ELASTICSEARCH_UR: no such setting; see docs/settings.md; did you mean" in found


def test_an_invalid_value_is_reported_under_the_variable_of_its_file(tmp_path: Path) -> None:
    found = faults({"MARQUEE_SECRET_KEY_FILE": written(tmp_path, "short-key")})
    assert "MARQUEE_SECRET_KEY_FILE: " in found
    assert "short-key" not in found


def test_a_setting_that_is_not_secret_is_not_read_from_a_file(tmp_path: Path) -> None:
    assert "MARQUEE_PORT_FILE: no such setting" in faults({"MARQUEE_PORT_FILE": written(tmp_path, "80")})


def test_valid_settings_are_examined_beside_faulty_ones() -> None:
    settings, found = config.examine({"MARQUEE_PORT": "eighty", "MARQUEE_THREADS": "7", "MARQUEE_PROT": "80"})
    assert settings is not None
    assert (settings.port, settings.threads) == (8000, 7)
    assert {fault.variable for fault in found} == {"MARQUEE_PORT", "MARQUEE_PROT"}


def test_contradictory_settings_cannot_be_examined() -> None:
    settings, found = config.examine({"MARQUEE_LLM_URL": "http://localhost/v1"})
    assert settings is None
    assert [fault.variable for fault in found] == ["settings"]
