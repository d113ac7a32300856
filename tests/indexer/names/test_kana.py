"""Names in katakana and in Latin letters."""

from __future__ import annotations

import pytest

from indexer.names import kana

NAMES = [
    "Leonardo DiCaprio", "Christopher Nolan", "Tom Cruise", "Johnny Depp", "Steven Spielberg", "Quentin Tarantino",
    "Denzel Washington", "Brad Pitt", "Keanu Reeves", "The Matrix", "Titanic", "Inception", "The Godfather",
    "Star Wars", "Harry Potter", "The Terminator", "Gladiator",
]  # fmt: skip
KEYS = [kana.key(name) for name in NAMES]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("レオナルド・ディカプリオ", "Leonardo DiCaprio"), ("クリストファー・ノーラン", "Christopher Nolan"),
        ("トム・クルーズ", "Tom Cruise"), ("ジョニー・デップ", "Johnny Depp"),
        ("スティーヴン・スピルバーグ", "Steven Spielberg"), ("クエンティン・タランティーノ", "Quentin Tarantino"),
        ("デンゼル・ワシントン", "Denzel Washington"), ("ブラッド・ピット", "Brad Pitt"),
        ("キアヌ・リーブス", "Keanu Reeves"), ("マトリックス", "The Matrix"), ("タイタニック", "Titanic"),
        ("インセプション", "Inception"), ("ゴッドファーザー", "The Godfather"), ("スター・ウォーズ", "Star Wars"),
        ("ハリー・ポッター", "Harry Potter"), ("ターミネーター", "The Terminator"),
        ("グラディエーター", "Gladiator"),
    ],
)  # fmt: skip
def test_a_name_in_katakana_is_recognised_by_its_consonants(typed: str, name: str) -> None:
    place = kana.nearest(typed, KEYS)
    assert place is not None
    assert NAMES[place] == name


@pytest.mark.parametrize("typed", ["アバンチュール", "コメディ", "アイ", "ー", "サスペンスドラマ"])
def test_other_words_match_nobody(typed: str) -> None:
    assert kana.nearest(typed, KEYS) is None
