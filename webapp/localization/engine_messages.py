"""Translation of the engine's English messages into the language of the page: reasons, notices, hints and errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from webapp.localization import labels
from webapp.localization.locales import decimal, language, number
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop, ngettext

SENTENCES = (
    # Why a movie is recommended.
    gettext_noop("Because you rated %(ratings)s."),
    gettext_noop("Because %(marks)s."),
    gettext_noop("Our prediction for you: %(rating)s stars."),
    gettext_noop("%(users)s users with taste like yours rated it %(rating)s on average."),
    gettext_noop("Its plot is similar to that of %(title)s."),
    gettext_noop("With %(names)s, as in films that you liked."),
    gettext_noop("Like films that you liked, it is about %(names)s."),
    gettext_noop("It is %(genres)s, like films that you liked."),
    gettext_noop("Well loved in %(genres)s, which you picked."),
    gettext_noop("It has few ratings yet, so this is based on its content."),
    gettext_noop("Popular: %(rating)s of 10 from %(votes)s votes."),
    gettext_noop("%(users)s users of MovieLens rated it %(rating)s on average."),
    gettext_noop("It has no votes yet."),
    # Rows of the home page and of the page For you.
    gettext_noop("For you"),
    gettext_noop("Because you liked %(title)s"),
    gettext_noop("From your watchlist, tonight"),
    gettext_noop("New to you"),
    gettext_noop("Because you loved %(title)s"),
    gettext_noop("Hidden gems"),
    gettext_noop("From your watchlist"),
    gettext_noop("Something different"),
    # About the catalogue, and around the results of a search.
    gettext_noop("sample catalogue"),
    gettext_noop("It is a small sample for trying things out; the operator of this site can load a full catalogue."),
    gettext_noop("Nothing in the catalogue is close to that."),
    gettext_noop("No film matches everything; the results ignore %(labels)s."),
    gettext_noop("Only 1 film matches everything; the other results ignore %(labels)s."),
    gettext_noop("Only %(number)s films match everything; the other results ignore %(labels)s."),
    gettext_noop("Say what happens in the film, in a sentence or two."),
    gettext_noop("Name a place, a time, or what somebody does for a living."),
    gettext_noop("Check the spelling of names and titles."),
    gettext_noop("Remove a filter."),
    # Faults of parameters.
    gettext_noop("no such parameter"),
    gettext_noop("expected once, given %(times)s times"),
    gettext_noop("should be greater than or equal to %(bound)s"),
    gettext_noop("should be less than or equal to %(bound)s"),
    gettext_noop("should be a valid integer, unable to parse string as an integer"),
    gettext_noop("should be a valid number, unable to parse string as a number"),
    gettext_noop("should be a finite number"),
    gettext_noop("should be true or false"),
    gettext_noop("should have at most %(bound)s characters"),
    gettext_noop("should have at most %(bound)s items after validation, not %(found)s"),
    gettext_noop("should be %(choices)s"),
    gettext_noop("results end at rank %(rank)s; refine the search instead"),
    gettext_noop("should not be after year_to (%(bound)s)"),
    gettext_noop("should not be above runtime_max (%(bound)s)"),
    # Faults of names, passwords and files.
    gettext_noop("The name or the password is wrong."),
    gettext_noop("This is not your password."),
    gettext_noop("That name is not available"),
    gettext_noop("Use %(least)s to %(most)s characters."),
    gettext_noop("expected %(least)s to %(most)s characters, got %(found)s"),
    gettext_noop("Use letters, digits and - _ . only."),
    gettext_noop("Begin with a letter or a digit."),
    gettext_noop("The password must not be the name."),
    gettext_noop("This password is too common. Choose another."),
    gettext_noop("Choose at least one: read, write."),
    gettext_noop("This password is easy to guess."),
    gettext_noop("The password must not be the name of the site or of the account with a few characters added."),
    gettext_noop("Use letters and digits of one script."),
    gettext_noop("This code is wrong or was used already."),
    gettext_noop("Only administrators can grant the scope admin."),
    gettext_noop("The scope scrobble cannot be combined: its token is visible in the settings of a media server."),
    gettext_noop("Set up a second factor first; this site requires it of administrators."),
    gettext_noop("Choose %(least)s to %(most)s days."),
    gettext_noop("This code is wrong. Check the clock of your device and try the next code."),
    gettext_noop("The passkey could not be verified. Try again."),
    gettext_noop("This setup has expired. Start again."),
    gettext_noop("This link has expired or was used already. Ask for a new one."),
    gettext_noop("Enter an email address, such as name@example.org."),
    gettext_noop("You have %(most)s passkeys already; remove one first."),
    # Advice about passwords, by zxcvbn.
    gettext_noop("A word by itself is easy to guess."),
    gettext_noop("Add another word or two. Uncommon words are better."),
    gettext_noop("All-uppercase is almost as easy to guess as all-lowercase."),
    gettext_noop("Avoid dates and years that are associated with you."),
    gettext_noop("Avoid recent years."),
    gettext_noop("Avoid repeated words and characters."),
    gettext_noop("Avoid sequences."),
    gettext_noop("Avoid years that are associated with you."),
    gettext_noop("Capitalization doesn't help very much."),
    gettext_noop("Common names and surnames are easy to guess."),
    gettext_noop("Dates are often easy to guess."),
    gettext_noop("Names and surnames by themselves are easy to guess."),
    gettext_noop("No need for symbols, digits, or uppercase letters."),
    gettext_noop("Predictable substitutions like '@' instead of 'a' don't help very much."),
    gettext_noop("Recent years are easy to guess."),
    gettext_noop('Repeats like "aaa" are easy to guess.'),
    gettext_noop('Repeats like "abcabcabc" are only slightly harder to guess than "abc".'),
    gettext_noop("Reversed words aren't much harder to guess."),
    gettext_noop('Sequences like "abc" or "6543" are easy to guess.'),
    gettext_noop("Short keyboard patterns are easy to guess."),
    gettext_noop("Straight rows of keys are easy to guess."),
    gettext_noop("This is a top-10 common password."),
    gettext_noop("This is a top-100 common password."),
    gettext_noop("This is a very common password."),
    gettext_noop("This is similar to a commonly used password."),
    gettext_noop("Use a few words, avoid common phrases."),
    gettext_noop("Use a longer keyboard pattern with more turns."),
    gettext_noop("Many people are signing in right now. Try again in a moment."),
    gettext_noop("no film has the TMDB id %(id)s in this catalogue"),
)
MARKS = {
    "favourite": gettext_noop("%(title)s is a favourite of yours"),
    "watchlist": gettext_noop("%(title)s is on your watchlist"),
    "watched": gettext_noop("you watched %(title)s"),
    "liked": gettext_noop("you swiped right on %(title)s"),
}
"""The marks of a movie without a rating, as parts of `Because %(marks)s.`"""
JOINT = re.compile("(, | and )")
INTEREST = re.compile(r"(?P<viewers>[\d,]+) viewers? showed interest in the last (?P<span>day|week)(?P<times>.*)\.")
LOVED = re.compile(r"Loved by (?P<viewers>[\d,]+) viewers? in MovieLens’ newest ratings(?P<times>.*)\.")
TIMES = re.compile(r", (?P<more>more than )?(?P<times>[\d.]+) times as much as usual")
HARDLY = ", and hardly anybody before"
LAST_RATING = re.compile(r"(?<=\d) and ")
QUOTED = re.compile("“([^”]*)”")
PARAMETER = re.compile(r"%\((\w+)\)s")
SENTENCE_END = re.compile(r"(?<=\.) ")


def translated(text: str) -> str:
    """Return a message of the engine in the language of the page; in English if there is no translation."""
    if not text or language() == "en":
        return text
    if text in _plain():
        return _(text)
    for pattern, sentence in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return _(sentence, **{name: _part(name, value) for name, value in found.groupdict().items()})
    sentences = SENTENCE_END.split(text)
    if len(sentences) > 1 and _plain().issuperset(sentences):
        return " ".join(map(_, sentences))
    return _trending(text)


@cache
def _plain() -> frozenset[str]:
    return frozenset(sentence for sentence in SENTENCES if not PARAMETER.search(sentence))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each message with parameters."""
    return tuple((_pattern(sentence), sentence) for sentence in SENTENCES if PARAMETER.search(sentence))


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = PARAMETER.split(sentence)
    return re.compile("".join(f"(?P<{part}>.+)" if n % 2 else re.escape(part) for n, part in enumerate(parts)))


