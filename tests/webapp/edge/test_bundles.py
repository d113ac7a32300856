"""Stylesheets and scripts are served in one file each, which browsers keep until its content changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import webapp
from tests import fakes
from webapp.edge import bundles


@pytest.fixture
def client() -> FlaskClient:
    return webapp.create_app(fakes.services()).test_client()


def named(text: str) -> list[str]:
    return re.findall(r"/static/bundles/[\w.-]+", text)


def test_a_page_names_a_stylesheet_and_a_script_that_are_kept_for_a_year(client: FlaskClient) -> None:
    style, script = named(client.get("/browse").text)
    for url, mimetype in ((style, "text/css"), (script, "text/javascript")):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.mimetype == mimetype
        assert answer.cache_control.immutable
        assert answer.cache_control.max_age == 365 * 24 * 3600


def test_a_bundle_has_all_its_files_in_their_order(client: FlaskClient) -> None:
    folder = Path(client.application.static_folder or "")
    for url in named(client.get("/browse").text):
        text, place = client.get(url).text, 0
        for path in bundles.FILES[url.partition("-")[2]]:
            place = text.index((folder / path).read_text(encoding="utf-8"), place)


def test_the_url_of_another_version_leads_to_the_current_one(client: FlaskClient) -> None:
    style = named(client.get("/browse").text)[0]
    answer = client.get("/static/bundles/0123456789ab-site.css")
    assert answer.status_code == 302
    assert answer.location == style
    assert not answer.cache_control.immutable


@pytest.mark.parametrize("name", ["0123456789ab-other.css", "0123456789ab-..%2F..%2Fapp.py", "site.css"])
def test_no_other_file_is_a_bundle(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/bundles/{name}").status_code == 404


def test_the_url_changes_with_the_content(tmp_path: Path) -> None:
    urls = []
    for content in ("a {}", "b {}"):
        folder = tmp_path / content[0]
        for path in bundles.FILES["site.css"]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content, encoding="utf-8")
        app = Flask(__name__, static_folder=str(folder))
        app.register_blueprint(bundles.blueprint(folder))
        urls.append(app.test_client().get("/static/bundles/x-site.css").location)
    assert len(set(urls)) == 2
