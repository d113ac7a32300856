"""The reliability plot as SVG: predicted probabilities against observed shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

FILE = Path(__file__).parents[2] / "docs" / "images" / "calibration.svg"
SIDE, MARGIN = 320, 48
COLOURS = ("#0b6e99", "#b5451b")
"""Colours that are distinguishable without seeing red or green; the second line is also dashed."""

Curve = Sequence[Sequence[float]]
"""Predicted probability, observed share, number of ratings."""


def draw(curves: Mapping[str, Curve]) -> str:
    """Draw one line of points per data set, and the diagonal on which predicted and observed agree."""
    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN + 20 * len(curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12" role="img" aria-label="Reliability of the confidence: predicted against observed">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="2 4"/>',
        *_axes(),
    ]
    for number, (name, curve) in enumerate(curves.items()):
        parts += _line(name, curve, number)
    return "\n".join((*parts, "</svg>")) + "\n"


def _axes() -> list[str]:
    parts = [f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="#333"/>']
    for step in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{_x(step)}" y="{_y(0) + 18}" text-anchor="middle">{step:.0%}</text>')
        parts.append(f'<text x="{_x(0) - 8}" y="{_y(step) + 4}" text-anchor="end">{step:.0%}</text>')
    parts.append(f'<text x="{_x(0.5)}" y="{_y(0) + 36}" text-anchor="middle">confidence that was shown</text>')
    parts.append(
        f'<text x="14" y="{_y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5)})">rated 4 or better</text>'
    )
    return parts


def _line(name: str, curve: Curve, number: int) -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    dash = ' stroke-dasharray="6 3"' if number else ""
    points = [(_x(said), _y(true)) for said, true, *_ in curve]
    path = "L".join(f"{x} {y}" for x, y in points)
    low = SIDE + 2 * MARGIN + 20 * number + 8
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>',
        *(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in points),
        f'<path d="M{_x(0)} {low}h28" stroke="{colour}" stroke-width="2"{dash}/>',
        f'<text x="{_x(0) + 36}" y="{low + 4}">{name}</text>',
    ]


def _x(share: float) -> float:
    return round(MARGIN + share * SIDE, 1)


def _y(share: float) -> float:
    return round(MARGIN / 2 + (1 - share) * SIDE, 1)
