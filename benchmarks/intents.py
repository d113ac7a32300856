"""Measure how many marked genres and years the rules recognize: `python -m benchmarks intents`.

The marks are from MIT's movie corpus and IARD's movie conversations, in `intent/` of the test data. Prints the recall
of genres, the share of year spans, the number of excluded marks, and the time to read a text.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks import markdown, workplace
from core.config import Settings
from core.errors import MarqueeError
from core.evaluation import Split
from core.understanding import Piece, PieceKind, Understanding
from engine import wiring
from engine.search.evaluation import accuracy, label_files
from engine.search.evaluation.job import RulesReader
from engine.search.understanding.language import tokens
from engine.search.understanding.tables import Term
from engine.search.understanding.vocabulary import Vocabulary

MIT, IARD = "mit", "iard"
FILES = {
    MIT: "mit_trivia10k13_train.jsonl",
    IARD: "formatted_IARD_annotated_gold_user_utterances.jsonl",
}
LABELLED = Path(__file__).parent / "requests" / "understanding.tsv"
GENRE_TABLES = frozenset({"genre", "kind"})
CENTURY_OF_SHORT = 20
"""Two-digit decades from this one on belong to the twentieth century."""
FIRST_YEAR, LAST_YEAR = 1880, 2029

_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_DECADE = re.compile(r"(?<!\d)(?P<century>18|19|20)?(?P<tens>\d)0\s?'?s\b")
_PART = re.compile(r"\b(early|mid|late)\s*$")
_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (5, 9)}

Span = tuple[int, int]
Read = Callable[[str], Understanding]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its marked genres and years."""

    text: str
    genres: tuple[str, ...] = ()
    years: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts of recognized and expected marks."""

    right: int = 0
    expected: int = 0
    left_out: int = 0
    """Marks without an expected value, which are excluded."""

    def plain(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        share = round(self.right / self.expected, 4) if self.expected else None
        return {"share": share, "right": self.right, "expected": self.expected, "left_out": self.left_out}


def read_mit(lines: Iterable[str]) -> list[Marked]:
    """Read MIT's texts with their slots."""
    return [_marked(row["text"], row["slots"]) for row in map(json.loads, lines)]


def read_iard(lines: Iterable[str]) -> list[Marked]:
    """Read IARD's utterances with the slots of their dialogue acts."""
    return [
        _marked(row["text"], [slot for act in row["acts"] for slot in act["slots"]]) for row in map(json.loads, lines)
    ]


def genres(slot: str, vocabulary: Vocabulary) -> list[Term]:
    """Return the genres that a text names in words of the tables, matching the longest phrases first."""
    words, found, at = tokens.words(slot), [], 0
    while at < len(words):
        length, terms = vocabulary.phrase(words, at)
        found += [term for term in terms if term.table in GENRE_TABLES][:1]
        at += max(1, length)
    return found


def has_genre(term: Term, pieces: Iterable[Piece], vocabulary: Vocabulary) -> bool:
    """Whether a genre was recognized, wanted or not: itself, one that includes it, or all of its parts."""
    read = {name for piece in pieces if piece.kind is PieceKind.GENRE for name in piece.value.split("|")}
    rows = filter(None, (vocabulary.tables.term(PieceKind.GENRE, name) for name in read))
    included = {genre for row in rows for genre in row.listed("all_genres")}
    parts = term.listed("all_genres")
    return term.name in read | included or (bool(parts) and read.issuperset(parts))


def spans(text: str, slots: Sequence[str]) -> list[Span]:
    """Return the year spans of the slots of a text; `1990` means the decade if `s` follows in the text."""
    return [span for slot in slots for span in _spans(_whole(text, slot))]


def has_years(expected: Sequence[Span], pieces: Iterable[Piece]) -> bool:
    """Whether the recognized years are one of the expected spans, or the span from the first to the last."""
    joint = (min(first for first, _ in expected), max(last for _, last in expected))
    read = {_span(piece.value) for piece in pieces if piece.kind is PieceKind.YEARS}
    return not read.isdisjoint({*expected, joint})


def count(texts: Iterable[Marked], read: Read, vocabulary: Vocabulary) -> dict[str, Any]:
    """Read every marked text and count the genres and year spans that were recognized."""
    found = {"genres": Tally(), "years": Tally()}
    for one in texts:
        if one.genres or one.years:
            pieces = read(one.text).pieces
            _count_genres(found["genres"], one, pieces, vocabulary)
            _count_years(found["years"], one, pieces)
    return {name: tally.plain() for name, tally in found.items()}


