"""A stand-in for recommendations: popular movies first, those that share genres with the user's best rated before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from core.errors import NotFound
from core.recommendations.records import (
    Alike,
    Because,
    Explanation,
    Predictions,
    Recommendation,
    RecommendationRequest,
    Recommendations,
    Row,
    Source,
    Stage,
    TasteProfile,
)
from core.types import Hit, Movie, MovieId, Reason, Relation, RelationKind, Sort
from core.users import Diary, MarkKind, User, UserId
from engine.accounts.diaries import Diaries
from engine.recommender.groups import GroupRecommendation
from tests.fake_people import FakeDiaries, now
from tests.made_up import MOVIES, ORDERS, meets

MODEL = "20240101-000000"
HIDING = (MarkKind.WATCHED, MarkKind.DISMISSED, MarkKind.LIKED, MarkKind.PASSED)
LIKED_FROM = 3.5
KNOWN_FROM = 5
Ratings = Mapping[MovieId, float]


@dataclass
class FakeRecommending:
    """Simple recommendations: movies that share genres with highly rated ones come first."""

    movies: Sequence[Movie] = MOVIES
    diaries: Diaries = field(default_factory=FakeDiaries)

    def check(self) -> None:
        """Nothing is wrong."""

    def version(self, user: User | None = None) -> str:  # noqa: ARG002
        """Return the version of the fake model."""
        return MODEL

    def for_user(self, user: User, request: RecommendationRequest, *, explained: bool = True) -> Recommendations:
        """Free of what the user rated, watched or dismissed."""
        diary = self._of(user)
        familiarity = user.preferences.familiarity if request.familiarity is None else request.familiarity
        found = self._list(_stars(diary), _hidden(diary), request, user.preferences.genres, familiarity)
        return found if explained else replace(found, items=tuple(map(_unexplained, found.items)))

    def for_guest(self, ratings: Ratings, request: RecommendationRequest) -> Recommendations:
        """For ratings that are sent along."""
        known = {movie.id for movie in self.movies}
        kept = {movie: stars for movie, stars in ratings.items() if movie in known}
        return self._list(kept, frozenset(kept), request, (), request.familiarity or 0.5)

    def for_name(self, user: str, request: RecommendationRequest) -> Recommendations:
        """The demonstration user `ml:42`, who rated the first three movies."""
        return self.for_guest(self._member(user), request)

    def for_group(self, users: Sequence[UserId], request: RecommendationRequest) -> Sequence[GroupRecommendation]:
        """Return what none of the users has seen; everything suits everybody."""
        diaries = [self._of(User(user, str(user), now())) for user in users]
        seen = frozenset[MovieId]().union(
            *(_hidden(diary) - set(diary.marked(MarkKind.WATCHLIST)) for diary in diaries)
        )
        left = [movie for movie in self.movies if movie.id not in seen and meets(movie, request.filters)]
        return [
            GroupRecommendation(
                movie,
                1.0,
                len(users),
                len(users),
                sum(movie.id in diary.marked(MarkKind.WATCHLIST) for diary in diaries),
            )
            for movie in left[: request.size]
        ]

    def home(self, user: User) -> Sequence[Row]:
        """Return the non-empty rows."""
        diary = self._of(user)
        best = self.for_user(user, RecommendationRequest(size=22)).items
        loved = max(diary.ratings.values(), key=lambda rating: rating.stars, default=None)
        rows = [Row("For you", "for-you", best[:12], "/for-you")]
        if loved and loved.stars >= LIKED_FROM:
            title = self._movie(loved.movie).title
            rows.append(Row(f"Because you liked {title}", "because", best[12:18], f"/movies/{loved.movie}"))
        listed = [self._movie(movie) for movie in diary.marked(MarkKind.WATCHLIST)]
        tonight = tuple(self._because(movie, _stars(diary), 1.0) for movie in listed)
        rows.append(Row("From your watchlist, tonight", "watchlist", tonight, "/watchlist"))
        rows.append(Row("New to you", "new", best[18:], "/for-you?familiarity=0"))
        return [row for row in rows if row.items]

    def rows(
        self, user: User, request: RecommendationRequest, *, explained: bool = True
    ) -> tuple[Sequence[Row], Recommendations]:
        """Return the non-empty rows; a user without ratings has one."""
        diary = self._of(user)
        best = self.for_user(user, replace(request, size=3 * request.size), explained=explained)
        items, size = best.items, request.size
        loved = max(diary.ratings.values(), key=lambda rating: rating.stars, default=None)
        found = [Row("For you", "for-you", items[:size], "/for-you?all=1")]
        if loved and loved.stars >= LIKED_FROM:
            title = self._movie(loved.movie).title
            found += [
                Row(f"Because you loved {title}", "because", items[size : 2 * size]),
                Row("Hidden gems", "gems", items[2 * size :]),
            ]
        return [row for row in found if row.items], replace(best, items=())

    def explain(self, user: User, movie: MovieId) -> Recommendation:
        """Explain a movie."""
        return self._because(self._movie(movie), _stars(self._of(user)), 1.0)

    def explain_by_name(self, user: str, movie: MovieId) -> Recommendation:
        """Explain a movie to the demo user."""
        return self._because(self._movie(movie), self._member(user), 1.0)

    def predict(self, user: str, movies: Sequence[MovieId]) -> Predictions:
        """Return half the mean vote; None without votes."""
        self._member(user)
        found = {movie.id: movie.vote_average for movie in self.movies}
        return Predictions({movie: vote / 2 if (vote := found.get(movie)) else None for movie in movies}, MODEL)

    def similar(self, movie: MovieId, *, by: str = "both", size: int = 12) -> Alike:
        """Return movies that share a genre; by taste, popular ones first."""
        own = self._movie(movie)
        near = [one for one in self.movies if one.id != movie and set(one.genres) & set(own.genres)]
        near.sort(key=lambda movie: -movie.popularity if by == "taste" else movie.id)
        why = Relation(RelationKind.GENRES, own.genres[:1])
        hits = [Hit(movie, 0.9, Reason(similarity=0.6, relation=why)) for movie in near[:size]]
        return Alike(hits, "" if by == "meaning" else MODEL)

    def series(self, movie: MovieId) -> Sequence[Movie]:
        """Return the movies of the same collection, oldest first."""
        name = self._movie(movie).collection
        found = [one for one in self.movies if name and one.collection == name]
        return sorted(found, key=lambda one: (one.year or 0, one.id)) if len(found) > 1 else []

    def starters(self, user: User, *, size: int = 12) -> Sequence[Movie]:
        """Return popular, unrated movies, those of the favourite genres first."""
        rated, wanted = self._of(user).ratings, set(user.preferences.genres)
        movies = [movie for movie in self.movies if movie.id not in rated]
        return sorted(movies, key=lambda movie: (not wanted & set(movie.genres), -movie.popularity, movie.id))[:size]

    def deck(self, user: User, *, size: int = 10) -> Sequence[Recommendation]:
        """Return movies to swipe."""
        return self.for_user(user, RecommendationRequest(size=size)).items

    def profile(self, user: User) -> TasteProfile:
        """Return figures of the user's taste."""
        stars = _stars(self._of(user))
        seen = [(self._movie(movie), value) for movie, value in stars.items()]
        genres, people = defaultdict(list), defaultdict(list)
        for movie, value in seen:
            for genre in movie.genres:
                genres[genre].append(value)
            for person in movie.directors:
                people[person].append(value)
        decades = Counter(f"{movie.year // 10 * 10}s" for movie, _ in seen if movie.year)
        return TasteProfile(
            rated=len(seen),
            mean=fmean(stars.values()) if stars else None,
            histogram={half / 2: sum(value == half / 2 for value in stars.values()) for half in range(1, 11)},
            genres=_means(genres),
            decades=sorted(decades.items()),
            people=_means(people),
        )

    def _list(
        self,
        ratings: Ratings,
        hidden: frozenset[MovieId],
        request: RecommendationRequest,
        genres: Sequence[str],
        familiarity: float,
    ) -> Recommendations:
        left = [movie for movie in self.movies if movie.id not in hidden and meets(movie, request.filters)]
        wanted = set(genres) | {genre for movie in _liked(ratings) for genre in self._movie(movie).genres}
        sign = 1 if familiarity >= 0.5 else -1
        left.sort(
            key=lambda movie: (-len(wanted & set(movie.genres)), sign * ORDERS[Sort.POPULARITY](movie)[0], movie.id)
        )
        shown = left[request.offset : request.offset + request.size]
        items = tuple(self._because(movie, ratings, 1 / rank) for rank, movie in enumerate(shown, request.offset + 1))
        return Recommendations(items, _stage(ratings, genres), MODEL, len(ratings))

    def _because(self, movie: Movie, ratings: Ratings, score: float) -> Recommendation:
        near = [self._movie(movie) for movie in _liked(ratings)]
        near = [other for other in near if set(other.genres) & set(movie.genres)][:2]
        if not near:
            sentence = "Loved by many: rated 4 or better by most who saw it."
            return Recommendation(movie, score, Explanation(Source.POPULAR, (sentence,)), MODEL)
        because = tuple(Because(other.id, other.title, 0.6 / n, ratings[other.id]) for n, other in enumerate(near, 1))
        named = " and ".join(f"{one.title} {one.stars:g}" for one in because)
        shared = sorted(set(near[0].genres) & set(movie.genres))
        sentences = (
            f"Because you rated {named}.",
            f"You like {shared[0]}.",
            "Our prediction for you: 4.3 stars.",
        )
        explanation = Explanation(
            Source.TASTE, sentences, because, (("genre", shared[0]),), (near[0].id, near[0].title, 0.61), 4.2, 0.78
        )
        return Recommendation(movie, score, explanation, MODEL)

    def _movie(self, movie: MovieId) -> Movie:
        found = [one for one in self.movies if one.id == movie]
        if not found:
            raise NotFound(f"no film has the id {movie}")
        return found[0]

    def _member(self, user: str) -> Ratings:
        if user.isdigit():
            return _stars(self._of(User(UserId(int(user)), user, now())))
        if user != "ml:42":
            raise NotFound(f"there is no user {user!r}; the demo user is ml:42")
        return {movie.id: 4.5 for movie in self.movies[:3]}

    def _of(self, user: User) -> Diary:
        return self.diaries.of(user) if isinstance(self.diaries, FakeDiaries) else self.diaries.read(user)


def _stars(diary: Diary) -> dict[MovieId, float]:
    return {movie: rating.stars for movie, rating in diary.ratings.items()}


def _unexplained(item: Recommendation) -> Recommendation:
    return replace(item, explanation=Explanation(item.explanation.source, ()))


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
