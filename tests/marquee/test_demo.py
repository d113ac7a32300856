"""Demo data loaded and removed by commands, with a real index, model and server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import webapp
from core.config import Settings
from core.errors import NotFound
from core.recommendations.records import RecommendationRequest, Source
from core.trends import Window
from core.types import Filters, MovieId
from data.catalogues import marquee_format, sources
from data.database import Stores
from engine import wiring
from engine.catalogue import refresh
from engine.demo import upkeep
from engine.services import Services
from indexer.embedded import published_index
from marquee import cli
from marquee.context import Parts
from tests import sample
from tests.data import json_lines
from tests.engine.trending.made import Watching

pytestmark = pytest.mark.slow
MOVIE = MovieId(348)
"""A movie in both catalogues."""
REQUEST = RecommendationRequest(Filters(), size=5)


@dataclass
class Site:
    """A home in which commands are run in this process."""

    settings: Settings

    def call(self, *arguments: str) -> Result:
        """Run a command; `run` starts no server."""
        parts = Parts(settings=lambda: self.settings, apart=self._apart, become_server=lambda _: None)
        return CliRunner().invoke(cli.main, arguments, obj=parts)

    def _apart(self, command: str) -> int:
        return self.call(command).exit_code

    def moved_to(self, folder: Path) -> Site:
        """Return a site with the same home and the catalogue of another folder."""
        return Site(self.settings.model_copy(update={"data_dir": folder}))

    def services(self) -> Services:
        """Return the services of a server started now."""
        return sample.services(self.settings)

    @cached_property
    def stores(self) -> Stores:
        """Return the stores of the database."""
        return wiring.people(self.settings)

    def manifests(self) -> list[Any]:
        """Return the manifests of all versions of the model."""
        registry = wiring.models(self.settings)
        return [registry.manifest(version) for version in registry.versions()]


def copied(home: Path, source: Path) -> Site:
    """Return a separate site whose index is already built."""
    shutil.copytree(source, home, ignore=shutil.ignore_patterns("people*", "models", "downloads", "lock"))
    return Site(Settings(home=home, offline=True))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample").home


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, indexed: Path) -> tuple[Site, Result]:
    """Return a site after its first `marquee run`, and the output."""
    site = copied(tmp_path_factory.mktemp("demo") / "home", indexed)
    return site, site.call("run")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a catalogue of some movies of the sample and another one."""
    folder = tmp_path_factory.mktemp("real")
    movies = marquee_format.read(sources.SAMPLE).movies
    shared = [movie for movie in movies if movie.id in (MOVIE, 603, 694, 27205, 157336, 105, 3082, 843, 19)]
    own = replace(shared[0], id=MovieId(1_000_001), title="Of Its Own", original_title="Of Its Own")
    json_lines.write([*shared, own], folder / "films.jsonl")
    return folder


def test_the_first_run_loads_it_trains_on_it_and_reports_both(first: tuple[Site, Result]) -> None:
    site, ran = first
    assert ran.exit_code == 0, ran.output
    assert "loaded demo data: made-up users, labelled" in ran.stderr
    assert "training the recommendation model: there is no model yet" in ran.stderr
    (manifest,) = site.manifests()
    assert manifest[upkeep.LEARNED]
    assert "the ratings of 40 made-up users" in manifest["notes"][0]
    assert all(reason.startswith("passed") for reason in manifest["reasons"]), manifest["reasons"]


def test_demo_users_get_recommendations_that_match_their_taste(first: tuple[Site, Result]) -> None:
    shown = first[0].call("recommend", "demo:ada", "--size", "10")
    assert shown.exit_code == 0
    assert "Because you rated" in shown.stdout
    assert "Demo data:" in shown.stderr
    found = json.loads(first[0].call("recommend", "demo:ada", "--size", "10", "--json").stdout)
    assert found["demo"]
    assert sum("Science Fiction" in movie["genres"] for movie in found["results"]) >= 6


def test_pages_and_api_show_and_label_it(first: tuple[Site, Result]) -> None:
    client = webapp.create_app(first[0].services()).test_client()
    for path in ("/", "/trending", "/trending?window=week", "/trending?window=rising"):
        assert 'role="note">Demo data:' in client.get(path).text
    for window in Window:
        listed = client.get(f"/api/trending?window={window}").get_json()
        assert (listed["demo"], listed["notice"][:10]) == (True, "Demo data:")
        assert len(listed["results"]) >= 3
    guest = client.post("/api/recommendations", json={"ratings": {"348": 5, "694": 4.5, "603": 4}}).get_json()
    assert guest["demo"]
    assert sum(bool({"Horror", "Science Fiction"} & set(movie["genres"])) for movie in guest["results"][:10]) >= 6
    assert client.get("/api/ml/recommendations/demo:ada").get_json()["movies"] >= 10
    assert client.get("/api/ml/recommendations/demo:nobody").status_code == 404