def _part(name: str, value: str) -> str:
    """Return a parameter of a message in the format of the language."""
    if name in _LISTS:
        return _conjoined(_LISTS[name](value))
    if name == "ratings":
        return LAST_RATING.sub(_(" and "), value)
    if name == "rating":
        return decimal(float(value)) if value.replace(".", "").isdigit() else value
    return number(int(value.replace(",", ""))) if name == "votes" and value.replace(",", "").isdigit() else value


def _listed(text: str) -> list[str]:
    return re.split(", | and ", text)


def _clauses(text: str) -> list[str]:
    """Return the clauses of `you watched Heat and Up is on your watchlist`; titles may contain commas and `and`."""
    clauses, open_part = [], ""
    parts = ["", *JOINT.split(text)]
    for joint, part in zip(parts[::2], parts[1::2], strict=True):
        whole = f"{open_part}{joint}{part}" if open_part else part
        if _marking(whole):
            clauses.append(whole)
            open_part = ""
        elif clauses and _marking(clauses[-1]) in ("watched", "liked"):  # these end with the title
            clauses[-1] += f"{joint}{part}"
        else:
            open_part = whole
    return [*clauses, open_part] if open_part else clauses


def _marking(clause: str) -> str:
    """Return the key of `MARKS` that a clause matches; empty if there is none."""
    return next((name for name, mark in MARKS.items() if _pattern(mark).fullmatch(clause)), "")


