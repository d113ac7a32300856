"""Search: query the engine for candidates, then fuse, cut off, rank and explain them."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.errors import EncoderMismatch, ModelMissing, NotFound, StoreUnavailable
from core.ports import Candidates, Encoder, IndexInfo, MovieIndex, Question, RecallingEncoder, Vectors
from core.recommendations.scores import bayesian_mean
from core.types import Filters, Hit, Mode, Movie, MovieId, Page, QueryKind, Reason, SearchRequest, Sort, Suggestion
from core.understanding import QueryType, Understanding
from core.users import User
from engine.request_scope import stage
from engine.search import facets, intent, language_detection, named_people, snippets, wish_lists
from engine.search.ranking import cutoff, fusion, personalization, reranker
from engine.search.ranking.reranker import Ranker
from engine.search.understanding import reader as understanding_reader
from engine.search.understanding import tables
from engine.search.understanding.tables import Tables
from engine.search.understanding.vocabulary import Vocabulary
from engine.search.wish_candidates import WishCandidateFinder, WishCandidates, order
from engine.version_cache import PerVersion
from indexer.names import gazetteer

log = logging.getLogger(__name__)

DESCRIPTION_FIELDS = (("text", 1.0),)
"""Boosting the title helps title queries but halves the score of all others; `Match` detects titles instead."""
NAME_FIELDS = (*DESCRIPTION_FIELDS, ("people", 0.3))
"""Fields for short texts: `text` contains only the top-billed cast; `people` contains everyone, for partial names."""
TAG_FIELDS = (("tags", 0.5),)
"""Additional fields if the index has tags; tags are less reliable than a movie's own texts."""
MAX_SUGGEST_LENGTH = 100
SURE = 0.7
"""Minimum confidence for searching with a correction right away: on TMDB 5000, 99.7 % of such corrections of random
typos are right."""
NOTHING_CLOSE = "Nothing in the catalogue is close to that."
TIPS = (
    "Say what happens in the film, in a sentence or two.",
    "Name a place, a time, or what somebody does for a living.",
    "Check the spelling of names and titles.",
    "Remove a filter.",
)


