"""Motifs of places and journeys that a movie's keywords name, each in a frame of 300 by 310."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance, arch, circle, ellipse, line, path, polygon, rect, star

WIDTH, HEIGHT = 300, 310


def skyline(ink: Palette, chance: Chance) -> Iterator[str]:
    """Towers with lit windows before a moon."""
    yield circle(chance.between(70, 230), chance.between(70, 110), chance.between(40, 58), ink.first)
    x = -12.0
    for number in range(8):
        wide, top = chance.between(34, 56), chance.between(90, 215)
        yield rect(x, top, wide - 3, HEIGHT - top, ink.third if number % 2 else ink.second)
        for row in range(int((280 - top) / 22)):
            if chance.pick((True, True, False)):
                yield rect(x + 8 + 12 * chance.pick((0, 1)), top + 12 + 22 * row, 6, 10, ink.ground)
        x += wide


def highway(ink: Palette, chance: Chance) -> Iterator[str]:
    """A road to the horizon."""
    far = chance.between(110, 190)
    yield circle(far, 128, chance.between(58, 76), ink.first)
    yield rect(0, 130, WIDTH, 190, ink.second)
    yield polygon([(far - 5, 130), (far + 5, 130), (270, 316), (20, 316)], ink.third)
    for number in range(5):
        y, wide = 142 + 34 * number + 2 * number**2, 2 + 1.6 * number
        middle = far + (145 - far) * (y - 130) / 186
        yield rect(middle - wide / 2, y, wide, 12 + 4 * number, ink.ground)
    for side in (-1, 1):
        for number in range(4):
            x, y = far + side * (24 + 12 * 2**number), 132 + 5 * 2**number
            yield rect(x - 1.5, y - 12 - 6 * 2**number * 0.5, 3, 14 + 6 * 2**number * 0.5, ink.ground)


def forest(ink: Palette, chance: Chance) -> Iterator[str]:
    """Three rows of firs before a low moon."""
    yield circle(chance.between(90, 210), chance.between(80, 120), 50, ink.first)
    for row, (base, fill) in enumerate(((236, ink.third), (274, ink.second), (314, ink.ground))):
        yield rect(0, base, WIDTH, HEIGHT - base + 6, fill)
        for number in range(6):
            x = 56 * number - 14 + 26 * (row % 2) + chance.between(-9, 9)
            tall = chance.between(84, 132)
            for tier in range(3):
                wide, top = 15 + 9 * tier, base - tall + tall * 0.27 * tier
                yield polygon([(x - wide, top + tall * 0.42), (x, top), (x + wide, top + tall * 0.42)], fill)
            yield rect(x - 3, base - tall * 0.2, 6, tall * 0.22, fill)
    if chance.flip():
        yield path("M140 310q0-34 10-34t10 34z", ink.first) + circle(150, 266, 7, ink.first)


def sea(ink: Palette, chance: Chance) -> Iterator[str]:
    """A ship between waves."""
    sun = chance.between(70, 230)
    yield circle(sun, 120, chance.between(48, 66), ink.first)
    x = chance.between(100, 180)
    yield path(f"M{x - 62:.1f} 178h124l-22 44h-86z", ink.third)
    yield rect(x - 34, 150, 62, 26, ink.second)
    for funnel in (-22, 0, 20):
        yield rect(x + funnel, 118, 11, 34, ink.third)
    for number, fill in enumerate((ink.second, ink.third, ink.second)):
        y, shift = 206 + 32 * number, chance.between(-30, 0)
        crests = "".join("q19-22 38 0t38 0" for _ in range(5))
        yield path(f"M{shift:.1f} {y}{crests}V320H{shift:.1f}z", fill)


def deep(ink: Palette, chance: Chance) -> Iterator[str]:
    """A submarine under the surface, with bubbles."""
    yield path("M-10 66q20-18 40 0t40 0t40 0t40 0t40 0t40 0t40 0t40 0V-10H-10z", ink.first)
    y = chance.between(150, 190)
    yield ellipse(150, y, 96, 36, ink.second) + rect(126, y - 62, 46, 34, ink.second)
    yield rect(146, y - 84, 6, 24, ink.second) + rect(146, y - 84, 20, 6, ink.second)
    for x in (96, 138, 180):
        yield circle(x, y, 13, ink.third) + circle(x, y, 8, ink.ground)
    yield polygon([(244, y), (274, y - 26), (274, y + 26)], ink.third)
    for _ in range(9):
        yield circle(chance.between(20, 280), chance.between(220, 300), chance.between(3, 9), ink.third, opacity=0.7)


def island(ink: Palette, chance: Chance) -> Iterator[str]:
    """A palm on an island before a big sun."""
    x = chance.between(110, 190)
    yield circle(150, 150, 96, ink.first)
    yield path(f"M{x - 96:.1f} 244q96-62 192 0z", ink.third)
    yield line(f"M{x:.1f} 226q-20-60 14-128", ink.second, width=10)
    for dx, dy in ((-66, 10), (-52, -34), (-4, -52), (52, -30), (66, 16)):
        yield path(
            f"M{x + 14:.1f} 98q{dx * 0.6:.1f} {dy - 26} {dx} {dy}q{-dx * 0.6:.1f} {8 - dy * 0.2:.1f} {-dx} {-dy}z",
            ink.second,
        )
    yield rect(0, 240, WIDTH, 76, ink.second)
    for number in range(4):
        yield rect(chance.between(10, 200), 254 + 14 * number, chance.between(40, 90), 4, ink.third)


def rocket(ink: Palette, chance: Chance) -> Iterator[str]:
    """A rocket that rises past a moon."""
    for _ in range(14):
        yield star(chance.between(8, 292), chance.between(8, 300), chance.between(3, 6), ink.third, inner=1.4, points=4)
    moon = chance.pick((62, 238))
    yield circle(moon, 78, 40, ink.second) + circle(moon - 12, 68, 8, ink.ground, opacity=0.3)
    yield circle(moon + 14, 90, 5, ink.ground, opacity=0.3)
    yield path("M150 44q44 52 44 118v52h-88v-52q0-66 44-118z", ink.third)
    yield path("M106 158L74 232h32zM194 158L226 232h-32z", ink.first)
    yield circle(150, 132, 20, ink.first) + circle(150, 132, 12, ink.ground)
    for wide, tall, fill in ((34, 92, ink.first), (20, 62, ink.second)):
        yield path(
            f"M{150 - wide} 216h{2 * wide}q0 {tall * 0.5:.0f}-{wide} {tall}q-{wide}-{tall * 0.5:.0f}-{wide}-{tall}z",
            fill,
        )


def prison(ink: Palette, chance: Chance) -> Iterator[str]:
    """Hands at the bars of a cell, before the light."""
    yield rect(30, 24, 240, 262, ink.first) + circle(150, 176, 62, ink.second)
    yield circle(150, 122, 34, ink.second)
    for number in range(7):
        yield rect(36 + 36 * number, 16, 12, 278, ink.ground)
    gap = chance.pick((0, 1))
    for hand in (108 + 36 * gap, 180 + 36 * gap):
        yield rect(hand - 14, 190, 28, 30, ink.third)
        for finger in range(4):
            yield circle(hand + 14, 194 + 7.5 * finger, 4.2, ink.third)
    yield rect(22, 14, 256, 14, ink.third) + rect(22, 282, 256, 14, ink.third)


def curtain(ink: Palette, chance: Chance) -> Iterator[str]:
    """A stage under a spotlight between two curtains."""
    beam = chance.between(120, 180)
    yield polygon([(beam - 10, 0), (beam + 10, 0), (240, 262), (60, 262)], ink.third, opacity=0.5)
    yield ellipse(150, 262, 92, 18, ink.third)
    yield circle(150, 168, 13, ink.second) + path("M132 262l8-78h20l8 78z", ink.second)
    yield line("M150 196l-26 22M150 196l30-34", ink.second, width=7)
    for side in (0, 1):
        for fold in range(4):
            x = 18 * fold - 4 if side == 0 else 286 - 18 * fold
            yield path(f"M{x} 0h20q6 160-2 300h-18z", ink.first if fold % 2 else ink.second)
    yield path("M-4 0h308v34q-26 26-52 0t-52 0t-52 0t-52 0t-52 0t-48 0z", ink.first)


def snow(ink: Palette, chance: Chance) -> Iterator[str]:
    """A cabin in falling snow."""
    for _ in range(26):
        yield circle(chance.between(4, 296), chance.between(4, 250), chance.between(2, 5), ink.third)
    yield polygon([(-20, 250), (chance.between(50, 110), 110), (200, 250)], ink.second)
    yield polygon([(110, 250), (chance.between(190, 240), 90), (330, 250)], ink.first)
    yield path("M-5 246Q90 214 160 238T305 228V316H-5z", ink.third)
    x = chance.between(90, 180)
    yield rect(x, 214, 58, 40, ink.second) + polygon([(x - 10, 216), (x + 29, 184), (x + 68, 216)], ink.ground)
    yield rect(x + 12, 226, 14, 14, ink.first) + rect(x + 36, 226, 12, 28, ink.ground)


def church(ink: Palette, chance: Chance) -> Iterator[str]:
    """A window of coloured glass in a pointed arch."""
    yield path("M60 310V150q0-80 90-130q90 50 90 130v160z", ink.third)
    yield path("M74 310V152q0-68 76-112q76 44 76 112v158z", ink.ground)
    fills = (ink.first, ink.second, ink.third)
    for row in range(5):
        for column in range(3):
            x, y = 80 + 48 * column, 142 + 34 * row
            yield polygon([(x + 22, y), (x + 44, y + 16), (x + 22, y + 32), (x, y + 16)], chance.pick(fills))
    yield circle(150, 100, 32, ink.first) + circle(150, 100, 20, ink.second) + circle(150, 100, 9, ink.third)


def doors(ink: Palette, chance: Chance) -> Iterator[str]:
    """A corridor of doors, one of them open."""
    yield polygon([(0, 310), (300, 310), (190, 190), (110, 190)], ink.second)
    yield rect(110, 80, 80, 110, ink.third)
    for near, far, top in ((8, 52, 30), (62, 96, 66)):
        for side in (0, 1):
            xs = (near, far) if side == 0 else (WIDTH - near, WIDTH - far)
            yield polygon([(xs[0], 308 - near), (xs[0], top), (xs[1], top + 22), (xs[1], 308 - far)], ink.first)
    yield arch(134, 190, 32, 74, ink.ground)
    yield circle(chance.pick((140, 160)), 156, 3, ink.first)
