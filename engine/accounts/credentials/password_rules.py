"""Rules for new passwords: length, common passwords, words of context, and how easily it is guessed (zxcvbn)."""

from __future__ import annotations

import lzma
import unicodedata
from functools import cache
from pathlib import Path

from core.texts import fold

MIN_LENGTH, MAX_LENGTH = 8, 200
"""Characters. NIST SP 800-63B requires at least 8; the upper limit bounds the cost of hashing."""
ESTIMATED = 40
"""Characters whose strength is estimated: its cost grows faster than the length, and this many are enough."""
MAX_SYMBOLS = 2
"""Different symbols that the estimate may read as letters (`@` as `a`): it tries all combinations, for up to 11 s."""
MIN_SCORE = 2
"""Least score of zxcvbn: 0 and 1 are guessed in fewer than a million attempts."""
SITE = ("marquee", "movie", "film", "cinema")
"""Words that attackers of this site try first."""
TOO_COMMON = "This password is too common. Choose another."
EASY = "This password is easy to guess."
_LISTED = Path(__file__).with_name("common_passwords.txt.xz")
"""The 100,000 most common passwords of at least 8 characters, sorted; see docs/accounts.md for the source."""
_LETTER_LIKE = "@({[<!|$+%"
_SUBSTITUTES = str.maketrans("013457@$!", "oieastasi")
_ENDS = "0123456789 !?.-_#*"


def fault(password: str, *, name: str) -> str:
    """Return what is wrong with a new password for the account `name`, or an empty text."""
    plain = normal(password)
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH:
        return f"Use {MIN_LENGTH} to {MAX_LENGTH} characters."
    if plain.casefold() == normal(name).casefold() or (fold(plain) and fold(plain) == fold(name)):
        return "The password must not be the name."
    if is_common(plain) or len(set(plain)) == 1:
        return TOO_COMMON
    if _is_context(plain, (*SITE, name)):
        return "The password must not be the name of the site or of the account with a few characters added."
    return _estimate(plain, name)


def normal(password: str) -> str:
    """Normalize characters that keyboards encode differently (NIST SP 800-63B requires NFKC or NFKD)."""
    return unicodedata.normalize("NFKC", password)


def is_common(plain: str) -> bool:
    """Whether a normalized password is one of the most common ones, without regard to case."""
    return f"\n{plain.casefold()}\n".encode("utf-8", "surrogatepass") in _common()


@cache
def _common() -> bytes:
    """Return the list as one text, which takes a tenth of the memory of a set."""
    return b"\n" + lzma.decompress(_LISTED.read_bytes()) + b"\n"


def _is_context(plain: str, words: tuple[str, ...]) -> bool:
    """Whether nothing but words of context is left without digits and signs at the ends, in simple variants."""
    bare = plain.casefold().strip(_ENDS)
    for variant in (bare, bare[::-1], bare.translate(_SUBSTITUTES)):
        rest = fold(variant).replace(" ", "")
        for word in sorted((fold(word).replace(" ", "") for word in words), key=len, reverse=True):
            rest = rest.replace(word, "") if len(word) > 1 else rest
        if bare and not rest:
            return True
    return False


def _estimate(plain: str, name: str) -> str:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - reads lists of 100,000 words, for new passwords only

    found = zxcvbn(_bounded(plain[:ESTIMATED]), user_inputs=[*SITE, name, *fold(name).split()])
    if found["score"] >= MIN_SCORE:
        return ""
    feedback = found["feedback"]
    return " ".join(filter(None, (EASY, feedback["warning"], *feedback["suggestions"][:1])))


def _bounded(text: str) -> str:
    """Replace letter-like symbols beyond the first few by one that stands for no letter."""
    used = list(dict.fromkeys(character for character in text if character in _LETTER_LIKE))
    return "".join("~" if character in used[MAX_SYMBOLS:] else character for character in text)
