"""Experiments with a known winner: it is found, nothing else is, and a broken splitter is not taken for an effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from core import experiments
from core.experiments import Experiment, ExperimentReport, Metric
from core.types import MovieId
from core.users import Event, EventKind, MarkKind, Preferences, UserId
from data import database
from data.database import Stores
from engine.experiments import assignment, report
from engine.experiments.exposure_recorder import ExposureRecorder
from engine.experiments.plan import Part, Plan
from engine.experiments.report import Experiments
from tests import databases
from tests.engine.experiments.worlds import BEGUN, exposed_users, visits

VERSION = "20261121-143000-123456"
RANKER = f"ranker: published=.5, {VERSION}=.5"
DRAFTS = f"drafts: interleave(published, {VERSION})=1"
PUBLISHED_NOW = "20261101-020000-000000"
LATER = BEGUN + timedelta(days=1)
NAMES = count(1)


def one(text: str) -> Experiment:
    (found,) = experiments.parse(text)
    return found


def played(seed: int, chances: Mapping[str, float], *, users: int = 600, text: str = RANKER) -> ExperimentReport:
    experiment = one(text)
    exposed = exposed_users(experiment, users, first=1 + seed * users)
    return report.judge(experiment, exposed, visits(exposed, chances, np.random.default_rng(seed)))


def found_by(played: ExperimentReport, metric: Metric) -> bool:
    return any(effect.metric is metric and effect.difference.excludes_zero for effect in played.effects)


@pytest.mark.slow
@pytest.mark.parametrize("metric", [Metric.SUCCESS, Metric.CLICK_THROUGH])
def test_of_two_equal_variants_neither_wins_more_often_than_by_chance(metric: Metric) -> None:
    runs = 300
    wrong = sum(found_by(played(seed, {"published": 0.04, VERSION: 0.04}, users=300), metric) for seed in range(runs))
    assert 0.015 < wrong / runs < 0.09  # nominal: .05, three standard errors either side


@pytest.mark.slow
def test_the_better_variant_is_found_with_its_true_effect_in_the_interval() -> None:
    runs = 120
    found = [played(seed, {"published": 0.05, VERSION: 0.09}) for seed in range(runs)]
    effects = [next(one for one in each.effects if one.metric is Metric.CLICK_THROUGH) for each in found]
    assert sum(effect.difference.low > 0 for effect in effects) >= 0.95 * runs
    assert sum(effect.difference.low <= 0.04 <= effect.difference.high for effect in effects) > 0.88 * runs
    told = [one.verdict for one in found if found_by(one, Metric.CLICK_THROUGH) and not one.broken]
    assert len(told) > 0.9 * runs
    assert all(f"{VERSION}: click-through is higher" in " ".join(verdict) for verdict in told)


@pytest.mark.slow
def test_three_equal_variants_have_no_more_false_winners_than_two() -> None:
    text, chances = "three: a=.3, b=.3, c=.4", {"a": 0.04, "b": 0.04, "c": 0.04}
    runs = 200
    found = [played(seed, chances, users=300, text=text) for seed in range(runs)]
    assert found[0].level == pytest.approx(0.975)
    assert sum(found_by(one, Metric.CLICK_THROUGH) for one in found) / runs < 0.1


def test_a_splitter_that_loses_users_is_flagged_and_no_effect_is_reported() -> None:
    experiment = one(RANKER)
    exposed = exposed_users(experiment, 2000)
    whole = report.judge(
        experiment, exposed, visits(exposed, {"published": 0.05, VERSION: 0.2}, np.random.default_rng(1))
    )
    assert not whole.broken
    kept = {
        user: given for user, given in exposed.items() if given[0] == "published" or assignment.draw("lost", user) > 0.2
    }
    lossy = report.judge(experiment, kept, visits(kept, {"published": 0.05, VERSION: 0.2}, np.random.default_rng(1)))
    assert lossy.broken
    assert lossy.ratio_p is not None
    assert lossy.ratio_p < 0.001
    assert len(lossy.verdict) == 1
    assert "do not match the shares" in lossy.verdict[0]


def test_a_correct_splitter_is_hardly_ever_flagged() -> None:
    experiment = one("a: x=.7, y=.3")
    flags = [report.judge(experiment, given, visits(given, {"x": 0.1, "y": 0.1}, np.random.default_rng(seed))).broken
             for seed in range(150) for given in [exposed_users(experiment, 100, first=1 + 100 * seed)]]  # fmt: skip
    assert sum(flags) <= 1


def test_moved_users_are_left_out_and_counted_but_not_called_broken() -> None:
    """All moved users had the first variant: leaving them out changes the ratio, although no user was lost."""
    now = one("a: x=.5, y=.5")
    exposed = exposed_users(one("a: x=.9, y=.1"), 1000) | exposed_users(now, 1000, first=1001)
    outcomes = visits(exposed, {"x": 0.1, "y": 0.1}, np.random.default_rng(2))
    found = report.judge(now, exposed, outcomes)
    moved = [user for user, (name, _) in exposed.items() if getattr(assignment.assign(now, user), "name", "") != name]
    assert found.moved == len(moved) > 0
    assert sum(variant.users for variant in found.variants) == 2000 - len(moved)
    assert (found.ratio_p, found.broken) == (None, False)
    assert len(found.verdict) == 1
    assert f"{len(moved)} users saw another variant" in found.verdict[0]
    assert "no effect can be trusted" in found.verdict[0]


def test_without_users_a_report_says_so() -> None:
    found = report.judge(one(RANKER), {}, {})
    assert (found.since, found.effects, found.ratio_p, found.broken) == (None, (), None, False)
    assert found.verdict == ("No users have taken part yet.",)
    assert [dict(variant.metrics) for variant in found.variants] == [{}, {}]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """A real, empty database of each kind."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = stack.enter_context(databases.sqlite(tmp_path))
        else:
            url = stack.enter_context(databases.postgresql(request.getfixturevalue("postgres_url")))
        opened = database.open(url)
        yield opened
        database.close(opened)


