"""A site with made-up users who rate, keep a diary and lists, and follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
from core.social.profiles import ProfileSettings, Visibility
from core.types import MovieId
from core.users import MarkKind, Preferences, User
from data.database import Stores
from engine.accounts.accounts import Accounts
from engine.clock import now

USERS, VISITORS = 1_000, 20
"""Users of the site, and those among them whose pages are measured."""
RATINGS, WATCHES, LISTED, MARKED = 120, 60, 30, 40
"""Entries of an average user; the number of ratings varies by a factor of 1/8 to 8, as people do."""
LISTS = 2
FOLLOWED, PUBLIC = 20, 0.5
"""Users that each user follows, and the share of users with a public profile that shows everything."""
SPREAD = 1.0
"""Standard deviation of the logarithm of the number of ratings."""
MOST = 8.0
NOISE = 0.8
YEARS, DAYS = 3, 80
"""Watchings are on so many different days within so many years."""
PASSWORD = "a password for measurements"  # noqa: S105 - of made-up users in a temporary database
SEED = 20


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user whose pages are measured."""

    name: str
    movies: tuple[MovieId, ...]
    lists: tuple[int, ...]
    friends: tuple[str, ...] = ()
    """Names of followed users with a public profile."""


def create(
    stores: Stores,
    movies: Sequence[MovieId],
    popularity: NDArray[np.float64],
    *,
    users: int = USERS,
    visitors: int = VISITORS,
) -> tuple[list[Visitor], int]:
    """Fill the database with users; return those who can sign in, and the number of watchings.

    Args:
        movies: the catalogue.
        popularity: how likely each of them is to be watched, of any scale.
    """
    random = np.random.default_rng(SEED)
    chances = popularity / popularity.sum()
    accounts = Accounts(stores)
    people = [_sign_up(accounts, number) for number in range(visitors)]
    people += [_create(stores, number) for number in range(visitors, users)]
    filled = [
        _fill(stores, user, random, movies, chances) for user in tqdm(people, desc="users", unit="user", leave=False)
    ]
    friends = _befriend(stores, people, random)
    met = [
        replace(visitor, friends=tuple(friends[user.id]))
        for (visitor, _), user in zip(filled[:visitors], people, strict=False)
    ]
    return met, sum(watches for _, watches in filled)


def _befriend(stores: Stores, people: Sequence[User], random: np.random.Generator) -> dict[int, list[str]]:
    """Let users share everything or nothing, and follow each other; return the public users that each follows."""
    at = now()
    shared = ProfileSettings(visibility=Visibility.PUBLIC, ratings=True, diary=True, reviews=True, lists=True)
    public = [user for user, shares in zip(people, random.random(len(people)) < PUBLIC, strict=True) if shares]
    for user in public:
        stores.profiles.put(user.id, shared, at=at)
    found: dict[int, list[str]] = {}
    for user in tqdm(people, desc="follows", unit="user", leave=False):
        drawn = [public[row] for row in random.choice(len(public), min(FOLLOWED, len(public)), replace=False)]
        others = [other for other in drawn if other.id != user.id]
        found[user.id] = [other.name for other in others]
        for other in others:
            stores.follows.follow(user.id, other.id, accepted=True, at=at)
    return found


def _sign_up(accounts: Accounts, number: int) -> User:
    return accounts.sign_up(f"visitor-{number}", PASSWORD)


def _create(stores: Stores, number: int) -> User:
    return stores.accounts.create(f"user-{number}", password_hash="-", preferences=Preferences(), at=now())  # noqa: S106


def _fill(
    stores: Stores, user: User, random: np.random.Generator, movies: Sequence[MovieId], chances: NDArray[np.float64]
) -> tuple[Visitor, int]:
    activity = float(np.clip(np.exp(random.normal(0, SPREAD)), 1 / MOST, MOST))

    def drawn(amount: float) -> list[MovieId]:
        rows = random.choice(len(movies), max(1, min(int(amount), len(movies) // 2)), replace=False, p=chances)
        return [movies[row] for row in rows]

    at = now()
    rated = drawn(RATINGS * activity)
    stars = np.clip(np.round(2 * random.normal(3.5, NOISE, len(rated))) / 2, 0.5, 5).tolist()
    days = [date.today() - timedelta(days=int(ago)) for ago in random.integers(0, 365 * YEARS, DAYS)]  # noqa: DTZ011
    watched = drawn(WATCHES * min(activity, 2))
    stores.diaries.record(
        user.id,
        ratings={movie: (float(given), at) for movie, given in zip(rated, stars, strict=True)},
        marks={MarkKind.WATCHLIST: dict.fromkeys(drawn(MARKED * activity), at)},
        watches=[
            (WatchEntry(movie=movie, day=days[row % DAYS], note="Seen with friends."), at)
            for row, movie in enumerate(watched)
        ],
    )
    lists = []
    for number in range(LISTS):
        entries = [(movie, "") for movie in drawn(LISTED)]
        lists.append(
            stores.lists.create(user.id, ListDetails(name=f"List {number}", public=True), at=at, entries=entries)
        )
    return Visitor(user.name, tuple(rated), tuple(lists)), len(watched)