@pytest.mark.parametrize("by", ["", "both", "meaning", "taste"])
def test_the_command_line_and_the_api_list_similar_movies_in_the_same_order(
    first: tuple[Site, Result], by: str
) -> None:
    client = webapp.create_app(first[0].services()).test_client()
    api = client.get(f"/api/movies/{MOVIE}/similar?size=15{f'&by={by}' if by else ''}").get_json()
    document = first[0].call("similar", str(MOVIE), "--size", "15", "--json", *(["--by", by] if by else []))
    assert json.loads(document.stdout) == api
    listed = first[0].call("similar", str(MOVIE), "--size", "15", *(["--by", by] if by else [])).stdout
    titles = [line.split(". ", 1)[1].split(" (")[0] for line in listed.splitlines() if line[:3].strip().isdigit()]
    assert titles == [movie["title"] for movie in api["results"]]
    assert api["demo"] is (by != "meaning")


def test_a_second_run_builds_and_trains_nothing(first: tuple[Site, Result]) -> None:
    ran = first[0].call("run")
    assert "demo data is loaded" in ran.stderr
    assert "the recommendation model is up to date" in ran.stderr


@pytest.fixture
def loaded(first: tuple[Site, Result], tmp_path: Path) -> Site:
    """Return a copy of the site after its first run."""
    home = tmp_path / "home"
    shutil.copytree(first[0].settings.home, home)
    return Site(Settings(home=home, offline=True))


Change = Callable[[Site], object]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda site: site.call("index"), id="marquee index"),
        pytest.param(lambda site: refresh.catalogue(_context(site), Watching(), parameters={}), id="the nightly job"),
    ],
)
def test_it_is_not_used_as_soon_as_another_catalogue_is_indexed(
    loaded: Site, real: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_index, "LOOK_EVERY", 0.0)  # a build may take less than a second
    server = loaded.services()  # running while the index is built
    assert server.recommending.version()
    site = loaded.moved_to(real)
    change(site)
    for services in (server, site.services()):
        assert services.library.info().catalogue != sources.SAMPLE_NAME
        assert not services.demo.in_use()
        assert services.recommending.version() == ""
        assert [services.recommending.similar(MOVIE, by=by).model for by in ("both", "taste")] == ["", ""]
        with pytest.raises(NotFound):
            services.recommending.for_name("demo:ada", REQUEST)
        assert services.recommending.for_guest({MOVIE: 5.0}, REQUEST).model == ""
    assert site.services().trending.read(Window.DAY).movies == ()
    assert _remaining(site.stores) == (0, 0, 0)


def test_training_for_another_catalogue_ignores_it_and_deletes_its_models(loaded: Site, real: Path) -> None:
    site = loaded.moved_to(real)
    assert site.call("run").exit_code == 0
    assert [upkeep.LEARNED in manifest for manifest in site.manifests()] == [False]
    assert site.manifests()[0]["learned_from"]["interactions"] == 0
    services = site.services()
    assert services.recommending.version()
    listed = services.recommending.for_guest({MOVIE: 5.0}, REQUEST).items
    assert {item.explanation.source for item in listed} == {Source.MEANING}
    assert _remaining(site.stores) == (0, 0, 0)


def test_it_is_loaded_again_with_the_sample(loaded: Site, real: Path) -> None:
    loaded.moved_to(real).call("run")
    back = Site(loaded.settings)
    back.call("index")
    assert "loaded demo data" in back.call("run").stderr
    assert back.services().demo.in_use()
    assert back.services().recommending.for_name("demo:ada", REQUEST).model


def test_it_is_not_loaded_if_disabled(tmp_path: Path, indexed: Path) -> None:
    site = copied(tmp_path / "home", indexed)
    site.settings = site.settings.model_copy(update={"demo": False})
    assert "demo data" not in site.call("run").stderr
    assert _remaining(site.stores) == (0, 0, 0)
    assert not site.services().demo.in_use()


def _context(site: Site) -> Any:
    return wiring.job_context(site.settings, site.stores)


def _remaining(stores: Stores) -> tuple[int, int, int]:
    """Return the numbers of demo users, ratings and events."""
    return len(stores.demo.users()), stores.diaries.totals().ratings, stores.events.count()
