"""Questions and filters as sent by users and programs, sensible or not."""

from __future__ import annotations

from hypothesis import strategies as st

from core.types import Clause, Filters, Trait
from indexer import schema
from tests.contracts import world

_TYPED = (*world.WORDS, "robots", "dreaming", "the", "of", "matrix", "Amélie", "sévigné", "drama", "xyzzy")

questions = st.lists(st.sampled_from(_TYPED), min_size=1, max_size=8).map(" ".join)

fields = st.lists(st.sampled_from(schema.WORD_FIELDS), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(st.tuples(st.just(name), st.sampled_from([0.4, 1.0, 2.5])) for name in names))
)

_VALUES: dict[Trait, tuple[str, ...]] = {
    Trait.GENRE: ("drama", "Science Fiction", "Western"),
    Trait.LANGUAGE: ("en", "fr", "xx"),
    Trait.COUNTRY: ("france", "Cote d’Ivoire", "Nowhere", "?"),
    Trait.PERSON: ("Ada Quill", "chloe sevigne", "Nobody"),
    Trait.ACTOR: ("Ada Quill", "Emi Sato"),
    Trait.DIRECTOR: ("DMITRI O'HARA", "Jean Pierre Jeunet"),
    Trait.COMPANY: ("aker sons", "Studio Nord", "Nothing"),
    Trait.KEYWORD: ("shark", "Dragon"),
    Trait.COLLECTION: ("the island collection", ""),
    Trait.MOOD: ("cozy", "feel good", "grim"),
    Trait.YEARS: ("1990-1999", "-1970", "2005-", "-", "1950-999999999"),
    Trait.PHRASE: ("shark", "Robot dream", "the last robot falls", "hunted", "ada quill", "in love.", "robots", "?"),
    Trait.MOVIE: ("1", "3", "120", "99999999999999"),
}

clauses = st.sampled_from(sorted(_VALUES)).flatmap(
    lambda trait: st.builds(
        Clause,
        trait=st.just(trait),
        values=st.lists(st.sampled_from(_VALUES[trait]), max_size=2).map(tuple),
        wanted=st.sampled_from([True, True, False]),
    )
)

orders = st.lists(
    st.tuples(
        st.sampled_from(["rating", "prominence", *(f"mood:{mood}" for mood in (*world.MOODS, "grim"))]),
        st.sampled_from([0.25, 1.0, 2.0]),
    ),
    min_size=1,
    max_size=3,
).map(tuple)

_years = st.none() | st.integers(1940, 2030)

filters = st.builds(
    Filters,
    genres=st.lists(st.sampled_from(["Drama", "comedy", "SCIENCE FICTION", "Horror", "Western"]), max_size=2).map(
        tuple
    ),
    all_genres=st.booleans(),
    person=st.sampled_from(["", "", "", "Ada Quill", "chloe sevigne", "DMITRI O'HARA", "Nobody"]),
    language=st.sampled_from(["", "", "", "en", "fr", "xx"]),
    year_from=_years,
    year_to=_years,
    runtime_min=st.none() | st.sampled_from([0, 90, 150]),
    runtime_max=st.none() | st.sampled_from([0, 100, 180, 10**12]),
    votes_min=st.none() | st.sampled_from([0, 1, 500, 10**12]),
    votes_max=st.none() | st.sampled_from([0, 500, 10**12]),
    rating_min=st.none() | st.sampled_from([0.0, 5.0, 7.5]),
    rating_max=st.none() | st.sampled_from([5.0, 7.5]),
    moods=st.sampled_from([(), (), (), ("cozy",), ("cozy", "Feel-good"), ("grim",)]),
    clauses=st.lists(clauses, max_size=2).map(tuple),
)

HOSTILE = (
    "a",
    "AND (",
    "* OR title:[* TO *]",
    'text:"unclosed \\',
    "'; DROP TABLE films; --",
    "<script>alert(1)</script>",
    "\x00\x01\x1b[31m",
    "🎬🦈",
    "مرحبا שלום",
    "日本語の映画",
    "\ud7ff\uffff",
    "ﷺ" * 50,
    "word " * 1_000,
    "x" * 5_000,
    " ".join(f"w{number}" for number in range(800)),
)
