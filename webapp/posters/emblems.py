"""Motifs that show a single object, each in a frame of 300 by 310."""

from __future__ import annotations

import math
from collections.abc import Iterator

from webapp.posters.palettes import Palette
from webapp.posters.shapes import (
    Chance,
    around,
    circle,
    ellipse,
    group,
    line,
    path,
    polygon,
    rect,
    ring,
    star,
    tag,
)

WIDTH, HEIGHT = 300, 310
RUNNER = (
    "M0 -30l14 6l10 14l-5 4l-10 -9l-4 14l14 12l2 22h-8l-2 -17l-16 -10"
    "l-10 18l-18 4l-2 -7l13 -4l14 -34l-8 2l-8 12l-6 -4l10 -16z"
)
"""A small figure that runs, its hip at the origin."""


def burst(ink: Palette, chance: Chance) -> Iterator[str]:
    """A jagged blast, or a dash across the frame."""
    yield from chance.pick((_blast, _dash))(ink, chance)


def bouncing_ball(ink: Palette, chance: Chance) -> Iterator[str]:
    """A ball at the stations of its bounce, the last of them looking at us."""
    yield rect(0, 262, WIDTH, 50, ink.third)
    height, colour = chance.between(150, 200), chance.pick((ink.first, ink.second))
    for number in range(9):
        share = number / 8
        x, y, radius = 34 + 196 * share, 214 - height * 3.2 * share * (1 - share), 14 + 30 * share
        yield circle(x, y, radius, colour, opacity=0.16 + 0.1 * number)
    yield circle(216, 200, 13, ink.third) + circle(246, 200, 13, ink.third)
    yield circle(219, 203, 6, ink.ground) + circle(249, 203, 6, ink.ground)
    yield path("M212 224h40a20 20 0 0 1 -40 0z", ink.third)
    yield ellipse(230, 268, 40, 6, ink.ground)


