"""Experiments in real lists: the sample, two models really trained, a real database."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from core.config import Settings
from core.errors import Busy
from core.recommendations.records import RecommendationRequest
from core.types import Filters, SearchRequest
from core.users import Preferences, User
from data import database
from data.database import Stores
from engine import wiring
from engine.experiments import assignment
from engine.experiments.plan import Plan
from engine.experiments.request_variant import Serving
from engine.recommender.models import sparse_rows
from engine.recommender.recommendation import Recommend
from engine.services import Services
from tests import databases, sample

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = count(1)
MISSING = "20200101-000000-000000"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A writable copy of the trained sample."""
    shared = sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained")
    return Path(shutil.copytree(shared.home, tmp_path_factory.mktemp("experiments") / "home"))


@pytest.fixture(scope="module")
def challenger(home: Path) -> str:
    """A second model that ranks in reverse order."""
    registry = wiring.models(Settings(home=home))
    loaded = registry.load()
    model = loaded.model
    everything = np.arange(len(model.ease.rows))
    other = replace(
        model,
        version=registry.new_version(),
        als=replace(model.als, factors=np.ascontiguousarray(model.als.factors[::-1])),
        ease=replace(model.ease, rows=sparse_rows.of_dense(model.ease.rows.dense(everything, everything)[::-1])),
    )
    return registry.add(other, dict(loaded.manifest), known=loaded.demo_users)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """A real database."""
    opened = databases.open_new(f"sqlite:///{tmp_path_factory.mktemp('people') / 'people.sqlite'}")
    yield opened
    database.close(opened)


def built(home: Path, stores: Stores, experiments: str) -> tuple[Services, Recommend]:
    """Services with experiments whose models are loaded."""
    made = wiring.build(Settings(home=home, offline=True, experiments=experiments), stores=stores)
    recommend = made.recommending
    assert isinstance(recommend, Recommend)
    if recommend.experiments:
        recommend.experiments.versions.settle()
    return made, recommend


def exposures(recommend: Recommend, stores: Stores, name: str) -> dict[int, str]:
    assert recommend.experiments is not None
    recommend.experiments.exposing.flush()
    (phase,) = [one.phase for one in recommend.experiments.plan.experiments if one.name == name]
    return {int(user): variant for user, (variant, _) in stores.exposures.read(phase).items()}


def newcomer(stores: Stores, *, keep_events: bool = True) -> User:
    preferences = Preferences(keep_events=keep_events)
    return stores.accounts.create(f"viewer{next(NAMES)}", password_hash="-", preferences=preferences, at=NOW)


def fan(services: Services, stores: Stores, *, keep_events: bool = True) -> User:
    """A user who loves the best-known science fiction."""
    user = newcomer(stores, keep_events=keep_events)
    for hit in services.search.run(SearchRequest(filters=Filters(genres=("Science Fiction",)), size=8)).hits:
        services.diaries.rate(user, hit.movie.id, 5.0)
    return user


def fan_of(variant: str, text: str, services: Services, stores: Stores) -> User:
    """Such a fan with this variant."""
    (experiment,) = Plan.of(text).experiments
    while True:
        user = newcomer(stores)
        given = assignment.assign(experiment, user.id)
        if given is not None and given.name == variant:
            for hit in services.search.run(SearchRequest(filters=Filters(genres=("Science Fiction",)), size=8)).hits:
                services.diaries.rate(user, hit.movie.id, 5.0)
            return user


def test_the_variant_decides_which_model_serves_and_the_response_names_it(
    home: Path, challenger: str, stores: Stores
) -> None:
    text = f"ranker: published=.5, {challenger}=.5"
    services, recommend = built(home, stores, text)
    published = recommend.version()
    usual, treated = (fan_of(name, text, services, stores) for name in ("published", challenger))
    lists = {user.id: recommend.for_user(user, RecommendationRequest(size=10)) for user in (usual, treated)}
    assert lists[usual.id].model == published
    assert lists[treated.id].model == challenger == recommend.version(treated)
    assert {item.model for item in lists[treated.id].items} == {challenger}
    assert [item.movie.id for item in lists[usual.id].items] != [item.movie.id for item in lists[treated.id].items]
    assert {item.model for row in recommend.home(treated) for item in row.items} == {challenger}
    seen = exposures(recommend, stores, "ranker")
    assert (seen[usual.id], seen[treated.id]) == ("published", challenger)


def test_only_users_who_see_a_difference_are_exposed(home: Path, challenger: str, stores: Stores) -> None:
    name = "shown"
    services, recommend = built(home, stores, f"{name}: published=.5, {challenger}=.5")
    stranger, private, idle = newcomer(stores), fan(services, stores, keep_events=False), fan(services, stores)
    for user in (stranger, private):
        recommend.for_user(user, RecommendationRequest())
        recommend.home(user)
    recommend.for_name(str(idle.id), RecommendationRequest())
    recommend.predict(
        str(idle.id), [item.movie.id for item in recommend.for_guest({}, RecommendationRequest(size=2)).items]
    )
    assert exposures(recommend, stores, name) == {}
    assert recommend.for_user(private, RecommendationRequest()).model == recommend.version()
    recommend.deck(idle)
    assert set(exposures(recommend, stores, name)) == {idle.id}