def sign_up(stores: Stores, number: int) -> list[UserId]:
    made = [stores.accounts.create(f"viewer{next(NAMES)}", password_hash="-", preferences=Preferences(), at=BEGUN)
            for _ in range(number)]  # fmt: skip
    return [user.id for user in made]


def expose(stores: Stores, experiment: Experiment, users: list[UserId]) -> dict[UserId, str]:
    given = {user: variant.name for user in users if (variant := assignment.assign(experiment, user))}
    stores.exposures.add(experiment.phase, given, at=BEGUN)
    return given


def shown(stores: Stores, experiment: Experiment, users: list[UserId], *, at: datetime) -> None:
    """Each user sees their assigned variant, recorded like serving does."""
    exposing = ExposureRecorder(stores.exposures, now=lambda: at)
    for user in users:
        variant = assignment.assign(experiment, user)
        exposing.note(user, [Part(experiment, variant)] if variant else [])
    exposing.flush()


def event(
    kind: EventKind, user: UserId, movie: int, *, model: str = "", list_name: str = "for-you", minute: int = 1
) -> Event:
    return Event(kind, BEGUN + timedelta(minutes=minute), user, MovieId(movie), list=list_name, position=1, model=model)


def reported(stores: Stores, text: str, *, at: datetime = LATER) -> ExperimentReport:
    (found,) = Experiments(Plan.of(text), stores, now=lambda: at).reports()
    return found


def test_through_real_stores_the_better_model_is_found(stores: Stores) -> None:
    experiment, random = one(RANKER), np.random.default_rng(7)
    given = expose(stores, experiment, sign_up(stores, 160))
    events = []
    for user, variant in given.items():
        events += [event(EventKind.IMPRESSION, user, movie) for movie in range(1, 11)]
        clicks = random.binomial(10, 0.05 if variant == "published" else 0.25)
        events += [event(EventKind.CLICK, user, movie) for movie in range(1, clicks + 1)]
    stores.events.add(events)
    found = reported(stores, RANKER)
    assert [variant.users for variant in found.variants] == [
        list(given.values()).count(name) for name in ("published", VERSION)
    ]
    assert sum(variant.impressions for variant in found.variants) == 1600
    assert found_by(found, Metric.CLICK_THROUGH)
    assert found_by(found, Metric.SUCCESS)
    assert found.since == BEGUN


def test_through_real_stores_the_better_drafter_wins(stores: Stores) -> None:
    experiment, random = one(DRAFTS), np.random.default_rng(8)
    users = list(expose(stores, experiment, sign_up(stores, 60)))
    events = []
    for user in users:
        for movie in range(1, 11):
            model = VERSION if movie % 2 else PUBLISHED_NOW
            events.append(event(EventKind.IMPRESSION, user, movie, model=model))
            if random.random() < (0.3 if movie % 2 else 0.05):
                events.append(event(EventKind.CLICK, user, movie, model=model))
    stores.events.add(events)
    found = reported(stores, DRAFTS)
    assert found.drafted is not None
    assert found.drafted.winner == VERSION
    assert found.drafted.wins[1] > found.drafted.wins[0]
    assert found.drafted.credits[0] > 0
    assert f"{VERSION} is better" in " ".join(found.verdict)


