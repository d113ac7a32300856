"""Motifs that show a place, each in a frame of 300 by 310."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance, arch, circle, ellipse, line, path, polygon, rect, star

WIDTH, HEIGHT = 300, 310


def mountains(ink: Palette, chance: Chance) -> Iterator[str]:
    """Three ranges, a sun and a small traveller."""
    sun = chance.between(80, 220)
    yield circle(sun, chance.between(80, 115), chance.between(42, 62), ink.first)
    for base, fill, low, high in ((210, ink.second, 70, 120), (250, ink.third, 130, 165)):
        peak = chance.between(40, 260)
        top = chance.between(low, high)
        yield polygon([(peak - 170, base + 60), (peak, top), (peak + 170, base + 60)], fill)
        yield polygon([(peak, top), (peak + 170, base + 60), (peak + 30, base + 60)], ink.ground, opacity=0.28)
    yield path("M-5 262C60 228 120 288 190 250S290 240 305 246V315H-5z", ink.first)
    walker = chance.between(60, 240)
    yield circle(walker, 236, 4, ink.third) + rect(walker - 2.5, 240, 5, 18, ink.third)


def encounter(ink: Palette, chance: Chance) -> Iterator[str]:
    """One of four quiet scenes: two that overlap, a low sun, a lit window, stairs."""
    yield from chance.pick((_two, _low_sun, _window, _stairs))(ink, chance)


def home(ink: Palette, chance: Chance) -> Iterator[str]:
    """A house under a rainbow."""
    colours = (ink.first, ink.ground, ink.second, ink.ground, ink.third, ink.ground)
    for number, fill in enumerate(colours):
        yield circle(150, 262, 136 - 19 * number, fill)
    yield rect(0, 262, WIDTH, 50, ink.second)
    x = chance.between(112, 148)
    yield rect(x, 226, 44, 38, ink.third) + polygon([(x - 8, 228), (x + 22, 200), (x + 52, 228)], ink.first)
    yield rect(x + 17, 242, 10, 22, ink.ground)
    for tree in (chance.between(20, 70), chance.between(225, 280)):
        yield rect(tree - 2, 238, 4, 26, ink.third) + circle(tree, 230, chance.between(13, 19), ink.third)


def castle(ink: Palette, chance: Chance) -> Iterator[str]:
    """Towers under a sickle moon."""
    x, y = chance.between(85, 215), chance.between(75, 105)
    yield circle(x, y, 54, ink.first) + circle(x + 22, y - 10, 47, ink.ground)
    for _ in range(9):
        yield star(
            chance.between(15, 285), chance.between(20, 170), chance.between(4, 9), ink.third, inner=1.6, points=4
        )
    yield path("M-5 280Q150 210 305 280V315H-5z", ink.second)
    for left, width in ((78, 30), (120, 44), (176, 32), (214, 22)):
        top = chance.between(140, 200)
        yield rect(left, top, width, 315 - top, ink.third)
        yield polygon([(left - 6, top), (left + width / 2, top - width * 1.3), (left + width + 6, top)], ink.first)
        yield arch(left + width / 2 - 4, top + 34, 8, 16, ink.ground)


def arcade(ink: Palette, chance: Chance) -> Iterator[str]:
    """Two tiers of arches before a sun."""
    yield circle(chance.between(70, 230), 96, chance.between(56, 74), ink.third)
    yield rect(0, 128, WIDTH, 190, ink.second)
    yield rect(0, 122, WIDTH, 8, ink.first) + rect(0, 208, WIDTH, 7, ink.first)
    for number in range(5):
        yield arch(14 + 58 * number, 208, 40, 66, ink.first)
    for number in range(3):
        yield arch(16 + 98 * number, 312, 72, 88, ink.first)
    figure = chance.pick((52, 150, 248))
    yield circle(figure, 274, 6, ink.second) + path(f"M{figure - 9} 312l5 -30h8l5 30z", ink.second)


def dread(ink: Palette, chance: Chance) -> Iterator[str]:
    """An eye between teeth, or a house on a hill with one lit window."""
    yield from chance.pick((_eye, _house))(ink, chance)


def searchlights(ink: Palette, chance: Chance) -> Iterator[str]:
    """Beams that cross over a barbed horizon."""
    for foot in (40, 150, 265):
        aim = chance.between(20, 280)
        yield polygon([(foot - 4, 262), (aim - 38, -5), (aim + 38, -5), (foot + 4, 262)], ink.first, opacity=0.55)
    yield circle(chance.between(90, 210), chance.between(70, 110), 30, ink.third)
    yield rect(0, 256, WIDTH, 60, ink.second)
    for x in range(-10, 310, 46):
        yield line(f"M{x} 284l26 -52M{x + 26} 284l-26 -52", ink.second, width=6)
    yield line("M-5 246C50 232 100 260 150 246S260 232 305 246", ink.third, width=2.5)


def desert(ink: Palette, chance: Chance) -> Iterator[str]:
    """A striped sun going down behind mesas."""
    x = chance.between(95, 205)
    yield circle(x, 170, 92, ink.third)
    for number in range(6):
        yield rect(0, 128 + 17 * number, WIDTH, 2 + 1.7 * number, ink.ground)
    left = chance.between(-40, 20)
    for start, width, top in ((left, 110, 158), (left + 190, 140, 176)):
        yield polygon([(start, 250), (start + 14, top), (start + width - 14, top), (start + width, 250)], ink.first)
    yield rect(0, 244, WIDTH, 70, ink.second)
    cactus = chance.between(60, 240)
    yield line(f"M{cactus} 300V196", ink.second, width=13)
    yield line(f"M{cactus - 24} 212v18q0 12 24 12M{cactus + 24} 200v20q0 12 -24 12", ink.second, width=9)


def _two(ink: Palette, chance: Chance) -> Iterator[str]:
    radius, apart = chance.between(78, 96), chance.between(38, 58)
    left, right, y = 150 - apart, 150 + apart, 160
    yield circle(left, y, radius, ink.first) + circle(right, y, radius, ink.second)
    half = (radius**2 - apart**2) ** 0.5
    bow = f"A{radius:.1f} {radius:.1f} 0 0 1 150"
    yield path(f"M150 {y - half:.1f}{bow} {y + half:.1f}{bow} {y - half:.1f}z", ink.third)


def _low_sun(ink: Palette, chance: Chance) -> Iterator[str]:
    x = chance.between(95, 205)
    yield circle(x, 175, chance.between(80, 98), ink.first)
    yield rect(0, 190, WIDTH, 125, ink.second)
    for number in range(5):
        wide = 120 - 20 * number + chance.between(-8, 8)
        yield rect(x - wide / 2, 204 + 19 * number, wide, 5, ink.first)
    boat = chance.between(60, 240)
    yield path(f"M{boat - 22} 186h44l-9 12h-26z", ink.third) + polygon(
        [(boat, 182), (boat, 140), (boat + 22, 182)], ink.third
    )


def _window(ink: Palette, chance: Chance) -> Iterator[str]:
    for number in range(12):
        row, column = divmod(number, 3)
        yield rect(42 + 78 * column, 22 + 74 * row, 60, 56, ink.second)
    lit = int(chance.between(0, 11.99))
    x, y = 42 + 78 * (lit % 3), 22 + 74 * (lit // 3)
    yield rect(x, y, 60, 56, ink.first)
    yield circle(x + 30, y + 24, 8, ink.second) + path(f"M{x + 14} {y + 56}q2 -22 16 -22t16 22z", ink.second)


def _stairs(ink: Palette, chance: Chance) -> Iterator[str]:
    yield circle(chance.between(80, 120), 92, chance.between(44, 60), ink.first)
    for number in range(7):
        yield rect(44 * number, 276 - 34 * number, 320, 40 + 34 * number, ink.second if number % 2 else ink.third)
    step = chance.pick((2, 3, 4))
    x, y = 44 * step + 22, 276 - 34 * step
    yield circle(x, y - 37, 7, ink.first) + path(f"M{x - 9} {y}l5 -29h8l5 29z", ink.first)


def _eye(ink: Palette, chance: Chance) -> Iterator[str]:
    yield path("M18 155Q150 40 282 155Q150 270 18 155z", ink.second)
    yield circle(150, 155, 56, ink.first)
    yield ellipse(150, 155, chance.between(9, 18), 50, ink.ground) + circle(168, 134, 7, ink.second)
    teeth = chance.pick((5, 6, 7))
    wide = WIDTH / teeth
    for number in range(teeth):
        yield polygon(
            [(wide * number, 0), (wide * (number + 0.5), chance.between(40, 72)), (wide * (number + 1), 0)], ink.third
        )
        tip = 310 - chance.between(40, 72)
        yield polygon([(wide * number, 310), (wide * (number + 0.5), tip), (wide * (number + 1), 310)], ink.third)


def _house(ink: Palette, chance: Chance) -> Iterator[str]:
    yield circle(chance.between(100, 200), 118, 88, ink.first)
    yield path("M-5 290Q110 226 150 224T305 292V315H-5z", ink.third)
    yield rect(122, 160, 58, 70, ink.ground) + polygon([(112, 164), (150, 108), (190, 164)], ink.ground)
    yield rect(172, 136, 24, 94, ink.ground) + polygon([(166, 138), (184, 92), (202, 138)], ink.ground)
    yield arch(chance.pick((134, 156, 178)), 196, 12, 22, ink.second)
    yield line("M48 300C56 250 46 214 62 168M56 226L30 190M57 204L84 172M60 186L44 156", ink.ground, width=6)
