"""Candidates for a request: movies that match all its pieces and, if these are few, those that match most of them."""

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
from engine import request_scope
from engine.search import intent, wish_lists
from engine.search.ranking.fusion import Scores
from engine.search.understanding import plan as planning
from engine.search.understanding.plan import Plan
from engine.search.understanding.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class WishCandidates:
    """The candidates for a request."""

    plan: Plan
    read: intent.Intent
    """The remaining text to match."""
    question: Question
    candidates: Candidates
    stages: tuple[NDArray[np.int64], ...]
    """TMDB ids of the movies that match the whole request, then of those found by each relaxation step."""
    relaxed: tuple[str, ...]
    """Keys of the pieces left out because fewer than `wish_lists.FEW` movies match them all."""

    kind: QueryKind = QueryKind.DESCRIPTION

    @property
    def strict(self) -> NDArray[np.int64]:
        """TMDB ids of the movies that match the whole request."""
        return self.stages[0]

    @property
    def near(self) -> bool:
        """Whether candidates are scored by nearness to a text or to similar movies."""
        return self.question.vector is not None or bool(self.question.words)


@dataclass(frozen=True)
class WishCandidateFinder:
    """Queries an engine for the movies that match a request.

    Attributes:
        encode: returns the vector of a text, float32, (dimension,), unit length; None: texts are matched by words.
        alike: returns the movies most liked by people who like the given ones: scores from 0 to 1 by TMDB id; empty
            without a model.
        depth: length of each candidate list if there is text to match.
    """

    index: MovieIndex
    encode: Callable[[str], Vectors] | None
    alike: Callable[[Sequence[MovieId]], Mapping[int, float]]
    depth: int

    def find(self, request: SearchRequest, understood: Understanding, vocabulary: Vocabulary) -> WishCandidates:
        """Return the candidates, in one round trip if enough movies match (plus one to read the movies to resemble)."""
        read = intent.read(understood.remainder)
        relaxed: list[str] = []
        plan = planning.make(understood, filters=request.filters, vocabulary=vocabulary)
        question = self._question(request, plan, read)
        candidates = self._candidates(question)
        stages = [candidates.ids]
        # Filters and quoted words ask for fewer movies, so relax only if nothing matches.
        narrow = request.filters.active or any(piece.kind is PieceKind.PHRASE for piece in understood.pieces)
        enough = 1 if narrow else wish_lists.FEW
        fills = not narrow and _may_be_filled(understood)
        for key in planning.relaxing(understood, vocabulary):
            if len(candidates) >= (wish_lists.PAGE if fills and key.startswith(planning.WIDEN) else enough):
                continue
            relaxed.append(key)
            plan = planning.make(understood, filters=request.filters, vocabulary=vocabulary, leave=relaxed)
            # Movies to resemble are never left out, so the vector does not change.
            question = dataclasses.replace(question, filters=plan.filters, order=plan.order)
            candidates = joined(candidates, self._candidates(question))
            stages.append(candidates.ids)
        dropped = tuple(key for key in relaxed if not key.startswith(planning.WIDEN))
        return WishCandidates(
            plan,
            read,
            question,
            candidates,
            tuple(stages),
            dropped if len(candidates) > len(stages[0]) else (),
            _kind(understood),
        )

    def score(self, found: WishCandidates, fused: Scores) -> Scores:
        """Return the score of each candidate, float64, (n,).

        Args:
            fused: nearness to the text and the movies to resemble (`fusion.Fused.score`).
        """
        like = [MovieId(movie) for movie in found.plan.like]
        return wish_lists.score(
            found.candidates,
            found.plan,
            near=fused if found.near else None,
            likeness=self._likeness(like) if like else None,
            moods=self.index.info().moods,
        )

    @request_scope.stage("engine")
    def _candidates(self, question: Question) -> Candidates:
        return self.index.candidates(question)

    def _question(self, request: SearchRequest, plan: Plan, read: intent.Intent) -> Question:
        matched = bool(read.words) or bool(read.meaning.strip())
        with_words = request.mode is not Mode.MEANING or self.encode is None
        return Question(
            words=f"{read.words} {plan.besides}".strip() if matched and with_words else "",
            vector=self._vector(plan, read.meaning if matched else ""),
            filters=plan.filters,
            depth=self.depth if matched or plan.like else wish_lists.DEPTH,
            order=plan.order,
        )

    def _vector(self, plan: Plan, text: str) -> Vectors | None:
        """Return the query vector: the mean vector of the movies to resemble, combined with that of the text."""
        parts = [self.encode(text)] if text and self.encode is not None else []
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
    """Return the union of two candidate sets ordered by id; a relaxed query may miss movies found before it."""
    new = np.flatnonzero(~np.isin(one.ids, other.ids))
    if not len(new):
        return other
    order = np.argsort(np.concatenate([other.ids, one.ids[new]]))
    fields = {field.name: (getattr(other, field.name), getattr(one, field.name)) for field in dataclasses.fields(one)}
    merged = {name: _merged(*values, new, order) for name, values in fields.items()}
    return Candidates(**merged)


def _merged(values: Any, more: Any, new: NDArray[np.intp], order: NDArray[np.intp]) -> Any:  # noqa: ANN401
    """Merge one field of two candidate sets: a single number, or a value per movie."""
    if isinstance(values, float):
        return max(values, more)
    if isinstance(values, np.ndarray):
        return values if not len(values) else np.concatenate([values, more[new]])[order]
    both = [*values, *(more[at] for at in new.tolist())] if len(values) else []
    return [both[at] for at in order.tolist()] if both else values


def _may_be_filled(understood: Understanding) -> bool:
    """Return whether partial matches may fill up the page.

    With several pieces, a movie may match most of them, and a person has movies in other roles. A single genre is
    matched strictly.
    """
    wanted = [piece for piece in understood.pieces if piece.wanted]
    return len(wanted) > 1 or any(piece.kind in (PieceKind.PERSON, PieceKind.ROLE) for piece in wanted)


def _kind(understood: Understanding) -> QueryKind:
    """Treat a request for nothing but someone's movies as a person query."""
    persons = all(piece.kind is PieceKind.PERSON for piece in understood.pieces) and not understood.remainder
    return QueryKind.PERSON if persons else QueryKind.DESCRIPTION


def order(found: WishCandidates, ranked: NDArray[np.intp]) -> NDArray[np.intp]:
    """Order the results: a part of a series named in the request, then full matches, then partial matches."""
    ids = found.candidates.ids
    for stage in reversed(found.stages[:-1]):
        ranked = wish_lists.first(ranked, ids, stage.tolist())
    return wish_lists.first(ranked, ids, found.plan.leading)
