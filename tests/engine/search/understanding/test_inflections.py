"""Inflected forms of the words in the tables."""

from __future__ import annotations

import pytest

from engine.search.understanding import tables
from engine.search.understanding.language import inflections, tokens
from tests.video_shop import keys

SAID = {
    "es": {
        "mood:funny": "películas divertidas|comedias graciosas|cine divertido|algo gracioso",
        "mood:cry": "películas tristes|un drama triste",
        "mood:scary": "películas aterradoras|cine aterrador|historias espeluznantes",
        "mood:romantic": "películas románticas|dramas románticos|cine romántico",
        "mood:dark": "películas oscuras|thrillers oscuros|cine sombrío|historias sombrías",
        "mood:violent": "películas violentas|cine sangriento|películas sangrientas",
        "mood:epic": "películas épicas|dramas épicos",
        "mood:inspiring": "películas inspiradoras|dramas inspiradores",
        "genre:Animation": "películas animadas|cine animado",
        "genre:History": "dramas históricos|película histórica",
        "genre:War": "películas bélicas|cine bélico",
    },
    "fr": {
        "mood:funny": "films drôles|un film marrant|comédies amusantes|des films rigolos|histoire amusante",
        "mood:cry": "films tristes|une histoire triste",
        "mood:scary": "films effrayants|une histoire effrayante|films terrifiants",
        "mood:romantic": "films romantiques",
        "mood:dark": "films sombres",
        "mood:violent": "films violents|une histoire violente|films sanglants",
        "mood:feel-good": "films joyeux|une comédie joyeuse",
        "mood:heartwarming": "films touchants|une histoire touchante|films émouvants",
        "genre:History": "films historiques",
        "genre:Crime": "films policiers|une comédie policière",
    },
    "de": {
        "mood:scary": "gruseliges|etwas gruseliges|gruselige filme|einen gruseligen film|ein unheimlicher film",
        "mood:funny": "lustige filme|etwas lustiges|einen lustigen film|witzige komödien|mit lustigem ende",
        "mood:cry": "traurige filme|etwas trauriges|ein trauriger film|einen traurigen film",
        "mood:tense": "spannende filme|etwas spannendes|einen packenden film|ein fesselnder thriller",
        "mood:romantic": "romantische filme|etwas romantisches",
        "mood:dark": "düstere filme|etwas düsteres|ein dunkler film|dunkle filme|finstere filme",
        "mood:violent": "brutale filme|blutige filme|ein brutaler film|etwas blutiges",
        "mood:quirky": "schräge filme|etwas schräges|skurrile komödien|verrückte filme",
        "mood:mind-bending": "verwirrende filme|etwas abgedrehtes",
        "mood:relaxing": "ruhige filme|etwas leichtes|entspannte filme",
        "genre:History": "historische filme|ein historisches drama",
        "genre:Animation": "animierte filme|ein animierter film",
    },
    "it": {
        "mood:funny": "film divertenti|commedie divertenti|qualcosa di spassoso|storie spassose",
        "mood:cry": "film tristi|storie tristi",
        "mood:scary": "film spaventosi|una storia spaventosa|storie paurose",
        "mood:romantic": "film romantici|commedie romantiche|storie romantiche",
        "mood:dark": "film cupi|storie cupe|una storia oscura",
        "mood:violent": "film violenti|una storia violenta|storie violente",
        "genre:History": "film storici|una storia storica",
        "genre:Animation": "film animati|storie animate d'autore|una serie animata",
    },
    "pt": {
        "mood:funny": "filmes engraçados|comédias engraçadas|algo divertido|filmes divertidos",
        "mood:cry": "filmes tristes|uma história triste",
        "mood:scary": "filmes assustadores|uma história assustadora",
        "mood:romantic": "filmes românticos|comédias românticas|dramas românticos",
        "mood:dark": "filmes sombrios|histórias sombrias",
        "mood:violent": "filmes violentos|uma história violenta",
        "mood:inspiring": "filmes inspiradores|histórias inspiradoras",
        "genre:History": "filmes históricos|dramas históricos",
        "genre:Animation": "filmes animados|uma série animada",
        "genre:Crime": "filmes policiais",
    },
    "ja": {
        "mood:scary": "怖い映画|恐ろしい映画", "mood:cry": "泣ける映画|悲しい映画", "genre:Comedy": "コメディ映画",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "text"),
    [(key, text) for rows in SAID.values() for key, texts in rows.items() for text in texts.split("|")],
)
def test_a_mood_or_genre_is_understood_in_every_form(key: str, text: str) -> None:
    found = keys(text)
    assert key in found or (key == "mood:romantic" and "genre:romantic comedy" in found), found


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("lustig", "de", "lustige lustiger lustiges lustigen lustigem"),
        ("dunkel", "de", "dunkle dunkler dunkles dunklen dunklem"),
        ("krimi", "de", ""),
        ("joyeux", "fr", "joyeuse joyeuses"),
        ("drôle", "fr", "drôles"),
        ("léger", "fr", "légère légers légères"),
        ("divertida", "es", "divertido divertidos divertidas"),
        ("aterrador", "es", "aterradora aterradores aterradoras"),
        ("comico", "it", "comica comici comichi comiche"),
        ("triste", "it", "tristi"),
        ("policial", "pt", "policiais"),
        ("怖い", "ja", ""),
        ("da ridere", "it", ""),
        ("rar", "de", ""),
    ],
)
def test_a_word_has_these_forms(word: str, language: str, expected: str) -> None:
    assert sorted(inflections.of(word, language)) == sorted(expected.split())


def test_forms_never_override_a_phrase_in_a_table() -> None:
    written = {tokens.words(said) for term in tables.load().terms for said in tables.says(term.row)}
    entries = [entry for own in tables.load().phrases.values() for entry in own]
    for phrase, term in entries:
        if phrase in written:
            assert phrase in {tokens.words(said) for said in tables.says(term.row)}


@pytest.mark.parametrize("text", ["two detectives in china", "a mute girl animates a puppet", "argentina"])
def test_english_words_are_not_forms_of_foreign_ones(text: str) -> None:
    assert not [key for key in keys(text) if key.startswith(("mood:", "country:", "language:", "genre:silent"))]
