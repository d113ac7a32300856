"""The job `archive-events`: finished days as Parquet, in a folder and in a bucket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import dataset, parquet
from pydantic import SecretStr

from core.config import Settings
from core.errors import EventArchiveUnusable
from core.jobs.job_catalogue import find
from core.types import MovieId
from core.users import Event, EventKind, UserId
from data import database
from data.database import Stores
from engine import wiring
from engine.event_archive import archive, job
from tests import databases
from tests.data.database.servers import ROOT, sign_up
from tests.engine.catalogue.test_refresh import Working

NOW = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YESTERDAY, BEFORE = date(2026, 11, 19), date(2026, 11, 18)
MOVIE = MovieId(949)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """The stores of an empty database."""
    with databases.variant(request.param, tmp_path, request) as url:
        opened = database.open(url)
        yield opened
        database.close(opened)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site with an archive in a folder."""
    place = SecretStr(str(tmp_path / "archive"))
    return Settings(home=tmp_path / "home", offline=True, events_archive_url=place)


def run(settings: Settings, stores: Stores, *, at: datetime = NOW) -> dict[str, Any]:
    return dict(job.run(wiring.job_context(settings, stores, lambda: at), Working(), parameters={}).figures)


def click(user: UserId | None, at: datetime, **fields: Any) -> Event:
    return Event(EventKind.CLICK, at, user, MOVIE, **fields)


def path_of(settings: Settings, day: date) -> Path:
    return Path(settings.events_archive_url.get_secret_value()) / f"day={day}" / archive.FILE


def rows(settings: Settings, day: date) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.ParquetFile(path_of(settings, day)).read().to_pylist()
    return found


def test_without_a_place_nothing_is_written(settings: Settings, stores: Stores) -> None:
    stores.events.add([click(None, NOW - DAY)])
    assert run(settings.model_copy(update={"events_archive_url": SecretStr("")}), stores) == {}
    assert find("archive-events") is not None


def test_each_finished_day_is_written_once(settings: Settings, stores: Stores) -> None:
    midnight = NOW.replace(hour=0, minute=0)
    stores.events.add([click(None, midnight + after) for after in (-25 * HOUR, -DAY, -HOUR, timedelta(), HOUR)])
    assert run(settings, stores) == {"events": 3, "days": 2, "deleted": 0}
    assert [len(rows(settings, day)) for day in (BEFORE, YESTERDAY)] == [1, 2]
    assert run(settings, stores) == {"events": 0, "days": 0, "deleted": 0}
    assert run(settings, stores, at=midnight + DAY + HOUR)["days"] == 0, "two hours after midnight a day is finished"
    assert run(settings, stores, at=midnight + DAY + 2 * HOUR) == {"events": 2, "days": 1, "deleted": 0}


def test_rows_contain_everything_but_identities_and_texts(settings: Settings, stores: Stores) -> None:
    ann = sign_up(stores).id
    shown = Event(EventKind.IMPRESSION, NOW - DAY, ann, MOVIE, list="for-you", position=3, model="2026-11")
    stores.events.add(
        [shown, Event(EventKind.SEARCH, NOW - DAY + HOUR + timedelta(microseconds=1_999), query="my aunt")]
    )
    first, second = rows_of(settings, stores)
    at = (NOW - DAY).replace(microsecond=0)
    assert first.pop("user") not in (None, ann)
    assert first == {
        "at": at, "kind": "impression", "movie": MOVIE, "list": "for-you", "position": 3, "model": "2026-11",
        "searched": False,
    }  # fmt: skip
    assert second == {
        "at": at + HOUR, "kind": "search", "user": None, "movie": None, "list": "", "position": None, "model": "",
        "searched": True,
    }  # fmt: skip
    assert b"aunt" not in path_of(settings, YESTERDAY).read_bytes()


def rows_of(settings: Settings, stores: Stores) -> list[dict[str, Any]]:
    run(settings, stores)
    return rows(settings, YESTERDAY)


