"""Question answering: short answers from the plots of the movies found for a question, with citations per sentence.

Without a language model, the answer quotes sentences from the plots. With one, the model phrases it from the same
plots; every sentence is checked, and if one fails, the answer falls back to quotations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core import texts
from core.errors import EncoderUnavailable, InvalidRequest, LanguageModelUnavailable, SearchUnavailable
from core.ports import Encoder
from core.types import Degradation, Movie, MovieId, Page, SearchRequest
from engine.search import language_detection, snippets
from engine.search.llm import prompts
from engine.search.llm.model import LanguageModel
from indexer.analysis.stemmer import stem

MAX_QUESTION = 300
"""Maximum characters of a question: one or two sentences."""
RETRIEVED = 6
"""Movies whose plots are used."""
MAX_CLAIMS = prompts.MAX_SENTENCES
MAX_SENTENCE = 300
"""Maximum characters of a sentence in the answer."""
MAX_PLOT = 700
"""Maximum characters of a plot sent to the model."""
SENTENCES = 6
"""Maximum sentences per plot that are compared with the question, to bound the encoding cost."""
LEAST_WORDS = 4
"""Minimum words of a sentence worth showing."""
WORDS_WEIGHT = 0.5
"""Weight of the share of question words found in a sentence, relative to its cosine."""
NEAR_BEST = 0.6
"""Minimum score of further sentences, as a share of the best sentence's score."""
GROUNDED = 0.5
"""Minimum share of a sentence's content words that occur in the question or in the cited movies."""
NAMES = 5
"""Maximum people per movie sent to the model."""

