"""The candidates of a wish: movies that meet it, and where these are few, those that meet most of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates, MovieIndex, Question, Vectors
from core.types import Mode, MovieId, QueryKind, SearchRequest
from core.understanding import PieceKind, Understanding
from engine.search import intent, wish_lists
from engine.search.ranking.fusion import Scores
from engine.search.understanding import plan as planning
from engine.search.understanding.plan import Plan
from engine.search.understanding.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Granted:
    """What an engine has for a wish."""

    plan: Plan
    read: intent.Intent
    """The text that is left to match."""
    question: Question
    candidates: Candidates
    stages: tuple[NDArray[np.int64], ...]
    """TMDB ids of the movies that meet all of the wish, then of those that were found with each step of relaxing it."""
    left: tuple[str, ...]
    """Keys of pieces that were left out, because fewer than `wishes.FEW` movies meet them all."""

    kind: QueryKind = QueryKind.DESCRIPTION

    @property
    def strict(self) -> NDArray[np.int64]:
        """TMDB ids of the movies that meet all of the wish."""
        return self.stages[0]

    @property
    def near(self) -> bool:
        """Whether there is something to be near to: a text, or movies to resemble."""
        return self.question.vector is not None or bool(self.question.words)


@dataclass(frozen=True)
class Granting:
    """Asks an engine for the movies of a wish.

    Attributes:
        encode: gives the vector of a text, float32, (dimension,), unit length.
        alike: how much the people who like some movies like others, 0 to 1, by TMDB id; empty where nobody knows.
        depth: length of each candidate list where there is something to match.
    """

    index: MovieIndex
    encode: Callable[[str], Vectors]
    alike: Callable[[Sequence[MovieId]], Mapping[int, float]]
    depth: int

    def grant(self, request: SearchRequest, understood: Understanding, vocabulary: Vocabulary) -> Granted:
        """The candidates, in one round trip where enough movies meet the wish (and one for movies to resemble)."""
        read = intent.read(understood.remainder)
        left: list[str] = []
        plan = planning.make(understood, filters=request.filters, vocabulary=vocabulary)
        question = self._question(request, plan, read)
        candidates = self.index.candidates(question)
        stages = [candidates.ids]
        # Who narrows a search by filters, or quotes words, wants fewer movies, as long as there are any.
        narrow = request.filters.active or any(piece.kind is PieceKind.PHRASE for piece in understood.pieces)
        enough = 1 if narrow else wish_lists.FEW
        fills = not narrow and _may_be_filled(understood)
        for key in planning.relaxing(understood, vocabulary):
            if len(candidates) >= (wish_lists.PAGE if fills and key.startswith(planning.WIDEN) else enough):
                continue
            left.append(key)
            plan = planning.make(understood, filters=request.filters, vocabulary=vocabulary, leave=left)
            # Movies to resemble are never left out, so that the vector stays what it was.
            question = dataclasses.replace(question, filters=plan.filters, order=plan.order)
            candidates = joined(candidates, self.index.candidates(question))
            stages.append(candidates.ids)
        dropped = tuple(key for key in left if not key.startswith(planning.WIDEN))
        return Granted(
            plan,
            read,
            question,
            candidates,
            tuple(stages),
            dropped if len(candidates) > len(stages[0]) else (),
            _kind(understood),
        )

    def score(self, granted: Granted, fused: Scores) -> Scores:
        """What orders the candidates, float64, (n,).

        Args:
            fused: nearness to the text and the movies to resemble (`fusion.Fused.score`).
        """
        like = [MovieId(movie) for movie in granted.plan.like]
        return wish_lists.score(
            granted.candidates,
            granted.plan,
            near=fused if granted.near else None,
            likeness=self._likeness(like) if like else None,
            moods=self.index.info().moods,
        )

    def _question(self, request: SearchRequest, plan: Plan, read: intent.Intent) -> Question:
        matched = bool(read.words) or bool(read.meaning.strip())
        return Question(
            words=f"{read.words} {plan.besides}".strip() if matched and request.mode is not Mode.MEANING else "",
            vector=self._vector(plan, read.meaning if matched else ""),
            filters=plan.filters,
            depth=self.depth if matched or plan.like else wish_lists.DEPTH,
            order=plan.order,
        )

    def _vector(self, plan: Plan, text: str) -> Vectors | None:
        """What the results shall be near to: the mean of the movies to resemble, tilted by the text."""
        parts = [self.encode(text)] if text else []
        if plan.like:
            parts.append(wish_lists.RESEMBLE * self.index.vectors([MovieId(movie) for movie in plan.like]).mean(axis=0))
        if not parts:
            return None
        mixed = np.sum(parts, axis=0)
        return np.asarray(mixed / max(float(np.linalg.norm(mixed)), 1e-12), np.float32)

    def _likeness(self, like: Sequence[MovieId]) -> wish_lists.Likeness:
        movies = self.index.movies(like)
        moods = self.index.moods([movie.id for movie in movies]).mean(axis=0, dtype=np.float64)
        return wish_lists.Likeness([frozenset(movie.genres) for movie in movies], moods, self.alike(like))


def joined(one: Candidates, other: Candidates) -> Candidates:
    """The movies of both, each once, ordered by id: what was found stays, although a wider sense may miss it."""
    new = np.flatnonzero(~np.isin(one.ids, other.ids))
    if not len(new):
        return other
    order = np.argsort(np.concatenate([other.ids, one.ids[new]]))
    fields = {field.name: (getattr(other, field.name), getattr(one, field.name)) for field in dataclasses.fields(one)}
    merged = {name: _merged(*values, new, order) for name, values in fields.items()}
    return Candidates(**merged)


def _merged(own: Any, more: Any, new: NDArray[np.intp], order: NDArray[np.intp]) -> Any:  # noqa: ANN401
    """One field of two sets of candidates: a number of both, or something of each movie."""
    if isinstance(own, float):
        return max(own, more)
    if isinstance(own, np.ndarray):
        return own if not len(own) else np.concatenate([own, more[new]])[order]
    both = [*own, *(more[at] for at in new.tolist())] if len(own) else []
    return [both[at] for at in order.tolist()] if both else own


def _may_be_filled(understood: Understanding) -> bool:
    """Whether movies that nearly meet a wish may fill its page up: of several things asked for, a movie may have most,
    and of somebody there are movies in another part. One genre alone is asked for as it is."""
    wanted = [piece for piece in understood.pieces if piece.wanted]
    return len(wanted) > 1 or any(piece.kind in (PieceKind.PERSON, PieceKind.ROLE) for piece in wanted)


def _kind(understood: Understanding) -> QueryKind:
    """A wish for nothing but somebody's movies is a query for a person."""
    persons = all(piece.kind is PieceKind.PERSON for piece in understood.pieces) and not understood.remainder
    return QueryKind.PERSON if persons else QueryKind.DESCRIPTION


def order(granted: Granted, ranked: NDArray[np.intp]) -> NDArray[np.intp]:
    """The order of the results: movies that meet all of the wish before those that nearly do, a named part first."""
    ids = granted.candidates.ids
    for stage in reversed(granted.stages[:-1]):
        ranked = wish_lists.first(ranked, ids, stage.tolist())
    return wish_lists.first(ranked, ids, granted.plan.leading)
