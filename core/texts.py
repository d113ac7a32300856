"""Comparison of names and titles: folding and title keys. Pure; shared by both engines and the pages."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from core.language import han, numerals
from core.language.normalization import fold, terms, unspaced, words

__all__ = [
    "fold",
    "numbers",
    "terms",
    "title_keys",
    "title_part_keys",
    "title_query_keys",
    "typed_keys",
    "unspaced",
    "upright",
    "words",
]

ARTICLES = frozenset(("the", "a", "an"))
FOREIGN_ARTICLES = frozenset(
    "le la les l un une des der die das den ein eine el los las lo il i gli uno una o os as um uma de het een en"
    " ett".split()
)
"""Articles of the languages that most original titles are in; such titles are indexed with and without them."""
CONNECTIVES = frozenset(("and", "n"))
"""Words for `&`, which itself folds to nothing; also `'n'`."""
FOREIGN_CONNECTIVES = frozenset(("et", "und", "y", "e", "og", "och"))
LONGEST_KEY = 200
"""Maximum length of a key; longer titles are truncated."""
MIN_PART = 3
"""Minimum length of a part's key, since shorter parts match anything. Two suffice if a character is a word."""
MIN_TYPED = 4
"""Characters after an article from which the article may be omitted in a prefix."""
_SHORT = {"versus": "vs", "v": "vs", "doctor": "dr", "mister": "mr", "saint": "st"}
_LEET = str.maketrans("013457", "oieasv")
"""Digits used as letters inside a word: `Se7en`, `Numb3rs`."""
_LEET_WORD = re.compile(r"[^\W\d]+(?:\d[^\W\d]+)+")
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_][.*·]){1,19}[^\W\d_](?!\w)")
_INVERTED = re.compile(r"(.+), (\w+)$", re.DOTALL)
_PARTS = re.compile(r"\s*[:：]\s+|：|\s+[-–—~〜]\s+|\s*[(（]|[)）]\s*")
_PARTING = re.compile(r"[:：\-–—~〜(（)）]")
"""A character without which a title has one part; found much faster than the parts."""
_DOTS = re.compile(r"[.*·]")
_ASCII_WITHOUT_SIGNS = re.compile(r"[^\x80-\U0010ffff$+<=>^`|~]*")
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_SYMBOLS = ("S", "P")
"""First letters of the Unicode categories of signs and punctuation."""

Words = list[str]