class Taste(Protocol):
    """The recommender as search uses it."""

    def affinity(self, user: User, ids: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Return the user's affinity to each movie, -1 to 1; None if nothing is known about the user."""
        ...

    def band(self, user: User, usual: float) -> float:
        """Return the band within which taste reorders the user's results: `usual` unless an experiment overrides it."""
        ...

    def alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:
        """Return the movies most liked by people who like `movies`, with scores from 0 to 1; empty without a model."""
        ...


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The ranked results of a request before paging."""

    candidates: Candidates
    fused: fusion.Fused
    lifted: personalization.Lifted
    chosen: NDArray[np.intp]
    """Positions of the results among the candidates, best first."""
    kind: QueryKind


@dataclass(frozen=True)
class Search:
    """Search by description, title or name, and browsing by filters."""

    index: MovieIndex
    encoder: Encoder
    relevance_floor: float = cutoff.MIN_BEST_COSINE
    taste: Taste | None = None
    taste_band: float = 0.0
    depth: int = 300
    ranker: Ranker | None = None
    """Reranks the best candidates for a description; without one, they stay in the order of their fused scores."""
    clock: Callable[[], float] = field(default=time.perf_counter)
    tables: Tables = field(default_factory=tables.load)
    reader: understanding_reader.Reader = understanding_reader.read
    """Reads search texts: the rules alone, or the rules and a language model."""
    abroad: Search | None = None
    """Searches texts that are not in English; if None, they are searched like all others."""
    level: float | None = None
    """Mean cosine of all queries, if the index centres its cosines on it; None if each query has its own mean."""
    weights: Mapping[QueryKind, fusion.Weights] = field(default_factory=lambda: fusion.WEIGHTS)
    spreads: float = cutoff.MEANING_SPREADS
    encodes: bool = True
    """Whether texts are compared by meaning; if not, by words and names alone."""
    vocabularies: PerVersion[Vocabulary] = field(default_factory=PerVersion, repr=False)

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Return one page of results; an empty query lists all movies that match the filters.

        A page beyond the end is empty, with the true total.

        The taste of `user` reorders the results within a bounded band, unless disabled in their preferences.

        Raises:
            SearchUnavailable: the engine cannot answer; the subclasses `IndexMissing` and `EncoderMismatch` give the
                reason.
        """
        if request.beyond:
            first = self.run(dataclasses.replace(request, page=1, size=1), user=user)
            return dataclasses.replace(first, request=request, hits=())
        started = self.clock()
        page = self._answer(request, user) if request.query.strip() else self._browse(request)
        return dataclasses.replace(named_people.credited(page), took_ms=round((self.clock() - started) * 1000, 2))

    def by_words(self) -> Search:
        """Return the same search without its encoders."""
        abroad = self.abroad.by_words() if self.abroad is not None else None
        return dataclasses.replace(self, abroad=abroad, encodes=False, ranker=None)

    def _answer(self, request: SearchRequest, user: User | None) -> Page:
        corrected = "" if request.literal else self._corrected(request.query)
        effective = dataclasses.replace(request, query=corrected) if corrected else request
        understood = self.understand(effective.query, drop=request.drop, literal=request.literal)
        foreign = language_detection.is_foreign(understood.language)
        search = self.abroad if foreign and self.abroad is not None else self
        answer = (
            search._find_by_pieces if understood.query_type is QueryType.WISH and understood.pieces else search._find
        )
        page = answer(effective, understood, user)
        final = corrected or request.literal or foreign
        did_you_mean = "" if final else page.did_you_mean
        return dataclasses.replace(
            page, request=request, understood=understood, corrected_to=corrected, did_you_mean=did_you_mean
        )

    def _corrected(self, query: str) -> str:
        """Return a short text with its unambiguous typos corrected; empty if there is nothing to correct.

        Only words that occur in no movie are corrected: the whole text to a title that differs by a letter or two,
        otherwise word by word.
        """
        words = texts.words(query)
        names = self.vocabulary().gazetteer
        known = all(map(self.vocabulary().knows, words))
        if known or not 0 < len(words) <= intent.MAX_NAME_WORDS or names.titled(query):
            return ""
        movie = names.nearly_titled(query)
        if movie is None and language_detection.is_foreign(language_detection.of_text(query, self.vocabulary())):
            return ""
        return movie.title if movie is not None else self._corrected_words(query.split())

    def _corrected_words(self, typed: Sequence[str]) -> str:
        found = self.index.correct(typed)
        sure = {word: correction.word for word, correction in found.items() if correction.confidence >= SURE}
        doubtful = [
            word for word in typed if word not in sure and not all(map(self.vocabulary().knows, texts.words(word)))
        ]
        return " ".join(sure.get(word, word) for word in typed) if sure and not doubtful else ""

    @stage("understand")
    def understand(self, query: str, *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
        """Parse a search text without searching."""
        understood = self.reader(query, vocabulary=self.vocabulary(), drop=drop, literal=literal)
        return dataclasses.replace(understood, language=language_detection.of(understood, self.vocabulary()))

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary for reading search texts: the tables and the names in the published catalogue."""
        return self.vocabularies.get(self.index.info().version, lambda: vocabulary_of(self.index, self.tables))

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """Return as-you-type suggestions; none for blank text."""
        typed = text[:MAX_SUGGEST_LENGTH].encode(errors="ignore").decode()
        return self.index.suggest(typed, limit=limit) if typed.strip() else ()

    def question(self, request: SearchRequest, read: intent.Intent, *, vector: Vectors | None = None) -> Question:
        """Return the engine query for a search text.

        Args:
            vector: the query vector; by default, the text is encoded.
        """
        with_words = request.mode is not Mode.MEANING or not self.encodes
        with_meaning = self.encodes and (request.mode is not Mode.WORDS or not read.words)
        tags = TAG_FIELDS if self.index.info().tagged else ()
        return Question(
            words=read.words if with_words else "",
            fields=(*(NAME_FIELDS if read.name else DESCRIPTION_FIELDS), *tags),
            vector=(vector if vector is not None else self._encode(read.meaning, post=read.post))
            if with_meaning
            else None,
            filters=request.filters,
            depth=self.depth,
            name=read.name if self._mode(request) is Mode.HYBRID else "",
        )

    def _mode(self, request: SearchRequest) -> Mode:
        """Return the mode of a request, or the next best one without an encoder."""
        return Mode.HYBRID if request.mode is Mode.MEANING and not self.encodes else request.mode

    def _browse(self, request: SearchRequest) -> Page:
        with stage("engine"):
            listing = self.index.listing(request.filters, sort=request.sort, offset=request.offset, size=request.size)
        hits = tuple(Hit(movie, score=0.0) for movie in listing.movies)
        return Page(request, listing.total, hits, listing.facets, notice="" if listing.total else NOTHING_CLOSE)

    def _find_by_pieces(self, request: SearchRequest, understood: Understanding, user: User | None) -> Page:
        """Return the movies that match all pieces of a request and, if these are few, those that match most of them."""
        finder = WishCandidateFinder(self.index, self._encode if self.encodes else None, self._alike, self.depth)
        found = finder.find(request, understood, self.vocabulary())
        ranking = self._rank_by_pieces(request, finder, found, user)
        ranking = dataclasses.replace(ranking, chosen=order(found, ranking.chosen))
        page = self._page(request, ranking, found.read)
        if not found.relaxed:
            return page
        notice = wish_lists.relaxed_notice(understood, found.relaxed, len(found.strict))
        return dataclasses.replace(page, relaxed=found.relaxed, notice=notice)

    @stage("rank")
    def _rank_by_pieces(
        self, request: SearchRequest, finder: WishCandidateFinder, found: WishCandidates, user: User | None
    ) -> _Ranking:
        candidates = found.candidates
        fused = fusion.fuse(
            candidates,
            weights=self.weights[QueryKind.DESCRIPTION],
            mode=self._mode(request),
            mean_cosine=self.mean_cosine(found.question.vector),
        )
        lifted = self._lift(
            candidates, finder.score(found, fused.score), user if request.sort is Sort.RELEVANCE else None
        )
        ranked = fusion.order(_sort_key(request.sort, candidates, lifted.score), candidates.ids)
        return _Ranking(candidates, fused, lifted, ranked, found.kind)

    def _alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:
        return self.taste.alike(movies) if self.taste is not None else {}

    def _find(self, request: SearchRequest, understood: Understanding, user: User | None) -> Page:
        read = intent.read(understood.remainder or request.query, typed=request.query)
        if self.level is not None:  # the words may be translated; the multilingual encoder needs the text as typed
            read = dataclasses.replace(read, meaning=request.query)
        question = self.question(request, read)
        ranked = self._rank(request, read, question, user)
        named = [movie for piece in understood.pieces for movie in piece.movies[:1]]
        if understood.query_type is QueryType.TITLE and named and request.sort is Sort.RELEVANCE:
            ranked = dataclasses.replace(ranked, chosen=wish_lists.first(ranked.chosen, ranked.candidates.ids, named))
        return self._page(request, ranked, read)

    @stage("rank")
    def _page(self, request: SearchRequest, ranking: _Ranking, read: intent.Intent) -> Page:
        here = ranking.chosen[request.offset : request.offset + request.size]
        hits = self._hits(ranking, here, read)
        total = len(ranking.chosen)
        return Page(
            request,
            total,
            hits,
            facets.count(ranking.candidates, ranking.chosen, moods=self.index.info().moods),
            kind=ranking.kind,
            notice="" if total else NOTHING_CLOSE,
            did_you_mean=self._did_you_mean(request.query, hits, read),
            suggestions=() if total else TIPS,
        )

    @stage("rank")
    def _rank(self, request: SearchRequest, read: intent.Intent, question: Question, user: User | None) -> _Ranking:
        with stage("engine"):
            candidates = self.index.candidates(question)
        kind = fusion.kind_of(candidates)
        fused = self._fuse(request, read, question, candidates)
        floors = cutoff.Floors.of(
            cosine=self.relevance_floor,
            asked=len(snippets.content_words(read.words)),
            movies=self.index.info().count,
            spreads=self.spreads,
        )
        relevant = cutoff.relevant(candidates, meaning=fused.meaning, floors=floors, mode=self._mode(request))
        if not self.encodes:  # the thresholds of words assume that most movies are found by meaning
            relevant = relevant | cutoff.relevant(candidates, meaning=fused.meaning, floors=floors, mode=Mode.WORDS)
        score = fused.score
        if kind is QueryKind.DESCRIPTION and request.mode is Mode.HYBRID and request.sort is Sort.RELEVANCE:
            score = self._rerank(request, read, question, reranker.Scored(candidates, fused))
        lifted = self._lift(candidates, score, user if request.sort is Sort.RELEVANCE else None)
        best_first = fusion.order(_sort_key(request.sort, candidates, lifted.score), candidates.ids)
        return _Ranking(candidates, fused, lifted, best_first[relevant[best_first]], kind)

    def _fuse(
        self, request: SearchRequest, read: intent.Intent, question: Question, candidates: Candidates
    ) -> fusion.Fused:
        return fusion.fuse(
            candidates,
            weights=self.weights[fusion.kind_of(candidates)],
            mode=self._mode(request),
            mean_cosine=self.mean_cosine(question.vector),
            years=read.years,
        )

    def _rerank(
        self, request: SearchRequest, read: intent.Intent, question: Question, found: reranker.Scored
    ) -> fusion.Scores:
        """Return the scores of the learned ranking, if it was trained for the index's encoder; else the fused scores.

        With filters, features are scaled against the unfiltered candidates.
        """
        if self.ranker is None or self.ranker.encoder != self.index.info().encoder:
            return found.fused.score
        whole = None
        if question.filters.active:
            with stage("engine"):
                every = self.index.candidates(dataclasses.replace(question, filters=Filters()))
            whole = reranker.Scored(every, self._fuse(request, read, question, every))
        query = reranker.QueryFeatures.of(request.query, read)
        return reranker.rerank(self.ranker.model(query), query, found, whole=whole)

    def _lift(self, candidates: Candidates, score: fusion.Scores, user: User | None) -> personalization.Lifted:
        """Return the scores adjusted to the user's taste, if it is known and enabled."""
        unchanged = personalization.Lifted(score, np.zeros(len(candidates)))
        if user is None or not user.preferences.taste_in_search or self.taste is None or not len(candidates):
            return unchanged
        try:
            band = self.taste.band(user, self.taste_band)
            affinity = self.taste.affinity(user, candidates.ids) if max(band, self.taste_band) > 0 else None
        except (StoreUnavailable, ModelMissing) as error:
            log.warning("results without the user's taste: %s", error)
            return unchanged
        if affinity is None:
            return unchanged
        return personalization.lift(score, match=candidates.match, affinity=affinity, band=band)

    def _hits(self, ranking: _Ranking, here: NDArray[np.intp], read: intent.Intent) -> tuple[Hit, ...]:
        with stage("engine"):
            found = self.index.movies([MovieId(int(i)) for i in ranking.candidates.ids[here]])
        by_id = {movie.id: movie for movie in found}
        ranks = _ranks(ranking.candidates)
        hits = []
        for position in here:
            movie = by_id.get(MovieId(int(ranking.candidates.ids[position])))
            if movie is not None:  # a build published and pruned between the two calls may have removed it
                reason = _reason(ranking, int(position), ranks, movie, read)
                hits.append(Hit(movie, round(float(ranking.lifted.score[position]), 6), reason))
        return tuple(hits)

    @stage("encode")
    def _encode(self, text: str, *, post: bool = False) -> Vectors:
        check_encoder(self.encoder, self.index.info())
        if post and isinstance(self.encoder, RecallingEncoder):
            recalled: Vectors = self.encoder.encode_recalled([text])[0]
            return recalled
        vector: Vectors = self.encoder.encode([text])[0]
        return vector

    def mean_cosine(self, vector: Vectors | None) -> float:
        """Return the query's mean cosine over the whole catalogue, computed from the index's centroid."""
        if vector is None or self.level is not None:
            return self.level or 0.0
        return float(vector @ np.asarray(self.index.info().centroid, np.float32))

    def _did_you_mean(self, query: str, hits: tuple[Hit, ...], read: intent.Intent) -> str:
        """Return the query with unknown words corrected; queries the engine only if some word occurs in no hit.

        Words that were understood, such as a year, are kept as typed.
        """
        seen = {word for hit in hits for word in hit.reason.matched}
        typed = read.name.split()
        doubtful = {
            token
            for token in typed
            if any(word not in seen and word not in snippets.SMALL_WORDS for word in texts.words(token))
        }
        corrected = self.index.correct(typed) if doubtful else {}
        whole = query.split()
        better = [corrected[token].word if token in doubtful & corrected.keys() else token for token in whole]
        return " ".join(better) if better != whole else ""


def vocabulary_of(index: MovieIndex, words: Tables) -> Vocabulary:
    """Return the vocabulary for reading search texts: the tables and the names in an index's catalogue."""
    try:
        names = gazetteer.load(index.attachment(gazetteer.NAME))
    except NotFound:  # the index was built without names
        names = gazetteer.Gazetteer()
    return Vocabulary(words, names)


def check_encoder(encoder: Encoder, info: IndexInfo) -> None:
    """Reject an index whose vectors were made by another encoder.

    Raises:
        EncoderMismatch: names both encoders and the command that fixes it.
    """
    if encoder.name != info.encoder or encoder.dimension != info.dimension:
        raise EncoderMismatch(
            f"the index {info.version} was built with the encoder {info.encoder} ({info.dimension} dimensions), but "
            f"MARQUEE_ENCODER_MODEL selects {encoder.name} ({encoder.dimension}); run `marquee index` or restore the "
            "setting"
        )


def _sort_key(sort: Sort, candidates: Candidates, score: fusion.Scores) -> fusion.Scores:
    if sort is Sort.RATING:
        return bayesian_mean(candidates.vote_average, candidates.vote_count)
    if sort is Sort.POPULARITY:
        return candidates.popularity.astype(np.float64)
    return candidates.year.astype(np.float64) if sort is Sort.NEWEST else score


def _ranks(candidates: Candidates) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return each candidate's rank by words and by meaning, from 1."""
    by_words = np.argsort(np.argsort(-candidates.words, kind="stable"), kind="stable") + 1
    by_meaning = np.argsort(np.argsort(-candidates.cosine, kind="stable"), kind="stable") + 1
    return by_words, by_meaning


def _reason(
    ranking: _Ranking, at: int, ranks: tuple[NDArray[np.intp], NDArray[np.intp]], movie: Movie, read: intent.Intent
) -> Reason:
    cosine, words = float(ranking.candidates.cosine[at]), float(ranking.candidates.words[at])
    indexed = ranking.candidates.terms[at] if ranking.candidates.terms else b""
    return Reason(
        words_rank=int(ranks[0][at]) if words > 0 else None,
        meaning_rank=int(ranks[1][at]) if not np.isnan(cosine) else None,
        similarity=round(cosine, 4) if not np.isnan(cosine) else None,
        matched=snippets.matched(read.words, movie, indexed) if words > 0 else (),
        snippet=snippets.snippet(read.words, movie, indexed) if words > 0 else "",
        popularity=round(float(ranking.fused.popularity[at]), 4),
        taste=round(float(ranking.lifted.taste[at]), 4),
    )
