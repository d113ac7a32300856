"""A site with made-up users who rate, keep a diary and lists, and follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
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
    return [visitor for visitor, _ in filled[:visitors]], sum(watches for _, watches in filled)


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
