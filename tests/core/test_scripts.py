"""Scripts and confusable characters of names."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import scripts
from core.language.normalization import account_key

NAMES = st.text(st.characters(categories=["L", "Nd", "M"]), min_size=1, max_size=20)


def test_the_table_of_confusable_characters_changes_only_with_a_migration() -> None:
    """Its keys are stored with accounts: with another table, new names would be compared with keys of the old one."""
    table = "\n".join(f"{letter}\t{shown}" for letter, shown in sorted(scripts._prototypes().items()))
    assert len(scripts._prototypes()) == 6303
    assert (
        hashlib.sha256(table.encode()).hexdigest() == "c0c05c19b9c14dfb7d541d1d4f752feb304fd8335b036633041710b5b313502e"
    )


@pytest.mark.parametrize(
    "names",
    [
        ("paypal", "PayPaI", "paypa1", "pаypal", "PAYPAL", "раураl"),
        ("modern", "rnodern", "𝗆odern"),
        ("copa", "сора"),
        ("0liver", "Oliver", "oliver"),
    ],
)
def test_confusable_names_share_a_skeleton(names: tuple[str, ...]) -> None:
    assert len({scripts.skeleton(name) for name in names}) == 1


def test_other_names_do_not() -> None:
    names = ["Ada", "Adam", "ольга", "小林", "大林", "Zoé", "Zora", "ada-1", "ada-2", "コ", "ハ"]
    assert len({scripts.skeleton(name) for name in names}) == len(names)


@given(NAMES)
def test_the_skeleton_of_a_name_is_as_distinct_as_its_key(name: str) -> None:
    assert scripts.skeleton(name) == scripts.skeleton(f" {name}. ")
    assert bool(scripts.skeleton(name)) or not account_key(name)


@pytest.mark.parametrize(
    "text", ["Ada", "Zoë", "ольга", "小林さん", "カナkana", "서울Seoul", "ㄅㄆLatin漢", "हिन्दी", "a-b_c.1"]
)
def test_one_script_or_those_of_one_language_are_not_mixed(text: str) -> None:
    assert not scripts.mixes_scripts(text)


@pytest.mark.parametrize("text", ["Аda", "ольгa", "αda", "한あ", "1١", "ⰀⰁ", "𐤀𐤁"])
def test_other_mixtures_and_historic_scripts_are_mixed(text: str) -> None:
    assert scripts.mixes_scripts(text)


@pytest.mark.parametrize("character", ["\u00ad", "\u034f", "\u115f", "\u17b4", "\u200b", "\u2060", "\u3164", "\ufe0f"])
def test_characters_that_are_displayed_as_nothing_are_ignorable(character: str) -> None:
    assert scripts.is_ignorable(f"a{character}b")
    assert not scripts.is_ignorable("aé漢")
