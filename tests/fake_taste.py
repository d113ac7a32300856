"""A stand-in for recommendations: popular films first, those that share genres with the viewer's best rated before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from core.errors import NotFound
from core.recommendations import (
    Alike,
    Because,
    Explanation,
    Predictions,
    Recommendation,
    Recommendations,
    Row,
    Source,
    Stage,
    TasteProfile,
    Wish,
)
from core.types import Hit, Movie, MovieId, Reason, Sort
from core.users import Diary, MarkKind, Viewer, ViewerId
from engine.accounts.diaries import Diaries
from tests.fake_people import FakeDiaries, now
from tests.made_up import FILMS, ORDERS, meets

MODEL = "20240101-000000"
HIDING = (MarkKind.WATCHED, MarkKind.DISMISSED, MarkKind.LIKED, MarkKind.PASSED)
LIKED_FROM = 3.5
KNOWN_FROM = 5
Ratings = Mapping[MovieId, float]


@dataclass
class FakeRecommending:
    """Lists that fit somebody a little: films that share genres with what they rated high come first."""

    films: Sequence[Movie] = FILMS
    diaries: Diaries = field(default_factory=FakeDiaries)

    def version(self, viewer: Viewer | None = None) -> str:  # noqa: ARG002 - all alike here
        """The model that does not exist."""
        return MODEL

    def for_viewer(self, viewer: Viewer, wish: Wish) -> Recommendations:
        """Free of what the viewer rated, watched or dismissed."""
        diary = self._of(viewer)
        familiarity = viewer.preferences.familiarity if wish.familiarity is None else wish.familiarity
        return self._list(_stars(diary), _hidden(diary), wish, viewer.preferences.genres, familiarity)

    def for_guest(self, ratings: Ratings, wish: Wish) -> Recommendations:
        """For ratings that are sent along."""
        return self._list(ratings, frozenset(ratings), wish, (), wish.familiarity or 0.5)

    def for_member(self, user: str, wish: Wish) -> Recommendations:
        """The demonstration viewer `ml:42`, who rated the first three films."""
        return self.for_guest(self._member(user), wish)

    def home(self, viewer: Viewer) -> Sequence[Row]:
        """The four rows, as far as there is something in them."""
        diary = self._of(viewer)
        best = self.for_viewer(viewer, Wish(size=12)).items
        loved = max(diary.ratings.values(), key=lambda rating: rating.stars, default=None)
        rows = [Row("For you", "for-you", best, "/for-you")]
        if loved and loved.stars >= LIKED_FROM:
            title = self._film(loved.movie).title
            rows.append(Row(f"Because you liked {title}", "because", best[2:8], f"/movies/{loved.movie}"))
        listed = [self._film(movie) for movie in diary.marked(MarkKind.WATCHLIST)]
        tonight = tuple(self._because(film, _stars(diary), 1.0) for film in listed)
        rows.append(Row("From your watchlist, tonight", "watchlist", tonight, "/watchlist"))
        rows.append(Row("New to you", "new", best[-4:], "/for-you?familiarity=0"))
        return [row for row in rows if row.items]

    def explain(self, viewer: Viewer, movie: MovieId) -> Recommendation:
        """Why this film would suit the viewer."""
        return self._because(self._film(movie), _stars(self._of(viewer)), 1.0)

    def explain_member(self, user: str, movie: MovieId) -> Recommendation:
        """The same for the demonstration viewer."""
        return self._because(self._film(movie), self._member(user), 1.0)

    def predict(self, user: str, movies: Sequence[MovieId]) -> Predictions:
        """Half the mean vote of the world; None where nobody voted."""
        self._member(user)
        found = {film.id: film.vote_average for film in self.films}
        return Predictions({movie: vote / 2 if (vote := found.get(movie)) else None for movie in movies}, MODEL)

    def similar(self, movie: MovieId, *, by: str = "both", size: int = 12) -> Alike:
        """Films that share a genre; by taste the popular ones first."""
        own = self._film(movie)
        near = [one for one in self.films if one.id != movie and set(one.genres) & set(own.genres)]
        near.sort(key=lambda film: -film.popularity if by == "taste" else film.id)
        hits = [Hit(film, 0.9, Reason(meaning_rank=rank, similarity=0.6)) for rank, film in enumerate(near[:size], 1)]
        return Alike(hits, "" if by == "meaning" else MODEL)

    def starters(self, viewer: Viewer, *, size: int = 12) -> Sequence[Movie]:
        """Popular films of the favourite genres before others; none rated yet."""
        rated, wanted = self._of(viewer).ratings, set(viewer.preferences.genres)
        films = [film for film in self.films if film.id not in rated]
        return sorted(films, key=lambda film: (not wanted & set(film.genres), -film.popularity, film.id))[:size]

    def deck(self, viewer: Viewer, *, size: int = 10) -> Sequence[Recommendation]:
        """Films to swipe."""
        return self.for_viewer(viewer, Wish(size=size)).items

    def profile(self, viewer: Viewer) -> TasteProfile:
        """The viewer's taste in figures."""
        stars = _stars(self._of(viewer))
        seen = [(self._film(movie), value) for movie, value in stars.items()]
        genres, people = defaultdict(list), defaultdict(list)
        for film, value in seen:
            for genre in film.genres:
                genres[genre].append(value)
            for person in film.directors:
                people[person].append(value)
        decades = Counter(f"{film.year // 10 * 10}s" for film, _ in seen if film.year)
        return TasteProfile(
            rated=len(seen),
            mean=fmean(stars.values()) if stars else None,
            histogram={half / 2: sum(value == half / 2 for value in stars.values()) for half in range(1, 11)},
            genres=_means(genres),
            decades=sorted(decades.items()),
            people=_means(people),
        )

    def _list(
        self, ratings: Ratings, hidden: frozenset[MovieId], wish: Wish, genres: Sequence[str], familiarity: float
    ) -> Recommendations:
        left = [film for film in self.films if film.id not in hidden and meets(film, wish.filters)]
        wanted = set(genres) | {genre for movie in _liked(ratings) for genre in self._film(movie).genres}
        sign = 1 if familiarity >= 0.5 else -1
        left.sort(key=lambda film: (-len(wanted & set(film.genres)), sign * ORDERS[Sort.POPULARITY](film)[0], film.id))
        shown = left[wish.offset : wish.offset + wish.size]
        items = tuple(self._because(film, ratings, 1 / rank) for rank, film in enumerate(shown, wish.offset + 1))
        return Recommendations(items, _stage(ratings, genres), MODEL, len(ratings))

    def _because(self, film: Movie, ratings: Ratings, score: float) -> Recommendation:
        near = [self._film(movie) for movie in _liked(ratings)]
        near = [other for other in near if set(other.genres) & set(film.genres)][:2]
        if not near:
            sentence = "Loved by many: rated 4 or better by most who saw it."
            return Recommendation(film, score, Explanation(Source.POPULAR, (sentence,)), MODEL)
        because = tuple(Because(other.id, other.title, 0.6 / n, ratings[other.id]) for n, other in enumerate(near, 1))
        named = " and ".join(f"{one.title} {one.stars:g}" for one in because)
        shared = sorted(set(near[0].genres) & set(film.genres))
        sentences = (
            f"Because you rated {named}.",
            f"You like {shared[0]}.",
            "People who like what you like rate this 4.3.",
        )
        explanation = Explanation(
            Source.TASTE, sentences, because, (("genre", shared[0]),), (near[0].id, near[0].title, 0.61), 4.2, 0.78
        )
        return Recommendation(film, score, explanation, MODEL)

    def _film(self, movie: MovieId) -> Movie:
        found = [one for one in self.films if one.id == movie]
        if not found:
            raise NotFound(f"no film has the id {movie}")
        return found[0]

    def _member(self, user: str) -> Ratings:
        if user.isdigit():
            return _stars(self._of(Viewer(ViewerId(int(user)), user, now())))
        if user != "ml:42":
            raise NotFound(f"no viewer {user!r}; the demonstration viewer is ml:42")
        return {film.id: 4.5 for film in self.films[:3]}

    def _of(self, viewer: Viewer) -> Diary:
        return self.diaries.of(viewer) if isinstance(self.diaries, FakeDiaries) else self.diaries.read(viewer)


def _stars(diary: Diary) -> dict[MovieId, float]:
    return {movie: rating.stars for movie, rating in diary.ratings.items()}


def _hidden(diary: Diary) -> frozenset[MovieId]:
    return frozenset(diary.ratings).union(*(diary.marked(kind) for kind in HIDING))


def _liked(ratings: Ratings) -> list[MovieId]:
    liked = [movie for movie, stars in ratings.items() if stars >= LIKED_FROM]
    return sorted(liked, key=lambda movie: (-ratings[movie], movie))


def _stage(ratings: Ratings, genres: Sequence[str]) -> Stage:
    if not ratings:
        return Stage.GENRES if genres else Stage.NOBODY
    return Stage.FEW if len(ratings) < KNOWN_FROM else Stage.KNOWN


def _means(found: Mapping[str, Sequence[float]]) -> list[tuple[str, float, int]]:
    rows = [(name, fmean(values), len(values)) for name, values in found.items()]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))
