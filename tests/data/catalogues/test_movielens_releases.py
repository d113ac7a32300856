"""Newer releases of MovieLens, from a real web server that supports conditions, lies and disappears."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.errors import DataError
from data.catalogues import movielens, movielens_releases
from data.catalogues.download import MOVIELENS

LINKS = "movieId,imdbId,tmdbId\n1,0114709,862\n2,0113497,8844\n"


def archive(ratings: int) -> bytes:
    """Return a release with this number of ratings."""
    rows = "".join(f"{user},{1 + user % 2},4.0,1000\n" for user in range(1, ratings + 1))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr(f"{MOVIELENS}/links.csv", LINKS)
        bundle.writestr(f"{MOVIELENS}/ratings.csv", "userId,movieId,rating,timestamp\n" + rows)
    return buffer.getvalue()


@dataclass
class GroupLens:
    """A web server with one release at a time."""

    url: str = ""
    content: bytes = b""
    md5: str = ""
    conditional: bool = True
    asked: list[tuple[str, int]] = field(default_factory=list)
    """Path and status of each response."""

    def publish(self, content: bytes) -> None:
        """Publish a release."""
        self.content = content
        self.md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Respond to a GET request."""
        tag = f'"{self.md5}"'
        body = f"MD5 = {self.md5}\n".encode() if request.path.endswith(".md5") else self.content
        known = self.conditional and request.headers.get("If-None-Match") == tag
        status = 304 if known else 200
        self.asked.append((request.path.rpartition(".")[2], status))
        request.send_response(status)
        request.send_header("ETag", tag)
        if not known:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if not known:
            request.wfile.write(body)


@pytest.fixture
def grouplens() -> Iterator[GroupLens]:
    state = GroupLens()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.answer(self)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def count(downloads: Path) -> int:
    """Return the number of ratings of the current release."""
    return len(movielens.read_ratings(downloads / MOVIELENS).users)


def test_a_release_is_downloaded_verified_and_used(grouplens: GroupLens, tmp_path: Path) -> None:
    grouplens.publish(archive(10))
    got = movielens_releases.renew(tmp_path, base_url=grouplens.url)
    assert got is not None
    assert (got.ratings, got.before, got.folder) == (10, 0, tmp_path / MOVIELENS)
    assert count(tmp_path) == 10
    assert sorted(path.name for path in tmp_path.iterdir()) == [MOVIELENS, movielens_releases.RELEASE_FILE]


@pytest.mark.parametrize("conditional", [True, False])
def test_the_same_release_is_not_downloaded_again(grouplens: GroupLens, tmp_path: Path, conditional: bool) -> None:
    grouplens.conditional = conditional
    grouplens.publish(archive(10))
    movielens_releases.renew(tmp_path, base_url=grouplens.url)
    grouplens.asked.clear()
    assert movielens_releases.renew(tmp_path, base_url=grouplens.url) is None
    assert grouplens.asked == [("md5", 304 if conditional else 200)]


def test_a_newer_release_replaces_the_current_one(grouplens: GroupLens, tmp_path: Path) -> None:
    for ratings in (10, 14):
        grouplens.publish(archive(ratings))
        got = movielens_releases.renew(tmp_path, base_url=grouplens.url)
    assert got is not None
    assert (got.ratings, got.before) == (14, 10)
    assert count(tmp_path) == 14


def test_a_release_of_unknown_origin_is_downloaded_once(grouplens: GroupLens, tmp_path: Path) -> None:
    grouplens.publish(archive(10))
    movielens_releases.renew(tmp_path, base_url=grouplens.url)
    (tmp_path / movielens_releases.RELEASE_FILE).write_text("no JSON", encoding="utf-8")
    assert movielens_releases.renew(tmp_path, base_url=grouplens.url) is not None
    assert movielens_releases.renew(tmp_path, base_url=grouplens.url) is None
    assert movielens_releases.renew(tmp_path, base_url=grouplens.url, anyway=True) is not None


@pytest.mark.parametrize("fault", ["checksum", "no archive", "half of it", "no links", "gone"])
def test_an_unusable_release_keeps_the_current_one(grouplens: GroupLens, tmp_path: Path, fault: str) -> None:
    grouplens.publish(archive(10))
    movielens_releases.renew(tmp_path, base_url=grouplens.url)
    grouplens.publish({"no archive": b"no archive", "half of it": archive(4)}.get(fault, archive(12)))
    if fault == "checksum":
        grouplens.md5 = "0" * 32
    if fault == "no links":
        grouplens.publish(_without_links())
    address = "http://127.0.0.1:1" if fault == "gone" else grouplens.url
    with pytest.raises(DataError):
        movielens_releases.renew(tmp_path, base_url=address, pause=0)
    assert count(tmp_path) == 10
    grouplens.publish(archive(11))
    got = movielens_releases.renew(tmp_path, base_url=grouplens.url)
    assert got is not None
    assert count(tmp_path) == 11


def test_a_crash_between_the_two_renames_is_repaired(grouplens: GroupLens, tmp_path: Path) -> None:
    grouplens.publish(archive(10))
    movielens_releases.renew(tmp_path, base_url=grouplens.url)
    (tmp_path / MOVIELENS).rename(tmp_path / f"{MOVIELENS}.before")
    assert movielens_releases.renew(tmp_path, base_url=grouplens.url) is None
    assert count(tmp_path) == 10


def _without_links() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr(f"{MOVIELENS}/ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1\n")
    return buffer.getvalue()
