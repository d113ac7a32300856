"""Read a search text as an experienced clerk in a video shop would: what is asked for, and what is left to match."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

from core.understanding import OtherReading, Piece, PieceKind, Stance, Understanding
from engine.search import intent
from engine.search.understanding import common, names, negation, runtimes, tokens, wishes, years
from engine.search.understanding.draft import Draft
from engine.search.understanding.tokens import Token
from engine.search.understanding.vocabulary import Vocabulary
from indexer.gazetteer import NamedMovie

MAX_WISH_WORDS = 32
"""Longer texts tell a plot, whatever else they say."""
MAX_STATED_WORDS = 60
"""Words of a description up to which the genres that it names are read as well; a memory's are longer."""
MAX_TOKENS = 400
"""Words that are read; the rest of a longer text is matched only."""
MAX_CONTENT = 10
"""Content words beside what was understood beyond which a text tells a plot."""
MAX_TITLE_WORDS = 8
FEW = 3
"""Content words beside what was understood up to which a text without a word for a movie is still a wish."""
_STATED = frozenset({PieceKind.YEARS, PieceKind.PERSON, PieceKind.TITLE, PieceKind.LIKE, PieceKind.ROLE, PieceKind.PART})
"""What is read in descriptions and memories: years, people and titles that they state."""
_AGE = re.compile(
    r"(?:\bfor\s+)?(?:\b(?:a|an|my|our|the|his|her)\s+)?\b(?P<age>\d{1,2})[\s-]?(?:yo|y/o|yr old|years? old|year-olds?|"
    r"year olds?|años|ans|jährige[rn]?|anni|anos|歳)(?![^\W_])(?:\s+(?:kid|boy|girl|son|daughter|child|nephew|niece)s?\b)?",
    re.IGNORECASE,
)
OLDEST_KID = 12
_YEAR_JOINS = frozenset({"or", "and", "to", "the", "from", "o", "y", "ou", "et", "oder", "und", "e", "i"})
_SURE = frozenset({
    PieceKind.LIKE, PieceKind.ROLE, PieceKind.AWARD, PieceKind.BASED_ON, PieceKind.COLLECTION, PieceKind.PART,
    PieceKind.STUDIO, PieceKind.RUNTIME,
})  # fmt: skip
"""Kinds that only a wish has."""