def test_users_have_one_number_in_a_day_and_others_on_other_days(settings: Settings, stores: Stores) -> None:
    ann, bob = sign_up(stores).id, sign_up(stores, "Bob").id
    for days in (1, 2):
        stores.events.add([click(user, NOW - days * DAY + hours * HOUR) for user in (ann, bob) for hours in range(3)])
    run(settings, stores)
    first, second = ([row["user"] for row in rows(settings, day)] for day in (BEFORE, YESTERDAY))
    assert [first.count(number) for number in set(first)] == [3, 3]
    assert len({*first, *second}) == 4


@pytest.mark.parametrize("change", ["late", "opted out", "deleted", "both"])
def test_days_whose_events_changed_are_written_again(settings: Settings, stores: Stores, change: str) -> None:
    ann, bob = sign_up(stores).id, sign_up(stores, "Bob").id
    stores.events.add([click(user, NOW - days * DAY) for user in (ann, bob) for days in (1, 2)])
    stores.events.add([click(bob, NOW - 3 * DAY)])
    run(settings, stores)
    if change == "deleted":
        stores.accounts.delete(ann)
    elif change != "late":
        stores.events.forget(ann)
    if change in ("late", "both"):
        stores.events.add([click(bob, NOW - days * DAY) for days in (1, 2)])
    left = {"late": 3, "both": 2}.get(change, 1)
    assert run(settings, stores) == {"events": 2 * left, "days": 2, "deleted": 0}
    assert len(rows(settings, YESTERDAY)) == left


def test_a_day_of_which_all_events_were_deleted_becomes_empty(settings: Settings, stores: Stores) -> None:
    ann = sign_up(stores).id
    stores.events.add([click(ann, NOW - DAY)])
    run(settings, stores)
    stores.accounts.delete(ann)
    assert run(settings, stores)["days"] == 1
    assert rows(settings, YESTERDAY) == []
    assert run(settings, stores)["days"] == 0


def test_days_that_left_the_database_stay_until_they_are_too_old(settings: Settings, stores: Stores) -> None:
    own = settings.model_copy(update={"events_days": 5, "events_archive_days": 30})
    stores.events.add([click(None, NOW - days * DAY) for days in range(1, 9)])
    assert run(own, stores)["days"] == 4, "of the fifth day, the cleanup has deleted the first hours"
    stores.events.purge(before=NOW)
    assert run(own, stores, at=NOW + 20 * DAY) == {"events": 0, "days": 0, "deleted": 0}
    assert len(rows(own, YESTERDAY)) == 1
    assert run(own, stores, at=NOW + 29 * DAY)["deleted"] == 3
    assert not path_of(own, BEFORE).parent.exists()
    assert path_of(own, YESTERDAY).exists()


def test_a_run_writes_a_limited_number_of_changed_days_again(
    settings: Settings, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "CHANGED_DAYS", 2)
    ann = sign_up(stores).id
    stores.events.add([click(ann, NOW - days * DAY) for days in range(1, 6)])
    assert run(settings, stores)["days"] == 5
    stores.events.forget(ann)
    assert [run(settings, stores)["days"] for _ in range(4)] == [2, 2, 1, 0]


def test_readers_of_parquet_find_the_days(settings: Settings, stores: Stores) -> None:
    stores.events.add([click(None, NOW - days * DAY) for days in (1, 2, 2)])
    run(settings, stores)
    found = dataset.dataset(settings.events_archive_url.get_secret_value(), partitioning="hive")
    assert sorted(row["day"] for row in found.to_table().to_pylist()) == [str(BEFORE), str(BEFORE), str(YESTERDAY)]


def test_files_belong_to_their_owner(settings: Settings, stores: Stores) -> None:
    stores.events.add([click(None, NOW - DAY)])
    run(settings, stores)
    path = path_of(settings, YESTERDAY)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_place_that_cannot_be_written_is_named(settings: Settings, stores: Stores, tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("in the way", encoding="utf-8")
    stores.events.add([click(None, NOW - DAY)])
    with pytest.raises(EventArchiveUnusable, match=r"_days\.json.*Not a directory"):
        run(settings, stores)


def test_a_damaged_list_of_days_is_named(settings: Settings, stores: Stores) -> None:
    stores.events.add([click(None, NOW - DAY)])
    run(settings, stores)
    (path_of(settings, YESTERDAY).parents[1] / archive.LISTED).write_text("{", encoding="utf-8")
    with pytest.raises(EventArchiveUnusable, match=r"_days\.json is damaged.*delete it"):
        run(settings, stores)


def test_a_full_disk_leaves_the_previous_file(
    settings: Settings, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores.events.add([click(None, NOW - DAY)])
    run(settings, stores)
    before = path_of(settings, YESTERDAY).read_bytes()
    stores.events.add([click(None, NOW - DAY)])

    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:99])
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(EventArchiveUnusable, match="No space left on device"):
            run(settings, stores)
    assert path_of(settings, YESTERDAY).read_bytes() == before
    assert list(path_of(settings, YESTERDAY).parent.iterdir()) == [path_of(settings, YESTERDAY)]
    assert run(settings, stores)["days"] == 1
    assert len(rows(settings, YESTERDAY)) == 2


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from pydantic import SecretStr
from core.config import Settings
from data import database
from engine import wiring
from engine.event_archive import job
from engine.event_archive.archive import EventArchive
from tests.engine.catalogue.test_refresh import Working

home, place, url, moment, number = sys.argv[1:]
settings = Settings(home=Path(home), offline=True, events_archive_url=SecretStr(place))
done, kept = 0, getattr(EventArchive, moment)

def dying(*arguments):
    global done
    done += 1
    if done == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*arguments)

setattr(EventArchive, moment, dying)
now = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)
job.run(wiring.job_context(settings, database.open(url), lambda: now), Working(), parameters={})
"""


@pytest.mark.parametrize(("moment", "number"), [("put", 2), ("write", 2), ("_replace", 3), ("_replace", 4)])
def test_a_killed_run_is_continued(settings: Settings, tmp_path: Path, moment: str, number: int) -> None:
    with databases.sqlite(tmp_path) as url:
        stores = database.open(url)
        stores.events.add([click(None, NOW - days * DAY) for days in (1, 2, 3)])
        place = settings.events_archive_url.get_secret_value()
        command = [sys.executable, "-c", KILLED, str(settings.home), place, url, moment, str(number)]
        assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
        assert run(settings, stores)["days"] == 2
        assert [len(rows(settings, NOW.date() - days * DAY)) for days in (1, 2, 3)] == [1, 1, 1]
        assert not list(settings.home.glob(f"{job.SCRATCH}*"))
        database.close(stores)


def test_days_in_a_bucket(settings: Settings, stores: Stores, s3_bucket: str) -> None:
    own = settings.model_copy(update={"events_archive_url": SecretStr(f"{s3_bucket}/events"), "events_archive_days": 9})
    stores.events.add([click(None, NOW - days * DAY) for days in (1, 2)])
    assert run(own, stores)["days"] == 2
    assert run(own, stores)["days"] == 0
    stores.events.add([click(None, NOW - DAY)])
    assert run(own, stores) == {"events": 2, "days": 1, "deleted": 0}
    found = archive.EventArchive.of(own)
    assert found is not None
    names = {archive.LISTED, f"day={BEFORE}/{archive.FILE}", f"day={YESTERDAY}/{archive.FILE}"}
    assert set(found.client.listed()) == names
    assert run(own, stores, at=NOW + 8 * DAY) == {"events": 0, "days": 0, "deleted": 1}
    assert set(found.client.listed()) == names - {f"day={BEFORE}/{archive.FILE}"}


def test_an_unreachable_bucket_is_named(settings: Settings, stores: Stores, s3_bucket: str) -> None:
    own = settings.model_copy(update={"events_archive_url": SecretStr(f"{s3_bucket}-missing/events")})
    with pytest.raises(EventArchiveUnusable, match="-missing/events"):
        run(own, stores)
