"""Names of people in a search text, in full, by surname, or written in another way."""

from __future__ import annotations

from collections.abc import Sequence

from core import texts
from core.understanding import PieceKind
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState
from indexer.names import kana, spell_checker
from indexer.names.gazetteer import NamedPerson

MAX_NAME_WORDS = 4
MIN_WEIGHT = 0.12
"""Prominence that somebody needs whose full name stands in a text without a word like `starring` before it."""
SURNAME_WEIGHT = 1.5
"""The same for a surname alone, which needs such a word as well."""
SHORT, FAMOUS_WEIGHT = 7, 4.0
"""Words of a text in which the surname of so prominent a director counts by itself: `tarantino western`."""
VERY_SHORT = 3
"""Words of a text in which an actor's surname counts by itself: `statham driving`."""
ODD_NAME_WEIGHT = 0.6
"""The same for a name that is written in another way."""
SURNAME_LEAD = 1.3
"""How much more prominent than the next of the same surname somebody must be to be meant by it."""
MIN_FIRST_NAME = 4
"""Letters of a first name from which a wrong one is forgiven."""
MOSTLY = 0.5
"""Share of somebody's weight from which on they are known for a part (acting, directing)."""
MIN_DIRECTS = 0.15


def find_people(state: ParseState) -> None:
    """Names of people, by their full names or, behind words such as `by` and `with`, by surname."""
    _find_in_kana(state)
    starts = state.vocabulary.gazetteer.name_starts
    surnames = _surnames(state)
    for at in range(len(state)):
        if (
            state.free(at)
            and not _match_relatives(state, at)
            and not (state.words[at] in starts and _match_full_name(state, at))
            and not (True in surnames[at + 1 : at + MAX_NAME_WORDS] and _match_odd_name(state, at, surnames))
        ):
            _match_surname(state, at)


def _surnames(state: ParseState) -> list[bool]:
    """For each token whether it is a surname, or one together with the token before it (`di caprio`)."""
    known = state.vocabulary.gazetteer.by_surname
    before = ["", *state.words]
    return [word in known or before[at] + word in known for at, word in enumerate(state.words)]


def _find_in_kana(state: ParseState) -> None:
    """Names in katakana: `トム・クルーズのアクション`, `ノーラン監督`."""
    for match in kana.KATAKANA.finditer(state.text):
        inside = state.tokens_in(*match.span())
        if not inside or not state.free(inside.start, len(inside)):
            continue
        if state.vocabulary.phrase(state.words, inside.start)[0] >= len(inside):  # "ホラー" is a genre
            continue
        person = state.vocabulary.gazetteer.person_in_kana(match[0])
        if person is None and state.text[match.end() :].startswith(_BEHIND_SURNAME):
            person = state.vocabulary.gazetteer.surname_in_kana(match[0])
        if person is not None:
            directs = state.starts(word_lists.DIRECTED, inside.stop)
            acts = state.starts(word_lists.ACTED_AFTER, inside.stop)
            role = "director" if directs else "actor" if acts else ""
            _match_person(state, inside.start, len(inside), person, role=role, lead=0)
            state.skip(inside.stop, directs or acts)


_BEHIND_SURNAME = ("の", "監督", "作品", "が出", "主演")
"""What stands behind a surname in katakana that is no loan word: `ヒッチコックの白黒映画`."""


def _match_relatives(state: ParseState, at: int) -> bool:
    """`a Coen brother`, `the Wachowskis`, `Russo brothers`: everybody of that surname who directs."""
    surnames = state.vocabulary.gazetteer.by_surname
    typed = state.tokens[at].word  # the plural of a name may have been corrected to the name
    named = surnames.get(state.words[at]) or surnames.get(typed.removesuffix("s"))
    plural = typed.endswith("s") and typed not in surnames
    after = state.words[at + 1] if at + 1 < len(state) else ""
    if not named or not (
        after in word_lists.RELATIVES or (plural and (not at or state.words[at - 1] in {"the", "by"}))
    ):
        return False
    meant = _relatives(state, named, acting=after in word_lists.RELATIVES)
    if len(meant) < 2:  # noqa: PLR2004 - brothers are two
        return False
    count = 2 if after in word_lists.RELATIVES else 1
    article = int(at > 0 and state.words[at - 1] in word_lists.DETERMINERS)
    lead = state.ends_with(word_lists.DIRECTED, at - article)
    lead += article if lead else 0
    role = "director" if all(person.directs >= MIN_DIRECTS for person in meant) else ""
    piece = state.piece(
        PieceKind.PERSON, meant[0].name, " or ".join(person.name for person in meant), at, count,
        role=role, names=tuple(texts.fold(person.name) for person in meant),
    )  # fmt: skip
    state.consume(at, count, piece, lead=lead if state.free(at - lead, lead) else 0)
    first_names = {texts.fold(person.name).split()[0] for person in meant}
    for where in range(at + count, len(state)):
        if state.words[where] in first_names and state.free(where):
            state.skip(where, 1)
    return True


