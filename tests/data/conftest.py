"""Small catalogues written by the tests, and a web server that fails on demand."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.types import Movie
from data.catalogues import tmdb
from data.catalogues.report import Catalogue

Cells = dict[str, str]


MOVIE: dict[str, Any] = {
    "id": 603,
    "title": "The Matrix",
    "original_title": "The Matrix",
    "overview": "A hacker learns that his world is a simulation.",
    "tagline": "Free your mind.",
    "genres": [{"id": 28, "name": "Action"}, {"id": 878, "name": "Science Fiction"}],
    "keywords": [{"id": 1, "name": "dream world"}],
    "original_language": "en",
    "popularity": 104.3,
    "production_companies": [{"name": "Village Roadshow Pictures", "id": 79}, {"name": "Groucho II", "id": 372}],
    "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
    "release_date": "1999-03-30",
    "runtime": "136",
    "spoken_languages": [{"iso_639_1": "en", "name": "English"}],
    "status": "Released",
    "vote_average": 7.9,
    "vote_count": 8907,
}
PEOPLE: dict[str, Any] = {
    "movie_id": 603,
    "title": "The Matrix",
    "cast": [{"name": "Keanu Reeves", "character": "Neo", "order": 0}],
    "crew": [
        {"name": "Lilly Wachowski", "job": "Director", "department": "Directing"},
        {"name": "Lana Wachowski", "job": "Director", "department": "Directing"},
        {"name": "Lana Wachowski", "job": "Writer", "department": "Writing"},
        {"name": "Tani Kunitake", "job": "Storyboard", "department": "Writing"},
    ],
}


@dataclass(frozen=True)
class Pair:
    """Small TMDB files in a folder: The Matrix, with cells to be changed."""

    folder: Path

    @staticmethod
    def movie_row(**cells: Any) -> Cells:
        """Return a row of the movies file; values other than text are written as JSON."""
        return {name: _cell(value) for name, value in (MOVIE | cells).items()}

    @staticmethod
    def people(**cells: Any) -> Cells:
        """Return a row of the credits file."""
        return {name: _cell(value) for name, value in (PEOPLE | cells).items()}

    def write(self, *movies: Cells, credits_rows: list[Cells] | None = None) -> Path:
        """Write both files; without given credits, every movie has the same people."""
        self.folder.mkdir(parents=True, exist_ok=True)
        chosen = movies or (self.movie_row(),)
        write_csv(self.folder / tmdb.MOVIES, list(chosen))
        write_csv(
            self.folder / tmdb.CREDITS, credits_rows or [self.people(movie_id=row.get("id", "603")) for row in chosen]
        )
        return self.folder

    def load(self, *movies: Cells, credits_rows: list[Cells] | None = None) -> Catalogue:
        """Write the files and read them."""
        return tmdb.read(self.write(*movies, credits_rows=credits_rows))

    def movie(self, **cells: Any) -> Movie:
        """Return The Matrix read with these cells."""
        (movie,) = self.load(self.movie_row(**cells)).movies
        return movie

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a written file."""
        path = self.folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def write_csv(path: Path, rows: list[Cells]) -> Path:
    """Write rows as CSV, with a header from the first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path / "pair")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real data sets."""
    folder = os.environ.get("MARQUEE_TEST_DATA")
    if not folder:
        pytest.skip("MARQUEE_TEST_DATA is not set")
    return Path(folder)


@dataclass
class Host:
    """A web server on this machine: its files, its failures, and the requests it received."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    drops: list[int] = field(default_factory=list)
    """For the next responses: the number of bytes after which the connection breaks."""
    ranges: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and `Range` header of every request."""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Respond to a GET request."""
        wanted = request.headers.get("Range", "")
        self.asked.append((request.path, wanted))
        content = self.files.get(request.path)
        if content is None:
            return request.send_error(404)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        if start >= len(content):
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(content)}")
            return self._body(request, b"", 0)
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        return self._body(request, content[start:], len(content) - start)

    def _body(self, request: BaseHTTPRequestHandler, body: bytes, length: int) -> None:
        request.send_header("Content-Length", str(length))
        request.end_headers()
        request.wfile.write(body[: self.drops.pop(0)] if body and self.drops else body)


@pytest.fixture
def host() -> Iterator[Host]:
    state = Host()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state.answer))
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def _handler(answer: Callable[[BaseHTTPRequestHandler], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_HEAD = do_GET  # noqa: N815  the name that http.server requires

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler
