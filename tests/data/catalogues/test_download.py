"""Downloads from a real web server that breaks connections, lies and disappears."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.errors import DataError
from data.catalogues import download, movielens

ARCHIVE = "/ml-latest-small.zip"
LINKS = b"movieId,imdbId,tmdbId\n1,0114709,862\n"


def zipped(**members: bytes) -> bytes:
    """Return an archive of the members with reproducible bytes: members have no time of packing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def publish(host: Any, content: bytes, *, md5: str = "") -> None:
    host.files[ARCHIVE] = content
    digest = md5 or hashlib.md5(content, usedforsecurity=False).hexdigest()
    host.files[f"{ARCHIVE}.md5"] = f"MD5 (ml-latest-small.zip) = {digest}\n".encode()


def good() -> bytes:
    return zipped(**{"ml-latest-small/links.csv": LINKS, "ml-latest-small/filler": bytes(range(256)) * 400})


def ranges(host: Any) -> list[str]:
    return [asked for path, asked in host.asked if path == ARCHIVE]


def test_movielens_is_downloaded_verified_and_unpacked(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    folder = download.movielens(tmp_path / "new", base_url=host.url)
    assert movielens.read_links(folder).tmdb_ids == {1: 862}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["ml-latest-small"]


def test_existing_data_is_not_downloaded_again(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    download.movielens(tmp_path, base_url=host.url)
    host.asked.clear()
    download.movielens(tmp_path, base_url=host.url)
    assert host.asked == []


def test_an_interrupted_download_resumes_where_it_stopped(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    host.files.pop(f"{ARCHIVE}.md5")
    host.drops = [download.CHUNK + 10, 2 * download.CHUNK + 10]
    download.fetch(host.url + ARCHIVE, tmp_path / "a.zip", pause=0)
    assert (tmp_path / "a.zip").read_bytes() == good()
    assert ranges(host) == ["", f"bytes={download.CHUNK}-", f"bytes={3 * download.CHUNK}-"]


def test_a_later_run_resumes_the_partial_download(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "a.zip.part").write_bytes(good()[:70_000])
    download.fetch(host.url + ARCHIVE, tmp_path / "a.zip", pause=0)
    assert (tmp_path / "a.zip").read_bytes() == good()
    assert ranges(host) == ["bytes=70000-"]


def test_a_complete_partial_download_is_only_verified(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "a.zip.part").write_bytes(good())
    download.fetch(host.url + ARCHIVE, tmp_path / "a.zip", pause=0)
    assert (tmp_path / "a.zip").read_bytes() == good()


def test_a_partial_download_longer_than_the_file_is_discarded(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "a.zip.part").write_bytes(good() + b"more")
    download.fetch(host.url + ARCHIVE, tmp_path / "a.zip", pause=0)
    assert (tmp_path / "a.zip").read_bytes() == good()


def test_a_partial_download_of_an_older_release_is_discarded(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "ml-latest-small.zip.part").write_bytes(b"old" * 500)
    assert download.movielens(tmp_path, base_url=host.url, pause=0).is_dir()
    assert ranges(host) == ["bytes=1500-", ""]


def test_a_server_without_ranges_sends_the_whole_file_again(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    host.ranges, host.drops = False, [download.CHUNK]
    download.fetch(host.url + ARCHIVE, tmp_path / "a.zip", pause=0)
    assert (tmp_path / "a.zip").read_bytes() == good()


def test_a_connection_that_always_breaks_ends_with_an_error_and_keeps_the_partial_download(
    host: Any, tmp_path: Path
) -> None:
    publish(host, good())
    host.drops = [download.CHUNK] + [0] * 20
    with pytest.raises(DataError, match="no connection; the partial download is kept"):
        download.fetch(host.url + ARCHIVE, tmp_path / "a.zip", pause=0)
    assert (tmp_path / "a.zip.part").stat().st_size == download.CHUNK
    assert len(ranges(host)) == 1 + download.ATTEMPTS


def test_a_wrong_checksum_is_rejected_and_the_file_deleted(host: Any, tmp_path: Path) -> None:
    publish(host, good(), md5="0" * 32)
    with pytest.raises(DataError, match=r"the checksum is .*, expected 0{32}; the download was deleted"):
        download.movielens(tmp_path, base_url=host.url)
    assert list(tmp_path.iterdir()) == []


def test_a_checksum_file_without_a_checksum_is_refused(host: Any, tmp_path: Path) -> None:
    host.files[f"{ARCHIVE}.md5"] = b"<html>moved</html>"
    with pytest.raises(DataError, match="expected an MD5 checksum, got '<html>moved</html>'"):
        download.movielens(tmp_path, base_url=host.url)


def test_a_file_missing_on_the_server_is_reported_with_the_status(host: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ml-latest-small.zip.md5: the server responded with 404"):
        download.movielens(tmp_path, base_url=host.url)
    with pytest.raises(DataError, match=r"a.zip: the server responded with 404"):
        download.fetch(f"{host.url}/a.zip", tmp_path / "a.zip")


def test_without_a_network_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no connection"):
        download.movielens(tmp_path, base_url="http://127.0.0.1:9")


def test_a_folder_that_cannot_be_created_is_reported(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(DataError, match=r"cannot write: .*set MARQUEE_HOME") as raised:
        download.movielens(tmp_path / "file", base_url=host.url)
    assert raised.value.file == str(tmp_path / "file")


def test_a_full_disk_is_reported(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "a.zip.part").symlink_to("/dev/full")
    with pytest.raises(DataError, match="No space left on device; free some space"):
        download.fetch(host.url + ARCHIVE, tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["../evil", "/evil", "ml-latest-small/../../evil", "..\\evil", "C:\\evil"])
def test_an_archive_with_paths_outside_its_folder_is_rejected(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "in" / "a.zip"
    archive.parent.mkdir()
    archive.write_bytes(zipped(**{name: b"evil"}))
    with pytest.raises(DataError, match="a path outside its folder"):
        download.unpack(archive, archive.parent / "a")
    assert not list(tmp_path.rglob("*evil*"))


def test_an_archive_that_would_fill_the_disk_is_rejected(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(**{"a/zeros": bytes(2000)}))
    with pytest.raises(DataError, match="unpacks to 2,000 bytes, more than 1,999"):
        download.unpack(archive, tmp_path / "a", limit=1999)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_an_archive_left_by_a_killed_run_is_unpacked_without_a_download(host: Any, tmp_path: Path) -> None:
    publish(host, good())
    (tmp_path / "ml-latest-small.zip").write_bytes(good())
    (tmp_path / "ml-latest-small.unpacking").mkdir()
    assert movielens.read_links(download.movielens(tmp_path, base_url=host.url)).tmdb_ids == {1: 862}
    assert ranges(host) == []


def test_an_invalid_archive_is_deleted(host: Any, tmp_path: Path) -> None:
    publish(host, b"not a zip")
    with pytest.raises(DataError, match="not a zip archive; it was deleted"):
        download.movielens(tmp_path, base_url=host.url)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_without_a_top_folder_is_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(**{"links.csv": LINKS}))
    download.unpack(archive, tmp_path / "a")
    assert (tmp_path / "a" / "links.csv").read_bytes() == LINKS


def test_an_archive_that_cannot_be_unpacked_reports_the_folder(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(**{"links.csv": LINKS}))
    with pytest.raises(DataError, match="cannot write"):
        download.unpack(archive, Path("/proc/nowhere/a"))