def lists_of(
    users: list[UserId], models: tuple[str, ...], random: np.random.Generator, *, day: int, list_name: str = "for-you"
) -> list[Event]:
    """Each user reads a list of eight equally good movies that the models filled in turn."""
    found = []
    for user in users:
        for place in range(8):
            model, minute = models[place % len(models)], day * 24 * 60
            movie = 1 + day * 8 + place
            found.append(event(EventKind.IMPRESSION, user, movie, model=model, list_name=list_name, minute=minute))
            if random.random() < 0.2:
                found.append(event(EventKind.CLICK, user, movie, model=model, list_name=list_name, minute=minute + 1))
    return found


@pytest.mark.parametrize("alone", [VERSION, "20261130-020000-000000"], ids=["published", "missing while another is"])
def test_lists_of_one_model_alone_count_for_neither(stores: Stores, alone: str) -> None:
    """While the experiment is paused, all users get the published model: the version itself, or any other."""
    users, random = list(expose(stores, one(DRAFTS), sign_up(stores, 120))), np.random.default_rng(11)
    for day in (0, 1):
        stores.events.add(lists_of(users, (PUBLISHED_NOW, VERSION), random, day=day))
    before = reported(stores, DRAFTS, at=BEGUN + timedelta(days=2)).drafted
    assert before is not None
    assert (before.winner, before.until) == ("", None)
    for day in (2, 3, 4):
        stores.events.add(lists_of(users, (alone,), random, day=day))
    found = reported(stores, DRAFTS, at=BEGUN + timedelta(days=6))
    assert found.drafted is not None
    assert (found.drafted.credits, found.drafted.wins) == (before.credits, before.wins)
    assert found.drafted.until == BEGUN + timedelta(days=1, minutes=1)
    assert "It stopped: the last interleaved list was shown on 2026-03-02 at 08:01 UTC" in " ".join(found.verdict)


def test_interleaving_continues_to_count_after_a_pause(stores: Stores) -> None:
    users, random = list(expose(stores, one(DRAFTS), sign_up(stores, 30))), np.random.default_rng(12)
    counted = []
    for day, models in enumerate([(PUBLISHED_NOW, VERSION), (VERSION,), ("20261130-020000-000000", VERSION)]):
        stores.events.add(lists_of(users, models, random, day=day))
        found = reported(stores, DRAFTS, at=BEGUN + timedelta(days=day + 1)).drafted
        assert found is not None
        assert found.until is None
        counted.append(found.credits)
    assert counted[0] == counted[1]
    assert all(later > earlier for later, earlier in zip(counted[2], counted[1], strict=True))


def test_ratings_count_until_the_user_gets_a_list_of_one_model(stores: Stores) -> None:
    ann, ben = expose(stores, one(DRAFTS), sign_up(stores, 2))
    random = np.random.default_rng(13)
    shown = [made for made in lists_of([ann, ben], (PUBLISHED_NOW, VERSION), random, day=0)
             if made.kind is EventKind.IMPRESSION]  # fmt: skip
    stores.events.add(shown)
    alone = [event(EventKind.IMPRESSION, ann, movie, model=VERSION, minute=24 * 60) for movie in (2, 4)]
    stores.events.add(alone)
    for user in (ann, ben):
        stores.diaries.rate(user, {MovieId(2): 5.0}, at=BEGUN + timedelta(days=2))
    found = reported(stores, DRAFTS, at=BEGUN + timedelta(days=3))
    assert found.drafted is not None
    assert found.drafted.credits == (0, 1)


def test_cards_to_swipe_count_for_neither_model(stores: Stores) -> None:
    """Half of the cards are well-known movies that no model drafted, with the first model's name."""
    users, random = list(expose(stores, one(DRAFTS), sign_up(stores, 40))), np.random.default_rng(14)
    deck = (PUBLISHED_NOW, PUBLISHED_NOW, PUBLISHED_NOW, VERSION)
    stores.events.add(lists_of(users, deck, random, day=0, list_name="swipe"))
    found = reported(stores, DRAFTS)
    assert found.drafted is not None
    assert (found.drafted.credits, found.drafted.winner) == ((0, 0), "")


