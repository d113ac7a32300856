"""Schema revision 6: field names and text analysis, identical in both engines.

Every change here is a new `REVISION`: an index records the revision it was built with.
"""

from __future__ import annotations

REVISION = 6

WORD_FIELDS = ("text", "title", "people", "plot", "keywords", "tags")
"""Analysed fields that a question can weigh.

`text` holds the words that describe a movie, the others one part each: `title` (title, original title), `people`
(directors, writers, cast; not stemmed), `plot` (overview, tagline, second plot, characters), `keywords` (keywords,
genres). `tags` holds user tags, which are not part of `text`.
"""

PHRASES = "phrases"
"""Field with the movie's texts and names as separate values with word positions; split at spaces."""

ANALYSIS = (
    "split at word boundaries (Unicode)",
    "lower case",
    "fold accents",
    "drop English stop words",
    "stem (Porter 2)",
)
"""The analysis of `text`, `title`, `plot`, `keywords` and `tags`; `people` stops after folding accents."""
# Elasticsearch's `english` list and tantivy's differ; both get this one, Lucene's.
STOP_WORDS = tuple(
    """
    a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to
    was will with
    """.split()
)

BM25_K1 = 1.2
BM25_B = 0.75
"""Lucene's defaults, which tantivy shares."""
