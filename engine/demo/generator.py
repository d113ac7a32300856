"""Generator of the demo users' ratings, marks and events. Deterministic for the same movies and time. Pure.

Everything is drawn with a fixed seed; only the times depend on the current time, as offsets in hours.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.sample.demo import MODEL, DemoUser
from core.sample.examples import EXAMPLES
from core.types import Movie, MovieId
from core.users import MAX_STARS, Event, EventKind, MarkKind, Rating
from engine.demo import opinions, tastes
from engine.demo.tastes import Taste

DAYS = 21
"""Number of days with visits: more than the two weeks in which a rating is attributed to an impression."""
VISIT_CHANCE = 0.45
"""Probability per user and day."""
RATING_VISITS = 3
"""Movies are rated on every third visit."""
LIST_LENGTH = 8
LISTS = ("for-you", "trending", "home", "similar")
CLICK_CHANCE: Mapping[int, float] = {tastes.LOVED: 0.2, tastes.NEUTRAL: 0.06, tastes.AVOIDED: 0.02}
POSITION_DECAY = 0.9
"""Factor by which the click probability falls with each position of a list."""
SEARCH_CHANCE, SWIPE_CHANCE, KEEP_CHANCE = 0.35, 0.25, 0.2
"""Probabilities per visit; `KEEP_CHANCE`: that a clicked movie goes on the watchlist."""
MISSES = ("a musical about accountants", "penguins playing chess", "a courtroom on the moon")
"""Searches without a click, which administrators see as unanswered."""
ANSWER_CHANCE, HELPFUL_CHANCE = 0.25, 0.8
"""How often "Was this helpful?" is answered after a search, and how often with yes."""
MISS_CHANCE = 0.3
"""Probability per search."""
TALKED_ABOUT = (105, 129, 348, 389, 603, 862, 10681, 27205, 157336)
"""Movies that many users open in the last days, so that they are trending."""
TALKED_DAYS, TALK_CHANCE = 2.0, 0.3
RISING = (19, 843, 3082)
"""Movies that few users opened before and several open today, so that they are rising."""
RISING_USERS = 7
LATEST_HOURS, RISING_HOURS = 0.1, 18.0


def make(movies: Sequence[Movie], now: datetime) -> list[DemoUser]:
    """Return all demo users with ratings, marks and events of `movies`."""
    known = {movie.id: movie for movie in sorted(movies, key=lambda movie: movie.id)}
    return [_Life(place, name, taste, known, now).live() for place, (name, taste) in enumerate(tastes.users())]


@dataclass
class _Life:
    """One user's visits."""

    place: int
    name: str
    taste: Taste
    movies: Mapping[MovieId, Movie]
    now: datetime
    chance: random.Random = field(init=False)
    answers: random.Random = field(init=False)
    """For "Was this helpful?" alone, so that the visits do not depend on it."""
    ratings: list[Rating] = field(default_factory=list)
    marks: dict[MarkKind, dict[MovieId, datetime]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = opinions.dice(self.name, "visits")
        self.answers = opinions.dice(self.name, "answers")

    def live(self) -> DemoUser:
        """Simulate all visits, oldest first, and the ratings given in them."""
        visits = [
            24 * day + self.chance.uniform(LATEST_HOURS, 24)
            for day in reversed(range(DAYS))
            if self.chance.random() < VISIT_CHANCE
        ] or [24.0]
        to_rate = opinions.of(self.name, self.taste, list(self.movies.values()))
        for number, hours in enumerate(visits):
            self._visit(hours, [movie for movie, _ in to_rate[len(self.ratings) :]])
            if number % RATING_VISITS == RATING_VISITS - 1 or number == len(visits) - 1:
                for movie, stars in to_rate[len(self.ratings) : len(to_rate) * (number + 1) // len(visits)]:
                    self._rate(movie, stars, hours)
        self._turn_to_rising()
        return DemoUser(self.name, self.ratings, self.marks, sorted(self.events, key=lambda event: event.at))

    def _visit(self, hours: float, to_rate: Sequence[Movie]) -> None:
        """Show a list, click some of its movies, and sometimes search or swipe."""
        shown = list({movie.id: movie for movie in (*to_rate[:2], *self._choose(LIST_LENGTH))}.values())[:LIST_LENGTH]
        list_name = self.chance.choice(LISTS)
        for position, movie in enumerate(shown, start=1):
            self._note(EventKind.IMPRESSION, hours, movie.id, list_name=list_name, position=position)
            clicks = CLICK_CHANCE[self.taste.of(movie)] * POSITION_DECAY ** (position - 1)
            if self.chance.random() < clicks:
                self._click(hours, movie.id, list_name=list_name, position=position)
        if hours < TALKED_DAYS * 24:
            self._talk(hours)
        if self.chance.random() < SEARCH_CHANCE:
            self._search(hours)
        if self.chance.random() < SWIPE_CHANCE:
            self._swipe(hours, self._choose(1)[0])

    def _talk(self, hours: float) -> None:
        """Open some of the trending movies."""
        for movie in TALKED_ABOUT:
            if movie in self.movies and self.chance.random() < TALK_CHANCE:
                self._click(hours, MovieId(movie), list_name="home", position=1)

    def _search(self, hours: float) -> None:
        """Search for one of the examples and click its movie, or search without success."""
        if self.chance.random() < MISS_CHANCE:
            self._note(EventKind.SEARCH, hours, None, query=self.chance.choice(MISSES))
            return
        example = self.chance.choice(EXAMPLES)
        self._note(EventKind.SEARCH, hours, None, query=example.text)
        if example.movie in self.movies:
            self._click(hours, MovieId(example.movie), list_name="search", position=1, query=example.text)
            if self.answers.random() < ANSWER_CHANCE:
                kind = EventKind.HELPFUL if self.answers.random() < HELPFUL_CHANCE else EventKind.UNHELPFUL
                self._note(kind, hours - 0.03, None, list_name="search", query=example.text)

    def _swipe(self, hours: float, movie: Movie) -> None:
        right = self.taste.of(movie) == tastes.LOVED
        self._note(EventKind.SWIPE_RIGHT if right else EventKind.SWIPE_LEFT, hours, movie.id, list_name="swipe")
        self._mark(MarkKind.LIKED if right else MarkKind.PASSED, movie.id, hours)

    def _click(self, hours: float, movie: MovieId, *, list_name: str, position: int, query: str = "") -> None:
        self._note(EventKind.CLICK, hours - 0.02, movie, list_name=list_name, position=position, query=query)
        if self.chance.random() < KEEP_CHANCE and self.taste.of(self.movies[movie]) == tastes.LOVED:
            self._mark(MarkKind.WATCHLIST, movie, hours)

    def _rate(self, movie: Movie, stars: float, hours: float) -> None:
        self.ratings.append(Rating(movie.id, stars, self._at(hours - 0.05)))
        if stars == MAX_STARS:
            self._mark(MarkKind.FAVOURITE, movie.id, hours - 0.05)

    def _turn_to_rising(self) -> None:
        """Open the rising movies assigned to this user."""
        for turn, movie in enumerate(RISING):
            if movie in self.movies and (self.place + 13 * turn) % len(tastes.NAMES) < RISING_USERS:
                self._click(
                    self.chance.uniform(LATEST_HOURS, RISING_HOURS), MovieId(movie), list_name="home", position=1
                )

    def _choose(self, count: int) -> list[Movie]:
        return opinions.choose(self.chance, self.taste, list(self.movies.values()), count)

    def _mark(self, kind: MarkKind, movie: MovieId, hours: float) -> None:
        self.marks.setdefault(kind, {}).setdefault(movie, self._at(hours))

    def _note(
        self,
        kind: EventKind,
        hours: float,
        movie: MovieId | None,
        *,
        list_name: str = "",
        position: int | None = None,
        query: str = "",
    ) -> None:
        model = MODEL if kind is EventKind.IMPRESSION else ""
        self.events.append(Event(kind, self._at(hours), None, movie, list_name, position, model, query))

    def _at(self, hours: float) -> datetime:
        return self.now - timedelta(hours=max(hours, 0.0))
