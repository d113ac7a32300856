"""Requests made from the routes of the site and a seed. Pure: the same seed makes the same requests."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.fuzzing import archives, values

KINDS = ("path", "query", "form", "json", "header", "method", "upload", "raw")
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "FOO",
    "get",
    "PROPFIND",
    "PRI",
)
IMPORTS = ("/import", "/api/me/import", "/admin/understanding/import", "/api/ml/understanding/import")
HOSTS = (
    "..",
    "a..b",
    "[",
    "[::1",
    "127.0.0.1:99999",
    "127.0.0.1:x",
    "evil.example",
    "",
    "-",
    "a" * 300,
    "münchen",
    "%",
    "a b",
)
HEADERS: Mapping[str, Sequence[str]] = {
    "Host": HOSTS,
    "Accept": ("*/*", "application/json", "text/html;q=nan", "a/b;q=" + "9" * 400, ",", "\x00", "x" * 5_000),
    "Accept-Language": ("de", "xx-" + "y" * 500, "*;q=-1", "en;q=1e400", ",,,", "\xff\xfe", "en-" * 1_000),
    "Accept-Encoding": ("gzip", "gzip;q=nan", "br, zstd", "identity;q=0", "*;q=0"),
    "Authorization": ("Bearer", "Bearer \x00", "Basic !!!", "Basic " + "A" * 5_000, "Digest username=", "bearer x y"),
    "Cookie": ("marquee=x.y.z", "marquee=" + "a" * 4_000, "marquee", "=;=;=", "a=b;" * 500, "marquee=\xff"),
    "Content-Type": ("application/json; charset=utf-7", "multipart/form-data", "text/plain; charset=x", "/", ";"),
    "Content-Length": ("-1", "x", "1" * 30, "0x10", "+5", ""),
    "Content-Encoding": ("gzip", "x"),
    "Transfer-Encoding": ("chunked", "identity", "x", "chunked, chunked"),
    "Expect": ("100-continue", "x"),
    "If-None-Match": ("*", '"', 'W/"x', ",", '"' * 3_000),
    "If-Modified-Since": ("x", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 +1400", "0"),
    "Range": ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 900, "x", "bytes=" + "9" * 50 + "-"),
    "If-Range": ("x", '"y"'),
    "Origin": ("null", "http://evil.example", "http://[", "x" * 3_000),
    "Referer": ("http://[", "//", "http://evil.example/\x00", "http://a:b@c:99999/", "x" * 5_000),
    "Sec-Fetch-Site": ("cross-site", "same-origin", "x"),
    "HX-Request": ("true",),
    "X-Forwarded-For": ("1.2.3.4:5", "unknown", "[::1]:1", ",", "x" * 999, "1.2.3.4, " * 300, "::ffff:1.2.3.4"),
    "X-Forwarded-Proto": ("https", "javascript", "https,http", ""),
    "X-Forwarded-Host": ("evil.example", "[", ".."),
    "X-Forwarded-Prefix": ("/x", "//evil.example", "x\r"),
    "SCRIPT_NAME": ("/admin", "//evil"),
    "X-HTTP-Method-Override": ("DELETE",),
    "User-Agent": ("", "\xff", "a" * 6_000),
    "X-CSRFToken": ("x", "\xff", "a" * 3_000),
    "Upgrade": ("websocket", "h2c"),
}
ODD = (
    b"*",
    b"//",
    b"/%",
    b"/%zz",
    b"/\xff\xfe",
    b"http://evil.example/",
    b"/..//../etc/passwd",
    b"/%2e%2e/%00",
    b"/?",
    b"/" + b"a" * 7_000,
    b"/?" + b"a=b&" * 1_500,
    b"/search?q=%ff%fe",
)
"""Broken request targets."""
_VARIABLE = re.compile(r"<(?:[^:<>]+:)?\w+>")
LATIN = "latin-1"
RARELY, MOSTLY = 0.1, 0.9
MANY = 9_000
"""Fields of the longest form."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path of the site, with the names of its parameters."""

    method: str
    rule: str
    parameters: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Headers that identify a user, and the token for forms."""

    headers: tuple[tuple[str, str], ...] = ()
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it is sent."""

    kind: str
    method: str
    target: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes = b""

    def framed(self) -> bool:
        """Whether the headers state the right length of the body; otherwise a server may wait, or hang up."""
        headers = dict(self.headers)
        right = headers.get("Content-Length", b"0") == str(len(self.body)).encode()
        return right and "Transfer-Encoding" not in headers and "Expect" not in headers

    def head(self) -> bytes:
        """Return the request line and the headers."""
        lines = [self.method.encode() + b" " + self.target + b" HTTP/1.1"]
        lines += [name.encode() + b": " + value for name, value in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n"


def requests(
    routes: Sequence[Route], visitors: Sequence[Visitor], *, seed: int, count: int, host: str
) -> Iterator[Sent]:
    """Yield `count` requests; every route is used in turn, every kind of fault equally often."""
    dice = random.Random(seed)  # noqa: S311 - not used for secrets
    for number in range(count):
        route = routes[number % len(routes)]
        yield _request(
            KINDS[(number % len(routes) + number // len(routes)) % len(KINDS)], route, dice.choice(visitors), dice, host
        )


def _request(kind: str, route: Route, visitor: Visitor, dice: random.Random, host: str) -> Sent:
    rule, method = (dice.choice(IMPORTS), "POST") if kind == "upload" else (route.rule, route.method)
    method = dice.choice(METHODS) if kind == "method" else method
    target = _path(rule, dice, nasty=kind == "path") + _query(route, dice, nasty=kind == "query")
    body, form = (
        _body(kind, route, visitor, dice) if method not in ("GET", "HEAD") or dice.random() < 0.1 else (b"", "")
    )
    address = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}"
    headers = {"Host": host, "Connection": "close", "X-Forwarded-For": address, **dict(visitor.headers)}
    headers |= {"Content-Type": form} if form else {}
    headers |= {"Content-Length": str(len(body))} if body or method in ("POST", "PUT", "PATCH") else {}
    for name in dice.sample(sorted(HEADERS), dice.randrange(1, 4)) if kind == "header" else ():
        headers[name] = dice.choice(HEADERS[name])
    sent = tuple((name, _line(value)) for name, value in headers.items())
    request = Sent(kind, method, target, sent, body)
    return _mangled(request, dice) if kind == "raw" else request


def _mangled(request: Sent, dice: random.Random) -> Sent:
    """Return the request with a damaged target."""
    target = dice.choice((*ODD, request.target + b"%00"))
    return Sent(request.kind, request.method, target, request.headers, request.body)


def _line(value: str) -> bytes:
    return value.replace("\r", "").replace("\n", "").encode(LATIN, "replace")


def _path(rule: str, dice: random.Random, *, nasty: bool) -> bytes:
    def filled(_: re.Match[str]) -> str:
        usual = dice.choice(("1", "348", "949", "2", "trending", "Drama", "v1"))
        return quote(dice.choice((*values.NUMBERS, values.text(dice)[:900])) if nasty else usual, safe="") or "0"

    path = _VARIABLE.sub(filled, rule)
    return (path + (dice.choice(("", "", "/", "//", "/x", ";a=b")) if nasty else "")).encode()


def _query(route: Route, dice: random.Random, *, nasty: bool) -> bytes:
    if not nasty:
        return b""
    known = (*route.parameters, "page", "size", "q", "genre", "before", "next", "lang", "x")
    pairs = [(dice.choice(known), values.text(dice)) for _ in range(dice.choice((1, 2, 3, 60)))]
    return b"?" + "&".join(f"{name}={quote(text[:1_500])}" for name, text in pairs).encode()[:7_900]


def _body(kind: str, route: Route, visitor: Visitor, dice: random.Random) -> tuple[bytes, str]:
    if kind == "upload":
        return _multipart(*archives.upload(dice), visitor.csrf, dice)
    if kind == "form" or (kind != "json" and not route.rule.startswith("/api/")):
        return _form(route, visitor.csrf, dice, nasty=kind == "form")
    return _json(route, dice), dice.choice(("application/json",) * 8 + ("text/plain", ""))


def _form(route: Route, csrf: str, dice: random.Random, *, nasty: bool) -> tuple[bytes, str]:
    names = (*route.fields, "stars", "kind", "on", "text", "name", "password", "next", "movie", "language", "file", "x")
    many = dice.choice((1, 3, 8, MANY)) if nasty else 2
    pairs = [(dice.choice(names), values.text(dice) if many < MANY else str(dice.randrange(99))) for _ in range(many)]
    pairs += [("csrf_token", csrf)] if dice.random() < MOSTLY else []
    body = "&".join(f"{quote(name)}={quote(text)}" for name, text in pairs).encode()
    return body, "application/x-www-form-urlencoded" + dice.choice(
        ("", "; charset=utf-16", "; charset=x") if nasty else ("",)
    )


def _json(route: Route, dice: random.Random) -> bytes:
    if dice.random() < 1 / 2:
        text = dice.choice(values.JSON)
        return text.encode(dice.choice(("utf-8", "utf-8", "utf-16", "utf-32")), "surrogatepass")
    names = (*route.fields, "q", "page", "stars", "thumb", "ratings", "size", "events", "text", "x")
    return json.dumps({dice.choice(names): values.value(dice) for _ in range(dice.randrange(5))}).encode(
        "utf-8", "replace"
    )


def _multipart(name: str, content: bytes, csrf: str, dice: random.Random) -> tuple[bytes, str]:
    mark = "boundary" if dice.random() < MOSTLY else "b" * 300
    lines = [f"--{mark}", 'Content-Disposition: form-data; name="csrf_token"', "", csrf, f"--{mark}"]
    lines += [
        f'Content-Disposition: form-data; name="file"; filename="{name}"',
        "Content-Type: application/zip",
        "",
        "",
    ]
    end = dice.choice((f"\r\n--{mark}--\r\n", f"\r\n--{mark}--\r\n", ""))
    return "\r\n".join(lines).encode() + content + end.encode(), f"multipart/form-data; boundary={mark}"
