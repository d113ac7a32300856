"""Motifs of things that a movie's keywords name, each in a frame of 300 by 310."""

from __future__ import annotations

import math
from collections.abc import Iterator

from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance, around, circle, ellipse, group, line, path, polygon, rect, ring, star

WIDTH, HEIGHT = 300, 310


def aeroplane(ink: Palette, chance: Chance) -> Iterator[str]:
    """An aeroplane from above, with its trails."""
    yield circle(chance.between(60, 240), chance.between(60, 110), 44, ink.first)
    for x, y in ((40, 250), (200, 270), (90, 200)):
        yield ellipse(x, y, 66, 17, ink.second) + ellipse(x + 30, y - 12, 40, 17, ink.second)
    plane = path(
        "M-9 96L-12-70Q0-110 12-70L9 96zM-9-10L-104 46v-20L-9-54zM9-10L104 46v-20L9-54z"
        "M-7 78L-36 98v-12L0 58L36 86v12L7 78z",
        ink.third,
    )
    yield group(plane, f"translate(150 150) rotate({chance.between(20, 60):.0f})")


def car(ink: Palette, chance: Chance) -> Iterator[str]:
    """A car with the speed behind it."""
    yield circle(chance.between(80, 220), 112, 66, ink.first)
    yield rect(0, 232, WIDTH, 84, ink.second)
    for number in range(5):
        yield rect(18 + 62 * number, 268, 34, 6, ink.ground)
    yield path("M42 226v-34q4-18 36-20l34-40h74l36 40q42 4 42 26v28z", ink.third)
    yield path("M92 172l24-28h26v28zM152 172v-28h28l24 28z", ink.ground)
    for x in (92, 214):
        yield circle(x, 226, 25, ink.ground) + circle(x, 226, 14, ink.first)
    for number in range(3):
        yield rect(2, 150 + 22 * number, 30 - 6 * number, 5, ink.third)


def locomotive(ink: Palette, chance: Chance) -> Iterator[str]:
    """A train from the front, with its lamp."""
    yield polygon([(140, 96), (160, 96), (320, 316), (-20, 316)], ink.second)
    for number in range(6):
        y = 150 + 26 * number
        yield rect(150 - (y - 80) * 0.8, y, (y - 80) * 1.6, 7, ink.ground)
    yield circle(150, 140, 78, ink.third) + circle(150, 140, 64, ink.first) + circle(150, 140, 22, ink.third)
    yield rect(70, 210, 160, 22, ink.third) + polygon([(84, 232), (216, 232), (240, 286), (60, 286)], ink.first)
    for number in range(5):
        yield line(f"M{100 + 25 * number} 232L{80 + 35 * number} 286", ink.ground, width=4)
    yield rect(128, 30, 44, 40, ink.third)
    for _ in range(4):
        yield circle(chance.between(110, 200), chance.between(6, 40), chance.between(10, 20), ink.second, opacity=0.7)


def clock(ink: Palette, chance: Chance) -> Iterator[str]:
    """A clock whose hands and hours come apart."""
    yield circle(150, 155, 124, ink.third) + circle(150, 155, 110, ink.ground)
    for hour in range(12):
        x, y = around(150, 155, 92, hour * math.pi / 6)
        yield circle(x, y, 8 if hour % 3 == 0 else 4, ink.first)
    angle = chance.between(0, 2 * math.pi)
    for turn, length, wide in ((angle, 84, 6), (angle + chance.between(1, 3), 54, 9)):
        x, y = around(150, 155, length, turn)
        yield line(f"M150 155L{x:.1f} {y:.1f}", ink.second, width=wide)
    yield circle(150, 155, 10, ink.second)


def diamond(ink: Palette, chance: Chance) -> Iterator[str]:
    """A cut stone with its rays."""
    for number in range(12):
        near, far = (around(150, 150, radius, number * math.pi / 6 + 0.1) for radius in (118, chance.between(136, 160)))
        yield line(f"M{near[0]:.1f} {near[1]:.1f}L{far[0]:.1f} {far[1]:.1f}", ink.third, width=4)
    yield polygon([(90, 84), (210, 84), (252, 134), (150, 256), (48, 134)], ink.first)
    yield polygon([(90, 84), (120, 134), (48, 134)], ink.third) + polygon(
        [(120, 134), (180, 134), (150, 256)], ink.third
    )
    yield polygon([(210, 84), (252, 134), (180, 134)], ink.second) + polygon(
        [(120, 134), (150, 84), (180, 134)], ink.second
    )


