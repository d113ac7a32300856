"""Ask: a short answer from the plots of the movies that a question finds, each sentence with the movies it rests on.

Without a language model the answer is made of the plots' own sentences. With one it is phrased by the model, from the
same plots; what it says is checked, and a single sentence that fails makes the answer the plots' own again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core import texts
from core.errors import InvalidRequest, LanguageModelUnavailable
from core.ports import Encoder
from core.types import Movie, MovieId, Page, SearchRequest
from engine.search import language_detection, snippets
from engine.search.llm import prompts
from engine.search.llm.model import LanguageModel
from indexer.analysis.stemmer import stem

MAX_QUESTION = 300
"""Characters of a question: one sentence or two."""
RETRIEVED = 6
"""Movies whose plots are looked at."""
MAX_CLAIMS = prompts.MAX_SENTENCES
MAX_SENTENCE = 300
"""Characters of a sentence of the answer."""
MAX_PLOT = 700
"""Characters of a plot that a model is given."""
SENTENCES = 6
"""Sentences of a plot that are compared with the question: they bound what is encoded."""
LEAST_WORDS = 4
"""Words that make a sentence worth showing."""
WORDS_WEIGHT = 0.5
"""What all of the question's words in a sentence count, beside a cosine from -1 to 1."""
NEAR_BEST = 0.6
"""Share of the best sentence's score that another one needs to be shown beside it."""
GROUNDED = 0.5
"""Share of a sentence's telling words that must stand in the question or in the movies that it names."""
NAMES = 5
"""People of a movie that a model is told."""

_ENDS = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|(?<=[。！？])")
_MARKUP = re.compile(r"[<>`{}\\|]|\]\(|https?:|www\.|://|\w@\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, and the movies that it rests on."""

    text: str
    movies: tuple[MovieId, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question."""

    question: str
    claims: tuple[Claim, ...]
    movies: tuple[Movie, ...]
    """The movies that were found, the best first."""
    model: str = ""
    """Who phrased the claims; empty where they are sentences of plots."""
    notice: str = ""


class Finding(Protocol):
    """Whoever finds movies for a text."""

    def run(self, request: SearchRequest) -> Page:
        """One page of results."""
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

    search: Finding
    encoder: Encoder
    model: LanguageModel | None = None
    seconds: float = 6.0
    multilingual: Encoder | None = None
    """Compares questions in other languages with the plots, where there is one."""

    def answer(self, question: str) -> Answer:
        """A short answer; without claims where nothing was found.

        Raises:
            InvalidRequest: the question is blank or too long (field `question`).
            SearchUnavailable: the engine cannot answer.
        """
        question = " ".join(question.split())
        if not question or len(question) > MAX_QUESTION:
            raise InvalidRequest({"question": f"expected 1 to {MAX_QUESTION} characters, got {len(question)}"})
        page = self.search.run(SearchRequest(question, size=RETRIEVED))
        movies = tuple(hit.movie for hit in page.hits)
        if not movies:
            return Answer(question, (), (), notice=page.notice)
        said = self._phrased(question, movies)
        if said is not None and self.model is not None:
            return Answer(question, said, movies, model=self.model.name, notice=page.notice)
        foreign = page.understood is not None and language_detection.is_foreign(page.understood.language)
        encoder = self.multilingual if foreign and self.multilingual is not None else self.encoder
        return Answer(question, _extracted(question, movies, encoder), movies, notice=page.notice)

    def _phrased(self, question: str, movies: Sequence[Movie]) -> tuple[Claim, ...] | None:
        """What the model says; None where there is none, or where something of it does not hold."""
        if self.model is None:
            return None
        messages, wanted = prompts.answer_prompt(question, [_told(movie) for movie in movies])
        try:
            said = _ModelAnswer.model_validate(self.model.answer(messages, wanted, seconds=self.seconds))
        except (LanguageModelUnavailable, ValidationError):
            return None
        claims = [_checked(sentence, question, movies) for sentence in said.sentences]
        return None if None in claims else tuple(claim for claim in claims if claim is not None)


def _extracted(question: str, movies: Sequence[Movie], encoder: Encoder) -> tuple[Claim, ...]:
    """The sentence of each plot that fits the question best; of these the best."""
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
    vectors = encoder.encode([question, *compared])
    wanted = _stems(question)
    return [
        float(vector @ vectors[0]) + WORDS_WEIGHT * _share(wanted, _stems(sentence))
        for vector, sentence in zip(vectors[1:], compared, strict=True)
    ]


def sentences(movie: Movie) -> list[str]:
    """The first sentences of a plot that say something; the tagline where there is no plot."""
    parts = (" ".join(part.split()) for part in _ENDS.split(movie.overview or movie.tagline) if part)
    return [part for part in parts if len(part.split()) >= LEAST_WORDS or not part.isascii()][:SENTENCES]


def _checked(sentence: _Sentence, question: str, movies: Sequence[Movie]) -> Claim | None:
    """The claim, if it is plain text, names movies that were found, and rests on what is known of them."""
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
    """Without control characters and marks that turn the direction of writing; single blanks."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join(kept.split())


_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def _told(movie: Movie) -> Mapping[str, Any]:
    """What a model is told of a movie."""
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
    """At most the characters of a sentence, cut between words."""
    if len(text) <= MAX_SENTENCE:
        return text
    cut = text[: MAX_SENTENCE - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"