def timing(texts: Iterable[str], read: Read) -> dict[str, float]:
    """Return the processor time for reading a text in milliseconds, after everything is loaded."""
    distinct = list(dict.fromkeys(texts))
    read(distinct[0])
    taken = []
    for text in distinct:
        started = time.process_time()
        read(text)
        taken.append((time.process_time() - started) * 1000)
    return {"texts": len(taken), "mean_ms": round(fmean(taken), 3), "p50_ms": round(median(taken), 3)}


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Return the figures of every engine; names of people and movies come from its index."""
    return {name: workplace.timed(f"understanding, {name}", _measure, own) for name, own in engines.items()}


def main(arguments: Sequence[str]) -> None:
    """Print the figures of the published index."""
    argparse.ArgumentParser(prog="python -m benchmarks intents", description=__doc__).parse_args(arguments)
    try:
        print(table(_measure(workplace.settings_of_caller())))
    except MarqueeError as error:
        raise SystemExit(str(error)) from None


def table(found: Mapping[str, Any]) -> str:
    """Format the figures as a table, followed by the time."""
    rows = [
        [f"{what}, {name}", "–" if own["share"] is None else f"{own['share']:.3f}", *list(own.values())[1:]]
        for name in (*FILES, *map(str, Split))
        for what, own in found[name].items()
    ]
    moods = found["moods"]
    rows.append(["moods, labelled requests, held-out", f"{moods['accuracy']:.3f}", moods["right"], moods["total"], 0])
    spent = found["timing"]
    below = f"Reading a request: {spent['mean_ms']:.3f} ms of processor time on average, over {spent['texts']:,} texts."
    return f"{markdown.table(['marks', 'share', 'right', 'expected', 'excluded'], rows)}\n\n{below}"


def load(data: Path) -> dict[str, list[Marked]]:
    """Return the texts of each file, in their order."""
    folder = Path(os.environ.get(workplace.TEST_DATA) or data) / "intent"
    if missing := [name for name in FILES.values() if not (folder / name).is_file()]:
        raise SystemExit(f"the test data has no intent/{missing[0]}; set {workplace.TEST_DATA} to a folder that has it")
    readers = {MIT: read_mit, IARD: read_iard}
    return {name: readers[name](_lines(folder / file)) for name, file in FILES.items()}


def _measure(settings: Settings) -> dict[str, Any]:
    assert settings.data_dir is not None
    texts, vocabulary = load(settings.data_dir), wiring.vocabulary(settings)
    reader = RulesReader(vocabulary)
    halves = {str(half): [one for some in texts.values() for one in some[place::2]] for place, half in enumerate(Split)}
    labelled = label_files.read(LABELLED.read_bytes(), name=LABELLED.name).requests
    return {
        **{name: count(some, reader.read, vocabulary) for name, some in {**texts, **halves}.items()},
        "moods": _moods(reader, [one for one in labelled if one.split is Split.HELD_OUT]),
        "timing": timing([one.text for one in labelled], reader.read),
    }


def _moods(reader: RulesReader, requests: Iterable[Any]) -> dict[str, Any]:
    tally = accuracy.evaluate(reader, requests).kinds[PieceKind.MOOD.value]
    return {**tally.plain(), "total": tally.total}


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]


def _marked(text: str, slots: Iterable[Mapping[str, Any]]) -> Marked:
    named = [(slot["type"].upper(), slot["value"]) for slot in slots if slot["value"]]
    genres, years = (tuple(value for kind, value in named if kind == wanted) for wanted in ("GENRE", "YEAR"))
    return Marked(text, genres, years)


def _count_genres(tally: Tally, one: Marked, pieces: Sequence[Piece], vocabulary: Vocabulary) -> None:
    named = [genres(slot, vocabulary) for slot in one.genres]
    expected = {term.name: term for terms in named for term in terms}  # a genre that is named twice counts once
    tally.left_out += sum(not terms for terms in named)
    tally.expected += len(expected)
    tally.right += sum(has_genre(term, pieces, vocabulary) for term in expected.values())


def _count_years(tally: Tally, one: Marked, pieces: Sequence[Piece]) -> None:
    if not one.years:
        return
    if expected := spans(one.text, one.years):
        tally.expected += 1
        tally.right += has_years(expected, pieces)
    else:
        tally.left_out += 1


def _whole(text: str, slot: str) -> str:
    """Extend a slot by the `s` of a decade outside of it, and by the part of the decade (*early*, *mid*, *late*)."""
    found = re.search(rf"(?:\b(?:early|mid|late)[\s-]+(?:the )?)?(?<!\d){re.escape(slot)}(?:\s?'?s\b)?", text)
    return found.group() if found else slot


def _spans(text: str) -> list[Span]:
    decades = list(_DECADE.finditer(text))
    rest = _DECADE.sub(" ", text)
    found = [_decade(match, text) for match in decades] + [(int(year), int(year)) for year in _YEAR.findall(rest)]
    return [span for span in found if span[0] >= FIRST_YEAR and span[1] <= LAST_YEAR]


def _decade(match: re.Match[str], text: str) -> Span:
    tens = int(match["tens"]) * 10
    century = int(match["century"] or (19 if tens >= CENTURY_OF_SHORT else 20)) * 100
    part = _PART.search(text[: match.start()].rstrip(" -"))
    first, last = _PARTS[part[1]] if part else (0, 9)
    return century + tens + first, century + tens + last


def _span(value: str) -> Span:
    first, dash, last = value.partition("-")
    return int(first or 0), int(last or 9999) if dash else int(first)
