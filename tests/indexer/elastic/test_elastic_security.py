"""A real Elasticsearch with security: missing, wrong, right and insufficient credentials."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from core.config import Settings
from core.errors import SearchUnavailable
from core.ports import Question
from indexer.elastic import ElasticStore
from tests.indexer.elastic import clusters
from tests.indexer.elastic.conftest import VERSIONS, build, describe

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """The address, with user and password, of a cluster that requires them."""
    with clusters.started("--security", "--heap", "384m") as cluster:
        yield cluster.url


@pytest.fixture(scope="module")
def built(guarded: str) -> Settings:
    """Settings that sign in with the password in the address, with the movies published."""
    settings = Settings(elasticsearch_url=(guarded,), elasticsearch_index="films")
    build(ElasticStore(settings))
    return settings


def bare(url: str) -> str:
    """Return the address without credentials."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def signed_in(url: str, **more: object) -> Settings:
    """Return settings for the cluster at `url` without the credentials in it."""
    return Settings.model_validate({"elasticsearch_url": (bare(url),), "elasticsearch_index": "films", **more})


def key(url: str, privileges: list[str], *, cluster: list[str]) -> str:
    """Create an API key with these privileges for the movies."""
    index = {"names": ["films*"], "privileges": privileges}
    role = {"films": {"cluster": cluster, "indices": [index]}}
    encoded: str = Elasticsearch(url).security.create_api_key(name="films", role_descriptors=role)["encoded"]
    return encoded


def test_without_credentials_the_error_names_the_settings(built: Settings) -> None:
    url = built.elasticsearch_hosts[0]
    with pytest.raises(SearchUnavailable) as caught:
        ElasticStore(signed_in(url)).open().info()
    assert str(caught.value) == (
        f"Elasticsearch at {bare(url)} requires credentials; set MARQUEE_ELASTICSEARCH_API_KEY, "
        "or MARQUEE_ELASTICSEARCH_USER and its password"
    )


@pytest.mark.parametrize(
    ("credentials", "setting"),
    [
        ({"elasticsearch_api_key": "d3Jvbmc6a2V5"}, "MARQUEE_ELASTICSEARCH_API_KEY"),
        ({"elasticsearch_user": "elastic_test", "elasticsearch_password": "wrong"}, "MARQUEE_ELASTICSEARCH_PASSWORD"),
    ],
)
def test_wrong_credentials_are_reported_but_not_repeated(
    built: Settings, credentials: dict[str, str], setting: str
) -> None:
    with pytest.raises(SearchUnavailable, match=f"rejects the credentials in {setting}; correct them") as caught:
        ElasticStore(signed_in(built.elasticsearch_hosts[0], **credentials)).open().info()
    assert not any(value in str(caught.value) for value in credentials.values())


def test_user_and_password_open_the_index(built: Settings) -> None:
    user, _, password = built.elasticsearch_hosts[0].partition("://")[2].rpartition("@")[0].partition(":")
    settings = signed_in(built.elasticsearch_hosts[0], elasticsearch_user=user, elasticsearch_password=password)
    assert ElasticStore(settings).open().info().version == VERSIONS[0]


def test_a_read_only_key_is_enough_to_search_but_not_to_build(built: Settings) -> None:
    url = built.elasticsearch_hosts[0]
    reading = key(url, ["read", "view_index_metadata"], cluster=[])
    store = ElasticStore(signed_in(url, elasticsearch_api_key=reading))
    assert len(store.open().candidates(Question(words="waitress"))) == 2
    with pytest.raises(SearchUnavailable, match=r"denies access with MARQUEE_ELASTICSEARCH_API_KEY.*needs `all`"):
        store.begin(describe(VERSIONS[1]))


def test_a_key_with_all_privileges_for_the_movies_can_build(built: Settings) -> None:
    url = built.elasticsearch_hosts[0]
    store = ElasticStore(signed_in(url, elasticsearch_api_key=key(url, ["all"], cluster=[])))
    build(store, VERSIONS[2])
    assert store.published() == VERSIONS[2]
    store.publish(VERSIONS[0])
    store.delete(VERSIONS[2])