_ENDS = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|(?<=[。！？])")
_MARKUP = re.compile(r"[<>`{}\\|]|\]\(|https?:|www\.|://|\w@\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and the movies that support it."""

    text: str
    movies: tuple[MovieId, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question."""

    question: str
    claims: tuple[Claim, ...]
    movies: tuple[Movie, ...]
    """The movies found, best first."""
    model: str = ""
    """Name of the model that phrased the claims; empty if they are quotations."""
    notice: str = ""


class MovieSearch(Protocol):
    """A search for movies by text."""

    def run(self, request: SearchRequest) -> Page:
        """Return one page of results."""
        ...


class _Sentence(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    text: Annotated[str, Field(min_length=1, max_length=MAX_SENTENCE)]
    movies: Annotated[list[int], Field(min_length=1, max_length=RETRIEVED)]


class _ModelAnswer(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    sentences: Annotated[list[_Sentence], Field(min_length=1, max_length=MAX_CLAIMS)]


@dataclass(frozen=True)
class QuestionAnswering:
    """Short answers from the plots of movies."""

    search: MovieSearch
    encoder: Encoder
    model: LanguageModel | None = None
    seconds: float = 6.0
    multilingual: Encoder | None = None
    """Compares questions in other languages with the plots, if configured."""

    def answer(self, question: str) -> Answer:
        """Return a short answer, without claims if nothing was found.

        Raises:
            InvalidRequest: the question is blank or too long (field `question`).
            SearchUnavailable: the engine cannot answer.
        """
        question = " ".join(question.split())
        if not question or len(question) > MAX_QUESTION:
            raise InvalidRequest({"question": f"expected 1 to {MAX_QUESTION} characters, got {len(question)}"})
        page = self.search.run(SearchRequest(question, size=RETRIEVED))
        if Degradation.POPULAR in page.degraded:  # their plots answer nothing
            raise SearchUnavailable("the search engine does not respond; try again in a moment")
        movies = tuple(hit.movie for hit in page.hits)
        if not movies:
            return Answer(question, (), (), notice=page.notice)
        claims = self._phrased(question, movies)
        if claims is not None and self.model is not None:
            return Answer(question, claims, movies, model=self.model.name, notice=page.notice)
        foreign = page.understood is not None and language_detection.is_foreign(page.understood.language)
        encoder = self.multilingual if foreign and self.multilingual is not None else self.encoder
        return Answer(question, _extracted(question, movies, encoder), movies, notice=page.notice)

    def _phrased(self, question: str, movies: Sequence[Movie]) -> tuple[Claim, ...] | None:
        """Return the model's claims; None without a model, or if any of its sentences fails the checks."""
        if self.model is None:
            return None
        messages, answer_format = prompts.answer_prompt(question, [_movie_data(movie) for movie in movies])
        try:
            answer = _ModelAnswer.model_validate(self.model.answer(messages, answer_format, seconds=self.seconds))
        except (LanguageModelUnavailable, ValidationError):
            return None
        claims = [_checked(sentence, question, movies) for sentence in answer.sentences]
        return None if None in claims else tuple(claim for claim in claims if claim is not None)


def _extracted(question: str, movies: Sequence[Movie], encoder: Encoder) -> tuple[Claim, ...]:
    """Return the best of the sentences that fit the question best in each plot."""
    found = [(movie, sentence) for movie in movies for sentence in sentences(movie)]
    if not found:
        return ()
    scores = _scores(question, [sentence for _, sentence in found], encoder)
    best: dict[MovieId, tuple[float, str]] = {}
    for (movie, sentence), score in zip(found, scores, strict=True):
        if movie.id not in best or score > best[movie.id][0]:
            best[movie.id] = score, sentence
    ranked = sorted(best.items(), key=lambda entry: -entry[1][0])[:MAX_CLAIMS]
    least = ranked[0][1][0] * NEAR_BEST
    return tuple(Claim(_shortened(text), (movie,)) for movie, (score, text) in ranked if score >= least)


def _scores(question: str, compared: Sequence[str], encoder: Encoder) -> list[float]:
    wanted = _stems(question)
    by_words = [WORDS_WEIGHT * _share(wanted, _stems(sentence)) for sentence in compared]
    try:
        vectors = encoder.encode([question, *compared])
    except EncoderUnavailable:
        return by_words
    return [float(vector @ vectors[0]) + words for vector, words in zip(vectors[1:], by_words, strict=True)]


def sentences(movie: Movie) -> list[str]:
    """Return the first meaningful sentences of a plot, or of the tagline if there is no plot."""
    parts = (" ".join(part.split()) for part in _ENDS.split(movie.overview or movie.tagline) if part)
    return [part for part in parts if len(part.split()) >= LEAST_WORDS or not part.isascii()][:SENTENCES]


def _checked(sentence: _Sentence, question: str, movies: Sequence[Movie]) -> Claim | None:
    """Return the claim if it is plain text, cites only movies that were found, and is supported by their data."""
    known = {movie.id: movie for movie in movies}
    named = [known.get(MovieId(number)) for number in sentence.movies]
    cited = [movie for movie in named if movie is not None]
    text = _plain(sentence.text)
    if not text or _MARKUP.search(text) or len(cited) < len(named):
        return None
    words = _stems(text)
    behind = _stems(question).union(*(_stems(_everything(movie)) for movie in cited))
    return Claim(text, tuple(dict.fromkeys(movie.id for movie in cited))) if _share(words, behind) >= GROUNDED else None


def _plain(text: str) -> str:
    """Remove control characters and bidirectional marks, and collapse white space."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join(kept.split())


_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def _movie_data(movie: Movie) -> Mapping[str, Any]:
    """Return what the model learns about a movie."""
    return {
        "id": movie.id,
        "title": movie.title,
        "year": movie.year,
        "genres": list(movie.genres),
        "people": list(movie.people[:NAMES]),
        "plot": movie.overview[:MAX_PLOT],
    }


def _everything(movie: Movie) -> str:
    names: Iterable[str] = (*movie.genres, *movie.keywords, *movie.people, *(m.character for m in movie.cast))
    return "\n".join((movie.title, movie.original_title, movie.overview, movie.tagline, str(movie.year or ""), *names))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in snippets.content_words(texts.fold(text))}


def _share(of: set[str], among: set[str]) -> float:
    return len(of & among) / len(of) if of else 0.0


def _shortened(text: str) -> str:
    """Shorten a text to `MAX_SENTENCE` characters, cutting between words."""
    if len(text) <= MAX_SENTENCE:
        return text
    cut = text[: MAX_SENTENCE - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"
