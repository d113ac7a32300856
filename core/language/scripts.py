"""Scripts and confusable characters of account names, after Unicode Technical Standard 39. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

import regex

from core.language.normalization import account_key

_SCRIPTS = (
    "Latn Hani Hira Kana",
    "Latn Hani Bopo",
    "Latn Hani Hang",
    *"Arab Armn Beng Cyrl Deva Ethi Geor Grek Gujr Guru Hebr Khmr Knda Laoo Mlym Mymr Orya Sinh Taml Telu Thaa Thai"
    " Tibt".split(),
)
"""Scripts that may occur together: the profile "highly restrictive", over the scripts that UAX 31 recommends."""
_TOGETHER = regex.compile(
    "|".join(
        "[" + "".join(rf"\p{{scx={script}}}" for script in (*together.split(), "Zyyy", "Zinh")) + "]*"
        for together in _SCRIPTS
    )
)
_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_MARK = "\u200e"
"""The left-to-right mark, with which the table of confusable characters surrounds right-to-left letters."""


def is_ignorable(text: str) -> bool:
    """Whether a text contains characters that are displayed as nothing."""
    return _IGNORABLE.search(text) is not None


def mixes_scripts(text: str) -> bool:
    """Whether a text mixes scripts or kinds of digits that no language mixes, or has letters of an unusual script."""
    zeros = {ord(character) - unicodedata.decimal(character) for character in text if character.isdecimal()}
    return len(zeros) > 1 or _TOGETHER.fullmatch(text) is None


def skeleton(name: str) -> str:
    """Return the key that confusable account names share: `Pаypal` with a Cyrillic `а`, `PayPaI` and `paypa1`.

    It is stored with each account. A new table of confusable characters therefore needs a migration.
    """
    shown = unicodedata.normalize("NFD", name)
    for _ in range(2):  # a prototype of several letters, such as `rn` for `m`, may contain letters of the table
        shown = unicodedata.normalize("NFD", "".join(_prototypes().get(letter, letter) for letter in shown))
    return account_key(shown) or account_key(name)


@cache
def _prototypes() -> Mapping[str, str]:
    """Return the text that represents each confusable character.

    The library lists both directions: a character and its prototype, a prototype and all of its characters.
    """
    from confusable_homoglyphs.confusables import confusables_data as listed  # noqa: PLC0415 - reads .5 MB of JSON

    found: dict[str, str] = {}
    for letter, others in listed.items():
        known = [other["c"].replace(_MARK, "") for other in others]
        letter = letter.replace(_MARK, "")  # noqa: PLW2901 - the same letter
        if len(letter) != 1 or len(known) != 1:
            continue  # a prototype
        back = listed.get(known[0], others)
        if len(known[0]) > 1 or len(back) > 1 or known[0] < letter:
            found[letter] = known[0]
    return found
