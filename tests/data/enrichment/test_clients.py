"""The clients of TMDB and OMDb against a server that speaks both protocols, and fails in every way that they do."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.enrichment.records import OutsideRating, ProviderKind
from core.errors import InvalidSettings, QuotaExhausted, ServiceUnavailable, UnexpectedAnswer
from core.log_lines import FORM, UtcFormatter
from core.types import MovieId
from data.enrichment.client import ATTEMPTS, TokenBucket
from data.enrichment.omdb import Omdb
from data.enrichment.tmdb import Tmdb
from tests.data.enrichment.services import (
    DROP,
    GARBAGE,
    HALF,
    HUGE,
    OMDB_KEY,
    TMDB_KEY,
    TMDB_TOKEN,
    FakeTime,
    Fault,
    Services,
    details,
    title,
)

TRAIN = MovieId(603)
TEMPORARY = [
    Fault(500),
    Fault(503, content={"error": "busy"}),
    Fault(429, headers=(("Retry-After", "2"),)),
    Fault(how=HALF),
    Fault(how=GARBAGE),
    Fault(how=DROP),
    Fault(how=HUGE),
    Fault(302, headers=(("Location", "http://elsewhere.example/"),)),
]


@contextmanager
def tmdb(server: Services, fake_time: FakeTime, **changed: Any) -> Iterator[Tmdb]:
    client = Tmdb(server.settings(**changed), pacing=fake_time.pacing)
    yield client
    client.close()


@contextmanager
def omdb(server: Services, fake_time: FakeTime, **changed: Any) -> Iterator[Omdb]:
    client = Omdb(server.settings(**changed), pacing=fake_time.pacing)
    yield client
    client.close()


def test_one_request_gets_everything_about_a_movie(server: Services, fake_time: FakeTime) -> None:
    server.movies[TRAIN] = details()
    with tmdb(server, fake_time, regions=("US", "DE")) as client:
        found = client.fetch(TRAIN)
    assert server.asked == ["/3/movie/603", "/3/collection/9"]
    assert found is not None
    assert (found.poster, found.backdrop, found.imdb_id) == ("/poster.jpg", "/backdrop.jpg", "tt0000603")
    assert [(one.name, one.character, one.image) for one in found.cast] == [
        ("Ada One", "The Driver", "/ada.jpg"),
        ("Bo Two", "The Guard", ""),
    ]
    assert [(one.language, one.key) for one in found.trailers] == [("en", "newtrailer1"), ("de", "deutsch0001")]
    assert found.certificates == {"US": "PG-13", "DE": "12"}
    assert [(one.name, one.kind) for one in found.providers["US"]] == [
        ("First Stream", ProviderKind.STREAM),
        ("Second Stream", ProviderKind.STREAM),
        ("Rental", ProviderKind.RENT),
    ]
    assert list(found.providers) == ["US"]
    assert found.collection is not None
    assert [part.id for part in found.collection.parts] == [700, 603, 99]
    assert [(one.language, one.title) for one in found.translations] == [
        ("fr", "Le train"),
        ("de", "Der lange Nachtzug"),
    ]


def test_a_collection_is_requested_once(server: Services, fake_time: FakeTime) -> None:
    server.movies = {603: details(), 700: details(700)}
    with tmdb(server, fake_time) as client:
        assert client.fetch(TRAIN) is not None
        assert client.fetch(MovieId(700)) is not None
    assert server.asked.count("/3/collection/9") == 1


def test_a_movie_of_which_little_is_known_has_few_extras(server: Services, fake_time: FakeTime) -> None:
    server.movies[TRAIN] = {"id": 603, "belongs_to_collection": None, "poster_path": None, "imdb_id": None}
    with tmdb(server, fake_time) as client:
        found = client.fetch(TRAIN)
    assert found is not None
    assert found.model_dump(exclude_defaults=True) == {}


def test_paths_keys_and_ids_of_an_unexpected_form_are_dropped(server: Services, fake_time: FakeTime) -> None:
    odd = {"site": "YouTube", "type": "Trailer", "key": '"><script>', "iso_639_1": "en"}
    server.movies[TRAIN] = details(
        poster_path="https://elsewhere.example/a.jpg",
        backdrop_path="/../../x",
        imdb_id="javascript:",
        external_ids={"imdb_id": 7},
        videos={"results": [odd]},
    )
    with tmdb(server, fake_time) as client:
        found = client.fetch(TRAIN)
    assert found is not None
    assert (found.poster, found.backdrop, found.imdb_id, found.trailers) == ("", "", "", ())


def test_a_read_access_token_is_sent_in_a_header(server: Services, fake_time: FakeTime) -> None:
    server.movies[TRAIN] = details()
    with tmdb(server, fake_time, tmdb_key=TMDB_TOKEN) as client:
        assert client.fetch(TRAIN) is not None
    assert server.authorization[0] == f"Bearer {TMDB_TOKEN}"
    assert "api_key" not in server.queries[0]


def test_dead_ids_are_unknown_and_no_failure(server: Services, fake_time: FakeTime) -> None:
    with tmdb(server, fake_time) as client:
        assert client.fetch(TRAIN) is None
    with omdb(server, fake_time) as other:
        assert other.fetch("tt0000603") is None
    assert fake_time.pauses == []


@pytest.mark.parametrize("fault", TEMPORARY, ids=lambda fault: f"{fault.status} {fault.how}")
def test_temporary_faults_are_survived(server: Services, fake_time: FakeTime, fault: Fault) -> None:
    server.movies[TRAIN], server.faults = details(), [fault] * (ATTEMPTS - 1)
    with tmdb(server, fake_time) as client:
        assert client.fetch(TRAIN) is not None
    assert len(fake_time.pauses) == ATTEMPTS - 1


@pytest.mark.parametrize("fault", TEMPORARY, ids=lambda fault: f"{fault.status} {fault.how}")
def test_lasting_faults_end_in_an_error_without_the_key(server: Services, fake_time: FakeTime, fault: Fault) -> None:
    server.always = fault
    with tmdb(server, fake_time) as client, pytest.raises(ServiceUnavailable, match=r"TMDB.* 4 times in a row") as one:
        client.fetch(TRAIN)
    with omdb(server, fake_time) as other, pytest.raises(ServiceUnavailable, match=r"OMDb.* 4 times in a row") as two:
        other.fetch("tt0000603")
    assert len(server.asked) == 2 * ATTEMPTS
    for raised in (one, two):
        told = "".join(map(str, raised.value.args))
        assert TMDB_KEY not in told
        assert OMDB_KEY not in told


def test_a_redirect_is_not_followed_because_the_key_is_for_one_host(server: Services, fake_time: FakeTime) -> None:
    server.always = Fault(302, headers=(("Location", f"{server.url}/elsewhere"),))
    with tmdb(server, fake_time) as client, pytest.raises(ServiceUnavailable, match="a redirect"):
        client.fetch(TRAIN)
    assert set(server.asked) == {"/3/movie/603"}


def test_a_response_that_is_too_large_is_not_read(server: Services, fake_time: FakeTime) -> None:
    server.always = Fault(how=HUGE)
    with omdb(server, fake_time) as client, pytest.raises(ServiceUnavailable, match="more than 8,388,608 bytes"):
        client.fetch("tt0000603")


def test_an_unreachable_server_is_reported(fake_time: FakeTime) -> None:
    with (
        tmdb(Services("http://127.0.0.1:9"), fake_time) as client,
        pytest.raises(ServiceUnavailable, match="no connection"),
    ):
        client.fetch(TRAIN)


def test_the_pause_is_the_one_that_the_server_asks_for(server: Services, fake_time: FakeTime) -> None:
    date = "Tue, 14 Nov 2023 22:13:27 GMT"  # seven seconds after the time of `FakeTime`
    server.movies[TRAIN] = details()
    server.faults = [Fault(429, headers=(("Retry-After", given),)) for given in ("3", date)]
    with tmdb(server, fake_time) as client:
        assert client.fetch(TRAIN) is not None
    assert fake_time.pauses == [3.0, 7.0]


def test_pauses_grow_if_the_server_names_none(server: Services, fake_time: FakeTime) -> None:
    server.movies[TRAIN], server.faults = details(), [Fault(500), Fault(500), Fault(429)]
    with tmdb(server, fake_time) as client:
        assert client.fetch(TRAIN) is not None
    assert all(least <= pause <= 2 * least for least, pause in zip((0.5, 1, 2), fake_time.pauses, strict=True))


def test_nobody_waits_for_longer_than_a_minute(server: Services, fake_time: FakeTime) -> None:
    server.faults = [Fault(429, headers=(("Retry-After", "3600"),))]
    with tmdb(server, fake_time) as client, pytest.raises(QuotaExhausted, match="3,600 seconds"):
        client.fetch(TRAIN)
    assert fake_time.pauses == []


def test_a_wrong_key_is_an_error_that_names_the_setting_and_not_the_key(server: Services, fake_time: FakeTime) -> None:
    wrong = "feedfacefeedfacefeedfacefeedface"
    with (
        tmdb(server, fake_time, tmdb_key=wrong) as client,
        pytest.raises(InvalidSettings, match="MARQUEE_TMDB_KEY: TMDB rejects this key") as one,
    ):
        client.fetch(TRAIN)
    with (
        omdb(server, fake_time, omdb_key=wrong) as other,
        pytest.raises(InvalidSettings, match="MARQUEE_OMDB_KEY: OMDb rejects this key") as two,
    ):
        other.fetch("tt0000603")
    assert not any(wrong in "".join(map(str, raised.value.args)) for raised in (one, two))
    assert len(server.asked) == 2


def test_requests_beyond_the_daily_limit_of_omdb_are_no_wrong_key(server: Services, fake_time: FakeTime) -> None:
    server.faults = [Fault(401, content={"Response": "False", "Error": "Request limit reached!"})]
    with omdb(server, fake_time) as client, pytest.raises(QuotaExhausted, match="for today"):
        client.fetch("tt0000603")


def test_omdb_gives_a_plot_ratings_and_a_certificate(server: Services, fake_time: FakeTime) -> None:
    server.titles["tt0000603"] = title()
    with omdb(server, fake_time) as client:
        found = client.fetch("tt0000603")
    assert found is not None
    assert found.plot.startswith("A train leaves")
    assert found.ratings == (
        OutsideRating(source="IMDb", value="8.1/10"),
        OutsideRating(source="Rotten Tomatoes", value="91%"),
    )
    assert found.certificate == "PG-13"
    assert server.queries[0]["plot"] == ["full"]


def test_values_that_omdb_does_not_have_are_empty(server: Services, fake_time: FakeTime) -> None:
    server.titles["tt0000603"] = title(Plot="N/A", Rated="N/A", Ratings=[{"Source": "Metacritic", "Value": "N/A"}])
    with omdb(server, fake_time) as client:
        found = client.fetch("tt0000603")
    assert found is not None
    assert (found.plot, found.certificate, found.ratings) == ("", "", ())


@pytest.mark.parametrize("content", [[], {"id": 604}, {"id": 603, "credits": {"cast": "nobody"}}, {"id": None}, 7])
def test_unexpected_content_of_tmdb_is_named(server: Services, fake_time: FakeTime, content: Any) -> None:
    server.always = Fault(content=content)
    with tmdb(server, fake_time) as client, pytest.raises(UnexpectedAnswer, match=r"TMDB: .*603"):
        client.fetch(TRAIN)


@pytest.mark.parametrize("content", [[], {"Response": "True", "imdbID": "tt0000604"}, {"Response": 7}])
def test_unexpected_content_of_omdb_is_named(server: Services, fake_time: FakeTime, content: Any) -> None:
    server.always = Fault(content=content)
    with omdb(server, fake_time) as client, pytest.raises(UnexpectedAnswer, match=r"OMDb: .*tt0000603"):
        client.fetch("tt0000603")


def test_no_key_is_in_any_log_line(server: Services, fake_time: FakeTime) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(UtcFormatter(FORM))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        server.always = Fault(500)
        with tmdb(server, fake_time) as client, pytest.raises(ServiceUnavailable):
            client.fetch(TRAIN)
        with omdb(server, fake_time) as other, pytest.raises(ServiceUnavailable):
            other.fetch("tt0000603")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    written = lines.getvalue()
    assert "GET /3/movie/603?api_key=[hidden]" in written
    assert TMDB_KEY not in written
    assert OMDB_KEY not in written


def test_requests_are_limited_to_the_rate_after_a_burst(fake_time: FakeTime) -> None:
    bucket = TokenBucket(10, fake_time.pacing)
    for _ in range(30):
        bucket.take()
    assert len(fake_time.pauses) == 20
    assert sum(fake_time.pauses) == pytest.approx(2.0)
