"""All failures of Elasticsearch, with the messages that they cause."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import BuildRejected, IndexMissing, InvalidSettings, SearchUnavailable
from core.ports import Question
from core.types import MovieId
from indexer.elastic import ElasticStore
from indexer.elastic.cluster import client
from tests.indexer.elastic.conftest import VERSIONS, build, describe, entries
from tests.indexer.elastic.stub import JSON, PRODUCT, Answer, serve

FIRST, SECOND, _ = VERSIONS
HTML = {"Content-Type": "text/html"}
EIGHT = Answer(
    400,
    {
        "error": {
            "root_cause": [
                {
                    "type": "media_type_header_exception",
                    "reason": "Invalid media-type value on headers [Accept, Content-Type]",
                }
            ],
            "type": "media_type_header_exception",
            "reason": "Invalid media-type value on headers [Accept, Content-Type]",
        },
        "status": 400,
    },
    {**PRODUCT, "Content-Type": "application/json"},
)


def point_at(*urls: str, **more: object) -> Settings:
    """Return settings for Elasticsearch at `urls`."""
    return Settings.model_validate({"elasticsearch_url": urls, "elasticsearch_index": "films", **more})


def ask(settings: Settings) -> str:
    """Return the message of a failing reader, in one line; vendor errors must not pass."""
    with pytest.raises(SearchUnavailable) as caught:
        ElasticStore(settings, interactive=True).open().candidates(Question(words="war"))
    return str(caught.value)


def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def test_a_port_on_which_nothing_listens() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    message = ask(point_at(url))
    assert f"Elasticsearch does not respond at {url}: start it, correct MARQUEE_ELASTICSEARCH_URL" in message


def test_a_host_that_does_not_exist() -> None:
    assert "Elasticsearch does not respond at http://nowhere.invalid:9200:" in ask(point_at("http://nowhere.invalid"))


def test_an_error_never_repeats_the_credentials_in_an_address() -> None:
    message = ask(point_at(f"http://me:secret@127.0.0.1:{closed_port()}"))
    assert "secret" not in message
    assert "me:" not in message


def test_an_unreachable_store_is_reported() -> None:
    store = ElasticStore(point_at(f"http://127.0.0.1:{closed_port()}"))
    for call in (store.versions, store.published, store.remove_abandoned, lambda: store.begin(describe(FIRST))):
        with pytest.raises(SearchUnavailable, match="Elasticsearch does not respond"):
            call()


def test_the_next_host_is_used_when_one_is_down() -> None:
    body: dict[str, object] = {"films-1": {"mappings": {"_meta": {}}}}
    with serve(Answer(body=body)) as port:
        settings = point_at(f"http://127.0.0.1:{closed_port()}", f"http://127.0.0.1:{port}")
        for _attempt in range(4):
            assert "was not built by Marquee" in ask(settings)


def test_a_server_of_version_8() -> None:
    with serve(EIGHT) as port:
        assert f"the server at http://127.0.0.1:{port} is not Elasticsearch 9; run version 9" in ask(
            point_at(f"http://127.0.0.1:{port}")
        )


def test_a_server_other_than_elasticsearch() -> None:
    with serve(Answer(body={"hello": 1}, headers=JSON)) as port:
        assert "is not Elasticsearch 9" in ask(point_at(f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Answer(502, "<html>Bad gateway</html>", HTML),
            r"does not respond like Elasticsearch \(status 502\); this is a proxy",
        ),
        (Answer(404, "<html>Not found</html>", HTML), r"does not respond like Elasticsearch \(status 404\)"),
        (Answer(200, "<html>Log in</html>", {**PRODUCT, **JSON}), "its response cannot be parsed"),
        (Answer(200, "<html>Log in</html>", HTML), "is not Elasticsearch 9"),
        (Answer(429, {"error": {"type": "es_rejected_execution_exception", "reason": "full"}}), r"overloaded \(full\)"),
        (Answer(500, {"error": {"type": "odd_exception", "reason": "odd"}}), "responded with 500 odd_exception: odd"),
        (Answer(500, {"error": "odd"}), r"does not respond like Elasticsearch \(status 500\)"),
    ],
)
def test_an_unusable_response(answer: Answer, words: str) -> None:
    with serve(answer) as port, pytest.raises(SearchUnavailable, match=words):
        ElasticStore(point_at(f"http://127.0.0.1:{port}"), interactive=True).open().info()


def test_a_server_that_does_not_respond_in_time() -> None:
    with serve(Answer(delay=60)) as port:
        url = f"http://127.0.0.1:{port}"
        message = ask(point_at(url, elasticsearch_timeout=0.1))
    assert f"{url} did not respond within 0.1 s; check its load, or raise MARQUEE_ELASTICSEARCH_TIMEOUT" in message


def test_an_invalid_address_is_an_error_of_the_settings() -> None:
    for url in ("http://", "http://host:port", "http://host:99999"):
        with pytest.raises(InvalidSettings, match=r"MARQUEE_ELASTICSEARCH_URL: .* is not a valid address"):
            ElasticStore(point_at(url))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://host", "http://host:9200"),
        ("https://user:word@host/prefix/", "https://host:443/prefix"),
        ("http://[::1]:9201", "http://[::1]:9201"),
    ],
)
def test_an_address_without_a_port_gets_the_default_port(url: str, address: str) -> None:
    assert client.connect(point_at(url), batch=False).context.address == address


def test_a_build_waits_longer_than_a_page() -> None:
    settings = point_at("http://host", elasticsearch_timeout=1.5, elasticsearch_batch_timeout=90)
    assert client.connect(settings, batch=False).context.timeout == 1.5
    assert client.connect(settings, batch=True).context.timeout == 90


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate authority (`ca.pem`) and a certificate signed by it (`server.pem`, `server.key`)."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=keyid\n", encoding="utf-8")
    new = "openssl req -newkey rsa:2048 -nodes -sha256"
    for command in (
        f"{new} -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem -addext keyUsage=critical,keyCertSign",
        f"{new} -subj /CN=server -keyout server.key -out server.csr",
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem",
    ):
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


def test_a_certificate_of_an_unknown_authority_is_rejected(certificates: Path) -> None:
    with serve(Answer(), certificate=certificates / "server.pem", key=certificates / "server.key") as port:
        message = ask(point_at(f"https://127.0.0.1:{port}"))
    assert f"the certificate of https://127.0.0.1:{port} is not trusted" in message
    assert "set MARQUEE_ELASTICSEARCH_CA_FILE" in message


def test_a_certificate_of_the_authority_in_the_settings_is_accepted(certificates: Path) -> None:
    with serve(Answer(), certificate=certificates / "server.pem", key=certificates / "server.key") as port:
        settings = point_at(f"https://127.0.0.1:{port}", elasticsearch_ca_file=certificates / "ca.pem")
        assert ElasticStore(settings).versions() == []
        assert "there is no index 'films'" in ask(settings)


def test_a_missing_authority_file_is_an_error_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"MARQUEE_ELASTICSEARCH_CA_FILE: the file .* does not exist"):
        ElasticStore(point_at("https://host", elasticsearch_ca_file=tmp_path / "none.pem"))


@pytest.mark.elasticsearch
def test_the_error_for_a_missing_index_names_the_build_command(store: ElasticStore) -> None:
    alias, address = store.batch.context.alias, store.batch.context.address
    index = store.open()
    for call in (index.info, lambda: index.candidates(Question(words="war")), lambda: index.movies([MovieId(1)])):
        with pytest.raises(IndexMissing) as caught:
            call()
        assert str(caught.value) == (
            f"there is no index {alias!r} in Elasticsearch at {address}; build it with `marquee index`"
        )
    with pytest.raises(IndexMissing):
        store.open(FIRST)


@pytest.mark.elasticsearch
def test_a_deleted_index_is_missing_in_every_call(store: ElasticStore) -> None:
    build(store)
    index = store.open(FIRST)
    store.batch.client.indices.delete(index=f"{store.batch.context.alias}-{FIRST}")
    for call in (
        lambda: index.candidates(Question(words="war")),
        lambda: index.movies([MovieId(1)]),
        lambda: index.vectors([MovieId(1)]),
        lambda: index.suggest("war", limit=3),
        lambda: index.correct(["warr"]),
    ):
        with pytest.raises(IndexMissing):
            call()


@pytest.mark.elasticsearch
def test_a_disk_that_fills_up_rejects_the_build_and_keeps_the_index(store: ElasticStore) -> None:
    build(store)
    store.begin(describe(SECOND))
    store.fill(SECOND, entries()[:2])
    blocked = {"index.blocks.read_only_allow_delete": True}
    store.batch.client.indices.put_settings(index=f"{store.batch.context.alias}-{SECOND}", settings=blocked)
    with pytest.raises(BuildRejected, match=r"read-only .* its disk is nearly full: free some space"):
        store.fill(SECOND, entries()[2:])
    assert len(store.open().candidates(Question(words="waitress"))) == 2
    store.delete(SECOND)
    assert store.versions() == [FIRST]


@pytest.mark.elasticsearch
def test_a_real_server_that_is_too_slow(store: ElasticStore, settings: Settings) -> None:
    build(store)
    hasty = ElasticStore(settings.model_copy(update={"elasticsearch_timeout": 1e-4}), interactive=True)
    # Even this is occasionally enough time, since sockets wait at least a whole millisecond.
    with pytest.raises(SearchUnavailable, match=r"did not respond within 0\.0001 s"):
        _ask_often(hasty, times=200)


def _ask_often(store: ElasticStore, *, times: int) -> None:
    for _attempt in range(times):
        store.open().candidates(Question(words="waitress"))
