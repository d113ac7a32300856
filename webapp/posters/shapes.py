"""SVG shapes of the posters, and a reproducible source of random numbers."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeVar

Item = TypeVar("Item")
Point = tuple[float, float]

STEPS = 2**16


class Chance:
    """Random numbers determined by a seed, identical on every machine."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._draws = 0

    def share(self) -> float:
        """Return a number from 0 to 1."""
        self._draws += 1
        digest = hashlib.sha256(f"{self._seed}/{self._draws}".encode()).digest()
        return int.from_bytes(digest[:2], "big") / STEPS

    def between(self, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        return low + (high - low) * self.share()

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of `items`."""
        return items[int(self.share() * len(items))]

    def flip(self) -> bool:
        """Return True or False at random."""
        return self.pick((True, False))


def tag(name: str, inner: str = "", /, **attributes: str | float) -> str:
    """Return an element with escaped attributes; `stroke_width=2` becomes `stroke-width="2"`."""
    written = "".join(f' {key.replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def rect(x: float, y: float, width: float, height: float, fill: str, *, opacity: float = 1) -> str:
    """Return a rectangle."""
    return tag("rect", x=x, y=y, width=width, height=height, fill=fill, **_seen(opacity))


def circle(x: float, y: float, radius: float, fill: str, *, opacity: float = 1) -> str:
    """Return a filled circle."""
    return tag("circle", cx=x, cy=y, r=radius, fill=fill, **_seen(opacity))


def ring(x: float, y: float, radius: float, stroke: str, *, width: float = 3) -> str:
    """Return the outline of a circle."""
    return tag("circle", cx=x, cy=y, r=radius, fill="none", stroke=stroke, stroke_width=width)


def ellipse(x: float, y: float, across: float, down: float, fill: str) -> str:
    """Return an ellipse with the semi-axes `across` and `down`."""
    return tag("ellipse", cx=x, cy=y, rx=across, ry=down, fill=fill)


def polygon(points: Iterable[Point], fill: str, *, opacity: float = 1) -> str:
    """Return a filled polygon."""
    return tag("polygon", points=" ".join(f"{_value(x)},{_value(y)}" for x, y in points), fill=fill, **_seen(opacity))


def path(commands: str, fill: str, *, opacity: float = 1) -> str:
    """Return a filled path."""
    return tag("path", d=commands, fill=fill, **_seen(opacity))


def line(commands: str, stroke: str, *, width: float) -> str:
    """Return a stroked path."""
    return tag("path", d=commands, fill="none", stroke=stroke, stroke_width=width)


def arch(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a door with a round top whose bottom edge is at `y`."""
    half = width / 2
    return path(f"M{x} {y}v{-(height - half)}a{half} {half} 0 0 1 {width} 0v{height - half}z", fill)


def star(x: float, y: float, outer: float, fill: str, *, inner: float, points: int, turn: float = 0) -> str:
    """Return a star with `points` tips."""
    radii = (outer, inner)
    corners = [around(x, y, radii[n % 2], turn + n * math.pi / points) for n in range(2 * points)]
    return polygon(corners, fill)


def around(x: float, y: float, radius: float, angle: float) -> Point:
    """Return the point at `angle` (radians, clockwise from the top) on a circle."""
    return (x + radius * math.sin(angle), y - radius * math.cos(angle))


def group(inner: str, transform: str) -> str:
    """Return a group of shapes with a common transformation."""
    return tag("g", inner, transform=transform)


def picture(inner: str, *, width: int, height: int, mirrored: bool) -> str:
    """Return shapes clipped to their frame."""
    drawn = group(inner, f"matrix(-1 0 0 1 {width} 0)") if mirrored else inner
    return tag("svg", drawn, width=width, height=height, viewBox=f"0 0 {width} {height}")


def printable(text: str) -> str:
    """Return `text` without characters that XML does not allow."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def _seen(opacity: float) -> dict[str, float]:
    return {} if opacity == 1 else {"opacity": opacity}


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