def dice(ink: Palette, chance: Chance) -> Iterator[str]:
    """Two dice in the air."""
    pips = {
        1: ((0, 0),),
        2: ((-1, -1), (1, 1)),
        3: ((-1, -1), (0, 0), (1, 1)),
        5: ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)),
    }
    for x, y, size, fill, pip in ((102, 196, 62, ink.first, ink.ground), (196, 106, 54, ink.third, ink.second)):
        shown = "".join(
            circle(dx * size * 0.55, dy * size * 0.55, size * 0.15, pip) for dx, dy in pips[chance.pick((1, 2, 3, 5))]
        )
        cube = rect(-size, -size, 2 * size, 2 * size, fill) + shown
        yield group(cube, f"translate({x} {y}) rotate({chance.between(-30, 30):.0f})")
    yield ellipse(150, 290, 110, 10, ink.second)


def rings(ink: Palette, chance: Chance) -> Iterator[str]:
    """Two wedding rings."""
    tilt = chance.between(-10, 10)
    yield circle(112, 172 + tilt, 76, ink.first) + circle(112, 172 + tilt, 58, ink.ground)
    yield ring(188, 172 - tilt, 67, ink.third, width=18)
    yield polygon([(94, 88 + tilt), (130, 88 + tilt), (140, 70 + tilt), (112, 48 + tilt), (84, 70 + tilt)], ink.second)
    for _ in range(6):
        yield star(chance.between(20, 280), chance.between(14, 80), 7, ink.third, inner=1.8, points=4)


def piano(ink: Palette, chance: Chance) -> Iterator[str]:
    """Keys in a curve, with notes above."""
    for number in range(8):
        yield rect(4 + 37 * number, 150, 34, 160, ink.third)
    for number in (0, 1, 3, 4, 5, 7):
        yield rect(29 + 37 * number, 150, 22, 96, ink.second)
    pressed = chance.pick((1, 3, 5))
    yield rect(4 + 37 * pressed, 250, 34, 60, ink.first)
    for x, y in ((70, 96), (150, 70), (226, 104)):
        yield (
            ellipse(x, y, 15, 11, ink.first)
            + rect(x + 10, y - 54, 5, 54, ink.first)
            + path(f"M{x + 15} {y - 54}q22 10 18 34q-6-14-18-16z", ink.first)
        )


def ball(ink: Palette, chance: Chance) -> Iterator[str]:
    """A ball under floodlights."""
    for side in (0, 1):
        x = 36 + 228 * side
        yield polygon([(x, 40), (150 - 70 + 60 * side, 310), (150 + 10 + 60 * side, 310)], ink.third, opacity=0.28)
        yield rect(x - 26, 22, 52, 30, ink.second)
        for number in range(3):
            yield circle(x - 16 + 16 * number, 37, 6, ink.third)
    yield rect(0, 258, WIDTH, 56, ink.second)
    y = chance.between(140, 170)
    yield circle(150, y, 72, ink.third) + polygon([around(150, y, 28, n * math.tau / 5) for n in range(5)], ink.ground)
    for number in range(5):
        inner, outer = around(150, y, 28, number * math.tau / 5), around(150, y, 56, number * math.tau / 5)
        yield line(f"M{inner[0]:.1f} {inner[1]:.1f}L{outer[0]:.1f} {outer[1]:.1f}", ink.ground, width=5)
        yield circle(*outer, 11, ink.ground)


def glove(ink: Palette, chance: Chance) -> Iterator[str]:
    """A boxing glove that hits."""
    for number in range(14):
        tip = around(176, 140, chance.between(116, 150), number * math.tau / 14)
        sides = [around(176, 140, 70, number * math.tau / 14 + turn) for turn in (-0.16, 0.16)]
        yield polygon([tip, *sides], ink.first)
    yield path("M92 104q8-44 66-44h44q40 8 40 62v26q-4 44-58 46h-58q-32-6-34-48z", ink.third)
    yield path("M112 190q-28-4-26-40q34-28 64 6z", ink.second) + rect(8, 130, 90, 50, ink.second)
    yield rect(92, 118, 18, 74, ink.ground)


