"""The translation catalogues are complete and up to date, and every visible text of a template is translatable."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import webapp
from core.config import LANGUAGES

ROOT = Path(webapp.__file__).parent
TEMPLATES = ROOT / "templates"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "gettext_noop": None}
ENGLISH_ALONE = ("admin/", "http/api_docs.html")
"""The dashboard for administrators and the page of the API."""
PROPER_NAMES = {
    "Marquee",
    "TMDB",
    "IMDb",
    "Letterboxd",
    "Trakt",
    "Simkl",
    "TV",
    "Time",
    "MovieLens",
    "Plex",
    "Jellyfin",
    "API",
    "UTC",
    "U",
}
JINJA = re.compile(r"{%-?\s*trans.*?endtrans\s*-?%}|{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
SPOKEN = re.compile(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"")
UNREAD = re.compile(
    r"<(code|script|svg)\b.*?</\1>|{% block body_class %}.*?{% endblock %}|\bdata-\w+=\"|placeholder=\"en\"", re.DOTALL
)
"""Code, SVG, classes, attributes for scripts, and an example of a code."""
PARAMETER = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"<[^>]*>")


def catalogue(language: str) -> Catalog:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(found: Catalog) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for message in found if message.id}


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    """All texts of the code and the templates."""
    mapping, options = parse_mapping_cfg((ROOT.parent / "babel.cfg").open())
    found = extract_from_dir(ROOT, mapping, options, keywords=KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_text_and_no_others(language: str, wanted: set[str]) -> None:
    assert texts(catalogue(language)) == wanted, "run `make translations`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_none_is_fuzzy(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            assert not message.fuzzy, message.id
            forms = [message.string] if isinstance(message.string, str) else message.string
            assert all(forms), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_parameters_and_the_markup_of_its_text(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        for form in [message.string] if isinstance(message.string, str) else message.string:
            assert sorted(PARAMETER.findall(form)) == sorted(PARAMETER.findall(source)), source
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(source)), source


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_compiled(language: str) -> None:
    compiled = (ROOT / "translations" / language / "LC_MESSAGES" / "messages.mo").open("rb")
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language))
    fresh.seek(0)
    strings = [{str(m.id): m.string for m in read_mo(file) if m.id} for file in (compiled, fresh)]
    assert strings[0] == strings[1], "run `make translations`"


def test_every_visible_text_of_a_template_can_be_translated() -> None:
    paths = list(TEMPLATES.rglob("*.html"))
    shown = {str(path.relative_to(TEMPLATES)): unwrapped(path.read_text()) for path in paths}
    faulty = {name: found for name, found in shown.items() if found and not name.startswith(ENGLISH_ALONE)}
    assert faulty == {}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Sign in</p>", ["Sign in"]),
        ('<p>{{ _("Sign in") }} · Marquee</p>', []),
        ("<p>{% trans %}Sign <b>in</b>{% endtrans %}</p>", []),
        ('<a aria-label="Sign in">×</a>', ["Sign in"]),
        ("<a aria-label=\"{{ _('Sign in') }}\">×</a>", []),
        ("{{ 'Yes' if x else _('No') }}", ["Yes"]),
        ("<p>curl <code>curl x</code></p>", ["curl"]),
    ],
)
def test_the_check_of_templates_finds_unwrapped_texts(template: str, found: list[str]) -> None:
    assert unwrapped(template) == found


def unwrapped(template: str) -> list[str]:
    """Return the visible texts of a template that are not translatable."""
    bare = UNREAD.sub("", template)
    chosen = re.findall(r"{{-?\s*\(?[\"']([A-Z][^\"']*)[\"'] if ", bare)
    plain = JINJA.sub("\0", bare)
    spoken = SPOKEN.findall(plain)
    read = re.split(r"<[^>]*>|\0", re.sub(r"<!doctype[^>]*>", "", plain))
    return [text for part in (*chosen, *spoken, *read) if (text := words_of(part))]


def words_of(part: str) -> str:
    text = " ".join(part.replace("\0", " ").split())
    words = [word for word in re.findall(r"[A-Za-z][\w’']*", text) if word not in PROPER_NAMES]
    return text if words else ""
