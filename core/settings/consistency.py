"""Checks of settings that depend on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.settings import addresses
from core.settings.addresses import POSTGRESQL

if TYPE_CHECKING:
    from core.config import Settings


def fault(settings: Settings) -> str:
    """Return the first contradiction among the settings, naming their variables; empty if there is none."""
    return _elasticsearch(settings) or _database(settings) or _others(settings) or _language_model(settings)


def _elasticsearch(settings: Settings) -> str:
    if settings.elasticsearch_api_key and settings.elasticsearch_user:
        return "set either MARQUEE_ELASTICSEARCH_API_KEY or MARQUEE_ELASTICSEARCH_USER, not both"
    if bool(settings.elasticsearch_user) != bool(settings.elasticsearch_password):
        return "set both MARQUEE_ELASTICSEARCH_USER and MARQUEE_ELASTICSEARCH_PASSWORD, or neither"
    if not all(url.startswith(("http://", "https://")) for url in settings.elasticsearch_hosts):
        return "MARQUEE_ELASTICSEARCH_URL: expected http:// or https://"
    return ""


def _database(settings: Settings) -> str:
    kind = settings.database.partition("://")[0]
    if kind not in ("sqlite", POSTGRESQL):
        return "MARQUEE_DATABASE_URL: expected postgresql://… or sqlite:///…"
    others = {"DIRECT": settings.database_direct_url and settings.database_direct, "REPLICA": settings.database_replica}
    for name, url in others.items():
        if url and not kind == url.partition("://")[0] == POSTGRESQL:
            return f"MARQUEE_DATABASE_{name}_URL: expected postgresql://…, as in MARQUEE_DATABASE_URL"
    return ""


def _others(settings: Settings) -> str:
    if settings.encoder_multilingual and settings.encoder_multilingual == settings.encoder_model:
        return "MARQUEE_ENCODER_MULTILINGUAL: expected another model than MARQUEE_ENCODER_MODEL"
    if settings.metrics_port == settings.port:
        return "MARQUEE_METRICS_PORT: expected another port than MARQUEE_PORT; unset it to use that one, with a token"
    return ""


def _language_model(settings: Settings) -> str:
    if bool(settings.llm_url) != bool(settings.llm_model):
        return "set both MARQUEE_LLM_URL and MARQUEE_LLM_MODEL, or neither"
    if settings.llm_key is None or (settings.llm_url.startswith("https://") or addresses.is_local(settings.llm_url)):
        return ""
    if not settings.llm_url:
        return "MARQUEE_LLM_KEY requires MARQUEE_LLM_URL"
    return "MARQUEE_LLM_KEY is sent over TLS only: expected https:// in MARQUEE_LLM_URL, or a server on this machine"