def title_keys(
    title: str, original_title: str = "", year: int | None = None, *, others: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the keys by which a whole title is looked up (`title_query_keys`), each also followed by the year.

    Spellings of a title share a key: other numerals (`2`, `II`, `two`, `Part Two`, `²`), `&` and `and`, spaces,
    hyphens, dots and stars, an omitted leading article, symbols only. `others` are titles in other languages.
    """
    keys = dict.fromkeys(key for name in _names(title, original_title, *others) for key in _whole_keys(name))
    return _with_year(keys, year)


def title_part_keys(
    title: str, original_title: str = "", year: int | None = None, *, others: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the keys of the parts that can stand for the whole title: before or after a colon or a dash."""
    names = _names(title, original_title, *others)
    whole = {key for name in names for key in _whole_keys(name)}
    keys = dict.fromkeys(key for name in names for key in _part_keys(name) if key not in whole)
    return _with_year((key for key in keys if len(key) >= (2 if unspaced(key) else MIN_PART)), year)


def title_query_keys(query: str) -> tuple[str, ...]:
    """Return the keys of a query; a title that it names has one of them."""
    return tuple(dict.fromkeys((*_query_keys(query), *_symbol_keys(query), *_query_keys_with_year(query))))


def typed_keys(text: str) -> tuple[str, ...]:
    """Return the prefixes that title keys may have after `text` was typed.

    An article is omitted only once enough follows it: `the a` should not match every title in `a`.
    """
    typed = words(text)
    begun = len(typed) > 1 and typed[0] in ARTICLES
    keys = (key for key in _query_keys(text) if not begun or len(key) >= MIN_TYPED)
    return tuple(dict.fromkeys((*keys, *_symbol_keys(text), *_query_keys_with_year(text))))


def numbers(text: str) -> list[str]:
    """Return the numbers in a text in digits, in any notation."""
    own = words(text)
    return [word for word in numerals.normalize(own, endings={len(own) - 1}) if word.isdecimal()]


def upright(title: str) -> str:
    """Return `Matrix, The` as `The Matrix`."""
    inverted = _INVERTED.fullmatch(title.strip())
    if inverted and inverted[2].casefold() in ARTICLES | FOREIGN_ARTICLES:
        return f"{inverted[2]} {inverted[1]}"
    return title.strip()


def _names(*titles: str) -> list[str]:
    return list(dict.fromkeys(upright(name) for name in titles if name.strip()))


def _with_year(keys: Iterable[str], year: int | None) -> tuple[str, ...]:
    own = list(keys)
    return (*own, *(f"{key} {year}" for key in own)) if year else tuple(own)


def _whole_keys(name: str) -> Iterator[str]:
    parts = _split(name)
    yield from _symbol_keys(name)
    yield from _spellings(parts)
    bare = [_bare(part) for part in parts]
    if bare != parts:
        yield from _spellings(bare)
    leet = [list(map(_plain, part)) for part in parts]
    if leet != parts:
        yield from _spellings(leet)
    first = parts[0] if parts else []
    if len(first) > 1 and first[0] in FOREIGN_ARTICLES:
        yield from _spellings([first[1:], *parts[1:]])
    if not all(map(FOREIGN_CONNECTIVES.isdisjoint, parts)):
        yield from _spellings([[word for word in part if word not in FOREIGN_CONNECTIVES] for part in parts])


def _part_keys(name: str) -> Iterator[str]:
    parts = _split(name)
    for first, last in itertools.combinations(range(len(parts) + 1), 2):
        if last - first < len(parts):
            yield from _spellings(parts[first:last])


def _query_keys(query: str) -> Iterator[str]:
    """Return the keys of a query, treated as one part: users do not type colons."""
    yield from _spellings([_words(upright(query))])


def _query_keys_with_year(query: str) -> Iterator[str]:
    *before, last = words(query) or [""]
    if before and _YEAR.fullmatch(last):
        yield from (f"{key} {last}" for key in _query_keys(" ".join(before)))


def _spellings(parts: Sequence[Words]) -> Iterator[str]:
    """Return the keys of a title's parts: as written, and with numbers and abbreviations normalized."""
    every = [word for part in parts for word in part]
    endings = set(itertools.accumulate(len(part) for part in parts))
    numbered = numerals.normalize(every, endings={end - 1 for end in endings})
    short = _shorten(numbered)
    for own in (every, short) if short != every else (every,):
        if key := _join(own):
            yield key


def _shorten(own: Words) -> Words:
    """Abbreviate words that are often written short; `v` only between other words, not in `V for Vendetta`."""
    middle = range(1, len(own) - 1)
    return [_SHORT.get(word, word) if word != "v" or place in middle else word for place, word in enumerate(own)]


def _join(own: Words) -> str:
    kept = _bare(own)
    if not CONNECTIVES.isdisjoint(kept):
        middle = [word for word in kept[1:-1] if word not in CONNECTIVES]
        kept = [*kept[:1], *middle, *kept[1:][-1:]]
    return han.unify("".join(kept))[:LONGEST_KEY]


def _bare(own: Words) -> Words:
    """Remove the leading article; `a` before another single letter is an initial."""
    if len(own) > 1 and own[0] in ARTICLES and not (own[0] == "a" and len(own[1]) == 1):
        return own[1:]
    return own


def _split(name: str) -> list[Words]:
    parts = _PARTS.split(name) if _PARTING.search(name) else [name]
    return [part for part in map(_words, parts) if part]


def _words(text: str) -> Words:
    if _DOTS.search(text):
        text = _INITIALS.sub(lambda found: _DOTS.sub("", found.group()), text)
    return words(text)


def _symbol_keys(text: str) -> Iterator[str]:
    """Return the text without spaces if it consists of symbols, or contains symbols that folding drops."""
    if _ASCII_WITHOUT_SIGNS.fullmatch(text) and any(map(str.isalnum, text)):  # the common case
        return
    bare = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    kinds = {unicodedata.category(character)[0] for character in bare}
    if bare and ("S" in kinds or kinds <= set(_SYMBOLS)):
        yield bare[:LONGEST_KEY]


def _plain(word: str) -> str:
    return word.translate(_LEET) if not word.isalpha() and _LEET_WORD.fullmatch(word) else word