def _relatives(state: ParseState, named: Sequence[NamedPerson], *, acting: bool) -> list[NamedPerson]:
    """Those whose first names the text says as well (`the Wilson brothers Owen and Luke`), else the two who direct."""
    called = [person for person in named if texts.fold(person.name).split()[0] in state.words]
    if acting and len(called) > 1:
        return called
    directing = [person for person in named if person.directs >= MIN_DIRECTS][:2]
    known = [person for person in named if person.weight >= SURNAME_WEIGHT][:2] if acting else []
    return known if len(known) > len(directing) or _weight(known) > 2 * _weight(directing) else directing


def _weight(people: Sequence[NamedPerson]) -> float:
    return sum(person.weight for person in people)


def _match_full_name(state: ParseState, at: int) -> bool:
    people = state.vocabulary.gazetteer.people
    nicknamed = people.get(word_lists.NICKNAMES.get(state.tokens[at].word, ""))
    if nicknamed is not None:
        lead, role = _part_of(state, at, at + 1, nicknamed)
        _match_person(state, at, 1, nicknamed, role=role, lead=lead)
        return True
    for count in range(min(MAX_NAME_WORDS, len(state) - at), 1, -1):
        person = people.get(" ".join(state.words[at : at + count])) if state.free(at, count) else None
        if person is None or any(token.ends_clause for token in state.tokens[at : at + count - 1]):
            continue
        words = state.words[at : at + count]
        if all(word in word_lists.KNOWN or word in state.vocabulary.tables.phrases for word in words):
            continue
        if words[0] in word_lists.DETERMINERS and state.vocabulary.gazetteer.common.issuperset(words[1:]):
            continue  # "the insects" are a band only where somebody says so
        lead, role = _part_of(state, at, at + count, person)
        if (lead or person.weight >= MIN_WEIGHT) and not state.ends_with(word_lists.SUBJECT, at):
            _match_person(state, at, count, person, role=role, lead=lead)
            return True
    return False


def _match_odd_name(state: ParseState, at: int, surnames: Sequence[bool]) -> bool:
    """`leonardo di caprio`, `dwayne the rock johnson`, `sophia coppola`: a name written apart, with a nickname inside,
    or with a wrong letter in the first name."""
    people = state.vocabulary.gazetteer.people
    for count in (4, 3, 2):
        words = state.words[at : at + count]
        if not state.free(at, count) or not surnames[at + count - 1]:
            continue
        ways = [" ".join((words[0], words[-1])), " ".join((words[0], "".join(words[1:])))] if count > 2 else []  # noqa: PLR2004
        person = next((people[way] for way in ways if way in people), None) or (
            _nearly(state, words) if count == 2 else None  # noqa: PLR2004
        )
        if person is not None and person.weight >= ODD_NAME_WEIGHT and not state.ends_with(word_lists.SUBJECT, at):
            lead, role = _part_of(state, at, at + count, person)
            _match_person(state, at, count, person, role=role, lead=lead)
            return True
    return False


def _nearly(state: ParseState, words: Sequence[str]) -> NamedPerson | None:
    """Somebody of that surname whose first name is a letter or two off; `quick love` is spelled as it is meant."""
    first, last = words
    spelled = first in state.vocabulary.gazetteer.common or first in word_lists.KNOWN
    if len(first) < MIN_FIRST_NAME or spelled or state.vocabulary.tables.phrases.get(first):
        return None
    reach = 1 if len(first) == MIN_FIRST_NAME else 2
    named = state.vocabulary.gazetteer.by_surname.get(last, ())[:20]
    return next((p for p in named if spell_checker.distance(texts.fold(p.name).split()[0], first) <= reach), None)


