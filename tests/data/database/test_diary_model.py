"""A diary behaves like a few dicts, for any sequence of writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.types import MovieId
from core.users import Diary, MarkKind, Rating, Review, User
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, sign_up

MOVIES = st.sampled_from([MovieId(movie) for movie in (1, 2, 3, 603)])
STARS = st.sampled_from([step / 2 for step in range(1, 11)])
KINDS = st.sampled_from(MarkKind)
TIMES = st.integers(0, 10_000).map(lambda minutes: NOW + minutes * MINUTE)


class DiaryMachine(RuleBasedStateMachine):
    """Writes to the stores and to dicts, and compares them after every step."""

    stores: Stores
    numbers: Iterator[int]

    @initialize()
    def sign_up(self) -> None:
        """Create a user for every run, and another whose diary must stay empty."""
        self.user: User = sign_up(self.stores, f"Viewer {next(self.numbers)}")
        self.other: User = sign_up(self.stores, f"Viewer {next(self.numbers)}")
        self.revision = self.changes = 0
        self.ratings: dict[MovieId, Rating] = {}
        self.marks: dict[MarkKind, dict[MovieId, datetime]] = {kind: {} for kind in MarkKind}
        self.reviews: dict[MovieId, Review] = {}

    def count(self, changed: int, told: int) -> None:
        """Check that each write that changed something counts once, with one history entry per movie."""
        self.revision += bool(changed)
        self.changes += changed
        assert told == self.revision

    @rule(ratings=st.dictionaries(MOVIES, STARS | st.none()), at=TIMES)
    def rate(self, ratings: dict[MovieId, float | None], at: datetime) -> None:
        """Set and remove ratings."""
        told = self.stores.diaries.rate(self.user.id, ratings, at=at)
        self.count(sum(self._rate(movie, stars, at) for movie, stars in ratings.items()), told)

    @rule(kind=KINDS, movies=st.lists(MOVIES), on=st.booleans(), at=TIMES)
    def mark(self, kind: MarkKind, movies: list[MovieId], on: bool, at: datetime) -> None:
        """Set or remove marks."""
        told = self.stores.diaries.mark(self.user.id, kind, movies, on=on, at=at)
        self.count(sum(self._mark(kind, movie, at if on else None) for movie in movies), told)

    @rule(movie=MOVIES, text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), at=TIMES)
    def review(self, movie: MovieId, text: str, at: datetime) -> None:
        """Write, change or delete a review."""
        told = self.stores.diaries.review(self.user.id, movie, text, at=at)
        before = self.reviews.pop(movie, None)
        changed = (before.text if before else "") != text
        if text:
            written = Review(movie, text, before.at if before else at, at)
            self.reviews[movie] = written if changed or before is None else before
        self.count(changed, told)

    @rule(
        ratings=st.dictionaries(MOVIES, st.tuples(STARS, TIMES)),
        marks=st.dictionaries(KINDS, st.dictionaries(MOVIES, TIMES)),
    )
    def record(
        self, ratings: dict[MovieId, tuple[float, datetime]], marks: dict[MarkKind, dict[MovieId, datetime]]
    ) -> None:
        """Import."""
        told = self.stores.diaries.record(self.user.id, ratings=ratings, marks=marks)
        changed = sum(self._rate(movie, stars, at) for movie, (stars, at) in ratings.items())
        changed += sum(self._mark(kind, movie, at) for kind, movies in marks.items() for movie, at in movies.items())
        self.count(changed, told)

    @invariant()
    def the_same(self) -> None:
        """Check that the diary equals the dicts, and the other user's is empty."""
        marks = {kind: movies for kind, movies in self.marks.items() if movies}
        assert self.stores.diaries.read(self.user.id) == Diary(self.revision, self.ratings, marks, self.reviews)
        assert self.stores.diaries.revision(self.user.id) == self.revision
        assert len(self.stores.diaries.history(self.user.id, limit=10_000)) == self.changes
        assert self.stores.diaries.read(self.other.id) == Diary()

    def _rate(self, movie: MovieId, stars: float | None, at: datetime) -> bool:
        before = self.ratings.get(movie)
        if stars == (before.stars if before else None):
            return False
        if stars is None:
            del self.ratings[movie]
        else:
            self.ratings[movie] = Rating(movie, stars, at)
        return True

    def _mark(self, kind: MarkKind, movie: MovieId, at: datetime | None) -> bool:
        if (at is None) == (movie not in self.marks[kind]):
            return False
        if at is None:
            del self.marks[kind][movie]
        else:
            self.marks[kind][movie] = at
        return True


@pytest.mark.slow
def test_a_diary_behaves_like_dicts(stores: Stores) -> None:
    machine = type("Machine", (DiaryMachine,), {"stores": stores, "numbers": iter(range(1_000_000))})
    run_state_machine_as_test(machine, settings=settings(max_examples=20, stateful_step_count=20, deadline=None))
