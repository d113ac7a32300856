"""Production companies by their names, with and without what people leave out of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Years = tuple[int, int, int]
"""The number of a company's movies, and the first and the last year of these (0 where unknown)."""
MIN_COMPANY = 3
"""Movies of a company before it is known by its name."""
CORPORATE = frozenset(
    """
    picture pictures film films entertainment production productions company studio studios corporation inc animation
    features cinema international group media
    """.split()
)
"""Words at the end of the names of companies that people leave out."""


@dataclass(frozen=True, slots=True)
class Company:
    """A production company, with those that are called after it (`walt disney`, `walt disney animation`)."""

    bare: str
    """Its folded name without words such as `pictures` at the end."""
    names: tuple[str, ...]
    """Folded names of all companies that begin so."""
    movies: int
    first: int
    """Year of their first movie in the catalogue, 0 where unknown."""
    last: int


def beginnings(companies: Iterable[str]) -> dict[str, list[str]]:
    """Every beginning of the names, without `the` before it, to the names themselves."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name in companies:
        words = name.removeprefix("the ").split()
        for count in range(1, len(words) + 1):
            parts[" ".join(words[:count])].append(name)
    return parts


def by_name(companies: Mapping[str, Years]) -> dict[str, Company]:
    """Companies of several movies by their folded names, with and without words such as `pictures` at the end."""
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
    """Companies by the first words of their names where `known` has none of these: `rko` of RKO Radio Pictures."""
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
