"""What other services say about a movie: on its page, in the API and for search engines."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.enrichment.records import (
    Collection,
    CollectionPart,
    Entry,
    EntryStatus,
    Extras,
    OmdbExtras,
    OutsideRating,
    Portrait,
    Provider,
    ProviderKind,
    Source,
    TmdbExtras,
    Trailer,
    TranslatedTexts,
)
from core.errors import StoreUnavailable
from core.types import Movie, MovieId
from data import database
from engine.catalogue.extras import MovieExtras
from engine.clock import now
from tests import databases, fakes
from webapp.movies import extras as movie_extras
from webapp.movies import pictures

MOVIE = fakes.MOVIES[0]
OTHER = fakes.MOVIES[1]
HOST = "https://images.example"
FRAMES = "frame-src https://www.youtube-nocookie.com"
TMDB = TmdbExtras(
    poster="/poster.jpg",
    backdrop="/backdrop.jpg",
    imdb_id="tt0000603",
    cast=(Portrait(name=MOVIE.cast[0].name.upper(), image="/face.jpg"),),
    trailers=(Trailer(language="en", key="english0001"), Trailer(language="de", key="deutsch0001")),
    certificates={"US": "PG-13", "DE": "12", "FR": "TP"},
    providers={
        "US": (
            Provider(name="Rental", kind=ProviderKind.RENT),
            Provider(name="<Stream>", kind=ProviderKind.STREAM, image="/logo.jpg"),
        ),
    },
    collection=Collection(
        id=9,
        name="Night Trains",
        parts=(
            CollectionPart(id=OTHER.id, title="?", released="1949-01-01"),
            CollectionPart(id=MOVIE.id, title="?", released="1950-01-01"),
            CollectionPart(id=10**9, title="Announced", released=""),
        ),
    ),
    translations=(TranslatedTexts(language="de", title="Der Wärter", overview="Ein Wärter."),),
)
OMDB = OmdbExtras(
    plot="A second description.", ratings=(OutsideRating(source="IMDb", value="8.1/10"),), certificate="PG"
)


def site(extras: Extras | None, **changed: Any) -> FlaskClient:
    given = {"tmdb_key": "0" * 32, "omdb_key": "a1b2c3d4", "poster_base": f"{HOST}/t/p/w342", "regions": ("US", "DE")}
    services = fakes.services(settings=Settings(rate_limits=False, **(given | changed)))
    services.extras.known |= {MOVIE.id: extras} if extras else {}  # type: ignore[attr-defined]
    return webapp.create_app(services).test_client()


@pytest.fixture(scope="module")
def enriched() -> FlaskClient:
    return site(Extras(TMDB, OMDB))


def page(client: FlaskClient, language: str = "en", movie: Movie = MOVIE) -> str:
    answer = client.get(f"/movies/{movie.id}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_the_page_shows_everything_that_is_known(enriched: FlaskClient) -> None:
    shown = page(enriched)
    for expected in (
        f'<img class="backdrop" src="{HOST}/t/p/w1280/backdrop.jpg"',
        f'class="poster" src="{HOST}/t/p/w342/poster.jpg"',
        f'class="portrait" src="{HOST}/t/p/w185/face.jpg"',
        f'<img src="{HOST}/t/p/w92/logo.jpg"',
        "&lt;Stream&gt;",
        ">PG-13</span>",
        ">12</span>",
        "<span>IMDb</span> <b>8.1/10</b>",
        "A second description.",
        'href="https://www.imdb.com/title/tt0000603/"',
        "watch?locale=US",
        "data from JustWatch",
        "OMDb API",
    ):
        assert expected in shown, expected
    assert ">TP</span>" not in shown


def test_without_an_entry_nothing_is_missing(enriched: FlaskClient, client: FlaskClient) -> None:
    for shown in (page(enriched, movie=OTHER), page(client)):
        for foreign in ("youtube", "imdb.com", "backdrop", "JustWatch", "OMDb", 'class="portrait"', "collection"):
            assert foreign not in shown, foreign


def test_the_attribution_stands_on_every_page_if_tmdb_is_used(enriched: FlaskClient, client: FlaskClient) -> None:
    sentence = "This product uses the TMDB API but is not endorsed or certified by TMDB."
    for path in ("/", "/search?q=x", "/browse", "/about", f"/movies/{MOVIE.id}", "/sign-in"):
        assert enriched.get(path).text.count(sentence) == 1, path
        assert sentence not in client.get(path).text, path


def test_frames_are_allowed_only_on_pages_with_a_trailer(enriched: FlaskClient, client: FlaskClient) -> None:
    def policy(site: FlaskClient, path: str) -> str:
        return site.get(path).headers["Content-Security-Policy"]

    assert policy(enriched, f"/movies/{MOVIE.id}").endswith(f"; {FRAMES}")
    for other, path in ((enriched, "/"), (enriched, f"/movies/{OTHER.id}"), (client, f"/movies/{MOVIE.id}")):
        assert "frame-src" not in policy(other, path)


def test_nothing_of_youtube_is_loaded_before_a_click(enriched: FlaskClient) -> None:
    shown = page(enriched)
    assert "<iframe" not in shown
    assert not re.search(r'src="[^"]*youtube', shown)
    assert 'href="https://www.youtube.com/watch?v=english0001"' in shown


def test_the_trailer_is_in_the_language_of_the_page_if_there_is_one(enriched: FlaskClient) -> None:
    assert "watch?v=deutsch0001" in page(enriched, "de")
    assert "watch?v=english0001" in page(enriched, "fr")


def test_title_and_overview_are_in_the_language_of_the_page(enriched: FlaskClient) -> None:
    assert "Der Wärter" in page(enriched, "de")
    assert MOVIE.title in page(enriched, "fr")


def test_pictures_come_from_the_configured_host_only(enriched: FlaskClient) -> None:
    answer = enriched.get(f"/movies/{MOVIE.id}")
    sources = re.findall(r'<img[^>]* src="(https?://[^"]*)"', answer.text)
    assert len(sources) >= 4
    assert all(source.startswith(f"{HOST}/") for source in sources)
    assert f"img-src 'self' {HOST};" in answer.headers["Content-Security-Policy"]


def test_without_remote_pictures_the_texts_stay() -> None:
    shown = page(site(Extras(TMDB, OMDB), poster_base=""))
    assert HOST not in shown
    assert "backdrop" not in shown
    assert "&lt;Stream&gt;" in shown


def test_a_collection_is_in_order_with_links_to_the_other_movies(enriched: FlaskClient) -> None:
    listed = page(enriched).partition('aria-labelledby="collection"')[2].partition("</section>")[0]
    titles = re.findall(r"<bdi>([^<]*)</bdi>", listed)
    assert titles == ["Night Trains", OTHER.title, MOVIE.title, "Announced"]
    assert re.findall(r'href="(/movies/\d+)', listed) == [f"/movies/{OTHER.id}"]
    assert listed.count('aria-current="true"') == 1


def test_the_api_returns_extras(enriched: FlaskClient) -> None:
    found = enriched.get(f"/api/movies/{MOVIE.id}").get_json()
    extras = found["extras"]
    assert found["poster"] == f"{HOST}/t/p/w342/poster.jpg"
    assert extras["certificates"] == [
        {"region": "US", "label": "United States", "certificate": "PG-13"},
        {"region": "DE", "label": "Germany", "certificate": "12"},
    ]
    assert [(one["kind"], one["providers"][0]["name"]) for one in extras["watch"][0]["offers"]] == [
        ("stream", "<Stream>"),
        ("rent", "Rental"),
    ]
    assert extras["trailer"]["embed"] == "https://www.youtube-nocookie.com/embed/english0001"
    assert [movie["url"] for movie in extras["collection"]["movies"]][2] is None
    assert len(extras["attribution"]) == 3
    assert enriched.get(f"/api/movies/{OTHER.id}").get_json()["extras"] is None


def test_the_certificate_of_omdb_stands_in_for_a_missing_one() -> None:
    shown = site(Extras(TMDB.model_copy(update={"certificates": {}}), OMDB)).get(f"/api/movies/{MOVIE.id}").get_json()
    assert [one["certificate"] for one in shown["extras"]["certificates"]] == ["PG"]


def test_link_previews_use_the_backdrop(enriched: FlaskClient) -> None:
    shown = page(enriched)
    assert f'<meta property="og:image" content="{HOST}/t/p/w1280/backdrop.jpg">' in shown
    assert '<meta name="twitter:card" content="summary_large_image">' in shown
    assert '"contentRating": "PG-13"' in shown
    assert '"https://www.imdb.com/title/tt0000603/"' in shown


def test_a_movie_without_a_cast_in_the_catalogue_has_that_of_tmdb() -> None:
    movie = Movie(id=MovieId(5), title="Bare")
    services = fakes.services([movie], settings=Settings(rate_limits=False, tmdb_key="0" * 32))
    services.extras.known[movie.id] = Extras(TMDB)  # type: ignore[attr-defined]
    shown = page(webapp.create_app(services).test_client(), movie=movie)
    assert f"<b><bdi>{TMDB.cast[0].name}</bdi></b>" in shown
    assert "/people/" not in shown


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://image.tmdb.org/t/p/w342", "https://image.tmdb.org/t/p/w92/a.jpg"),
        ("https://mirror.example/p/original/", "https://mirror.example/p/w92/a.jpg"),
        ("https://mirror.example/pictures", "https://mirror.example/pictures/a.jpg"),
        ("", None),
    ],
)
def test_sizes_are_part_of_the_address_if_the_host_has_them(base: str, expected: str | None) -> None:
    assert pictures.url("/a.jpg", pictures.LOGO, poster_base=base) == expected


def test_texts_of_the_catalogue_are_kept() -> None:
    own = Movie(id=MovieId(5), title="Own", overview="Own.", poster="/own.jpg")
    texts = (TranslatedTexts(language="en", title="Other", overview="Other.", tagline="Tag"),)
    found = movie_extras.completed(own, Extras(TmdbExtras(translations=texts)))
    assert (found.title, found.overview, found.tagline, found.poster) == ("Own", "Own.", "Tag", "/own.jpg")
    assert found.translations == ()


def entry(**changed: Any) -> Entry:
    given: dict[str, Any] = {
        "source": Source.TMDB,
        "status": EntryStatus.FOUND,
        "fetched_at": now(),
        "payload": {"poster": "/p.jpg"},
    }
    return Entry(movie=MOVIE.id, **(given | changed))


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (entry(), True),
        (entry(fetched_at=now() - timedelta(days=200)), False),
        (entry(status=EntryStatus.GONE, payload=None), False),
        (entry(payload={"cast": 7}), False),
        (entry(source=Source.OMDB, payload={"plot": "P"}), False),
    ],
    ids=["usable", "too old", "unknown there", "unreadable", "of a service without a key"],
)
def test_only_usable_entries_are_read(tmp_path: Path, found: Entry, shown: bool) -> None:
    stores = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    stores.enrichments.write(found)
    extras = MovieExtras(stores.enrichments, Settings(tmdb_key="0" * 32)).of(MOVIE.id)
    assert (extras is not None) == shown
    assert MovieExtras(stores.enrichments, Settings()).of(MOVIE.id) is None
    database.close(stores)


def test_an_unreachable_database_never_breaks_the_page() -> None:
    failing: Any = fakes.Failing(StoreUnavailable("the user database is down"))
    assert MovieExtras(failing, Settings(tmdb_key="0" * 32)).of(MOVIE.id) is None
