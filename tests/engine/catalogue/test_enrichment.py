"""The job `enrich`, and the command of the same name, against a server that speaks the protocols of both services."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.config import Settings
from core.enrichment.records import REFRESH_AFTER, Entry, EntryStatus, Freshness, Source
from core.errors import Cancelled, InvalidSettings, NotFound, ServiceUnavailable
from core.jobs.runs import Result
from core.types import MovieId
from data import database
from data.database import Stores
from engine import wiring
from engine.catalogue import enrichment
from engine.catalogue.extras import MovieExtras
from engine.clock import now
from marquee import cli
from marquee.context import Parts
from tests import databases
from tests.data.database.servers import NOW, ROOT
from tests.data.enrichment.services import OMDB_KEY, TMDB_KEY, FakeTime, Fault, Services, details, served, title
from tests.engine.catalogue.test_index_build import Listening, write

MOVIES = [{"id": number, "title": f"Movie {number}", "vote_count": 100 - number} for number in range(1, 6)]
IDS = [movie["id"] for movie in MOVIES]


class Working(Listening):
    """Records messages and figures; is cancelled after some movies if a test wants it."""

    def __init__(self, cancel_after: int = 1_000) -> None:
        super().__init__()
        self.left = cancel_after
        self.figures: dict[str, Any] = {}

    def note(self, figures: Mapping[str, Any]) -> None:
        self.figures |= figures

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("cancelled")


@dataclass
class Site:
    """A small catalogue, a database, and both services."""

    settings: Settings
    stores: Stores
    server: Services

    def run(self, work: Working | None = None, **parameters: Any) -> Result:
        context = wiring.job_context(self.settings, self.stores, now)
        return enrichment.run(context, work or Working(), parameters=parameters, pacing=FakeTime().pacing)

    def without(self, **keys: Any) -> Site:
        return replace(self, settings=self.settings.model_copy(update=keys))

    def asked(self, start: str) -> list[str]:
        return [path for path in self.server.asked if path.startswith(start)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    write(tmp_path / "data", MOVIES)
    with served() as server:
        settings = server.settings(home=tmp_path / "home", data_dir=tmp_path / "data")
        server.movies = {number: details(number, belongs_to_collection=None) for number in IDS}
        server.titles = {f"tt{number:07d}": title(f"tt{number:07d}") for number in IDS}
        stores = databases.open_new(settings.database)
        yield Site(settings, stores, server)
        database.close(stores)


def test_every_movie_is_asked_for_once_the_most_voted_first(site: Site) -> None:
    result = site.run()
    assert site.server.asked == [*(f"/3/movie/{number}" for number in IDS), *(f"/?tt{number:07d}" for number in IDS)]
    assert result.figures == {
        "used": True,
        "tmdb_due": 5,
        "tmdb_found": 5,
        "tmdb_gone": 0,
        "tmdb_failed": 0,
        "omdb_due": 5,
        "omdb_found": 5,
        "omdb_gone": 0,
        "omdb_failed": 0,
    }
    extras = MovieExtras(site.stores.enrichments, site.settings).of(MovieId(3))
    assert extras is not None
    assert extras.tmdb is not None
    assert extras.omdb is not None
    assert (extras.imdb_id, extras.tmdb.certificates) == ("tt0000003", {"US": "PG-13"})
    site.run()
    assert len(site.server.asked) == 10


def test_without_a_key_nothing_happens(site: Site) -> None:
    work = Working()
    assert site.without(tmdb_key=None, omdb_key=None).run(work).figures == {"used": False}
    assert work.said == ["nothing to do: neither MARQUEE_TMDB_KEY nor MARQUEE_OMDB_KEY is set"]
    assert site.without(offline=True).run().figures == {"used": False}
    assert site.server.asked == []


def test_omdb_alone_needs_known_imdb_ids(site: Site, tmp_path: Path) -> None:
    alone = site.without(tmdb_key=None)
    assert alone.run().figures["omdb_due"] == 0
    (tmp_path / "data" / "id_map.csv").write_text("imdb_id,tmdb_id\n2,2\n", encoding="utf-8")
    assert alone.run().figures["omdb_found"] == 1
    assert site.server.asked == ["/?tt0000002"]


def test_dead_ids_are_remembered(site: Site) -> None:
    del site.server.movies[2], site.server.titles["tt0000003"]
    figures = site.run().figures
    assert (figures["tmdb_gone"], figures["omdb_gone"], figures["omdb_due"]) == (1, 1, 4)
    assert MovieExtras(site.stores.enrichments, site.settings).of(MovieId(2)) is None
    before = len(site.server.asked)
    site.run()
    assert len(site.server.asked) == before


def test_a_movie_that_fails_is_left_to_the_next_run(site: Site) -> None:
    good = site.server.movies[2]
    site.server.movies[2] = {"id": "?"}
    work = Working()
    figures = site.run(work).figures
    assert (figures["tmdb_found"], figures["tmdb_failed"]) == (4, 1)
    assert any(sentence.startswith("movie 2: TMDB: unexpected content") for sentence in work.said)
    site.server.movies[2] = good
    assert site.run().figures["tmdb_found"] == 1
    assert site.asked("/3/")[5:] == ["/3/movie/2"]


def test_a_service_that_is_down_ends_the_run_with_an_error_and_the_other_one_is_asked(site: Site) -> None:
    assert site.without(omdb_key=None).run(limit=2).figures["tmdb_found"] == 2
    site.server.asked.clear()
    work, faults = Working(), [Fault(503)] * 12
    site.server.faults = list(faults)
    with pytest.raises(ServiceUnavailable, match=r"TMDB.*status 503.*the next run continues"):
        site.run(work)
    assert (work.figures["tmdb_found"], work.figures["omdb_found"]) == (0, 2)


def test_a_run_that_was_cancelled_loses_nothing(site: Site) -> None:
    with pytest.raises(Cancelled):
        site.run(Working(cancel_after=2))
    site.run()
    assert sorted(site.asked("/3/")) == [f"/3/movie/{number}" for number in IDS]


@pytest.mark.slow
def test_a_run_that_is_killed_loses_nothing(site: Site, tmp_path: Path) -> None:
    site.server.hold_after = 3
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "MARQUEE_HOME": str(tmp_path / "home"),
        "MARQUEE_DATA_DIR": str(tmp_path / "data"),
        "MARQUEE_TMDB_KEY": TMDB_KEY,
        "MARQUEE_TMDB_URL": site.settings.tmdb_url,
    }
    program = [sys.executable, "-c", "from marquee.cli import main; main(prog_name='marquee')", "enrich"]
    running = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        assert site.server.held.wait(60), running.communicate()
    finally:
        running.kill()
        running.communicate()
    site.server.hold_after = None
    site.server.released.set()
    stored = sorted(site.stores.enrichments.freshness(Source.TMDB))
    assert stored == [1, 2, 3]
    assert site.without(omdb_key=None).run().figures["tmdb_found"] == 2


def test_a_wrong_key_ends_the_run_at_once(site: Site) -> None:
    wrong = site.server.settings(
        **{name: getattr(site.settings, name) for name in ("home", "data_dir")}, tmdb_key="x" * 32
    )
    with pytest.raises(InvalidSettings, match="MARQUEE_TMDB_KEY"):
        replace(site, settings=wrong).run()
    assert len(site.server.asked) == 1


def test_the_daily_limit_of_omdb_counts_over_runs(site: Site) -> None:
    limited = site.without(omdb_per_day=2)
    assert limited.run().figures["omdb_due"] == 2
    assert limited.run().figures["omdb_due"] == 0
    assert site.without(omdb_per_day=4).run().figures["omdb_due"] == 2


def test_an_exhausted_quota_is_no_failure(site: Site) -> None:
    site.server.faults = [None] * 6 + [Fault(401, content={"Response": "False", "Error": "Request limit reached!"})]
    work = Working()
    figures = site.run(work).figures
    assert (figures["omdb_found"], figures["omdb_failed"]) == (1, 0)
    assert any("no requests are left for today" in sentence for sentence in work.said)


def test_one_movie_is_fetched_whatever_its_age(site: Site) -> None:
    for _ in range(2):
        assert site.run(movie=4).figures["tmdb_found"] == 1
    assert site.asked("/3/") == ["/3/movie/4"] * 2
    with pytest.raises(NotFound, match="no movie has the id 77"):
        site.run(movie=77)


def test_a_dry_run_calls_nobody(site: Site) -> None:
    assert site.run(dry_run=True).figures["tmdb_due"] == 5
    assert site.server.asked == []


def test_other_regions_are_fetched_again(site: Site) -> None:
    site.without(omdb_key=None).run()
    assert site.without(omdb_key=None, regions=("FR",)).run().figures["tmdb_found"] == 5


def test_missing_movies_come_before_outdated_ones_and_these_by_age() -> None:
    def aged(days: int, scope: str = "US") -> Freshness:
        return Freshness(NOW - timedelta(days=days), scope, EntryStatus.FOUND)

    known = {1: aged(91), 2: aged(1), 3: aged(120), 4: aged(1, "DE"), 5: aged(REFRESH_AFTER.days)}
    movies = [MovieId(number) for number in (1, 2, 6, 3, 4, 5, 7)]
    given = {"scope": "US", "at": NOW}
    wanted = {MovieId(number): freshness for number, freshness in known.items()}
    assert enrichment.due(movies, wanted, limit=100, **given) == [6, 7, 3, 1, 5, 4]  # type: ignore[arg-type]
    assert enrichment.due(movies, wanted, limit=3, **given) == [6, 7, 3]  # type: ignore[arg-type]


def test_the_index_is_built_again_only_if_something_changed_that_it_contains(site: Site) -> None:
    def queued() -> list[tuple[str, dict[str, Any]]]:
        found = [(run.job, dict(run.parameters)) for run in site.stores.jobs.queued()]
        for run in site.stores.jobs.queued():
            site.stores.jobs.cancel(run.id, at=now())
        return found

    site.run()
    assert queued() == [("refresh-catalogue", {"anyway": True})]
    site.server.movies[1]["videos"] = {"results": []}
    site.server.titles["tt0000001"]["Plot"] = "Another plot."
    site.run(movie=1)
    assert queued() == []
    site.server.movies[1]["poster_path"] = "/new.jpg"
    site.run(movie=1)
    assert queued() == [("refresh-catalogue", {"anyway": True})]


def test_second_plots_cause_a_build_once_almost_all_movies_have_one(site: Site) -> None:
    alone = site.without(tmdb_key=None, omdb_per_day=1)
    site.without(omdb_key=None).run()
    for run in site.stores.jobs.queued():
        site.stores.jobs.cancel(run.id, at=now())
    for limit in range(1, 6):
        assert site.stores.jobs.queued() == []
        alone.without(omdb_per_day=limit).run()
    assert [run.job for run in site.stores.jobs.queued()] == ["refresh-catalogue"]


def test_cleaning_up_deletes_entries_that_the_terms_forbid_to_keep(site: Site) -> None:
    from engine import cleanup  # noqa: PLC0415

    old = Entry(MovieId(1), Source.TMDB, EntryStatus.FOUND, now() - timedelta(days=181), "US", {})
    site.stores.enrichments.write(old)
    site.stores.enrichments.write(replace(old, movie=MovieId(2), fetched_at=now() - timedelta(days=170)))
    context = wiring.job_context(site.settings, site.stores, now)
    assert cleanup.run(context, Working(), parameters={}).figures["enrichments"] == 1
    assert list(site.stores.enrichments.freshness(Source.TMDB)) == [2]


@pytest.mark.slow
def test_the_command_shows_progress_and_figures_and_no_key(site: Site) -> None:
    ran = CliRunner().invoke(cli.main, ("enrich", "--limit", "3"), obj=Parts(settings=lambda: site.settings))
    assert ran.exit_code == 0, ran.output
    assert "enrich, run 1: done" in ran.stdout
    assert "  tmdb_found: 3" in ran.stdout
    assert "TMDB: 3 movies were due, 3 found" in ran.stderr
    site.server.always = Fault(500)
    failed = CliRunner().invoke(cli.main, ("enrich", "--movie", "1"), obj=Parts(settings=lambda: site.settings))
    run = site.stores.jobs.get(site.stores.jobs.runs()[0].id)
    for text in (ran.output, failed.output, run.log, run.error):
        assert TMDB_KEY not in text
        assert OMDB_KEY not in text


def test_the_command_needs_a_key(site: Site) -> None:
    settings = site.without(tmdb_key=None, omdb_key=None).settings
    ran = CliRunner().invoke(cli.main, ("enrich",), obj=Parts(settings=lambda: settings))
    assert ran.exit_code == 1
    assert "set MARQUEE_TMDB_KEY or MARQUEE_OMDB_KEY" in ran.stderr