@pytest.mark.parametrize(
    ("before", "after"),
    [("a: x=.9, y=.1", "a: x=.5, y=.5"), (RANKER, RANKER.replace(VERSION, "20261201-000000-000000"))],
    ids=["shares", "version"],
)
def test_a_changed_experiment_starts_again_under_its_old_name(stores: Stores, before: str, after: str) -> None:
    users, changed = sign_up(stores, 240), BEGUN + timedelta(days=30)
    shown(stores, one(before), users[:200], at=BEGUN)
    stores.events.add([event(EventKind.CLICK, user, 1) for user in users[:200]])
    shown(stores, one(after), users[40:], at=changed)
    minute = 30 * 24 * 60 + 1
    stores.events.add([event(EventKind.IMPRESSION, user, 2, minute=minute) for user in users])
    found = reported(stores, after, at=changed + timedelta(days=1))
    assert (found.experiment.name, found.since, found.moved) == (one(before).name, changed, 0)
    assert [variant.users for variant in found.variants] == [
        sum(assigned(one(after), user) == variant.name for user in users[40:]) for variant in one(after).variants
    ]
    assert (found.broken, found.ratio_p is not None) == (False, True)
    assert (sum(each.clicks for each in found.variants), sum(each.impressions for each in found.variants)) == (0, 200)
    assert reported(stores, before, at=changed + timedelta(days=1)).since == BEGUN


def test_order_of_variants_and_format_of_shares_do_not_change_the_phase() -> None:
    phases = [one(text).phase for text in ("a: x=.5, y(cold_share=.2)=.5", "a: y(cold_share=0.20)=0.5, x=.50")]
    assert phases[0] == phases[1]
    others = ("a: x=.5, y(cold_share=.3)=.5", "a: x=.5, y=.5", "a: x=.4, y(cold_share=.2)=.5",
              "b: x=.5, y(cold_share=.2)=.5", f"a: x=.5, y(cold_share=.2, model={VERSION})=.5")  # fmt: skip
    assert len({phases[0], *(one(text).phase for text in others)}) == 6
    assert experiments.name_of(phases[0]) == experiments.name_of("a") == "a"


def test_only_actions_after_exposure_in_affected_lists_count(stores: Stores) -> None:
    experiment = one(RANKER)
    ann, ben, cleo = sign_up(stores, 3)
    stores.exposures.add(experiment.phase, {ann: assigned(experiment, ann)}, at=BEGUN)
    stores.exposures.add(experiment.phase, {cleo: assigned(experiment, cleo)}, at=BEGUN + timedelta(minutes=9))
    stores.events.add([
        event(EventKind.CLICK, ann, 1, minute=-5),
        event(EventKind.CLICK, ann, 2, list_name="similar"),
        event(EventKind.IMPRESSION, ann, 3),
        event(EventKind.CLICK, ben, 3),
        event(EventKind.CLICK, cleo, 4, minute=8),
    ])  # fmt: skip
    found = reported(stores, RANKER)
    assert sum(variant.impressions for variant in found.variants) == 1
    assert sum(variant.clicks for variant in found.variants) == 0
    assert all(not variant.metrics or variant.metrics[Metric.SUCCESS] == 0 for variant in found.variants)


def test_a_movie_rated_well_or_listed_after_being_shown_is_a_success_of_its_variant(stores: Stores) -> None:
    experiment = one(DRAFTS)
    ann, ben, cleo = sign_up(stores, 3)
    expose(stores, experiment, [ann, ben, cleo])
    for user, movie in ((ann, 1), (ben, 2), (cleo, 3)):
        stores.events.add([event(EventKind.IMPRESSION, user, movie, model=VERSION),
                           event(EventKind.IMPRESSION, user, 50, model=PUBLISHED_NOW)])  # fmt: skip
    after = BEGUN + timedelta(hours=1)
    stores.diaries.rate(ann, {MovieId(1): 4.5, MovieId(9): 5.0}, at=after)
    stores.diaries.mark(ben, MarkKind.WATCHLIST, [MovieId(2)], on=True, at=after)
    stores.diaries.rate(cleo, {MovieId(3): 2.0}, at=after)
    found = reported(stores, DRAFTS)
    assert found.drafted is not None
    assert (found.drafted.credits, found.drafted.wins, found.drafted.ties) == ((0, 2), (0, 2), 1)
    (variant,) = found.variants
    assert variant.metrics[Metric.RATED_WELL] == pytest.approx(1 / 3)
    assert variant.metrics[Metric.SUCCESS] == pytest.approx(2 / 3)


def test_reports_are_recomputed_once_they_are_old(stores: Stores) -> None:
    now = [LATER]
    made = Experiments(Plan.of(RANKER), stores, now=lambda: now[0])
    assert made.reports()[0].since is None
    expose(stores, one(RANKER), sign_up(stores, 1))
    assert made.reports()[0].since is None
    now[0] += report.FRESH
    assert made.reports()[0].since == BEGUN


def assigned(experiment: Experiment, user: UserId) -> str:
    variant = assignment.assign(experiment, user)
    assert variant is not None
    return variant.name
