"""Search: a text becomes one question to the engine, whose candidates are fused, cut off, ordered and explained."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.errors import EncoderMismatch, NotFound
from core.ports import Candidates, Encoder, IndexInfo, MovieIndex, Question, RecallingEncoder, Vectors
from core.recommendations.scores import bayesian_mean
from core.types import Filters, Hit, Mode, Movie, MovieId, Page, QueryKind, Reason, SearchRequest, Sort, Suggestion
from core.understanding import Stance, Understanding
from core.users import User
from engine.search import facets, intent, language_detection, snippets, wish_lists
from engine.search.ranking import cutoff, fusion, personalization, reranker
from engine.search.ranking.reranker import Ranker
from engine.search.understanding import reader as understanding_reader
from engine.search.understanding import tables
from engine.search.understanding.tables import Tables
from engine.search.understanding.vocabulary import Vocabulary
from engine.search.wish_candidates import Granted, Granting, order
from engine.version_cache import PerVersion
from indexer.names import gazetteer

DESCRIPTION_FIELDS = (("text", 1.0),)
"""A boosted title helps title queries and halves the others: `Match` tells titles apart instead."""
NAME_FIELDS = (*DESCRIPTION_FIELDS, ("people", 0.3))
"""Fields of a short text: `text` holds the billed cast only, `people` everybody, for half a name."""
TAG_FIELDS = (("tags", 0.5),)
"""What is searched besides where movies have tags: what people call a movie says less than its own texts."""
MAX_SUGGEST_LENGTH = 100
SURE = 0.7
"""Confidence from which a correction is searched for at once: on TMDB 5000, 99.7 % of such corrections of random typos
are right."""
NOTHING_CLOSE = "Nothing in the catalogue is close to that."
TIPS = (
    "Say what happens in the film, in a sentence or two.",
    "Name a place, a time, or what somebody does for a living.",
    "Check the spelling of names and titles.",
    "Take a filter away.",
)


class Taste(Protocol):
    """Whoever knows what suits a user."""

    def affinity(self, user: User, ids: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """How well each movie suits the user, -1 to 1; None where nothing is known of them."""
        ...

    def band(self, user: User, usual: float) -> float:
        """The band in which taste moves this user's results: the usual one, unless an experiment sets another."""
        ...

    def alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:
        """How much the people who like `movies` like others: the likest movies by id, 0 to 1; empty without a model."""
        ...


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The results of one request before they are cut into pages."""

    candidates: Candidates
    fused: fusion.Fused
    lifted: personalization.Lifted
    chosen: NDArray[np.intp]
    """Positions of the results among the candidates, best first."""
    kind: QueryKind


@dataclass(frozen=True)
class Search:
    """Describe a movie, find it; or browse by filters."""

    index: MovieIndex
    encoder: Encoder
    relevance_floor: float = cutoff.MIN_BEST_COSINE
    taste: Taste | None = None
    taste_band: float = 0.0
    depth: int = 300
    ranker: Ranker | None = None
    """Orders the best candidates of a description; None leaves them in the order of their fused scores."""
    clock: Callable[[], float] = field(default=time.perf_counter)
    tables: Tables = field(default_factory=tables.load)
    reader: understanding_reader.Reader = understanding_reader.read
    """Who reads search texts: the rules, or the rules with a language model beside them."""
    abroad: Search | None = None
    """Searches for texts that are not in English; None where they are matched like all others."""
    level: float | None = None
    """Mean cosine of every query, where the index's cosines are centred on it; None: each query has its own."""
    weights: Mapping[QueryKind, fusion.Weights] = field(default_factory=lambda: fusion.WEIGHTS)
    spreads: float = cutoff.MEANING_SPREADS
    vocabularies: PerVersion[Vocabulary] = field(default_factory=PerVersion, repr=False)

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """One page of results; an empty query lists all movies that meet the filters.

        The taste of `user` reorders the results within a bounded band, unless their preferences say otherwise.

        Raises:
            SearchUnavailable: the engine cannot answer (`IndexMissing`, `EncoderMismatch` say why).
        """
        started = self.clock()
        page = self._answer(request, user) if request.query.strip() else self._browse(request)
        return dataclasses.replace(page, took_ms=round((self.clock() - started) * 1000, 2))

    def _answer(self, request: SearchRequest, user: User | None) -> Page:
        corrected = "" if request.literal else self._corrected(request.query)
        asked = dataclasses.replace(request, query=corrected) if corrected else request
        understood = self.understand(asked.query, drop=request.drop, literal=request.literal)
        foreign = language_detection.is_foreign(understood.language)
        own = self.abroad if foreign and self.abroad is not None else self
        answer = own._grant if understood.stance is Stance.WISH and understood.pieces else own._find
        page = answer(asked, understood, user)
        settled = corrected or request.literal or foreign
        offered = "" if settled else page.did_you_mean
        return dataclasses.replace(
            page, request=request, understood=understood, corrected_to=corrected, did_you_mean=offered
        )

    def _corrected(self, query: str) -> str:
        """A short text with its typos put right where there is no doubt about them; empty where there is nothing to do.

        Only words that no movie has are corrected: to a title that the whole text is but for a letter or two, else
        one by one.
        """
        words = texts.words(query)
        names = self.vocabulary().gazetteer
        known = all(map(self.vocabulary().knows, words))
        if known or not 0 < len(words) <= intent.MAX_NAME_WORDS or names.titled(query):
            return ""
        movie = names.nearly_titled(query)
        if movie is None and language_detection.is_foreign(language_detection.of_text(query, self.vocabulary())):
            return ""
        return movie.title if movie is not None else self._put_right(query.split())

    def _put_right(self, typed: Sequence[str]) -> str:
        found = self.index.correct(typed)
        sure = {word: correction.word for word, correction in found.items() if correction.confidence >= SURE}
        doubtful = [
            word for word in typed if word not in sure and not all(map(self.vocabulary().knows, texts.words(word)))
        ]
        return " ".join(sure.get(word, word) for word in typed) if sure and not doubtful else ""

    def understand(self, query: str, *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
        """What a search text asks for, without searching."""
        understood = self.reader(query, vocabulary=self.vocabulary(), drop=drop, literal=literal)
        return dataclasses.replace(understood, language=language_detection.of(understood, self.vocabulary()))

    def vocabulary(self) -> Vocabulary:
        """What texts are read by: the tables, and the names of the published catalogue."""
        return self.vocabularies.get(self.index.info().version, lambda: vocabulary_of(self.index, self.tables))

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """As-you-type lines; none for blank text."""
        typed = text[:MAX_SUGGEST_LENGTH].encode(errors="ignore").decode()
        return self.index.suggest(typed, limit=limit) if typed.strip() else ()

    def question(self, request: SearchRequest, read: intent.Intent, *, vector: Vectors | None = None) -> Question:
        """What the engine is asked for; by meaning, for what is near `vector` or else near the encoded text."""
        with_words = request.mode is not Mode.MEANING
        with_meaning = request.mode is not Mode.WORDS or not read.words
        tags = TAG_FIELDS if self.index.info().tagged else ()
        return Question(
            words=read.words if with_words else "",
            fields=(*(NAME_FIELDS if read.name else DESCRIPTION_FIELDS), *tags),
            vector=(vector if vector is not None else self._encode(read.meaning, post=read.post))
            if with_meaning
            else None,
            filters=request.filters,
            depth=self.depth,
            name=read.name if request.mode is Mode.HYBRID else "",
        )

    def _browse(self, request: SearchRequest) -> Page:
        listing = self.index.listing(request.filters, sort=request.sort, offset=request.offset, size=request.size)
        hits = tuple(Hit(movie, score=0.0) for movie in listing.movies)
        return Page(request, listing.total, hits, listing.facets, notice="" if listing.total else NOTHING_CLOSE)

    def _grant(self, request: SearchRequest, understood: Understanding, user: User | None) -> Page:
        """The results of a wish: movies that meet it, and where these are few, those that meet most of it."""
        granting = Granting(self.index, self._encode, self._alike, self.depth)
        granted = granting.grant(request, understood, self.vocabulary())
        found = self._rank_wish(request, granting, granted, user)
        found = dataclasses.replace(found, chosen=order(granted, found.chosen))
        page = self._page(request, found, granted.read)
        if not granted.left:
            return page
        notice = wish_lists.relaxed_notice(understood, granted.left, len(granted.strict))
        return dataclasses.replace(page, relaxed=granted.left, notice=notice)

    def _rank_wish(self, request: SearchRequest, granting: Granting, granted: Granted, user: User | None) -> _Ranking:
        candidates = granted.candidates
        fused = fusion.fuse(
            candidates,
            weights=self.weights[QueryKind.DESCRIPTION],
            mode=request.mode,
            mean_cosine=self.mean_cosine(granted.question.vector),
        )
        lifted = self._lift(
            candidates, granting.score(granted, fused.score), user if request.sort is Sort.RELEVANCE else None
        )
        ranked = fusion.order(_sort_key(request.sort, candidates, lifted.score), candidates.ids)
        return _Ranking(candidates, fused, lifted, ranked, granted.kind)

    def _alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:
        return self.taste.alike(movies) if self.taste is not None else {}

    def _find(self, request: SearchRequest, understood: Understanding, user: User | None) -> Page:
        read = intent.read(understood.remainder or request.query)
        if self.level is not None:  # the words may be put into English; the multilingual encoder reads what was typed
            read = dataclasses.replace(read, meaning=request.query)
        question = self.question(request, read)
        ranked = self._rank(request, read, question, user)
        named = [movie for piece in understood.pieces for movie in piece.movies[:1]]
        if understood.stance is Stance.TITLE and named and request.sort is Sort.RELEVANCE:
            ranked = dataclasses.replace(ranked, chosen=wish_lists.first(ranked.chosen, ranked.candidates.ids, named))
        return self._page(request, ranked, read)

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
            did_you_mean=self._did_you_mean(hits, read),
            suggestions=() if total else TIPS,
        )

    def _rank(self, request: SearchRequest, read: intent.Intent, question: Question, user: User | None) -> _Ranking:
        candidates = self.index.candidates(question)
        kind = fusion.kind_of(candidates)
        fused = self._fuse(request, read, question, candidates)
        floors = cutoff.Floors.of(
            cosine=self.relevance_floor,
            asked=len(snippets.content_words(read.words)),
            movies=self.index.info().count,
            spreads=self.spreads,
        )
        relevant = cutoff.relevant(candidates, meaning=fused.meaning, floors=floors, mode=request.mode)
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
            mode=request.mode,
            mean_cosine=self.mean_cosine(question.vector),
            years=read.years,
        )

    def _rerank(
        self, request: SearchRequest, read: intent.Intent, question: Question, found: reranker.Scored
    ) -> fusion.Scores:
        """The scores of a description by the learned ranking, where it knows the encoder of the index.

        Under filters, the candidates without them say what a movie's scores are compared with.
        """
        if self.ranker is None or self.ranker.encoder != self.index.info().encoder:
            return found.fused.score
        whole = None
        if question.filters.active:
            every = self.index.candidates(dataclasses.replace(question, filters=Filters()))
            whole = reranker.Scored(every, self._fuse(request, read, question, every))
        asked = reranker.QueryFeatures.of(request.query, read)
        return reranker.rerank(self.ranker.model(asked), asked, found, whole=whole)

    def _lift(self, candidates: Candidates, score: fusion.Scores, user: User | None) -> personalization.Lifted:
        """The scores after the user's taste, where they want it and something is known of it."""
        if user is not None and user.preferences.taste_in_search and self.taste is not None and len(candidates):
            band = self.taste.band(user, self.taste_band)
            affinity = self.taste.affinity(user, candidates.ids) if max(band, self.taste_band) > 0 else None
            if affinity is not None:
                return personalization.lift(score, match=candidates.match, affinity=affinity, band=band)
        return personalization.Lifted(score, np.zeros(len(candidates)))

    def _hits(self, ranking: _Ranking, here: NDArray[np.intp], read: intent.Intent) -> tuple[Hit, ...]:
        found = self.index.movies([MovieId(int(i)) for i in ranking.candidates.ids[here]])
        by_id = {movie.id: movie for movie in found}
        ranks = _ranks(ranking.candidates)
        hits = []
        for position in here:
            movie = by_id.get(MovieId(int(ranking.candidates.ids[position])))
            if movie is not None:  # gone between two calls: a build was published and pruned in between
                reason = _reason(ranking, int(position), ranks, movie, read)
                hits.append(Hit(movie, round(float(ranking.lifted.score[position]), 6), reason))
        return tuple(hits)

    def _encode(self, text: str, *, post: bool = False) -> Vectors:
        check_encoder(self.encoder, self.index.info())
        if post and isinstance(self.encoder, RecallingEncoder):
            recalled: Vectors = self.encoder.encode_recalled([text])[0]
            return recalled
        vector: Vectors = self.encoder.encode([text])[0]
        return vector

    def mean_cosine(self, vector: Vectors | None) -> float:
        """The query's mean cosine over the whole catalogue, from the index's centroid."""
        if vector is None or self.level is not None:
            return self.level or 0.0
        return float(vector @ np.asarray(self.index.info().centroid, np.float32))

    def _did_you_mean(self, hits: tuple[Hit, ...], read: intent.Intent) -> str:
        """The text with its unknown words corrected. The engine is asked only where no hit has some word."""
        seen = {word for hit in hits for word in hit.reason.matched}
        typed = read.name.split()
        doubtful = {
            token
            for token in typed
            if any(word not in seen and word not in snippets.SMALL_WORDS for word in texts.words(token))
        }
        corrected = self.index.correct(typed) if doubtful else {}
        better = [corrected[token].word if token in doubtful & corrected.keys() else token for token in typed]
        return " ".join(better) if better != typed else ""


