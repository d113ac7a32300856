"""Inflected forms of the words in the tables: `lustig`, `lustige`, `lustigen`. Pure.

The tables contain one form of each word; the rules of six languages generate the others. Forms of nouns are mostly not
words at all, which does no harm because nobody types them.
"""

from __future__ import annotations

from collections.abc import Iterator

_GERMAN_ENDINGS = ("e", "er", "es", "en", "em")
_GERMAN_ADJECTIVES = (
    "ig", "lich", "isch", "bar", "sam", "haft", "nd", "voll", "reich", "los", "iv", "al", "ell", "ös", "ent", "ant",
    "eit", "ert", "annt", "eht", "ückt", "urd", "icht", "rank", "unkel", "üster", "inster", "chräg", "urril",
)  # fmt: skip
"""Endings of adjectives; the last ones match adjectives in the tables without a typical ending."""
_ROMANCE_CHANGES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "es": (
        ("or", ("ora", "ores", "oras")), ("z", ("ces",)), ("o", ("a", "os", "as")), ("a", ("o", "os", "as")),
        ("e", ("es",)), ("l", ("les",)), ("n", ("nes",)),
    ),
    "pt": (
        ("or", ("ora", "ores", "oras")), ("z", ("zes",)), ("al", ("ais",)), ("el", ("eis",)), ("o", ("a", "os", "as")),
        ("a", ("o", "os", "as")), ("e", ("es",)),
    ),
    "it": (
        ("tore", ("trice", "tori", "trici")), ("co", ("ca", "ci", "chi", "che")), ("ca", ("co", "ci", "che")),
        ("go", ("ga", "ghi", "ghe")), ("io", ("ia", "i", "ie")), ("o", ("a", "i", "e")), ("a", ("o", "i", "e")),
        ("e", ("i",)),
    ),
    "fr": (
        ("eux", ("euse", "euses")), ("if", ("ive", "ifs", "ives")), ("er", ("ère", "ers", "ères")),
        ("ien", ("ienne", "iens", "iennes")), ("al", ("ale", "aux", "ales")), ("el", ("elle", "els", "elles")),
        ("e", ("es",)), ("x", ()), ("s", ()), ("", ("e", "s", "es")),
    ),
}  # fmt: skip
"""Endings and their replacements; the first ending that matches counts."""
_LEAST = 4
"""Minimum letters of an inflected word; shorter ones are too similar to other words."""


def of(word: str, language: str) -> Iterator[str]:
    """Yield the other forms of a word; none for phrases, short words and languages without rules.

    Args:
        word: the word in lower case, with accents.
        language: ISO 639-1 code.
    """
    if len(word) < _LEAST or not word.isalpha():
        return
    if language == "de":
        yield from _german(word)
    for ending, others in _ROMANCE_CHANGES.get(language, ()):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            yield from (stem + other for other in others)
            return


def _german(word: str) -> Iterator[str]:
    if not word.endswith(_GERMAN_ADJECTIVES):
        return
    stem = f"{word[:-2]}l" if word.endswith("el") else word  # `dunkel`, `dunkle`
    yield from (stem + ending for ending in _GERMAN_ENDINGS)