def read(text: str, *, vocabulary: Vocabulary, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
    """Read a search text.

    Args:
        drop: keys of pieces that the user took away: they are neither understood nor matched.
        literal: match the text as it stands.
    """
    text = text.encode(errors="ignore").decode()
    split = tokens.split(text)[:MAX_TOKENS]
    if literal or not split:
        return Understanding(text, Stance.DESCRIPTION, remainder=text)
    words = [token.word for token in split]
    if intent.is_recalling(words):
        return _drop(_stated(text, split, vocabulary, Stance.MEMORY), drop)
    named = vocabulary.gazetteer.titled(text)
    if named and _whole_title(split, named, vocabulary):
        piece = _title_piece(text, named)
        wish = _wish(text, split, vocabulary)
        if piece.key not in drop:
            return Understanding(text, Stance.TITLE, (piece,), text, other=_other(wish, piece))
        return _drop(wish, drop)
    return _drop(_wish(text, split, vocabulary), drop)


def _wish(text: str, split: tuple[Token, ...], vocabulary: Vocabulary) -> Understanding:
    """Read a text as a wish, or, where it proves to be none, as a description."""
    draft = Draft.of(text, split, vocabulary)
    _find_phrases(draft)
    _find_ages(draft)
    _find_figures(draft)
    for find in (names.find_roles, names.find_likes, names.find_series, names.find_excluded_titles, names.find_people):
        find(draft)
    wishes.find_terms(draft)
    negation.mark(draft)
    if not _is_wish(draft) or _part_of_title(draft):
        return _stated(text, split, vocabulary, Stance.DESCRIPTION)
    _skip_fillers(draft)
    pieces = _once(_merge_ages(_merge_years(sorted(draft.pieces, key=lambda piece: piece.start), draft)))
    return Understanding(text, Stance.WISH, tuple(pieces), _remainder(draft))


def _stated(text: str, split: tuple[Token, ...], vocabulary: Vocabulary, stance: Stance) -> Understanding:
    """What a description or a memory states outright; all of the text is matched."""
    draft = Draft.of(text, split, vocabulary)
    _find_figures(draft, lengths=False)
    names.find_people(draft)
    pieces = [piece for piece in draft.pieces if piece.kind in _STATED]
    if len(split) <= MAX_STATED_WORDS:
        wishes.find_terms(draft)
        pieces += [piece for piece in draft.pieces if piece.kind is PieceKind.GENRE and _is_named(draft, piece)]
    ordered = sorted(pieces, key=lambda piece: piece.start)
    return Understanding(text, stance, tuple(_merge_years(ordered, draft)), text)


def _is_named(draft: Draft, piece: Piece) -> bool:
    """Whether a genre is what the movie is called ("what is the comedy where …"), not a word of its plot."""
    inside = draft.tokens_in(piece.start, piece.end)
    if len(inside) == 1 and draft.words[inside.start] in wishes.PLAIN_NOUNS:
        return False
    behind = draft.words[inside.stop] if inside.stop < len(draft) else ""
    follows = not behind or draft.tokens[inside.stop - 1].ends_clause or behind in common.AFTER_GENRE or (
        bool(draft.vocabulary.phrase(draft.words, inside.stop)[0])
    )
    before = draft.words[inside.start - 1] if inside.start else ""
    return follows and (before in common.BEFORE_GENRE or not inside.start or _before_is_adjective(draft, inside.start))


def _before_is_adjective(draft: Draft, at: int) -> bool:
    """Whether a determiner stands a few words before: `this gritty graphic thriller`."""
    return any(word in common.BEFORE_GENRE for word in draft.words[max(0, at - 5) : at])


def _find_phrases(draft: Draft) -> None:
    for start, end in tokens.quoted(draft.text):
        inside = draft.tokens_in(start, end)
        if inside and draft.free(inside.start, len(inside)):
            phrase = draft.text[start:end].strip()
            piece = draft.piece(PieceKind.PHRASE, phrase, f"“{phrase}”", inside.start, len(inside))
            draft.take(inside.start, len(inside), piece)


def _find_figures(draft: Draft, *, lengths: bool = True) -> None:
    """Years and running times."""
    if lengths:
        for length in runtimes.read(draft.text):
            _take_stretch(draft, PieceKind.RUNTIME, length.value, _minutes(length.value), length.start, length.end)
    for span in years.read(draft.text, newest=draft.vocabulary.gazetteer.newest_year or years.LAST):
        if span.outright and (lengths or not span.relative):
            _take_stretch(draft, PieceKind.YEARS, span.value, year_label(span.value), span.start, span.end)


def _find_ages(draft: Draft) -> None:
    """`for a 7 year old`, `for my 5yo`: a movie for kids."""
    for match in _AGE.finditer(draft.text):
        if int(match["age"]) <= OLDEST_KID:
            _take_stretch(
                draft, PieceKind.AUDIENCE, "kids", draft.vocabulary.label(PieceKind.AUDIENCE, "kids"),
                match.start(), match.end(),
            )  # fmt: skip


def _take_stretch(draft: Draft, kind: PieceKind, value: str, label: str, start: int, end: int) -> None:
    inside = draft.tokens_in(start, end)
    if inside and draft.free(inside.start, len(inside)):
        draft.take(inside.start, len(inside), draft.piece(kind, value, label, inside.start, len(inside)))


def year_label(value: str) -> str:
    """Years for people: `1990s`, `1994`, `before 2000`, `2010 or later`, `1980–1985`."""
    first, _, last = value.partition("-")
    if not first:
        return f"until {last}"
    if not last:
        return f"{first} or later"
    if first == last:
        return first
    whole_decade = first.endswith("0") and int(last) - int(first) == 9  # noqa: PLR2004
    return f"{first}s" if whole_decade else f"{first}–{last}"


def _minutes(value: str) -> str:
    least, most = runtimes.bounds(value)
    if least is not None and most is not None:
        return f"{least}–{most} minutes"
    return f"up to {most} minutes" if least is None else f"{least} minutes or longer"


def _whole_title(split: Sequence[Token], named: Sequence[NamedMovie], vocabulary: Vocabulary) -> bool:
    """Whether a text that is a title is one: a word of the tables alone only where the title is spelled just so."""
    words = [token.word for token in split]
    count, terms = vocabulary.phrase(words, 0)
    if not terms or count < len(words):
        return True
    typed = " ".join(words)
    return any(typed == " ".join(tokens.words(title)) for m in named for title in (m.title, m.original_title) if title)


def _title_piece(text: str, named: Sequence[NamedMovie]) -> Piece:
    movie = named[0]
    return Piece(
        PieceKind.TITLE, str(movie.id), movie.title, 0, len(text), movies=tuple(other.id for other in named[:20])
    )


def _other(wish: Understanding, title: Piece) -> OtherReading | None:
    """The reading of a title as a wish, where there is one: `Looking for date-night films?`."""
    if wish.stance is not Stance.WISH or not wish.pieces:
        return None
    labels = [piece.label if piece.wanted else f"not {piece.label}" for piece in wish.pieces]
    return OtherReading(", ".join(labels), (title.key,))


def _is_wish(draft: Draft) -> bool:
    """Whether a text asks for a kind of movie rather than telling the plot of one."""
    if not draft.pieces or len(draft) > MAX_WISH_WORDS:
        return False
    if _content_left(draft) > MAX_CONTENT and not any(piece.kind in _SURE for piece in draft.pieces):
        return False
    strong = [piece for piece in draft.pieces if not _weak_piece(draft, piece)]
    frame = _has_frame(draft)
    left = _content_left(draft)
    understood = sum(len(draft.tokens_in(piece.start, piece.end)) for piece in draft.pieces)
    if any(piece.kind in _SURE for piece in draft.pieces) and (frame or left <= 2 * FEW):
        return True
    if not strong and not frame:
        return left == 0 or (left <= FEW and _leads(draft))
    if frame:
        return True
    return left <= max(FEW, understood) or _leads(draft) or _ends(draft)


def _part_of_title(draft: Draft) -> bool:
    """Whether the text is a stretch of a title ("grand budapest") rather than a wish of which something is left."""
    if len(draft) < 2 or len(draft) > MAX_TITLE_WORDS or _content_left(draft) == 0:  # noqa: PLR2004
        return False
    kinds = {piece.kind for piece in draft.pieces}
    return not kinds & _SURE and draft.vocabulary.gazetteer.in_title([token.word for token in draft.tokens])


def _weak_piece(draft: Draft, piece: Piece) -> bool:
    inside = draft.tokens_in(piece.start, piece.end)
    return bool(inside) and wishes.weak(draft, inside.start, len(inside)) and piece.wanted


def _has_frame(draft: Draft) -> bool:
    """Whether the text has a word for a movie, or asks for one."""
    start = [word for word in draft.words[:4] if word in common.ASKING]
    return any(word in common.NOUNS for word in draft.words) or any(
        word in common.PRONOUNS and at < 3 for at, word in enumerate(draft.words)  # noqa: PLR2004 - "something scary"
    ) or bool(start) and draft.words[0] in common.SMALL | common.ASKING and len(start) > 0 and draft.words[0] in {
        "i", "we", "im", "show", "find", "recommend", "suggest", "give", "need", "want", "looking", "what", "in", "any",
    }  # fmt: skip


def _leads(draft: Draft) -> bool:
    """Whether the text begins with what was understood and is short: `western with a train robbery`."""
    first = min(piece.start for piece in draft.pieces)
    before = [t for t, word in zip(draft.tokens, draft.words, strict=True) if t.start < first and word not in common.EDGES]
    return not before and len(draft) <= 12  # noqa: PLR2004 - longer ones tell a plot


def _ends(draft: Draft) -> bool:
    """Whether a short text ends with a genre, its head word: `宇宙を舞台にしたSF`, `underwater horror`."""
    genres = [piece for piece in draft.pieces if piece.kind is PieceKind.GENRE]
    return bool(genres) and max(p.end for p in genres) >= draft.tokens[-1].end and len(draft.text) <= 40  # noqa: PLR2004


def _content_left(draft: Draft) -> int:
    return sum(not taken and word not in common.EDGES for taken, word in zip(draft.taken, draft.words, strict=True))


def _skip_fillers(draft: Draft) -> None:
    """Take the words of asking out of what is matched."""
    for at in range(len(draft)):
        if not draft.free(at) or draft.subject_zone(at):
            continue
        length = draft.starts(common.FILLERS, at)
        if length and draft.free(at, length):
            draft.skip(at, length)
        elif draft.words[at] in common.NOUNS | common.ASKING:
            draft.skip(at, 1)


def _remainder(draft: Draft) -> str:
    """The text without what was understood, and without small words at its edges."""
    kept = _keeps(draft)
    content = [
        at
        for at, (taken, word) in enumerate(zip(draft.taken, draft.words, strict=True))
        if (not taken or at in kept) and word not in common.EDGES
    ]
    if not content:
        return ""
    first, last = content[0], content[-1]
    spans = [(piece.start, piece.end) for piece in draft.pieces] + draft.fillers
    spans = [span for span in spans if not any(span[0] <= draft.tokens[at].start < span[1] for at in kept)]
    spans += [(0, draft.tokens[first].start), (draft.tokens[last].end, len(draft.text))]
    return tokens.cut(draft.text, spans).strip(" ,;:.!?-–—")


def _keeps(draft: Draft) -> set[int]:
    """Tokens of pieces that are matched as well: `zombie`, `heist`."""
    kept: set[int] = set()
    for piece in draft.pieces:
        term = draft.vocabulary.tables.term(piece.kind, piece.value)
        if piece.wanted and term is not None and term.table == "kind" and term.row.get("keep", True):
            kept.update(draft.tokens_in(piece.start, piece.end))
    return kept


def _merge_years(pieces: Sequence[Piece], draft: Draft) -> list[Piece]:
    """Spans joined by `or` are one stretch, a bound and another one the stretch between them. Of several that nothing
    joins, the one nearest to a word for a movie counts: the others belong to the story."""
    spans = [piece for piece in pieces if piece.kind is PieceKind.YEARS and piece.wanted]
    if len(spans) < 2:  # noqa: PLR2004 - nothing to merge
        return list(pieces)
    if _joined(spans, draft):
        kept = dataclasses.replace(spans[0], value=(value := _stretch(spans)), label=year_label(value))
    else:
        kept = min(spans, key=lambda piece: (_distance_to_noun(piece, draft), piece.start))
    rest = [piece for piece in pieces if piece not in spans]
    return sorted([*rest, kept], key=lambda piece: piece.start)


def _joined(spans: Sequence[Piece], draft: Draft) -> bool:
    """Whether only `or`, `and`, commas and the like stand between the spans, or some of them are bounds."""
    if any(piece.value.startswith("-") or piece.value.endswith("-") for piece in spans):
        return True
    between = [draft.text[one.end : two.start] for one, two in itertools.pairwise(spans)]
    return all(set(tokens.words(text)) <= _YEAR_JOINS for text in between)


def _stretch(spans: Sequence[Piece]) -> str:
    firsts = [piece.value.partition("-")[0] for piece in spans]
    lasts = [piece.value.partition("-")[2] for piece in spans]
    if all(firsts) and all(lasts):
        return f"{min(firsts)}-{max(lasts)}"
    return f"{max((f for f in firsts if f), default='')}-{min((x for x in lasts if x), default='')}"


def _distance_to_noun(piece: Piece, draft: Draft) -> int:
    """How many tokens lie between a span and the next word for a movie, or a genre, behind it."""
    stop = draft.tokens_in(piece.start, piece.end).stop
    genres = {token for other in draft.pieces if other.kind is PieceKind.GENRE for token in
              draft.tokens_in(other.start, other.end)}  # fmt: skip
    nouns = (at for at in range(stop, len(draft)) if draft.words[at] in common.NOUNS or at in genres)
    return next(nouns, len(draft) + stop) - stop


def _once(pieces: Sequence[Piece]) -> list[Piece]:
    """Each piece once: `grand` and `epic` say the same."""
    return list({piece.key: piece for piece in reversed(pieces)}.values())[::-1]


def _merge_ages(pieces: Sequence[Piece]) -> list[Piece]:
    """Of `black and white` and `really old` the narrower is enough."""
    old = [piece for piece in pieces if piece.kind is PieceKind.RECENCY and piece.wanted and piece.value[0] == "-"]
    if len(old) < 2:  # noqa: PLR2004 - nothing to merge
        return list(pieces)
    narrowest = min(old, key=lambda piece: int(piece.value[1:]))
    return [piece for piece in pieces if piece not in old or piece is narrowest]


def _drop(understood: Understanding, drop: Sequence[str]) -> Understanding:
    """Leave out the pieces that the user took away. Where nothing else was said, their words are matched instead."""
    gone = [piece for piece in understood.pieces if piece.key in drop]
    if not gone:
        return understood
    kept = tuple(piece for piece in understood.pieces if piece.key not in drop)
    remainder = understood.remainder
    if not kept and not remainder:
        remainder = understood.query
    return dataclasses.replace(
        understood, pieces=kept, remainder=remainder, dropped=tuple(piece.key for piece in gone)
    )


def assemble(text: str, pieces: Sequence[Piece], *, vocabulary: Vocabulary) -> Understanding:
    """A wish made of pieces that another reader found, with what they leave to be matched."""
    draft = Draft.of(text, tokens.split(text)[:MAX_TOKENS], vocabulary)
    for piece in sorted(pieces, key=lambda piece: piece.start):
        inside = draft.tokens_in(piece.start, piece.end)
        if inside and draft.free(inside.start, len(inside)):
            draft.take(inside.start, len(inside), piece)
    _skip_fillers(draft)
    return Understanding(text, Stance.WISH, tuple(draft.pieces), _remainder(draft))
