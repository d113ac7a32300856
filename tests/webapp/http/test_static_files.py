"""Every static file that a template or a style sheet refers to exists."""

from __future__ import annotations

import re
from pathlib import Path

import webapp

ROOT = Path(webapp.__file__).parent
STATIC = ROOT / "static"
NAMED = re.compile(r"url_for\('static', filename='([^']+)'\)")
DRAWN = re.compile(r"url\(\"([^\"]+)\"\)")


def test_every_static_file_of_a_template_is_there() -> None:
    named = {name for path in (ROOT / "templates").rglob("*.html") for name in NAMED.findall(path.read_text())}
    assert named
    assert {name for name in named if not (STATIC / name).is_file()} == set()


def test_every_image_of_a_style_sheet_is_there() -> None:
    named = {(path.parent / name) for path in STATIC.rglob("*.css") for name in DRAWN.findall(path.read_text())}
    assert named
    assert {path for path in named if not path.is_file()} == set()
