"""Real index builds: small catalogues, the embedded engine, the packaged model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import CatalogueShrank, DataError, IndexMissing, MarqueeError, ModelMissing, NotFound
from core.jobs.work import SilentWatch
from core.types import MovieId, SearchRequest
from data.catalogues import sources
from engine import wiring
from engine.catalogue import index_build, losses
from engine.search.encoders import vectors
from indexer import changes
from tests import sample
from tests.week import until

pytestmark = pytest.mark.slow

MOVIES = [
    {"id": 1, "title": "The Baker", "overview": "A baker teaches a robot to knead bread in a mountain village."},
    {"id": 2, "title": "Deep", "overview": "Divers find a sunken city under the arctic ice."},
    {"id": 3, "title": "Orbit", "overview": "Two astronauts quarrel over the last seat home."},
]


class Listening(SilentWatch):
    """Records messages and steps."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[str, int, int]] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        self.steps.append((name, done, total))


def write(folder: Path, movies: Sequence[dict[str, object]]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "films.jsonl").write_text("".join(json.dumps(movie) + "\n" for movie in movies), encoding="utf-8")


@pytest.fixture
def settings(embedded_settings: Settings, tmp_path: Path) -> Settings:
    """A small catalogue and a new home with an exported encoder."""
    write(tmp_path / "data", MOVIES)
    home = tmp_path / "home"
    home.mkdir()
    (home / "encoders").symlink_to(embedded_settings.home / "encoders")
    return Settings(home=home, data_dir=tmp_path / "data", offline=True)


def first(settings: Settings, query: str) -> str:
    return sample.services(settings).search.run(SearchRequest(query)).hits[0].movie.title


def test_a_catalogue_becomes_an_index_that_finds_its_movies(settings: Settings) -> None:
    watch = Listening()
    report = sample.build_index(settings, watch)
    assert (report.build.count, report.encoded, report.reused) == (3, 3, 0)
    assert first(settings, "a robot learns to make bread") == "The Baker"
    assert ("encoding", 3, 3) in watch.steps
    assert ("writing", 3, 3) in watch.steps
    assert any("3 movies, 0 rows skipped" in sentence for sentence in watch.said)


def test_an_unchanged_catalogue_encodes_nothing(settings: Settings) -> None:
    sample.build_index(settings, Listening())
    again = sample.build_index(settings, Listening())
    assert (again.encoded, again.reused) == (0, 3)


def test_only_a_changed_movie_is_encoded_again(settings: Settings, tmp_path: Path) -> None:
    sample.build_index(settings, Listening())
    write(tmp_path / "data", [*MOVIES[:2], {**MOVIES[2], "overview": "A gardener grows roses on the moon."}])
    report = sample.build_index(settings, Listening())
    assert (report.encoded, report.reused) == (1, 2)
    assert first(settings, "roses on the moon") == "Orbit"


def test_a_rollback_serves_the_previous_build(settings: Settings, tmp_path: Path) -> None:
    before = sample.build_index(settings, Listening()).build.version
    write(tmp_path / "data", [*MOVIES, {"id": 4, "title": "Roses"}])
    sample.build_index(settings, Listening())
    assert index_build.rollback(wiring.store(settings)) == before
    assert sample.services(settings).library.info().count == 3


def test_a_rollback_without_a_previous_build_is_refused(settings: Settings) -> None:
    sample.build_index(settings, Listening())
    with pytest.raises(NotFound, match="no earlier"):
        index_build.rollback(wiring.store(settings))