def test_an_interleaved_list_has_movies_of_both_models_and_is_stable_for_a_day(
    home: Path, challenger: str, stores: Stores
) -> None:
    services, recommend = built(home, stores, f"drafts: interleave(published, {challenger})=1")
    user = fan(services, stores)
    found = recommend.for_user(user, RecommendationRequest(size=20))
    assert found.model == recommend.version()
    teams = [item.model for item in found.items]
    assert set(teams) == {recommend.version(), challenger}
    assert abs(teams.count(challenger) - 10) <= 1
    assert len({item.movie.id for item in found.items}) == 20
    pages = [recommend.for_user(user, RecommendationRequest(size=5, offset=offset)).items for offset in (0, 5, 10)]
    flat = [(item.movie.id, item.model) for page in pages for item in page]
    assert flat == [(item.movie.id, item.model) for item in found.items[:15]]
    assert exposures(recommend, stores, "drafts") == {user.id: "interleave"}


def test_each_movie_of_interleaved_rows_is_explained_by_the_model_that_chose_it(
    home: Path, challenger: str, stores: Stores
) -> None:
    services, recommend = built(home, stores, f"reasons: interleave(published, {challenger})=1")
    user = fan(services, stores)
    first = recommend.rows(user, RecommendationRequest(size=12))[0][0]
    usual = recommend.read(user)
    rival = replace(usual, model=wiring.models(Settings(home=home)).load(challenger).model)
    assert {item.model for item in first.items} == {recommend.version(), challenger}
    for item in first.items:
        context = rival if item.model == challenger else usual
        alone = recommend.lists.reasons.recommend([item.movie.id], [item.score], reading=context)[0]
        assert item.explanation.predicted == alone.explanation.predicted
        assert item.explanation.sentences == alone.explanation.sentences


def test_an_interleaved_list_changes_at_midnight_of_the_user(home: Path, challenger: str, stores: Stores) -> None:
    services, recommend = built(home, stores, f"days: interleave(published, {challenger})=1")
    user = fan(services, stores)
    experiments = recommend.experiments
    assert experiments is not None

    def teams(at: datetime, zone: str) -> list[str]:
        dated = replace(recommend, experiments=replace(experiments, now=lambda: at))
        someone = replace(user, preferences=replace(user.preferences, time_zone=zone))
        return [item.model for item in dated.for_user(someone, RecommendationRequest(size=40)).items]

    night = datetime(2027, 11, 7, 6, 59, tzinfo=UTC)  # 23:59 on the 6th in Los Angeles, 19:59 on the 7th in Auckland
    later = night + timedelta(minutes=1)
    assert teams(night, "America/Los_Angeles") != teams(later, "America/Los_Angeles")
    assert teams(later, "America/Los_Angeles") == teams(later, "Pacific/Auckland") == teams(night, "Pacific/Auckland")


def test_settings_may_differ_between_variants(home: Path, stores: Stores) -> None:
    text = "newness: control=.5, bold(cold_share=.5)=.5; plain: control=.5, off(search_taste=0)=.5"
    services, recommend = built(home, stores, text)
    newness, plain = (part.strip() for part in text.split(";"))
    bold, control = (fan_of(name, newness, services, stores) for name in ("bold", "control"))
    assert recommend.experiments is not None
    usual = [Serving(recommend.read(who), recommend.lists) for who in (bold, control)]
    served = [recommend.experiments.serve(who, one) for who, one in zip((bold, control), usual, strict=True)]
    assert [one.lists.cold_share for one in served] == [0.5, recommend.lists.cold_share]
    off, on = (fan_of(name, plain, services, stores) for name in ("off", "control"))
    request = SearchRequest(query="a crew in danger far from home", size=20)
    moved = [any(hit.reason.taste for hit in services.search.run(request, user=who).hits) for who in (off, on)]
    assert moved == [False, True]
    assert exposures(recommend, stores, "plain") == {off.id: "off", on.id: "control"}


def test_an_experiment_with_a_missing_model_is_paused_and_logged_once(
    home: Path, stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "marquee.experiments"):
        services, recommend = built(home, stores, f"gone: published=.5, {MISSING}=.5")
        users = [fan(services, stores) for _ in range(3)]
        assert {recommend.for_user(user, RecommendationRequest()).model for user in users} == {recommend.version()}
    assert exposures(recommend, stores, "gone") == {}
    assert [record.getMessage() for record in caplog.records if MISSING in record.getMessage()] == [
        record.getMessage() for record in caplog.records
    ][:1]


def test_an_experiment_ends_once_its_model_is_published(home: Path, challenger: str, stores: Stores) -> None:
    published = wiring.models(Settings(home=home)).current()
    services, recommend = built(
        home, stores, f"over: published=.5, {published}=.5; draft: interleave(published, {challenger})=1"
    )
    user = fan(services, stores)
    recommend.for_user(user, RecommendationRequest())
    assert exposures(recommend, stores, "over") == {}


def test_models_in_experiments_are_neither_pruned_nor_deleted(home: Path, challenger: str) -> None:
    registry = wiring.models(Settings(home=home, experiments=f"ranker: published=.5, {challenger}=.5"))
    assert challenger not in registry.prune(1)
    assert challenger in registry.versions()
    with pytest.raises(Busy, match="is used by an experiment"):
        registry.delete(challenger)


def test_without_experiments_nothing_changes(home: Path, stores: Stores) -> None:
    services, recommend = built(home, stores, "")
    assert recommend.experiments is None
    assert services.experiments.reports() == []
