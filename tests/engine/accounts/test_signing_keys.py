"""The key that signs cookies and forms: generated once, stored privately."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import InvalidSettings
from engine.accounts.credentials import signing_keys


def test_a_key_from_the_settings_leaves_no_file(tmp_path: Path) -> None:
    assert signing_keys.secret_key(Settings(home=tmp_path, secret_key="k" * 40)) == "k" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_generated_once_and_private(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new")
    key = signing_keys.secret_key(settings)
    assert len(key) >= 43
    assert signing_keys.secret_key(settings) == key
    assert [path.name for path in settings.state.iterdir()] == [signing_keys.FILE]
    assert stat.S_IMODE((settings.state / signing_keys.FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.state.stat().st_mode) == 0o700


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from core.config import Settings\n"
        "from engine.accounts.credentials import signing_keys; "
        "print(signing_keys.secret_key(Settings(home=Path(sys.argv[1]))))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    found = {process.communicate()[0].strip() for process in started}
    assert len(found) == 1
    assert len(next(iter(found))) >= 43


def test_a_key_that_others_can_read_logs_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = signing_keys.secret_key(Settings(home=tmp_path))
    (tmp_path / signing_keys.FILE).chmod(0o644)
    assert signing_keys.secret_key(Settings(home=tmp_path)) == key
    assert "chmod 600" in caplog.text
    assert key not in caplog.text


def test_a_damaged_key_is_refused_with_a_solution(tmp_path: Path) -> None:
    (tmp_path / signing_keys.FILE).write_text("short", encoding="utf-8")
    with pytest.raises(InvalidSettings, match="delete it"):
        signing_keys.secret_key(Settings(home=tmp_path))


def test_the_setting_is_named_if_no_key_can_be_stored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InvalidSettings, match="MARQUEE_SECRET_KEY"):
        signing_keys.secret_key(Settings(home=tmp_path / "file"))
