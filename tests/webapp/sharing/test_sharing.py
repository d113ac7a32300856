"""What search engines, feed readers and browsers read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.types import FacetValue, Movie, MovieId
from tests import fakes
from webapp.movies import addresses
from webapp.sharing import sitemap, xml_documents

NAMES = {"s": xml_documents.SITEMAP}


@pytest.fixture(scope="module")
def named(settings: Settings) -> FlaskClient:
    """A client of a site with a public address."""
    own = settings.model_copy(update={"site_url": "https://films.example"})
    return webapp.create_app(fakes.services(settings=own)).test_client()


def text(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.text


def content(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, pattern
    return found[1]


def canonical(page: str) -> str:
    return content(page, r'<link rel="canonical" href="([^"]*)"')


def locations(xml: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(xml).iterfind(".//s:loc", NAMES)]  # noqa: S314 - own text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The Matrix", "the-matrix"),
        ("Amélie", "amelie"),
        ("WALL·E", "wall-e"),
        ("Schindler's List", "schindlers-list"),
        ("$", ""),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("one " * 40, "-".join(["one"] * 15)),
        ("x" * 80, "x" * 60),
    ],
)
def test_the_title_is_part_of_the_address(title: str, slug: str) -> None:
    assert addresses.slug(title) == slug
    path = addresses.path(Movie(id=MovieId(7), title=title))
    assert path == (f"/movies/7-{quote(slug)}" if slug else "/movies/7")


def test_a_movie_has_one_canonical_address(client: FlaskClient, named: FlaskClient) -> None:
    movie = client.get("/api/popular?size=1").get_json()["results"][0]
    path = movie["url"]
    assert path.startswith(f"/movies/{movie['id']}-")
    for url in (path, f"/movies/{movie['id']}", f"{path}?by=meaning&utm_source=mail"):
        assert canonical(text(client, url)) == f"http://localhost{path}"
        assert canonical(text(named, url)) == f"https://films.example{path}"


def test_another_title_in_the_address_of_a_movie_is_corrected(client: FlaskClient) -> None:
    movie = client.get("/api/popular?size=1").get_json()["results"][0]
    answer = client.get(f"/movies/{movie['id']}-former-title?by=taste")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{movie['url']}?by=taste")
    assert client.get("/movies/999999999-gone").status_code == 404


def test_lists_keep_their_page_in_the_canonical_address_and_nothing_else(client: FlaskClient) -> None:
    assert canonical(text(client, "/trending?window=week&utm_source=x")) == "http://localhost/trending?window=week"
    assert canonical(text(client, "/trending?window=day")) == "http://localhost/trending"
    assert canonical(text(client, "/?page=1")) == "http://localhost/"


@pytest.mark.parametrize("url", ["/search?q=storm", "/sign-in", "/ask"])
def test_searches_and_forms_are_not_listed(client: FlaskClient, url: str) -> None:
    page = text(client, url)
    assert '<meta name="robots" content="noindex">' in page
    assert "canonical" not in page


def test_a_missing_page_has_no_canonical_address(client: FlaskClient) -> None:
    assert 'rel="canonical"' not in client.get("/movies/999999999").text


def test_a_link_to_a_movie_has_a_preview(named: FlaskClient) -> None:
    movie = named.get("/api/popular?size=1").get_json()["results"][0]
    page = text(named, movie["url"])
    assert content(page, r'property="og:type" content="([^"]*)"') == "video.movie"
    assert movie["title"] in content(page, r'property="og:title" content="([^"]*)"')
    assert content(page, r'property="og:url" content="([^"]*)"') == f"https://films.example{movie['url']}"
    assert content(page, r'property="og:image" content="([^"]*)"').startswith("https://films.example/")


def test_the_preview_of_a_movie_without_pictures_is_a_drawn_card(named: FlaskClient) -> None:
    found = named.get("/api/popular").get_json()["results"]
    movie = next(movie for movie in found if movie["poster"].startswith("/poster/"))
    page = text(named, movie["url"])
    card = content(page, r'property="og:image" content="([^"]*)"')
    assert card == f"https://films.example/poster/{movie['id']}/card.png"
    assert content(page, r'name="twitter:card" content="([^"]*)"') == "summary_large_image"
    answer = named.get(urlsplit(card).path)
    assert (answer.mimetype, answer.status_code) == ("image/png", 200)
    assert answer.cache_control.public


def test_there_is_no_card_of_an_unknown_movie(named: FlaskClient) -> None:
    assert named.get("/poster/999999999/card.png").status_code == 404


def test_the_service_worker_lies_at_the_root_and_is_always_asked_for_again(named: FlaskClient) -> None:
    answer = named.get("/service-worker.js")
    assert "javascript" in answer.mimetype
    assert answer.cache_control.no_cache


def test_the_page_for_times_without_a_connection_is_the_same_for_every_user(named: FlaskClient) -> None:
    page = text(named, "/offline")
    assert "You are offline" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "csrf" not in page
    assert "Du bist offline" in named.get("/offline", headers={"Accept-Language": "de"}).text


def test_a_movie_is_described_for_search_engines(named: FlaskClient) -> None:
    movie = named.get("/api/popular?size=1").get_json()["results"][0]
    whole = named.get(f"/api/movies/{movie['id']}").get_json()
    data = json.loads(content(text(named, movie["url"]), r'<script type="application/ld\+json">(.*?)</script>'))
    assert (data["@type"], data["name"], data["url"]) == (
        "Movie",
        whole["title"],
        f"https://films.example{whole['url']}",
    )
    assert [person["name"] for person in data["director"]] == whole["directors"]
    assert [person["name"] for person in data["actor"]] == [role["name"] for role in whole["cast"][:10]]
    assert data["genre"] == whole["genres"]
    assert data.get("duration") == (f"PT{whole['runtime']}M" if whole["runtime"] else None)
    assert data["aggregateRating"]["ratingValue"] == whole["rating"]


def test_text_of_a_movie_cannot_end_its_description_for_search_engines(settings: Settings) -> None:
    evil = Movie(id=MovieId(5), title="</script><script>alert(1)</script>", overview="<!--<script>")
    client = webapp.create_app(fakes.services([evil], settings=settings)).test_client()
    page = text(client, addresses.path(evil))
    assert "<script>alert" not in page
    assert json.loads(content(page, r'<script type="application/ld\+json">(.*?)</script>'))["name"] == evil.title


def test_the_sitemap_leads_to_every_dated_movie(named: FlaskClient) -> None:
    parts = locations(text(named, "/sitemap.xml"))
    assert all(part.startswith("https://films.example/sitemaps/") for part in parts)
    found = {url for part in parts for url in locations(text(named, urlsplit(part).path))}
    assert "https://films.example/trending" in found
    dated = [movie for movie in fakes.MOVIES if movie.year]
    assert dated
    assert {f"https://films.example/movies/{movie.id}" for movie in dated} <= {
        re.sub(r"(/movies/\d+)-.*", r"\1", url) for url in found
    }


def test_large_decades_are_split_into_years() -> None:
    decades = [FacetValue("1990", sitemap.MOST + 1), FacetValue("1980", sitemap.MOST)]
    assert sitemap.parts(decades) == ["1980s", *(str(year) for year in range(1990, 2000))]
    assert (sitemap.years("1990s"), sitemap.years("1994")) == ((1990, 1999), (1994, 1994))


@pytest.mark.parametrize("name", ["99999", "199", "abcd", "s", "19９0"])
def test_other_parts_of_the_sitemap_do_not_exist(client: FlaskClient, name: str) -> None:
    assert sitemap.years(name) is None
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_crawlers_are_told_the_sitemap_and_what_to_leave_alone(named: FlaskClient) -> None:
    lines = text(named, "/robots.txt").splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /search", "Disallow: /admin", "Sitemap: https://films.example/sitemap.xml"} <= set(lines)


def test_trending_lists_are_feeds(named: FlaskClient) -> None:
    page = text(named, "/trending?window=week")
    path = content(page, r'type="application/rss\+xml"[^>]*href="([^"]*)"')
    channel = ElementTree.fromstring(text(named, path)).find("channel")  # noqa: S314 - own text
    assert channel is not None
    assert channel.findtext("link") == "https://films.example/trending?window=week"
    shown = [movie["url"] for movie in named.get("/api/trending?window=week&size=48").get_json()["results"]]
    assert [item.findtext("link") for item in channel.iterfind("item")] == [
        f"https://films.example{url}" for url in shown
    ]
    assert all(item.findtext("guid") == item.findtext("link") for item in channel.iterfind("item"))


def test_a_feed_contains_no_characters_that_xml_forbids() -> None:
    item = xml_documents.Item("a\x00b <i>&", "https://x.example/1", "c\ufffe\x1bd", datetime(2026, 11, 30, tzinfo=UTC))
    feed = xml_documents.feed(
        [item], title="t", about="a", page="https://x.example", own="https://x.example/f", language="en"
    )
    entry = ElementTree.fromstring(feed).find("channel/item")  # noqa: S314 - own text
    assert entry is not None
    assert (entry.findtext("title"), entry.findtext("description")) == ("ab <i>&", "cd")
    assert entry.findtext("pubDate") == "Mon, 30 Nov 2026 00:00:00 GMT"


def test_the_site_can_be_installed_as_an_app(client: FlaskClient) -> None:
    path = content(text(client, "/"), r'<link rel="manifest" href="([^"]*)"')
    answer = client.get(path)
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json()
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        picture = client.get(icon["src"])
        assert picture.status_code == 200
        width, height = (int.from_bytes(picture.data[at : at + 4]) for at in (16, 20))
        assert icon["sizes"] == f"{width}x{height}"
    for shortcut in manifest["shortcuts"]:
        assert client.get(shortcut["url"]).status_code in (200, 302, 303)