def blade(ink: Palette, chance: Chance) -> Iterator[str]:
    """A sword in a stone, or crossed swords."""
    sword = (
        path("M-7-120L0-140L7-120V40H-7z", ink.third)
        + rect(-38, 40, 76, 12, ink.first)
        + rect(-7, 52, 14, 40, ink.second)
        + circle(0, 98, 11, ink.first)
    )
    if chance.flip():
        yield circle(150, 140, 96, ink.second)
        yield group(sword, "translate(150 170) rotate(38)") + group(sword, "translate(150 170) rotate(-38)")
        return
    yield group(sword, "translate(150 138) rotate(180)") + path("M40 310q20-92 110-92t110 92z", ink.second)


def typewriter(ink: Palette, chance: Chance) -> Iterator[str]:
    """A sheet in a typewriter."""
    yield rect(82, 24, 136, 130, ink.third)
    for number in range(6):
        yield rect(98, 42 + 16 * number, chance.between(50, 104), 5, ink.second)
    yield rect(46, 146, 208, 24, ink.first) + polygon([(60, 170), (240, 170), (274, 290), (26, 290)], ink.second)
    for row in range(3):
        for column in range(8):
            yield circle(74 + 22 * column - 5 * row * (1 - column / 3.5), 194 + 28 * row, 8, ink.third)
    yield rect(24, 150, 22, 16, ink.third) + rect(254, 150, 22, 16, ink.third)


def lightning(ink: Palette, chance: Chance) -> Iterator[str]:
    """A bolt from a cloud."""
    x = chance.between(130, 170)
    for dx, y, radius in ((-64, 92, 44), (-14, 74, 58), (50, 88, 48)):
        yield circle(x + dx, y, radius, ink.second)
    yield rect(x - 104, 88, 200, 46, ink.second)
    yield polygon(
        [(x + 6, 122), (x - 44, 210), (x - 8, 210), (x - 32, 300), (x + 52, 184), (x + 14, 184), (x + 48, 122)],
        ink.first,
    )
    for number in range(6):
        left = 26 + 48 * number
        yield line(f"M{left} {chance.between(150, 250):.0f}l-10 34", ink.third, width=4)


def crown(ink: Palette, chance: Chance) -> Iterator[str]:
    """A crown with its stones."""
    yield circle(150, 160, 118, ink.second)
    yield path("M62 226L48 104L106 160L150 74L194 160L252 104L238 226z", ink.first) + rect(62, 226, 176, 26, ink.third)
    for x, y in ((48, 100), (150, 70), (252, 100)):
        yield circle(x, y, 12, ink.third)
    for number in range(4):
        yield circle(88 + 41 * number, 239, 6, chance.pick((ink.first, ink.ground)))


def scales(ink: Palette, chance: Chance) -> Iterator[str]:
    """The scales of justice, out of balance."""
    tip = chance.pick((-24, -14, 14, 24))
    yield rect(144, 60, 12, 210, ink.third) + rect(96, 266, 108, 16, ink.third) + circle(150, 52, 14, ink.first)
    yield line(f"M56 {84 + tip}L244 {84 - tip}", ink.first, width=9)
    for x, y in ((56, 84 + tip), (244, 84 - tip)):
        yield line(f"M{x} {y}L{x - 40} {y + 96}M{x} {y}L{x + 40} {y + 96}", ink.third, width=3)
        yield path(f"M{x - 48} {y + 94}h96q-10 40-48 40t-48-40z", ink.second)


def target(ink: Palette, chance: Chance) -> Iterator[str]:
    """The view through a rifle's sight."""
    x = chance.between(120, 180)
    yield circle(150, 155, 128, ink.third)
    yield circle(x, 140, 26, ink.second) + path(f"M{x - 52:.0f} 262q4-92 52-92t52 92q-52 30-104 0z", ink.second)
    yield ring(150, 155, 128, ink.first, width=14) + ring(150, 155, 62, ink.first, width=3)
    yield line("M150 20V290M16 155H284", ink.first, width=3)
