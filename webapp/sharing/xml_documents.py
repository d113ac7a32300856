"""XML documents for machines: sitemaps (sitemaps.org) and RSS 2.0 feeds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot contain."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed; `url` is absolute and identifies it."""

    title: str
    url: str
    text: str
    at: datetime | None = None


def sitemap(urls: Iterable[str]) -> bytes:
    """Return a sitemap of pages."""
    return _list("urlset", "url", urls)


def sitemap_index(urls: Iterable[str]) -> bytes:
    """Return an index of sitemaps."""
    return _list("sitemapindex", "sitemap", urls)


def feed(items: Iterable[Item], *, title: str, about: str, page: str, own: str, language: str) -> bytes:
    """Return an RSS feed.

    Args:
        page: Absolute URL of the page with the same content.
        own: Absolute URL of the feed.
    """
    ElementTree.register_namespace("atom", ATOM)
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (("title", title), ("link", page), ("description", about), ("language", language)):
        _text(channel, name, text)
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", href=own, rel="self", type="application/rss+xml")
    for item in items:
        entry = ElementTree.SubElement(channel, "item")
        for name, text in (("title", item.title), ("link", item.url), ("description", item.text)):
            _text(entry, name, text)
        _text(entry, "guid", item.url)
        if item.at is not None:
            _text(entry, "pubDate", format_datetime(item.at, usegmt=True))
    return _bytes(root)


def _list(name: str, entry: str, urls: Iterable[str]) -> bytes:
    root = ElementTree.Element(name, xmlns=SITEMAP)
    for url in urls:
        _text(ElementTree.SubElement(root, entry), "loc", url)
    return _bytes(root)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _INVALID.sub("", text)


def _bytes(root: ElementTree.Element) -> bytes:
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
