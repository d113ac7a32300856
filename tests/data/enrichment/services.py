"""A server that speaks the protocols of TMDB and OMDb, over made-up movies, and fails on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from core.config import Settings
from data.enrichment.client import Pacing

TMDB_KEY = "0123456789abcdef0123456789abcdef"
TMDB_TOKEN = "eyJhbGciOiJIUzI1NiJ9.made-up.token"
OMDB_KEY = "a1b2c3d4"
HALF, GARBAGE, DROP, HUGE = "half", "garbage", "drop", "huge"
PARTS = ("videos", "credits", "release_dates", "watch/providers", "external_ids", "translations")


def details(movie: int = 603, **changed: Any) -> dict[str, Any]:
    """Return what TMDB answers about a movie, with all appended parts."""
    whole = {
        "id": movie,
        "title": "The Long Night Train",
        "imdb_id": f"tt{movie:07d}",
        "poster_path": "/poster.jpg",
        "backdrop_path": "/backdrop.jpg",
        "belongs_to_collection": {"id": 9, "name": "Night Trains", "poster_path": None, "backdrop_path": None},
        "videos": {
            "results": [
                _video("teaser00001", type="Teaser"),
                _video("oldtrailer1", published_at="2019-01-01T00:00:00.000Z"),
                _video("newtrailer1", published_at="2020-01-01T00:00:00.000Z", name="Official Trailer"),
                _video("fanmade0001", official=False, published_at="2024-01-01T00:00:00.000Z"),
                _video("deutsch0001", iso_639_1="de"),
                _video("123456789", site="Vimeo"),
            ]
        },
        "credits": {
            "cast": [
                {"name": "Bo Two", "character": "The Guard", "profile_path": None, "order": 1},
                {"name": "Ada One", "character": "The Driver", "profile_path": "/ada.jpg", "order": 0},
            ],
            "crew": [],
        },
        "release_dates": {
            "results": [
                {
                    "iso_3166_1": "US",
                    "release_dates": [
                        {"certification": "", "type": 1},
                        {"certification": "TV-14", "type": 6},
                        {"certification": "PG-13", "type": 3},
                    ],
                },
                {"iso_3166_1": "DE", "release_dates": [{"certification": "12", "type": 3}]},
                {"iso_3166_1": "FR", "release_dates": [{"certification": "TP", "type": 3}]},
            ]
        },
        "watch/providers": {
            "results": {
                "US": {
                    "link": f"https://www.themoviedb.org/movie/{movie}/watch?locale=US",
                    "flatrate": [
                        {"provider_name": "Second Stream", "logo_path": "/two.jpg", "display_priority": 5},
                        {"provider_name": "First Stream", "logo_path": "/one.jpg", "display_priority": 1},
                    ],
                    "rent": [{"provider_name": "Rental", "logo_path": "/three.jpg", "display_priority": 2}],
                },
                "FR": {"buy": [{"provider_name": "Achat", "logo_path": "/four.jpg", "display_priority": 1}]},
            }
        },
        "external_ids": {"imdb_id": f"tt{movie:07d}"},
        "translations": {
            "translations": [
                _translation("de", "AT", title="Nachtzug", overview="Österreichisch."),
                _translation("de", "DE", title="Der lange Nachtzug", overview="Ein Zug fährt durch die Nacht."),
                _translation("fr", "FR", title="Le train", overview=""),
                _translation("ja", "JP", title="夜行列車", overview="夜"),
            ]
        },
    }
    return whole | changed


def collection(*movies: int) -> dict[str, Any]:
    """Return what TMDB answers about the collection, in no particular order."""
    parts = [{"id": movie, "title": f"Part {movie}", "release_date": f"{3000 - movie}-01-01"} for movie in movies]
    return {"id": 9, "name": "Night Trains", "parts": [*parts, {"id": 99, "title": "Announced", "release_date": ""}]}


def title(imdb_id: str = "tt0000603", **changed: Any) -> dict[str, Any]:
    """Return what OMDb answers about a title."""
    whole = {
        "Response": "True",
        "Title": "The Long Night Train",
        "imdbID": imdb_id,
        "Plot": "A train leaves in the evening and nobody knows where it goes.",
        "Rated": "PG-13",
        "Ratings": [
            {"Source": "Internet Movie Database", "Value": "8.1/10"},
            {"Source": "Rotten Tomatoes", "Value": "91%"},
        ],
    }
    return whole | changed


@dataclass(frozen=True)
class Fault:
    """A response that is not what was asked for."""

    status: int = 200
    content: Any = None
    how: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Services:
    """The server: its content, the faults of its next responses, and the requests that it received."""

    url: str = ""
    movies: dict[int, dict[str, Any]] = field(default_factory=dict)
    collections: dict[int, dict[str, Any]] = field(default_factory=lambda: {9: collection(603, 700)})
    titles: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault | None] = field(default_factory=list)
    """For the next responses; None: a normal one."""
    always: Fault | None = None
    """For all responses after these."""
    hold_after: int | None = None
    """Requests that are answered; later ones wait for `released`."""
    released: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    """Set once a request waits."""
    asked: list[str] = field(default_factory=list)
    """Path of each request, with the IMDb id for OMDb."""
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    authorization: list[str | None] = field(default_factory=list)

    def settings(self, **changed: Any) -> Settings:
        """Return settings with keys and this server's addresses."""
        given = {
            "tmdb_url": f"{self.url}/3",
            "omdb_url": self.url,
            "tmdb_key": TMDB_KEY,
            "omdb_key": OMDB_KEY,
        }
        return Settings(**(given | changed))

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a GET request, with the next fault if there is one."""
        parts = urlsplit(request.path)
        query = parse_qs(parts.query)
        if self.hold_after is not None and len(self.asked) >= self.hold_after:
            self.held.set()
            self.released.wait(60)
        self.asked.append(parts.path if parts.path.startswith("/3/") else f"{parts.path}?{query.get('i', [''])[0]}")
        self.queries.append(query)
        self.authorization.append(request.headers.get("Authorization"))
        status, content = self._content(parts.path, query, request.headers.get("Authorization", ""))
        fault = self.faults.pop(0) if self.faults else self.always
        send(request, fault or Fault(status, content), orjson.dumps(content))

    def _content(self, path: str, query: dict[str, list[str]], authorization: str) -> tuple[int, Any]:
        if not path.startswith("/3/"):
            return self._title(query)
        if query.get("api_key") != [TMDB_KEY] and authorization != f"Bearer {TMDB_TOKEN}":
            return 401, {"status_code": 7, "status_message": "Invalid API key: You must be granted a valid key."}
        kind, _, number = path.removeprefix("/3/").partition("/")
        found = {"movie": self.movies, "collection": self.collections}[kind].get(int(number))
        if found is None:
            return 404, {"status_code": 34, "status_message": "The resource you requested could not be found."}
        wanted = query.get("append_to_response", [""])[0].split(",")
        return 200, {name: value for name, value in found.items() if name not in PARTS or name in wanted}

    def _title(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        if query.get("apikey") != [OMDB_KEY]:
            return 401, {"Response": "False", "Error": "Invalid API key!"}
        unknown = {"Response": "False", "Error": "Incorrect IMDb ID."}
        return 200, self.titles.get(query.get("i", [""])[0], unknown)


def send(request: BaseHTTPRequestHandler, fault: Fault, usual: bytes) -> None:
    """Send a response as the fault describes it."""
    if fault.how == DROP:
        request.close_connection = True
        return
    body = orjson.dumps(fault.content) if fault.how == "" else usual
    body = {GARBAGE: b"<html>not JSON", HUGE: b" " * (9 * 1024 * 1024)}.get(fault.how, body)
    request.send_response(fault.status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.send_header("Connection", "close")
    for name, value in fault.headers:
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body[: len(body) // 2] if fault.how == HALF else body)
    request.close_connection = True


@dataclass
class FakeTime:
    """Time that passes only when somebody waits."""

    now: float = 1_000.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(seconds)
        self.now += seconds

    @property
    def pacing(self) -> Pacing:
        """For a client."""
        return Pacing(self.sleep, lambda: self.now, lambda: 1_700_000_000.0)


@contextmanager
def served() -> Iterator[Services]:
    """Serve on a free port."""
    state = Services()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.answer(self)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

        def handle(self) -> None:
            """Ignore clients that hang up early."""
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _video(key: str, **changed: Any) -> dict[str, Any]:
    usual = {"site": "YouTube", "type": "Trailer", "name": "Trailer", "official": True, "iso_639_1": "en"}
    return usual | {"key": key, "published_at": "2018-01-01T00:00:00.000Z"} | changed


def _translation(language: str, country: str, **data: str) -> dict[str, Any]:
    return {"iso_639_1": language, "iso_3166_1": country, "data": {"tagline": "", **data}}
