"""Backups made while the site serves, and restored: into the same kind of database and into the other one."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest
from pydantic import SecretStr

from core.config import Settings
from core.errors import BackupUnusable, DataError, InvalidSettings, StoreUnavailable
from core.types import MovieId
from data import database
from data.catalogues import marquee_format
from engine import wiring
from engine.accounts.credentials import signing_keys
from engine.backups import creation
from engine.backups.archive import ABANDONED, Archive
from engine.backups.encryption import Encryption
from tests.data.database import servers
from tests.engine.backups import site

POSTGRES = pytest.param("postgresql", marks=pytest.mark.postgresql)
KINDS = ["sqlite", POSTGRES]


@dataclass
class Databases:
    """Makes databases of a kind, without tables, that are dropped after the test."""

    stack: ExitStack
    request: pytest.FixtureRequest
    folder: Path
    made: int = 0

    def new(self, kind: str) -> str:
        self.made += 1
        if kind == "sqlite":
            return f"sqlite:///{self.folder / f'{self.made}.sqlite'}"
        return self.stack.enter_context(servers.postgresql(self.request.getfixturevalue("postgres_url")))


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    with ExitStack() as stack:
        yield Databases(stack, request, tmp_path)


@pytest.fixture
def filled(tmp_path: Path) -> Settings:
    """A site on SQLite without a catalogue of its own."""
    settings = site.settings(tmp_path, f"sqlite:///{tmp_path / 'people.sqlite'}")
    database.close(site.fill(settings))
    return settings


def other(settings: Settings, folder: Path, **given: object) -> Settings:
    """Return the settings of an empty site on SQLite that has access to the same backups."""
    given = {"backup_url": settings.backup_url, "backup_identity": settings.backup_identity} | given
    return site.settings(folder / "other", f"sqlite:///{folder / 'other.sqlite'}", **given)


def files(settings: Settings, name: str) -> list[Path]:
    folder = Path(settings.backup_url.get_secret_value()) / name
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("source", KINDS)
def test_every_row_is_restored(made: Databases, tmp_path: Path, source: str, target: str) -> None:
    before = site.settings(tmp_path, made.new(source), data_dir=tmp_path / "films")
    stores = site.fill(before)
    backup = site.back_up(before)
    expected = site.content(before.database)
    assert sum(map(len, expected.values())) > 600
    assert {name for name, rows in expected.items() if not rows} <= {"sessions", "tokens"}

    after = site.settings(
        tmp_path / "after", made.new(target), data_dir=tmp_path / "copy", backup_url=before.backup_url
    )
    report = site.restore(after, backup.name)

    assert site.content(after.database) == expected
    assert {table: rows for table, rows in report.tables.items() if rows} == {
        name: len(rows) for name, rows in expected.items() if rows
    }
    assert report.remarks == ()
    assert wiring.models(after).load().model.version == "v1"
    wiring.models(after).load_holdout_model("v1")
    assert signing_keys.secret_key(after) == signing_keys.secret_key(before)
    assert (tmp_path / "copy" / marquee_format.JSON_LINES).read_text(encoding="utf-8") == site.CATALOGUE
    restored = database.open(after.database)
    newer = servers.sign_up(restored, "Cem")
    assert newer.id > servers.sign_up(stores, "Bob").id - 1
    restored.diaries.rate(newer.id, {MovieId(7): 4.0}, at=servers.NOW)
    database.close(restored)
    database.close(stores)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_of_deleted_accounts_are_not_given_again_after_restoring(
    made: Databases, tmp_path: Path, kind: str
) -> None:
    before = site.settings(tmp_path, made.new(kind))
    stores = database.open(before.database)
    last = servers.sign_up(stores, "Gone")
    stores.accounts.delete(last.id)
    database.close(stores)
    backup = site.back_up(before)
    after = site.settings(tmp_path / "after", made.new(kind), backup_url=before.backup_url)
    site.restore(after, backup.name)
    restored = database.open(after.database)
    assert servers.sign_up(restored, "New").id > last.id
    database.close(restored)


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_made_during_writes_is_of_one_moment(made: Databases, tmp_path: Path, kind: str) -> None:
    before = site.settings(tmp_path, made.new(kind))
    stores, over, written = site.fill(before), threading.Event(), threading.Event()

    def write() -> None:
        for number in range(100_000):
            person = servers.sign_up(stores, f"Writer-{number}")
            stores.diaries.rate(person.id, {MovieId(7): 4.0}, at=servers.NOW)
            written.set()
            if over.is_set():
                break

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(30)
    backup = site.back_up(before)
    over.set()
    writer.join()
    database.close(stores)
    after = other(before, tmp_path)
    site.restore(after, backup.name)
    found = site.content(after.database)
    raters, people = {row[0] for row in found["ratings"]}, {row[0] for row in found["users"]}
    assert len(people) > 3
    # Each account is written before its rating, so at any moment at most one account is without.
    assert raters <= people
    writers = {row[0] for row in found["users"] if row[1].startswith("Writer-")}
    assert len(writers - raters) <= 1


def test_a_database_with_rows_is_not_restored_over(filled: Settings) -> None:
    backup = site.back_up(filled)
    before = site.content(filled.database)
    with pytest.raises(StoreUnavailable, match=r"is not empty \(.*users: .*restore into an empty one"):
        site.restore(filled, backup.name)
    assert site.content(filled.database) == before


@pytest.mark.parametrize("name", ["tables/ratings.jsonl.gz", "models/v1/model.npz"])
def test_a_damaged_file_is_named_and_the_restore_can_be_repeated(filled: Settings, tmp_path: Path, name: str) -> None:
    backup = site.back_up(filled)
    path = Path(backup.place) / backup.name / name
    right = path.read_bytes()
    path.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
    after = other(filled, tmp_path)
    with pytest.raises(BackupUnusable, match=rf"{backup.name}/{name} is damaged \(wrong checksum\)"):
        site.restore(after, backup.name)
    assert wiring.models(after).current() is None
    path.write_bytes(right)
    if name.startswith("models"):
        Path(after.database.removeprefix("sqlite:///")).unlink()
    site.restore(after, backup.name)
    assert site.content(after.database) == site.content(filled.database)


def test_a_missing_file_is_named(filled: Settings, tmp_path: Path) -> None:
    backup = site.back_up(filled)
    (Path(backup.place) / backup.name / "tables" / "ratings.jsonl.gz").unlink()
    with pytest.raises(BackupUnusable, match=r"tables/ratings\.jsonl\.gz"):
        site.restore(other(filled, tmp_path), backup.name)


def rewritten(settings: Settings, name: str, table: str, content: bytes, **changed: object) -> None:
    """Replace the rows of a table in a backup, with a valid checksum."""
    folder = Path(settings.backup_url.get_secret_value()) / name
    path = folder / "tables" / f"{table}.jsonl.gz"
    path.write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        if file["name"] == f"tables/{path.name}":
            file["sha256"] = subprocess.run(
                ["sha256sum", path], capture_output=True, text=True, check=True
            ).stdout.split()[0]
    (folder / "manifest.json").write_text(json.dumps(manifest | changed), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (gzip.compress(b'["user_id","movie","stars","at"]\n'), "expected 301 rows, found 0"),
        (gzip.compress(b'["user_id","colour"]\n[1,2]\n'), "column 'colour'"),
        (gzip.compress(b'["user_id","movie","stars","at"]\n[1,2]\n'), "expected 4 values in each row, found 2"),
        (gzip.compress(b'["user_id","movie","stars","at"]\n[1,2,0.5,"noon"]\n'), "damaged: "),
        (gzip.compress(b'{"user_id": 1}\n'), "expected a JSON array"),
        (gzip.compress(b"[1,\n"), "damaged: "),
        (gzip.compress(b'["user_id"]\n' + b"[1]\n" * 3_000)[:-9], "damaged: "),
        (b"not compressed", "damaged: "),
    ],
    ids=["no rows", "column", "values", "time", "object", "row", "truncated", "not compressed"],
)
def test_unusable_rows_are_refused_and_leave_the_database_empty(
    filled: Settings, tmp_path: Path, content: bytes, why: str
) -> None:
    backup = site.back_up(filled)
    rewritten(filled, backup.name, "ratings", content)
    after = other(filled, tmp_path)
    with pytest.raises(DataError, match=why):
        site.restore(after, backup.name)
    assert not any(site.content(after.database).values())


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_refer_to_missing_ones_are_refused(
    filled: Settings, made: Databases, tmp_path: Path, kind: str
) -> None:
    backup = site.back_up(filled)
    stranger = b'[99,1,4.5,"2026-11-21T12:30:15.123456Z"]\n'
    rewritten(filled, backup.name, "ratings", gzip.compress(b'["user_id","movie","stars","at"]\n' + stranger * 1))
    after = site.settings(tmp_path / "after", made.new(kind), backup_url=filled.backup_url)
    with pytest.raises(DataError):
        site.restore(after, backup.name)
    assert not any(site.content(after.database).values())


def test_a_backup_of_an_older_revision_is_migrated(tmp_path: Path) -> None:
    before = site.settings(tmp_path, f"sqlite:///{tmp_path / 'people.sqlite'}")
    database.migrate(before.database, "0010")
    with servers.raw(before.database) as connection:
        connection.exec_driver_sql(
            "INSERT INTO users (id, name, folded_name, password_hash, administrator, preferences, revision, created_at)"
            " VALUES (7, 'Ann', 'ann', 'h', 0, '{}', 0, '2026-01-01 00:00:00.000000')"
        )
        connection.commit()
    backup = site.back_up(before)
    after = other(before, tmp_path)
    report = site.restore(after, backup.name)
    assert report.manifest.revision == "0010"
    opened = database.open(after.database)
    found = opened.accounts.find("Ann")
    assert found is not None
    assert found[0].id == 7
    database.close(opened)


def test_a_backup_of_a_newer_revision_or_format_is_refused(filled: Settings, tmp_path: Path) -> None:
    backup = site.back_up(filled)
    content = gzip.compress(b"[]\n")
    rewritten(filled, backup.name, "ratings", content, revision="9999")
    with pytest.raises(StoreUnavailable, match="'9999', which this Marquee does not know"):
        site.restore(other(filled, tmp_path), backup.name)
    rewritten(filled, backup.name, "ratings", content, format=2)
    with pytest.raises(BackupUnusable, match=r"made by a newer Marquee \(format 2\)"):
        site.restore(other(filled, tmp_path), backup.name)


def test_a_database_without_tables_is_not_backed_up(tmp_path: Path) -> None:
    settings = site.settings(tmp_path, f"sqlite:///{tmp_path / 'people.sqlite'}")
    with pytest.raises(StoreUnavailable, match="nothing to back up"):
        site.back_up(settings)
    assert Archive(settings).names() == []


def test_encrypted_backups_show_nothing_and_need_the_key(filled: Settings, tmp_path: Path) -> None:
    settings = filled.model_copy(update={"backup_recipient": site.PUBLIC})
    backup = site.back_up(settings)
    assert backup.manifest.encrypted
    stored = [path for path in files(settings, backup.name) if path.name != "manifest.json"]
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in stored)
    assert signing_keys.secret_key(filled).encode() not in b"".join(path.read_bytes() for path in stored)

    with pytest.raises(BackupUnusable, match="set MARQUEE_BACKUP_IDENTITY to the secret key"):
        site.restore(other(settings, tmp_path), backup.name)
    stranger = SecretStr(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(BackupUnusable, match="cannot be decrypted with MARQUEE_BACKUP_IDENTITY"):
        site.restore(other(settings, tmp_path, backup_identity=stranger), backup.name)
    after = other(settings, tmp_path, backup_identity=site.SECRET)
    site.restore(after, backup.name)
    assert site.content(after.database) == site.content(filled.database)


@dataclass
class RecordingEncryption:
    """Encryption that notes where it writes."""

    encryption: Encryption
    encrypts: bool = True
    folders: set[Path] = field(default_factory=set)

    def encrypt(self, path: Path, encrypted: Path) -> None:
        self.folders.add(encrypted.parent)
        self.encryption.encrypt(path, encrypted)


def test_encryption_writes_nothing_beside_the_files_that_are_backed_up(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / marquee_format.JSON_LINES).write_text(site.CATALOGUE, encoding="utf-8")
    settings = filled.model_copy(update={"backup_recipient": site.PUBLIC, "data_dir": tmp_path / "films"})
    archive = Archive(settings)
    recording = RecordingEncryption(archive.encryption)
    archive.encryption = recording  # type: ignore[assignment]
    creation.create(settings, archive, wiring.models(settings), site.WATCH, at=site.NOW)
    (folder,) = recording.folders
    assert folder.parent == settings.home
    assert folder.name.startswith(".backup-")


def test_the_secret_key_alone_encrypts_too(filled: Settings) -> None:
    assert site.back_up(filled.model_copy(update={"backup_identity": site.SECRET})).manifest.encrypted


def test_malformed_keys_are_refused_without_being_repeated(filled: Settings) -> None:
    wrong = filled.model_copy(update={"backup_identity": SecretStr("AGE-SECRET-KEY-1NOT-A-KEY")})
    with pytest.raises(InvalidSettings, match="MARQUEE_BACKUP_IDENTITY: expected a key of age") as raised:
        Archive(wrong)
    assert "NOT-A-KEY" not in str(raised.value)
    with pytest.raises(InvalidSettings, match="MARQUEE_BACKUP_RECIPIENT: expected a key of age"):
        Archive(filled.model_copy(update={"backup_recipient": "age1" + "q" * 30}))


def test_files_of_backups_can_only_be_read_by_their_owner(filled: Settings) -> None:
    backup = site.back_up(filled)
    folder = Path(backup.place) / backup.name
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in files(filled, backup.name)} == {0o600}


def test_another_key_in_place_is_not_replaced(filled: Settings, tmp_path: Path) -> None:
    backup = site.back_up(filled)
    after = other(filled, tmp_path)
    key = signing_keys.secret_key(after)
    with pytest.raises(BackupUnusable, match=r"secret\.key is another key than that of the backup.*move it away"):
        site.restore(after, backup.name)
    assert signing_keys.secret_key(after) == key
    with pytest.raises(BackupUnusable, match="MARQUEE_SECRET_KEY is another key"):
        site.restore(other(filled, tmp_path, secret_key=SecretStr("k" * 40)), backup.name)
    assert database.current(after.database) is None


def test_the_newest_backups_are_kept(filled: Settings) -> None:
    settings = filled.model_copy(update={"backups_kept": 2})
    names = [site.back_up(settings).name for _ in range(4)]
    assert Archive(settings).names() == names[-2:]
    assert Archive(settings).latest() == names[-1]
    assert not files(settings, names[0])


def test_an_incomplete_backup_is_not_listed_and_deleted_after_a_day(filled: Settings) -> None:
    archive, killed = Archive(filled), site.back_up(filled).name
    (Path(str(archive)) / killed / "manifest.json").unlink()
    good = site.back_up(filled).name
    assert archive.names() == [good]
    assert files(filled, killed), "another process may still be writing it"
    with pytest.raises(BackupUnusable, match=f"no complete backup {killed}"):
        archive.open(killed)
    old = time.time() - ABANDONED - 1
    for path in files(filled, killed):
        os.utime(path, (old, old))
    site.back_up(filled)
    assert not files(filled, killed)


@pytest.mark.parametrize("name", ["../../etc", "a/b", ""])
def test_names_outside_of_the_archive_are_refused(filled: Settings, name: str) -> None:
    with pytest.raises(BackupUnusable, match="is not the name of a backup"):
        Archive(filled).open(name)


def test_a_damaged_manifest_is_named(filled: Settings) -> None:
    backup = site.back_up(filled)
    (Path(backup.place) / backup.name / "manifest.json").write_text('{"format": 1', encoding="utf-8")
    with pytest.raises(BackupUnusable, match=rf"{backup.name}: manifest\.json is damaged"):
        Archive(filled).open(backup.name)


def test_a_place_that_cannot_be_written_is_named(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = filled.model_copy(update={"backup_url": SecretStr(str(tmp_path / "file" / "backups"))})
    with pytest.raises(BackupUnusable, match=r"file/backups.*Not a directory"):
        site.back_up(settings)
    with pytest.raises(BackupUnusable, match="set MARQUEE_BACKUP_URL"):
        Archive(filled.model_copy(update={"backup_url": SecretStr("")}))


MB = 10**6


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (MB, MB))


def test_a_full_disk_fails_the_backup_and_leaves_nothing(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / marquee_format.JSON_LINES).write_text(" " * (2 * MB), encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",  # a truncated file would break later runs
        "MARQUEE_HOME": str(filled.home),
        "MARQUEE_DATA_DIR": str(tmp_path / "films"),
        "MARQUEE_DATABASE_URL": filled.database,
        "MARQUEE_BACKUP_URL": filled.backup_url.get_secret_value(),
    }
    command = [sys.executable, "-m", "marquee", "backup"]
    ended = subprocess.run(
        command, env=environment, cwd=servers.ROOT, capture_output=True, text=True, preexec_fn=_limit_files, check=False
    )
    assert ended.returncode == 1
    assert "File too large" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert Archive(filled).names() == []
    assert not list(filled.home.glob(".backup-*"))
    assert not [path for path in Path(filled.backup_url.get_secret_value()).rglob("*") if path.is_file()]


@pytest.mark.slow
def test_backups_in_a_bucket(filled: Settings, tmp_path: Path, s3_bucket: str) -> None:
    settings = filled.model_copy(
        update={"backup_url": SecretStr(f"{s3_bucket}/backups"), "backup_identity": site.SECRET, "backups_kept": 1}
    )
    site.back_up(settings)
    backup = site.back_up(settings)
    assert Archive(settings).names() == [backup.name]
    after = other(settings, tmp_path)
    site.restore(after, backup.name)
    assert site.content(after.database) == site.content(filled.database)
    nowhere = settings.model_copy(update={"backup_url": SecretStr(f"{s3_bucket}-none/backups")})
    with pytest.raises(BackupUnusable, match="none/backups"):
        site.back_up(nowhere)