def _mark(clause: str) -> str:
    found = MARKS.get(_marking(clause))
    if found is None:
        return clause
    title = _pattern(found).fullmatch(clause)
    return _(found, title=title["title"]) if title else clause


_LISTS: dict[str, Callable[[str], list[str]]] = {
    "genres": lambda value: [labels.genre(genre) for genre in _listed(value)],
    "labels": lambda value: [_("“%(word)s”", word=labels.piece_value(label)) for label in QUOTED.findall(value)],
    "names": _listed,
    "marks": lambda value: [_mark(clause) for clause in _clauses(value)],
}
"""Functions that split the parameters that are lists."""


def _conjoined(words: list[str]) -> str:
    """Join words such as `Drama, Crime and War`."""
    return _(" and ").join(filter(None, (", ".join(words[:-1]), words[-1])))


def _trending(text: str) -> str:
    """Translate the reason why a movie is trending; return any other text unchanged."""
    interest, loved = INTEREST.fullmatch(text), LOVED.fullmatch(text)
    found = interest or loved
    if found is None:
        return text
    users = int(found["viewers"].replace(",", ""))
    if loved:
        whole = ngettext(
            "Loved by %(n)s viewer in MovieLens’ newest ratings",
            "Loved by %(n)s viewers in MovieLens’ newest ratings",
            users,
            n=number(users),
        )
    else:
        whole = _interest(users, found["span"])
    return f"{whole}{_times(found['times'])}."


def _interest(users: int, span: str) -> str:
    if span == "week":
        return ngettext(
            "%(n)s viewer showed interest in the last week",
            "%(n)s viewers showed interest in the last week",
            users,
            n=number(users),
        )
    return ngettext(
        "%(n)s viewer showed interest in the last day",
        "%(n)s viewers showed interest in the last day",
        users,
        n=number(users),
    )


def _times(text: str) -> str:
    if text == HARDLY:
        return _(", and hardly anybody before")
    found = TIMES.fullmatch(text)
    if found is None:
        return text
    times = number(float(found["times"]))
    if found["more"]:
        return _(", more than %(times)s times as much as usual", times=times)
    return _(", %(times)s times as much as usual", times=times)
