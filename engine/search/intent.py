"""Features of a search text beyond its words: a possible name, a time span, signs of a memory. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core import texts

MAX_NAME_WORDS = 8
"""Words of the longest text that is looked up as a title or person; longer titles are rare and found by their words."""
MAX_NAME_LENGTH = 200
"""Characters of such a text; the longest title in TMDB 5000 has 86."""
POST_WORDS = 45
"""A text with more words is a post, whatever its wording: synopses are shorter, most posts are longer."""
MAX_DISTINCT_WORDS = 100
"""Maximum number of words in a query, to bound the cost of long posts (the median has 45)."""

RECALL_MARKS = frozenset(
    "remember remembered recall recalling trying figure help title called watched saw seen movie film scene vaguely "
    "thanks tomt".split()
)
MIN_RECALL_MARKS = 2
FIRST_PERSON = frozenset("i im ive id my me".split())

# Words about remembering rather than about the movie. They are rare in movie texts, so BM25 would give them the
# highest weight: recall@10 by words on the tuning half of the posts is .15 without this list and .23 with it.
RECALL_WORDS = frozenset(
    """
    i me my im ive id you your we us he him her his hers she they them who what where when which how why those here
    about out up down off over through around between after before while because so all some from
    have has had having can could would should may might must shall do does did doing done cant dont didnt doesnt isnt
    wasnt couldnt wont been being were am
    movie movies film films remember remembered remembering recall think thought believe guess sure maybe probably
    possibly perhaps pretty really very quite just only also even still scene scenes character characters main plot
    story title name called named part end ending beginning start started watch watched watching saw see seen seeing
    like kind sort something someone somewhere somehow thing things stuff one ones two any anyone anything every other
    another others more most much many lot few help find found looking look looks know known thank thanks please
    advance tip tongue vague vaguely detail details sorry figure trying try tried year years ago time times old came
    come comes got get gets getting go goes going went made make makes say says said tell want wants back way than too
    now tv dvd vhs netflix channel cinema theater trailer googled google searched reddit imdb english american version
    """.split()
)

# The same for meaning: without brackets ("[2000s?]") and these words, a post's vector is closer to the movie's
# (recall@10 by meaning alone on both halves of the posts: .28 as written, .31 without them). The list is shorter than
# the one above because an encoder needs sentences.
TELLING_WORDS = frozenset(
    """
    movie movies film films remember remembered recall think believe guess maybe probably possibly i im i'm ive i've
    scene scenes help thanks thank please title name called watched saw seen vaguely pretty really
    """.split()
)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_EDGES = re.compile(r"^\W+|\W+$")

_DECADE = re.compile(r"(?<!\d)(?:(early|mid|late)[\s/-]*(?:the\s+)?)?['’]?((?:19|20)?\d0)\s?['’]?s\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d'’$£€])(19[2-9]\d|20[0-3]\d)(?![\d%]|\s?['’]?s\b)")
_STRETCH = {"": (0, 9), "early": (0, 4), "mid": (3, 7), "late": (5, 9)}
YEAR_SLACK = 1
"""Years are often misremembered by one, and festivals precede releases."""


@dataclass(frozen=True, slots=True)
class Intent:
    """The features of a search text."""

    words: str
    """The distinct words to match, folded."""
    meaning: str
    """The text to encode."""
    name: str
    """The text as typed if it is short enough to be a title or a person; otherwise empty."""
    years: tuple[int, int] | None
    """First and last year named in the text."""
    recalling: bool
    """Whether the text describes what somebody remembers of a movie."""
    post: bool = False
    """Whether the text is encoded and ranked as a post: it recalls a movie or is as long as such posts are."""


def read(query: str, *, typed: str = "") -> Intent:
    """Read a search text, dropping lone surrogates, which neither engines nor encoders accept.

    Args:
        typed: the text as typed, if `query` is a translation. In scripts without spaces it may be a part of a title
            that contains a translated word (`船`, a ship, in `渡し船`), so its words and the name are matched too.
    """
    if typed and typed != query and texts.unspaced(typed):
        translated, whole = read(query), read(typed)
        return replace(translated, words=f"{whole.words} {translated.words}", name=whole.name)
    query = query.encode(errors="ignore").decode()
    all_words = texts.words(query)
    recalling = is_recalling(all_words)
    matching = [w for w in dict.fromkeys(all_words) if not (recalling and w in RECALL_WORDS)]
    return Intent(
        words=" ".join(matching[:MAX_DISTINCT_WORDS]),
        meaning=_without_recall_words(query) if recalling else query,
        name=query.strip() if len(all_words) <= MAX_NAME_WORDS and len(query) <= MAX_NAME_LENGTH else "",
        years=years(query) if len(all_words) > 1 else None,
        recalling=recalling,
        post=recalling or len(all_words) > POST_WORDS,
    )


def years(text: str) -> tuple[int, int] | None:
    """Return the years that `text` names, or None: `early 90s` is 1990 to 1994, `1994` is 1993 to 1995."""
    spans = [_decade(part, digits) for part, digits in _DECADE.findall(text)]
    spans += [(int(year) - YEAR_SLACK, int(year) + YEAR_SLACK) for year in _YEAR.findall(text)]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def is_recalling(words: list[str]) -> bool:
    """Return whether folded words describe what somebody remembers of a movie."""
    distinct = set(words)
    marks = len(distinct & RECALL_MARKS)
    return marks > MIN_RECALL_MARKS or (marks == MIN_RECALL_MARKS and bool(distinct & FIRST_PERSON))


def _without_recall_words(text: str) -> str:
    kept = [
        w for w in _BRACKETS.sub(" ", text).split() if _EDGES.sub("", w.lower().replace("’", "'")) not in TELLING_WORDS
    ]
    return " ".join(kept) or text


def _decade(part: str, digits: str) -> tuple[int, int]:
    start = int(digits)
    if start < 100:  # noqa: PLR2004 - two digits: '20s to '90s belong to the last century
        start += 1900 if start >= 20 else 2000  # noqa: PLR2004
    first, last = _STRETCH[part.lower()]
    return start + first, start + last
