"""The forms that a word of the tables takes before or behind a noun: `lustig`, `lustige`, `lustigen`. Pure.

The tables name one form of each word; rules of the six languages make the others. What they make of a noun is mostly
no word at all, which does no harm: nobody types it.
"""

from __future__ import annotations

from collections.abc import Iterator

_GERMAN_ENDINGS = ("e", "er", "es", "en", "em")
_GERMAN_ADJECTIVES = (
    "ig", "lich", "isch", "bar", "sam", "haft", "nd", "voll", "reich", "los", "iv", "al", "ell", "ös", "ent", "ant",
    "eit", "ert", "annt", "eht", "ückt", "urd", "icht", "rank", "unkel", "üster", "inster", "chräg", "urril",
)  # fmt: skip
"""How the adjectives end; the last ones are those of the tables without an ending of their own."""
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
"""Endings, and those that stand in their place; the first ending that fits counts."""
_LEAST = 4
"""Letters of a word that has forms: shorter ones are too near to other words."""


def of(word: str, language: str) -> Iterator[str]:
    """The other forms of a word in a language; none for a phrase, a short word, or a language without rules.

    Args:
        word: in small letters, with its accents.
        language: ISO 639-1.
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