def vocabulary_of(index: MovieIndex, words: Tables) -> Vocabulary:
    """What texts are read by: tables, and the names of an index's catalogue."""
    try:
        names = gazetteer.load(index.attachment(gazetteer.NAME))
    except NotFound:  # an index that somebody built without one
        names = gazetteer.Gazetteer()
    return Vocabulary(words, names)


def check_encoder(encoder: Encoder, info: IndexInfo) -> None:
    """Refuse an index whose vectors another encoder made.

    Raises:
        EncoderMismatch: names both encoders and the command that mends it.
    """
    if encoder.name != info.encoder or encoder.dimension != info.dimension:
        raise EncoderMismatch(
            f"the index {info.version} was built with the encoder {info.encoder} ({info.dimension} dimensions), but "
            f"MARQUEE_ENCODER_MODEL gives {encoder.name} ({encoder.dimension}): run `marquee index`, or set it back"
        )


def _sort_key(sort: Sort, candidates: Candidates, score: fusion.Scores) -> fusion.Scores:
    if sort is Sort.RATING:
        return bayesian_mean(candidates.vote_average, candidates.vote_count)
    if sort is Sort.POPULARITY:
        return candidates.popularity.astype(np.float64)
    return candidates.year.astype(np.float64) if sort is Sort.NEWEST else score


def _ranks(candidates: Candidates) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rank from 1 of each candidate in the words and in the meaning list."""
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