def confetti(ink: Palette, chance: Chance) -> Iterator[str]:
    """Quarter and half discs in a grid, one of which laughs."""
    laughing = chance.pick((1, 3, 4, 5, 7))
    for cell in range(9):
        x, y = 100 * (cell % 3), 4 + 102 * (cell // 3)
        if cell == laughing:
            yield circle(x + 50, y + 50, 46, ink.third)
            yield circle(x + 34, y + 38, 6, ink.second) + circle(x + 66, y + 38, 6, ink.second)
            yield path(f"M{x + 22} {y + 54}h56a28 28 0 0 1 -56 0z", ink.first)
            continue
        fill = chance.pick((ink.first, ink.second, ink.third))
        piece = chance.pick(("M2 2h96a96 96 0 0 1 -96 96z", "M2 50a48 48 0 0 1 96 0z", "M50 2a48 48 0 0 1 0 96z"))
        yield group(path(piece, fill), f"translate({x} {y}) rotate({chance.pick((0, 90, 180, 270))} 50 50)")


def stranger(ink: Palette, chance: Chance) -> Iterator[str]:
    """A man in a hat behind a blind, or a fingerprint."""
    yield from chance.pick((_blind, _fingerprint))(ink, chance)


def lens(ink: Palette, chance: Chance) -> Iterator[str]:
    """An aperture in a viewfinder."""
    turn = chance.between(0, 1)
    yield circle(150, 155, 104, ink.first) + circle(150, 155, 92, ink.third)
    for blade in range(6):
        angle = turn + blade * math.pi / 3
        corners = [around(150, 155, 92, angle), around(150, 155, 92, angle + 1.05), around(150, 155, 36, angle + 1.6)]
        yield polygon(corners, ink.first if blade % 2 else ink.second)
    yield circle(150, 155, 30, ink.ground) + circle(150, 155, 13, ink.first)
    yield line("M26 66V30H62M238 30h36v36M274 244v36h-36M62 280H26v-36", ink.first, width=5)


def globe(ink: Palette, chance: Chance) -> Iterator[str]:
    """A globe with its lines, and a flight across it."""
    yield circle(150, 155, 108, ink.first)
    for across in (36, 76):
        yield tag("ellipse", cx=150, cy=155, rx=across, ry=108, fill="none", stroke=ink.ground, stroke_width=4)
    yield line("M42 155H258M56 102H244M56 208H244M150 47V263", ink.ground, width=4)
    bend = chance.between(20, 70)
    yield line(f"M20 250Q150 {bend:.0f} 284 96", ink.second, width=7) + circle(284, 96, 13, ink.third)


def record(ink: Palette, chance: Chance) -> Iterator[str]:
    """A record with its arm, or the bars of a tune."""
    if chance.flip():
        for number in range(9):
            tall = chance.between(50, 250)
            fill = (ink.first, ink.second, ink.third)[number % 3]
            yield rect(22 + 29 * number, 155 - tall / 2, 20, tall, fill)
        return
    x, y = chance.between(125, 150), 160
    yield circle(x, y, 122, ink.third)
    for radius in (108, 94, 80, 66):
        yield ring(x, y, radius, ink.ground, width=2.5)
    yield circle(x, y, 46, ink.first) + circle(x, y, 9, ink.ground)
    yield line(f"M272 30V150L{x + 62:.0f} 226", ink.second, width=8) + circle(272, 34, 17, ink.second)


def keyhole(ink: Palette, chance: Chance) -> Iterator[str]:
    """Doors behind doors, and a keyhole with light."""
    drift = chance.between(-9, 9)
    for number, fill in enumerate((ink.third, ink.ground, ink.third, ink.ground, ink.first)):
        inset = 22 + 20 * number
        yield rect(inset + drift * number, inset * 0.8, WIDTH - 2 * inset, HEIGHT - inset * 0.8, fill)
    x = 150 + drift * 4
    yield circle(x, 172, 25, ink.ground) + path(f"M{x - 11:.1f} 186h22l13 66h-48z", ink.ground)
    yield circle(x, 172, 9, ink.second)


def heart(ink: Palette, chance: Chance) -> Iterator[str]:
    """A heart of two halves, with echoes."""
    turn = chance.between(-14, 14)
    whole = "M0 92C-150 -10 -78 -112 0 -48C78 -112 150 -10 0 92z"
    half = "M0 92C-150 -10 -78 -112 0 -48z"
    inks = chance.pick(((ink.second, ink.first, ink.third), (ink.third, ink.second, ink.first)))
    drawn = [(1.62, whole, inks[0]), (1.22, whole, inks[1]), (1.22, half, inks[2]), (0.5, whole, inks[0])]
    for scale, commands, fill in drawn:
        yield group(path(commands, fill), f"translate(150 158) rotate({turn:.1f}) scale({scale})")


def planet(ink: Palette, chance: Chance) -> Iterator[str]:
    """A ringed planet among stars, or a corridor of light."""
    yield from chance.pick((_ringed, _ringed, _corridor))(ink, chance)


def screen(ink: Palette, chance: Chance) -> Iterator[str]:
    """A television set."""
    yield line(f"M150 84L{chance.between(80, 110):.0f} 24M150 84L{chance.between(190, 225):.0f} 18", ink.first, width=5)
    yield tag("rect", x=34, y=80, width=232, height=170, rx=26, fill=ink.first)
    yield tag("rect", x=54, y=98, width=150, height=134, rx=22, fill=ink.ground)
    for number, fill in enumerate((ink.second, ink.third, ink.first, ink.second, ink.third)):
        yield rect(68 + 25 * number, 116, 25, 98, fill)
    yield circle(234, 132, 13, ink.second) + circle(234, 172, 13, ink.third)
    yield line("M84 250l-16 38M216 250l16 38", ink.first, width=8)


def spiral(ink: Palette, chance: Chance) -> Iterator[str]:
    """A spiral with somebody falling into it, or rays that close in on somebody who runs."""
    yield from chance.pick((_vortex, _rays))(ink, chance)


def reel(ink: Palette, chance: Chance) -> Iterator[str]:
    """A film reel."""
    turn = chance.between(0, 1.2)
    yield path("M150 262H305V290H150z", ink.second)
    yield circle(150, 160, 122, ink.first)
    for hole in range(5):
        x, y = around(150, 160, 70, turn + hole * math.tau / 5)
        yield circle(x, y, 30, ink.ground)
    yield circle(150, 160, 16, ink.second)


def _blast(ink: Palette, chance: Chance) -> Iterator[str]:
    x, y, points = chance.between(120, 180), chance.between(140, 175), chance.pick((9, 11, 13))
    for outer, fill in ((190, ink.first), (128, ink.third), (74, ink.second)):
        yield star(
            x, y, outer, fill, inner=outer * chance.between(0.48, 0.62), points=points, turn=chance.between(0, 1)
        )
    yield circle(x, y, 17, ink.ground)


def _dash(ink: Palette, chance: Chance) -> Iterator[str]:
    for number in range(7):
        left, top = chance.between(-60, 60), 36 + 38 * number
        fill = (ink.first, ink.second, ink.third)[number % 3]
        yield polygon([(left, top + 60), (left + 260, top - 40), (left + 260, top - 22), (left, top + 78)], fill)
    x, y = chance.between(190, 225), chance.between(90, 150)
    for radius, fill in ((56, ink.third), (42, ink.ground), (27, ink.first), (10, ink.second)):
        yield circle(x, y, radius, fill)


def _blind(ink: Palette, chance: Chance) -> Iterator[str]:
    x = chance.between(125, 175)
    yield circle(x + chance.between(-40, 40), 120, 104, ink.first)
    yield path(f"M{x - 92} 315q6 -96 64 -108h56q58 12 64 108z", ink.second)
    yield ellipse(x, 150, 38, 50, ink.second)
    yield ellipse(x, 122, 88, 15, ink.ground)
    yield path(f"M{x - 50} 122q2 -70 26 -66q24 8 48 0q24 -4 26 66z", ink.ground)
    yield rect(x - 50, 102, 100, 12, ink.third)
    for y in range(8, 310, 30):
        yield rect(0, y, WIDTH, chance.between(5, 8), ink.ground)


def _fingerprint(ink: Palette, chance: Chance) -> Iterator[str]:
    turn, gap = chance.between(-24, 24), chance.between(150, 230)
    marked = chance.pick((2, 3, 4))
    ridges = []
    for number in range(8):
        across, down = 14 + 13 * number, 20 + 16 * number
        (x, y), (u, v) = (around(0, 0, 1, math.radians(angle)) for angle in (gap + 9 * number, gap - 50 + 4 * number))
        commands = f"M{x * across:.1f} {y * down:.1f}A{across} {down} 0 1 1 {u * across:.1f} {v * down:.1f}"
        ridges.append(line(commands, ink.second if number == marked else ink.first, width=7))
    yield group("".join(ridges), f"translate(150 155) rotate({turn:.1f})")


def _ringed(ink: Palette, chance: Chance) -> Iterator[str]:
    for _ in range(22):
        yield circle(chance.between(8, 292), chance.between(8, 300), chance.between(0.8, 2.6), ink.third)
    x, y, tilt = chance.between(115, 185), chance.between(135, 175), chance.between(-28, -10)
    shade = path("M0 -70a70 70 0 0 1 0 140a105 105 0 0 0 0 -140z", ink.ground, opacity=0.3)
    front = line("M-122 0A122 29 0 0 0 122 0", ink.second, width=9)
    back = line("M-122 0A122 29 0 0 1 -66 -14M122 0A122 29 0 0 0 66 -14", ink.second, width=9)
    planet_and_ring = circle(0, 0, 70, ink.first) + shade + back + front
    size = chance.between(0.85, 1.15)
    yield group(planet_and_ring, f"translate({x:.1f} {y:.1f}) rotate({tilt:.1f}) scale({size:.2f})")
    yield circle(chance.between(30, 80), chance.between(225, 280), chance.between(9, 18), ink.second)


def _corridor(ink: Palette, chance: Chance) -> Iterator[str]:
    y = chance.between(140, 170)
    for number in range(18):
        fill = (ink.first, ink.second, ink.third)[number % 3]
        one, two = around(150, y, 330, number * math.tau / 18), around(150, y, 330, (number + 0.42) * math.tau / 18)
        yield polygon([(150, y), one, two], fill)
    yield circle(150, y, 46, ink.ground) + circle(150, y, 30, ink.third) + circle(150, y, 11, ink.first)


def _vortex(ink: Palette, chance: Chance) -> Iterator[str]:
    turn, x, y = chance.between(0, math.tau), chance.between(135, 165), 155
    corners = [around(x, y, 1.15 * step**0.97, turn + step * 0.12) for step in range(1, 226)]
    yield line("M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in corners), ink.first, width=11)
    yield circle(x, y, 22, ink.second)
    yield group(
        circle(0, -13, 5, ink.third) + path("M-4 -7h8l3 12l8 10l-4 3l-9 -8l-4 12h-4l-1 -15z", ink.third),
        f"translate({x:.1f} {y}) rotate(28)",
    )


def _rays(ink: Palette, chance: Chance) -> Iterator[str]:
    x, y = chance.between(110, 190), chance.between(120, 160)
    for number in range(12):
        one, two = around(x, y, 380, number * math.tau / 12), around(x, y, 380, (number + 0.5) * math.tau / 12)
        yield polygon([(x, y), one, two], ink.third)
    yield circle(x, y, 66, ink.first) + circle(x, y, 48, ink.second)
    yield group(circle(4, -38, 8, ink.first) + path(RUNNER, ink.first), f"translate({x:.1f} {y + 4:.1f})")
