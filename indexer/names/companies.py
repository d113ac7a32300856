"""Production companies by name, with and without words that users omit. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Years = tuple[int, int, int]
"""The number of a company's movies, and the first and the last year (0 if unknown)."""
MIN_COMPANY = 3
"""Minimum movies of a company that is recognised by its name."""
CORPORATE = frozenset(
    """
    picture pictures film films entertainment production productions company studio studios corporation inc animation
    features cinema international group media
    """.split()
)
"""Words at the end of company names that users omit."""


@dataclass(frozen=True, slots=True)
class Company:
    """A production company, with those whose names start with its name (`walt disney`, `walt disney animation`)."""

    bare: str
    """Its folded name without words such as `pictures` at the end."""
    names: tuple[str, ...]
    """Folded names of all companies with this prefix."""
    movies: int
    first: int
    """Year of their first movie in the catalogue, 0 if unknown."""
    last: int


def beginnings(companies: Iterable[str]) -> dict[str, list[str]]:
    """Map every prefix of the names, without a leading `the`, to the names."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name in companies:
        words = name.removeprefix("the ").split()
        for count in range(1, len(words) + 1):
            parts[" ".join(words[:count])].append(name)
    return parts


def by_name(companies: Mapping[str, Years]) -> dict[str, Company]:
    """Return companies with several movies by folded name, with and without words such as `pictures` at the end."""
    parts = beginnings(companies)
    found: dict[str, Company] = {}
    for name, (movies, _, _) in companies.items():
        if movies >= MIN_COMPANY:
            bare = _bare(name)
            company = _company(bare, parts[bare], companies)
            words, short = name.removeprefix("the ").split(), len(bare.split())
            found |= {" ".join(words[:count]): company for count in range(short, len(words) + 1)}
    return found


def by_beginning(companies: Mapping[str, Years], *, known: Mapping[str, Company]) -> dict[str, Company]:
    """Return companies by the first words of their names, unless `known` has these: `rko` for RKO Radio Pictures."""
    found = {}
    for beginning, names in beginnings(companies).items():
        if beginning not in known:
            company = _company(beginning, names, companies)
            if company.movies >= MIN_COMPANY:
                found[beginning] = company
    return found


def _company(bare: str, names: list[str], companies: Mapping[str, Years]) -> Company:
    own = [companies[name] for name in names]
    first = min((year for _, year, _ in own if year), default=0)
    return Company(bare, tuple(names), sum(count for count, _, _ in own), first, max(year for _, _, year in own))


def _bare(company: str) -> str:
    words = company.removeprefix("the ").split()
    while len(words) > 1 and words[-1] in CORPORATE:
        words.pop()
    return " ".join(words)