def test_a_broken_catalogue_leaves_the_published_index_serving(settings: Settings, tmp_path: Path) -> None:
    sample.build_index(settings, Listening())
    (tmp_path / "data" / "films.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"films\.jsonl"):
        sample.build_index(settings, Listening())
    assert first(settings, "a sunken city") == "Deep"


def test_a_stale_index_gives_the_reason(settings: Settings, tmp_path: Path) -> None:
    assert sample.index_stale(settings) == "no index is published yet"
    sample.build_index(settings, Listening())
    assert sample.index_stale(settings) == ""
    write(tmp_path / "data", MOVIES[:2])
    assert "catalogue has changed" in sample.index_stale(settings)


def tag(folder: Path, *rows: str) -> None:
    place = folder / "movielens" / "ml-latest-small"
    place.mkdir(parents=True, exist_ok=True)
    (place / "links.csv").write_text("movieId,imdbId,tmdbId\n10,1,1\n20,2,2\n", encoding="utf-8")
    (place / "tags.csv").write_text("\n".join(("userId,movieId,tag,timestamp", *rows, "")), encoding="utf-8")


def test_movies_are_found_by_movielens_tags_and_the_build_counts_them(settings: Settings, tmp_path: Path) -> None:
    tag(tmp_path / "data", "1,20,claustrophobic,9", "1,x,broken,9", "1,99,unknown,9")
    watch = Listening()
    report = sample.build_index(settings, watch)
    assert report.tagged == 1
    assert any("1 movies from ml-latest-small/tags.csv, 1 row skipped" in sentence for sentence in watch.said)
    page = sample.services(settings).search.run(SearchRequest("claustrophobic", literal=True))
    assert (page.hits[0].movie.title, page.hits[0].reason.matched) == ("Deep", ("claustrophobic",))


def test_an_index_is_stale_when_tags_come_or_change(settings: Settings, tmp_path: Path) -> None:
    sample.build_index(settings, Listening())
    tag(tmp_path / "data", "1,20,claustrophobic,9")
    assert "tags have changed" in sample.index_stale(settings)
    sample.build_index(settings, Listening())
    assert sample.index_stale(settings) == ""


def test_unreadable_tags_leave_the_catalogue_unchanged(settings: Settings, tmp_path: Path) -> None:
    tag(tmp_path / "data")
    (tmp_path / "data" / "movielens" / "ml-latest-small" / "tags.csv").write_text("movieId\n", encoding="utf-8")
    watch = Listening()
    assert sample.build_index(settings, watch).tagged == 0
    assert any("no tags: tags.csv, row 1, column 'tag'" in sentence for sentence in watch.said)
    assert sample.index_stale(settings) == ""


def test_an_index_is_stale_without_its_exported_encoder(settings: Settings) -> None:
    sample.build_index(settings, Listening())
    (settings.home / "encoders").unlink()
    assert "marquee index" in sample.index_stale(settings)
    with pytest.raises(ModelMissing, match="marquee index"):
        wiring.build(settings)


def test_a_search_without_an_index_names_the_command_that_builds_it(settings: Settings) -> None:
    with pytest.raises(IndexMissing, match="marquee index"):
        sample.services(settings).search.run(SearchRequest("bread"))


def test_only_the_sample_catalogue_has_a_notice(settings: Settings, embedded_settings: Settings) -> None:
    sample.build_index(settings, Listening())
    assert sample.services(settings).library.info().notice == ""
    assert sample.services(embedded_settings).library.info().notice


def test_an_unknown_model_is_refused_before_anything_is_written(settings: Settings) -> None:
    strange = settings.model_copy(update={"encoder_model": "/no/such/model"})
    with pytest.raises(MarqueeError, match="/no/such/model"):
        sample.build_index(strange, Listening())
    assert wiring.store(settings).published() is None


def many(count: int) -> list[dict[str, object]]:
    return [{"id": n, "title": f"Film {n}", "overview": f"A tale of {n} towers."} for n in range(1, count + 1)]


def test_a_catalogue_that_lost_more_than_a_fifth_is_published_only_if_confirmed(
    settings: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "data", many(10))
    sample.build_index(settings, SilentWatch())
    write(tmp_path / "data", many(8))
    assert sample.build_index(settings, SilentWatch()).build.count == 8
    write(tmp_path / "data", many(6))
    with pytest.raises(CatalogueShrank, match=r"has 6 movies, the published index 8: .*--accept-shrink"):
        sample.build_index(settings, SilentWatch())
    assert wiring.store(settings).open().info().count == 8
    report = index_build.run(
        settings, SilentWatch(), index_store=wiring.store(settings), registry=wiring.models(settings),
        accept_shrink=True,
    )  # fmt: skip
    assert report.build.count == 6


def test_a_catalogue_with_more_than_a_fifth_bad_rows_is_published_only_if_confirmed(
    settings: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "data", [*many(10), *({"id": 100 + n} for n in range(3))])
    with pytest.raises(CatalogueShrank, match=r"3 of 13 rows of films.jsonl are bad, .* row 11, column 'title'"):
        sample.build_index(settings, SilentWatch())
    write(tmp_path / "data", [*many(12), *({"id": 100 + n} for n in range(3))])
    assert sample.build_index(settings, SilentWatch()).build.count == 12


def test_any_catalogue_may_replace_the_sample(embedded_settings: Settings, settings: Settings) -> None:
    assert embedded_settings.data_dir is None
    published = wiring.store(embedded_settings).open().info()
    small = sources.load(settings)
    assert published.count > 10 * len(small.movies)
    assert losses.faults(small, published, sample=sources.SAMPLE_NAME) == []
    assert losses.faults(small, published, sample="another")


def test_a_killed_process_has_saved_what_it_encoded(settings: Settings, tmp_path: Path) -> None:
    movies = [{"id": number, "title": f"Film number {number}"} for number in range(1, 1_401)]
    write(tmp_path / "data", movies)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")},
        "MARQUEE_HOME": str(settings.home),
        "MARQUEE_DATA_DIR": str(settings.data_dir),
        "MARQUEE_OFFLINE": "1",
    }
    command = [sys.executable, "-m", "marquee", "encode"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: list(settings.home.glob("vectors/*/parts/*.npz")), "the first part")
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
    rest = index_build.encode(settings, SilentWatch())
    assert rest.there >= vectors.SAVED
    assert rest.encoded + rest.there == len(movies)
    report = sample.build_index(settings, SilentWatch())
    assert (report.encoded, report.reused) == (0, len(movies))
    assert not list(settings.home.glob("vectors/*/parts"))


@pytest.mark.elasticsearch
def test_a_build_after_a_small_change_keeps_the_factors_of_the_model(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_WRITTEN", 0.8)  # a third of so few movies are neighbours of each
    home = tmp_path / "home"
    shutil.copytree(sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained").home, home)
    entries = [json.loads(line) for line in sources.SAMPLE.read_text(encoding="utf-8").splitlines()]
    write(tmp_path / "data", entries)
    with sample.elastic(home, os.environ["ELASTICSEARCH_URL"]) as built:
        settings = built.model_copy(update={"data_dir": tmp_path / "data"})
        store, registry = wiring.store(settings), wiring.models(settings)
        index_build.run(settings, SilentWatch(), index_store=store, registry=registry)
        assert store.open().factors_version() == registry.current()
        write(tmp_path / "data", [{**entries[0], "tagline": "Another tagline."}, *entries[1:]])
        watch = Listening()
        report = index_build.run(settings, watch, index_store=store, registry=registry)
        assert report.build.changes is not None
        assert any("movies that changed" in line for line in watch.said)
        assert not any("published the model's factors" in line for line in watch.said)
        assert store.open().factors_version() == registry.current()
        assert store.open().movies([MovieId(entries[0]["id"])])[0].tagline == "Another tagline."
