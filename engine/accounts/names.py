"""Rules for the names of accounts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from core.language import scripts
from core.texts import fold

MIN_NAME, MAX_NAME = 2, 40
MARKS = "-_."
STAFF = frozenset(
    "admin administrator admins editor helpdesk marquee moderator moderators official operator owner postmaster root "
    "security staff support sysadmin system webmaster".split()
)
"""Names that could impersonate the site or its staff; reserved also as parts of a name."""
RESERVED = STAFF | frozenset(
    "anonymous api deleted everybody everyone guest help info mail me nobody none null somebody team undefined viewer "
    "visitor you".split()
)
"""The names of staff, and names that mean nobody or everybody."""
NOT_AVAILABLE = "That name is not available"
LETTERS_ONLY = "Use letters, digits and - _ . only."
ONE_SCRIPT = "Use letters and digits of one script."
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
"""A word inside a name: between marks, digits and changes of case."""
_DIGITS = str.maketrans("013457", "oieast")
"""Digits used as letters."""


def normalized(name: str) -> str:
    """Return a name as it is stored."""
    return unicodedata.normalize("NFKC", name).strip()


def fault(name: str) -> str:
    """Return what is wrong with a new name, or an empty text. A reserved name gets the message of a taken one."""
    if not MIN_NAME <= len(name) <= MAX_NAME:
        return f"Use {MIN_NAME} to {MAX_NAME} characters."
    if not all(c in MARKS or unicodedata.category(c)[0] in "LM" or c.isdecimal() for c in name):
        return LETTERS_ONLY
    if scripts.is_ignorable(name):
        return LETTERS_ONLY
    if not fold(name) or not name[0].isalnum():
        return "Begin with a letter or a digit."
    if scripts.mixes_scripts(name):
        return ONE_SCRIPT
    return NOT_AVAILABLE if _is_reserved(name) else ""


def _is_reserved(name: str) -> bool:
    whole = fold(name).replace(" ", "")
    if whole in RESERVED:
        return True
    parts = (*_PART.findall(name), *fold(name).split(), whole.strip("0123456789"), whole.translate(_DIGITS))
    return any(part.casefold() in STAFF or scripts.skeleton(part) in _staff_keys() for part in parts)


@cache
def _staff_keys() -> frozenset[str]:
    return frozenset(map(scripts.skeleton, STAFF))
