"""What a page costs in a real browser: bytes, requests, time to the largest element, shifts of the layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, Response, sync_playwright

from benchmarks.server import HOST

CHROMIUM = "/usr/bin/chromium"
PAGES = {
    "home": "/",
    "search": "/search?q=a+man+relives+the+same+day",
    "movie": "/movies/603",
    "browse": "/browse",
    "genre": "/genres/Comedy",
    "trending": "/trending",
}
PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True}
DESKTOP: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 900}}
SETTLED = 500
"""Milliseconds after the page has loaded in which late shifts of the layout are still counted."""
OBSERVE = """
window.figures = {lcp: 0, shift: 0};
new PerformanceObserver((list) => { for (const e of list.getEntries()) figures.lcp = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) figures.shift += e.value;
}).observe({type: "layout-shift", buffered: true});
"""


def measure(port: int) -> dict[str, dict[str, float]]:
    """Return the figures of each page for a first visit, on a phone and on a desktop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = {
            f"{name}, {device}": _visit(browser, f"http://{HOST}:{port}{path}", options)
            for name, path in PAGES.items()
            for device, options in (("phone", PHONE), ("desktop", DESKTOP))
        }
        browser.close()
    return found


def _visit(browser: Browser, url: str, options: Mapping[str, Any]) -> dict[str, float]:
    context = browser.new_context(service_workers="block", **options)
    context.add_init_script(OBSERVE)
    page, answers = context.new_page(), list[Response]()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright refuses built-in methods
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLED)
    figures = page.evaluate("figures")
    own = [answer for answer in answers if not _is_picture(answer.request)]
    found = {
        "requests": len(own),
        "kb": round(sum(answer.request.sizes()["responseBodySize"] for answer in own) / 1000, 1),
        "pictures": len(answers) - len(own),
        "pictures_kb": round(
            sum(a.request.sizes()["responseBodySize"] for a in answers if _is_picture(a.request)) / 1000, 1
        ),
        "lcp_ms": round(figures["lcp"]),
        "shift": round(figures["shift"], 3),
    }
    context.close()
    return found


def _is_picture(request: Request) -> bool:
    return urlsplit(request.url).path.startswith(("/poster/", "/tile/"))