def _match_surname(state: ParseState, at: int) -> None:
    word = state.words[at].removesuffix("'s")
    named = state.vocabulary.gazetteer.by_surname.get(word) or _possessive(state, word)
    if not named or word in word_lists.KNOWN or state.vocabulary.tables.phrases.get(word):
        return
    lead, role = _part_of(state, at, at + 1, named[0])
    alone = len(state) == 1
    before_noun = at + 1 < len(state) and state.words[at + 1] in word_lists.NOUNS | word_lists.WRITINGS
    everyday = not state.vocabulary.gazetteer.everyday.isdisjoint({word, word.removesuffix("s")}) or (
        state.tokens[at].word in state.vocabulary.gazetteer.common
    )
    famous = (
        not everyday
        and len(state) <= SHORT
        and named[0].weight >= FAMOUS_WEIGHT
        and (named[0].directs >= MOSTLY or len(state) <= VERY_SHORT)
    )
    if not (lead or alone or (before_noun and not everyday) or famous) or _is_subject(state, at):
        return
    fitting = [p for p in named if role != "director" or p.directs >= MIN_DIRECTS] or list(named)
    ranked = sorted(fitting, key=lambda person: -_weight_as(person, role))
    best = ranked[0]
    clear = len(ranked) == 1 or _weight_as(best, role) >= SURNAME_LEAD * _weight_as(ranked[1], role)
    if best.weight >= SURNAME_WEIGHT and clear:
        _match_person(state, at, 1, best, role=role or _part_before_noun(best, before_noun), lead=lead)


def _is_subject(state: ParseState, at: int) -> bool:
    """Whether the movie is about somebody whose name ends at token `at`."""
    people = state.vocabulary.gazetteer.people
    return any(
        state.ends_with(word_lists.SUBJECT, first) and (first == at or " ".join(state.words[first : at + 1]) in people)
        for first in range(max(0, at - MAX_NAME_WORDS + 1), at + 1)
    )


def _possessive(state: ParseState, word: str) -> Sequence[NamedPerson]:
    """`hitchcocks movies`: a name with the s of its genitive."""
    return state.vocabulary.gazetteer.by_surname.get(word.removesuffix("s"), ()) if word.endswith("s") else ()


def _weight_as(person: NamedPerson, role: str) -> float:
    share = {"director": person.directs, "actor": person.acts}.get(role, max(person.directs * 2, person.acts))
    return person.weight * share


def _part_before_noun(person: NamedPerson, before_noun: bool) -> str:
    return "director" if before_noun and person.directs >= MOSTLY else ""


def _part_of(state: ParseState, at: int, end: int, person: NamedPerson) -> tuple[int, str]:
    """How many tokens before a name tell somebody's part, and that part."""
    if composed := state.ends_with(word_lists.COMPOSED, at):
        return composed, ""
    directed = state.ends_with(word_lists.DIRECTED, at)
    acted = state.ends_with(word_lists.ACTED, at)
    if directed and directed >= acted:
        by = state.words[at - 1] in {"by", "von"} and directed == 1
        known = person.directs >= MIN_DIRECTS
        return (directed, "director" if known else "") if not by or known else (directed, "")
    if acted:
        return acted, "actor" if person.acts >= MIN_DIRECTS else ""
    return (1, state.pieces[-1].role) if _joined(state, at) else (0, _part_behind(state, end))


def _part_behind(state: ParseState, end: int) -> str:
    """The part that the words behind a name tell: `Eastwood directs`, `Mel Gibson as the director`."""
    after = state.words[end : end + 2]
    if len(after) == 2 and after[0] in {"as", "the"} and after[1] in {"director", "directing", "filmmaker"}:  # noqa: PLR2004
        return "director"
    if after[:1] and after[0] in {"stars", "plays", "acts", "directs", "directed", "starring"}:
        return "director" if after[0].startswith("direct") else "actor"
    return ""


def _joined(state: ParseState, at: int) -> bool:
    """Whether `and` joins the name to the person before it: both are in the same part."""
    if at < 2 or state.words[at - 1] not in word_lists.LIKE_JOINS or not state.pieces:  # noqa: PLR2004
        return False
    last = state.pieces[-1]
    return last.kind is PieceKind.PERSON and last.end == state.tokens[at - 2].end


def _match_person(state: ParseState, at: int, count: int, person: NamedPerson, *, role: str, lead: int) -> None:
    key = texts.fold(person.name)
    piece = state.piece(PieceKind.PERSON, person.name, person.name, at, count, role=role, names=(key,))
    free = state.free(at - lead, lead) if lead else False
    state.consume(at, count, piece, lead=lead if free else 0)
    if 1 - person.acts - person.directs >= MOSTLY:  # a writer's books are no other wish than the writer
        behind = state.words[at + count : at + count + 1]
        state.skip(at + count, int(behind != [] and behind[0] in word_lists.WRITINGS and state.free(at + count)))
