"""A site whose pages all have content: users with a diary, lists, followers and imports, models, runs and reports."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyotp
from pydantic import SecretStr

from core.config import Settings
from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
from core.enrichment.records import Collection, CollectionPart, Extras, Provider, ProviderKind, TmdbExtras
from core.jobs.runs import Outcome
from core.social.moderation import ReportKind, ReportReason
from core.social.profiles import ProfileSettings, Visibility
from core.sync.records import WebhookEvent
from core.types import MovieId
from core.users import MarkKind, Preferences, User
from data import database
from data.database import Stores
from engine import wiring
from engine.accounts.accounts import Accounts
from engine.accounts.email_recovery import Text
from engine.operations import LEASE, Operations
from engine.services import Services
from tests import databases, fakes
from tests.fake_jobs import VERSIONS
from tests.webapp.signed_in import CHEAP

PASSWORD = "correct horse battery"
KEY = "k" * 40
MOVIE = MovieId(19)
FIRST = date(2026, 1, 2)
NAMES = ("Ada", "Wilma", "Greta", "Grace", "Otto")
"""A user, one who shares everything, one who asks to follow, the administrator, and one with a second factor."""
LOSS = {"loss": {"als": [3.1, 2.2, 1.9, 1.8], "ratings": [0.95, 0.91, 0.9, 0.9]}}


@dataclass
class FullSite:
    """Services with content, the people who use them, and what the addresses of pages are made of."""

    services: Services
    stores: Stores
    people: Mapping[str, User]
    movies: Sequence[MovieId]
    sent: list[str]
    """The emails that were sent."""
    parts: dict[str, object] = field(default_factory=dict)
    """Numbers and secrets in the addresses of pages, by name."""


@contextmanager
def opened(home: Path, folder: Path) -> Iterator[FullSite]:
    """A site with the sample catalogue and the model in `home`, and its own users."""
    stores, sent = databases.open_new(f"sqlite:///{folder / 'people.sqlite'}"), list[str]()
    settings = Settings(
        home=home, offline=True, rate_limits=False, secret_key=SecretStr(KEY), regions=("US",),
        smtp_url=SecretStr("smtp://localhost:1"), site_url="http://localhost", tmdb_key=SecretStr("0" * 32),
    )  # fmt: skip
    services = _services(settings, stores, lambda _to, _subject, text: sent.append(text))
    people = {name: services.accounts.sign_up(name, PASSWORD) for name in NAMES}
    starters = services.recommending.starters(people["Ada"], size=30)
    site = FullSite(services, stores, people, (MOVIE, *(movie.id for movie in starters if movie.id != MOVIE)), sent)
    for fill in (_taste, _diary, _lists, _social, _imports, _connections, _second_factor, _recovery, _operations):
        fill(site)
    yield site
    services.accounts.recovery.close()
    database.close(stores)


def _services(settings: Settings, stores: Stores, send: Callable[[str, str, str], None]) -> Services:
    """Real services over the sample; models, figures and experiments are made up, as training takes long."""
    built, fake = wiring.build(settings, stores=stores), fakes.services(settings=settings)
    movies = built.movies.home_rows()[0].movies
    trending: Any = fakes.FakeTrending(movies)
    asking: Any = fakes.FakeAsking(movies)
    known: Any = fake.extras
    known.known[MOVIE] = _extras()
    return replace(
        built,
        accounts=Accounts(stores, hashing=CHEAP, key=lambda: KEY, site_url=settings.site_url, send=send),
        trending=trending,
        extras=known,
        question_answering=asking,
        **{name: getattr(fake, name) for name in ("lifecycle", "experiments", "reports", "activity", "understandings")},
    )


def _extras() -> Extras:
    offers = tuple(Provider(name=kind.value.title(), kind=kind) for kind in ProviderKind)
    parts = (
        CollectionPart(id=MOVIE, title="Metropolis", year=1927),
        CollectionPart(id=1, title="A Lost One", year=1930),
    )
    collection = Collection(id=9, name="Cities of the Future", parts=parts)
    return Extras(TmdbExtras(certificates={"US": "PG"}, providers={"US": offers}, collection=collection))


def _taste(site: FullSite) -> None:
    """Ada has rated a dozen movies and marked others."""
    diaries, ada = site.services.diaries, site.people["Ada"]
    site.people = MappingProxyType(
        {**site.people, "Ada": site.services.accounts.prefer(ada, Preferences(genres=("Drama",)))}
    )
    for movie, stars in zip(site.movies, (5, 4.5, 4, 2, 1, 5, 4, 3, 2.5, 4, 0.5, 4.5), strict=False):
        diaries.rate(ada, movie, stars)
    for movie in site.movies[12:18]:
        diaries.mark(ada, movie, MarkKind.WATCHLIST, on=True)
    for movie in site.movies[:5]:
        diaries.mark(site.people["Wilma"], movie, MarkKind.FAVOURITE, on=True)
    diaries.review(ada, MOVIE, "Better every time.")


def _diary(site: FullSite) -> None:
    """Ada watched a movie every three days, some of them twice, and wants to watch 52 in the year."""
    watches, ada = site.services.watches, site.people["Ada"]
    for number in range(40):
        entry = WatchEntry(
            movie=site.movies[number % len(site.movies)],
            day=FIRST + timedelta(days=3 * number),
            rewatch=number >= len(site.movies),
            stars=(number % 10 + 1) / 2 if number % 3 else None,
            note="" if number % 4 else "Saw it with Bob.\nBetter every time.",
        )
        logged = watches.log(ada, entry)
    watches.set_goal(ada, FIRST.year, 52)
    site.parts["watch"] = logged.id


def _lists(site: FullSite) -> None:
    """Ada has a list that others see, to which she invites."""
    lists, ada = site.services.lists, site.people["Ada"]
    made = lists.create(ada, ListDetails(name="Rainy Sundays", description="When it rains.", public=True))
    for movie in site.movies[20:28]:
        lists.put(ada, made.id, movie, "With tea.")
    lists.join(site.people["Wilma"], lists.invite(ada, made.id))
    lists.take_part(ada, made.id, on=True)
    lists.create(ada, ListDetails(name="Empty", description="", public=False))
    theirs = lists.create(site.people["Wilma"], ListDetails(name="Night Trains", description="", public=True))
    lists.put(site.people["Wilma"], theirs.id, MOVIE)
    site.parts |= {"list": made.id, "invitation": lists.invite(site.people["Wilma"], theirs.id)}


def _social(site: FullSite) -> None:
    """Ada follows Wilma, who shares everything; Greta asks to follow Ada, and reported Wilma."""
    social, wilma, ada = site.services.social, site.people["Wilma"], site.people["Ada"]
    shared = ProfileSettings(
        visibility=Visibility.PUBLIC, bio="Silent films, and coffee.", ratings=True, diary=True, reviews=True,
        lists=True, favourites=tuple(site.movies[:4]),
    )  # fmt: skip
    social.profiles.set(wilma, shared)
    social.profiles.set(ada, replace(shared, approve_followers=True, favourites=()))
    for number, movie in enumerate(site.movies[:12]):
        note = "The machines are the stars, and the city is the plot. " * 3
        entry = WatchEntry(movie=movie, day=FIRST + timedelta(days=number), stars=(number % 5) + 1.0, note=note)
        logged = site.services.watches.log(wilma, entry)
        if number % 3 == 0:
            published = social.reviews.publish(wilma, logged.id, spoilers=number % 2 == 1)
            site.parts.setdefault("review", published.id)
    social.connections.follow(ada, "Wilma")
    social.connections.follow(site.people["Greta"], "Ada")
    social.moderation.report(site.people["Greta"], ReportKind.PROFILE, "Wilma", ReportReason.SPAM, "Look at the bio.")


def _imports(site: FullSite) -> None:
    """Ada has the preview of an import, with a row that matches nothing and a bad one."""
    rows = (
        "2024-01-01,Metropolis,1927,u,4.5",
        "2024-01-02,Nowhere to be Found,1999,u,3",
        "2024-01-03,Metropolis,1927,u,99",
    )
    content = io.BytesIO("\n".join(("Date,Name,Year,Letterboxd URI,Rating", *rows, "")).encode())
    preview = site.services.imports.open(site.people["Ada"], content, name="ratings.csv")
    site.parts |= {"draft": preview.id, "line": len(preview.plan.lines)}


def _connections(site: FullSite) -> None:
    """Ada has a webhook."""
    made, _ = site.services.webhooks.add(
        site.people["Ada"], "https://example.org/hook", frozenset({WebhookEvent.RATING})
    )
    site.parts["webhook"] = made.id


def _second_factor(site: FullSite) -> None:
    factors, otto = site.services.accounts.second_factors, site.people["Otto"]
    setup = factors.begin_totp(otto)
    factors.confirm_totp(otto, setup.secret, pyotp.TOTP(setup.key).now())


def _recovery(site: FullSite) -> None:
    """Greta asked for a new password; the link is in the email."""
    recovery = site.services.accounts.recovery
    found = site.people["Greta"]
    recovery.ask_address(
        found, "greta@example.org", texts={"en": Text("s", "%(link)s")}, path="/account?secret=", language="en"
    )
    recovery.flush()
    recovery.confirm_address(found, site.sent[-1].partition("secret=")[2])
    recovery.ask_reset("Greta", texts={"en": Text("s", "%(link)s")}, path="/reset-password?secret=", language="en")
    recovery.flush()
    site.parts["secret"] = site.sent[-1].partition("secret=")[2]


def _operations(site: FullSite) -> None:
    """Grace is an administrator; one run is done and one has failed."""
    site.services.understandings.label("a witty heist", "wish", "mood:funny", by=site.people["Grace"])
    stores, grace, now = site.stores, site.people["Grace"], datetime.now(UTC)
    stores.accounts.set_administrator(grace.id, True)
    stores.leases.acquire(LEASE, holder="here:1:a", at=now, until=now + timedelta(hours=1))
    operations = Operations(stores)
    operations.enqueue("retrain", parameters={"factors": 32}, by=grace)
    run = stores.jobs.start("retrain", holder="here:1:a", at=now)
    stores.jobs.progress(run.id, figures=LOSS, lines="learning from 1,200 ratings\n" * 30)
    stores.jobs.finish(run.id, outcome=Outcome.DONE, at=now + timedelta(seconds=75), figures={"ndcg@10": 0.31})
    failed = stores.jobs.start("implicit-feedback", holder="here:1:a", at=now)
    stores.jobs.finish(failed.id, outcome=Outcome.FAILED, at=now, error="Traceback …\nOSError: no space left")
    newest, current, _ = (version.version for version in VERSIONS)
    site.parts |= {"run": run.id, "newest": newest, "current": current}
