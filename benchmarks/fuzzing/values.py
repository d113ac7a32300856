"""Values at the edges of what a parser accepts: numbers, dates, texts and JSON. Pure."""

from __future__ import annotations

import random

NUMBERS = (
    "0",
    "-1",
    "1",
    "-0",
    "+5",
    "01",
    "1e5",
    "1e400",
    "-1e400",
    "nan",
    "inf",
    "-Infinity",
    "0x10",
    "1_000",
    "5.0",
    "4.25",
    "4.5",
    "2147483648",
    "-9223372036854775809",
    "9223372036854775807",
    "9223372036854775808",
    "9007199254740993",
    "1" * 40,
    "9" * 400,
    "7" * 5_000,
    "٣",
    "１２",
    "²",
    "1 ",
    " 1",
    "1\x00",
    "1,5",
    "½",
    "--1",
    "",
)
DATES = (
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999-14:00",
    "9999-12-31",
    "0000-01-01",
    "10000-01-01T00:00:00Z",
    "2024-02-29T23:59:60Z",
    "2023-02-29",
    "1969-12-31T23:59:59Z",
    "-1",
    "1e20",
    "1" * 30,
    "2026-11-01T01:30:00-25:00",
    "2026-11-01T01:30:00+23:59",
    "2026-W05-1",
    "T",
    "2026-13-45",
    "yesterday",
)
TEXTS = (
    "a" * 201,
    "é" * 201,
    "x" * 5_001,
    "x" * 70_000,
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: a=b",
    "\u202eevil",
    "\ufeffx",
    "\ud7ff",
    "🏳️‍🌈" * 50,
    "a\u0301" * 500,
    "' OR 1=1 --",
    '"; DROP TABLE users; --',
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "../../etc/passwd",
    "..\\..\\x",
    "%00",
    "%",
    "%s%n%d",
    "*" * 200,
    "(" * 300,
    "[" * 300,
    "\\" * 99,
    "a AND (b OR",
    "title:*",
    "~" * 50,
    '"' * 51,
    "-" * 400,
    "not " * 400,
    "like " * 300,
    "1990s " * 200,
    " ",
    "\t\n",
    "ﷺ" * 100,
    "ⅷ",
    "İ" * 300,
    "ß" * 300,
    "ﬀ" * 300,
    "\u2028",
    "null",
    "undefined",
    "true",
    "[]",
    "{}",
    "NaN",
    "demo:ada",
    "again:trending",
    "scary movie from the 80s",
    "movies like Alien but funny",
    "the",
    "Alien",
    "Tom Hanks",
)
JSON = (
    "",
    "null",
    "true",
    "0",
    "[]",
    "{}",
    '""',
    "{",
    "[1,",
    '{"a":}',
    "\ufeff{}",
    '{"a":1}{"b":2}',
    '{"q":NaN}',
    '{"q":1e999}',
    '{"q":"\\ud800"}',
    '{"q":"\\u0000"}',
    '{"page":' + "9" * 40 + "}",
    '{"page":' + "9" * 5_000 + "}",
    '{"page":1.0}',
    "[" * 60_000,
    '{"a":' * 10_000,
    "[" * 20_000 + "]" * 20_000,
    '{"q":' + "[" * 5_000 + "]" * 5_000 + "}",
    '{"ratings":' + '{"1":' * 3_000 + "1" + "}" * 3_000 + "}",
    '{"q":"x","q":"y"}',
    '{"__proto__":{}}',
    '{"events":[' + ",".join(["{}"] * 2_000) + "]}",
    '{"ratings":{' + ",".join(f'"{n}":5' for n in range(5_000)) + "}}",
)
"""JSON documents, valid or not."""


def text(dice: random.Random) -> str:
    """Return a text: from the list, or random letters of any script."""
    if dice.random() < 0.7:
        return dice.choice(TEXTS + DATES + NUMBERS)
    return "".join(chr(_letter(dice)) for _ in range(dice.choice((1, 3, 20, 300))))


def value(dice: random.Random) -> object:
    """Return a JSON value."""
    kind = dice.randrange(8)
    if kind == 0:
        return dice.choice((None, True, False, 0, -1, 10**40, 2**63, 1e308, 4.5, -0.0, 0.1 + 0.2))
    if kind == 1:
        return [value(dice) for _ in range(dice.randrange(4))]
    if kind == 2:
        return {text(dice)[:50]: value(dice) for _ in range(dice.randrange(4))}
    return text(dice)


def _letter(dice: random.Random) -> int:
    found = dice.choice((dice.randrange(32, 127), dice.randrange(0x3000), dice.randrange(0x110000)))
    return 0x41 if 0xD800 <= found <= 0xDFFF else found
