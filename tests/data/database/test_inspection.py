"""Facts about a database, on SQLite and PostgreSQL: nothing is created or changed."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from data import database
from data.database import revisions
from data.database.inspection import filesystems, report
from engine.clock import now
from tests.data.database import servers

BEHIND = revisions.revisions()[-2]
MOUNTS = """
/dev/vda1 / ext4 rw,relatime 0 0
server:/export /srv nfs4 rw,vers=4.2 0 0
/dev/vdb1 /srv/local xfs rw 0 0
//nas/films /mnt/my\\040films cifs rw 0 0
"""


def test_the_state_names_kind_place_and_revision(url: str, kind: str) -> None:
    state = report.state(url)
    assert state.kind.lower() == kind
    assert state.revision == state.known[-1]
    assert "@" not in state.location


def test_a_database_that_is_behind_is_left_as_it_is(empty: str) -> None:
    database.migrate(empty, str(BEHIND))
    assert report.state(empty).revision == BEHIND
    assert database.current(empty) == BEHIND


def test_an_unreachable_server_is_reported_without_its_password() -> None:
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1/movies") as caught:
        report.state("postgresql://ann:password-1@127.0.0.1:1/movies")
    assert "password-1" not in str(caught.value)


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    assert report.state(url).revision is None
    assert report.damage(url, seconds=60) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgresql
def test_the_clock_of_the_server_is_read(postgres_url: str) -> None:
    before = now()
    assert abs(report.clock(postgres_url) - before) < timedelta(days=1000), "time zone and unit are right"


def filled(folder: Path) -> Path:
    """Return a file of some pages."""
    file = folder / "people.sqlite"
    with servers.raw(f"sqlite:///{file}") as connection:
        connection.exec_driver_sql("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        connection.exec_driver_sql("INSERT INTO texts " + numbers + " SELECT i, 'a text of some length ' || i FROM n")  # noqa: S608
    return file


def test_a_sound_file_has_no_damage(tmp_path: Path) -> None:
    assert report.damage(f"sqlite:///{filled(tmp_path)}", seconds=60) == ""


def test_a_damaged_file_is_recognized(tmp_path: Path) -> None:
    file = filled(tmp_path)
    content = bytearray(file.read_bytes())
    content[8 * 4096 : 9 * 4096] = os.urandom(4096)
    file.write_bytes(content)
    try:
        found = report.damage(f"sqlite:///{file}", seconds=60)
    except StoreUnavailable as error:
        found = str(error)
    assert found


def test_a_file_that_is_too_large_for_the_deadline_is_not_judged(tmp_path: Path) -> None:
    assert report.damage(f"sqlite:///{filled(tmp_path)}", seconds=0) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/marquee/people.sqlite", "nfs4"),
        ("/srv/local/people.sqlite", ""),
        ("/mnt/my films/people.sqlite", "cifs"),
        ("/var/lib/marquee/people.sqlite", ""),
    ],
)
def test_network_file_systems_are_recognized_by_the_innermost_mount(path: str, kind: str) -> None:
    assert filesystems.network_of(Path(path), MOUNTS.strip()) == kind
    assert filesystems.network_of(Path(path), "") == ""
