"""Motifs of animals and beings that a movie's keywords name, each in a frame of 300 by 310."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance, circle, ellipse, group, line, path, polygon, rect, star

WIDTH, HEIGHT = 300, 310


def dog(ink: Palette, chance: Chance) -> Iterator[str]:
    """A dog with hanging ears and its tongue out."""
    yield circle(150, 160, 122, ink.first)
    yield path("M92 96q58-44 116 0v92q-10 74-58 74t-58-74z", ink.third)
    hanging = chance.between(150, 190)
    for side in (-1, 1):
        ear = path(f"M200 92q50-10 56 50q2 {hanging - 150:.0f}-28 {hanging - 100:.0f}q-24 2-28-96z", ink.second)
        yield ear if side > 0 else group(ear, "matrix(-1 0 0 1 300 0)")
        yield circle(150 + 27 * side, 146, 9, ink.ground)
    yield ellipse(150, 196, 24, 16, ink.second)
    yield path("M136 222h28v26q-14 20-28 0z", ink.first)
    yield rect(90, 262, 120, 14, ink.second) + circle(150, 282, 11, ink.third)


def horse(ink: Palette, chance: Chance) -> Iterator[str]:
    """The head of a horse before a sun."""
    yield circle(chance.between(140, 190), 130, 98, ink.first)
    yield path(
        "M120 60l14-34l22 34q58 22 74 92l14 40q-8 22-34 18l-40-36q-12 0-20 24l18 112H62q-12-152 58-250z", ink.third
    )
    yield path("M120 60q-58 66-62 250H34q-8-190 76-262z", ink.second)
    yield circle(172, 112, 7, ink.ground) + circle(226, 192, 4, ink.ground)


def shark(ink: Palette, chance: Chance) -> Iterator[str]:
    """A fin that cuts the surface, and what is under it."""
    yield circle(chance.between(60, 240), 70, 34, ink.third)
    yield path("M128 112q14-62 62-70q-14 40 4 70z", ink.second)
    yield path("M-10 112q20-16 40 0t40 0t40 0t40 0t40 0t40 0t40 0t40 0V316H-10z", ink.first)
    yield path("M150 136q62 40 66 150q-66 34-132 0q4-110 66-150z", ink.second)
    yield path("M102 248q48-50 96 0q-48 44-96 0z", ink.ground)
    for number in range(6):
        x = 108 + 14 * number
        yield polygon([(x, 238), (x + 14, 238), (x + 7, 252)], ink.third)
    for side in (-1, 1):
        yield circle(150 + 34 * side, 206, 5, ink.third)


def dinosaur(ink: Palette, chance: Chance) -> Iterator[str]:
    """A long neck over the trees."""
    yield circle(chance.between(180, 230), 92, 50, ink.first)
    yield path(
        "M58 310q-6-96 44-118q40-14 46-92q4-56 50-54q36 4 40 30l-46 10q-12 2-14 26q-2 88-30 116q34 40 30 82z",
        ink.second,
    )
    yield circle(204, 62, 4, ink.ground)
    for x, tall in ((20, 96), (252, 120), (286, 84)):
        yield rect(x - 4, 310 - tall * 0.4, 8, tall * 0.4, ink.third)
        yield ellipse(x, 310 - tall * 0.66, 30, tall * 0.36, ink.third)


def dragon(ink: Palette, chance: Chance) -> Iterator[str]:
    """A dragon's wings before a moon, and its fire."""
    yield circle(150, 128, 92, ink.first)
    yield path("M150 150q-40-84-138-92q18 30 10 56q26-6 38 20q22-10 34 16q20-14 56 40z", ink.third)
    yield path("M150 150q40-84 138-92q-18 30-10 56q-26-6-38 20q-22-10-34 16q-20-14-56 40z", ink.third)
    yield path("M138 96q12-22 24 0l6 36q10 84-18 148q-28-64-18-148z", ink.second)
    yield line("M138 98l-10-20M162 98l10-20", ink.second, width=5)
    yield circle(145, 110, 3, ink.ground) + circle(155, 110, 3, ink.ground)
    spread = chance.between(24, 44)
    yield path(f"M150 268q-{spread:.0f} 16-20 44h40q{spread - 20:.0f}-28-20-44z", ink.first)


def bats(ink: Palette, chance: Chance) -> Iterator[str]:
    """Bats over a full moon."""
    yield circle(150, 140, 104, ink.first)
    for number, scale in enumerate((1.5, 0.8, 0.6, 0.5)):
        x, y = (130, 150) if number == 0 else (chance.between(30, 250), chance.between(40, 270))
        yield group(path(BAT, ink.third if number else ink.second), f"translate({x:.0f} {y:.0f}) scale({scale})")


def ghost(ink: Palette, chance: Chance) -> Iterator[str]:
    """A sheet that floats over the floor."""
    yield rect(0, 270, WIDTH, 44, ink.second)
    yield ellipse(150, 286, 78, 8, ink.ground)
    lean = chance.between(-10, 10)
    yield path(f"M84 256Q{70 + lean:.0f} 44 150 44T216 256q-16-22-33 0t-33 0t-33 0t-33 0z", ink.third)
    for side in (-1, 1):
        yield ellipse(150 + 24 * side, 118, 11, 17, ink.ground)
    yield ellipse(150, 160, 9, 13, ink.ground)
    for _ in range(5):
        yield star(chance.between(14, 286), chance.between(14, 200), 6, ink.first, inner=1.6, points=4)


def robot(ink: Palette, chance: Chance) -> Iterator[str]:
    """A robot's face."""
    yield rect(143, 18, 14, 44, ink.second) + circle(150, 20, 14, ink.first)
    yield rect(64, 60, 172, 148, ink.third) + rect(44, 106, 20, 56, ink.first) + rect(236, 106, 20, 56, ink.first)
    look = chance.between(-8, 8)
    for side in (-1, 1):
        yield circle(150 + 40 * side, 118, 27, ink.ground) + circle(150 + 40 * side + look, 118, 12, ink.first)
    for number in range(5):
        yield rect(104 + 19 * number, 170, 13, 20, ink.second)
    yield rect(122, 208, 56, 24, ink.second) + path("M40 310q0-78 110-78t110 78z", ink.first)


def alien(ink: Palette, chance: Chance) -> Iterator[str]:
    """A saucer with its beam over a hill."""
    y = chance.between(74, 104)
    yield polygon([(118, y + 16), (182, y + 16), (246, 284), (54, 284)], ink.first, opacity=0.6)
    yield path(f"M108 {y:.1f}a42 40 0 0 1 84 0z", ink.second)
    yield ellipse(150, y + 10, 104, 24, ink.third)
    for number in range(5):
        yield circle(78 + 36 * number, y + 12, 6, ink.first)
    yield path("M-5 290Q80 250 150 266T305 272V316H-5z", ink.second)
    yield circle(150, 238, 6, ink.third) + path("M140 268l5-26h10l5 26z", ink.third)


def spider(ink: Palette, chance: Chance) -> Iterator[str]:
    """A web with its owner."""
    x, y = chance.between(110, 190), 130
    spokes = ("300 20", "300 150", "270 310", "150 310", "20 310", "0 160", "10 10", "150 0")
    for end in spokes:
        yield line(f"M{x:.0f} {y}L{end}", ink.third, width=2)
    for radius in (34, 66, 100, 138):
        yield path_ring(x, y, radius, ink.third)
    yield ellipse(x, y + 14, 22, 28, ink.first) + circle(x, y - 18, 14, ink.first)
    for side in (-1, 1):
        for bend, drop in ((-44, -20), (-16, 8), (20, 40), (48, 78)):
            yield line(f"M{x:.0f} {y}q{36 * side} {bend - 14} {58 * side} {drop}", ink.first, width=5)


def bird(ink: Palette, chance: Chance) -> Iterator[str]:
    """Birds that cross a sun."""
    yield circle(chance.between(110, 190), 150, 92, ink.first)
    for number in range(7):
        x, y, size = chance.between(10, 230), 30 + 36 * number, chance.between(0.5, 1.2)
        wings = path("M0 20Q18-14 36 14Q54-14 72 20Q54 4 36 26Q18 4 0 20z", ink.third if number % 2 else ink.second)
        yield group(wings, f"translate({x:.0f} {y:.0f}) scale({size:.2f})")


def ape(ink: Palette, chance: Chance) -> Iterator[str]:
    """The face of an ape."""
    yield path("M44 310q-22-260 106-262t106 262z", ink.second)
    for side in (-1, 1):
        yield circle(150 + 104 * side, 150, 22, ink.second)
    yield path("M150 92q26-28 54 0q24 34-4 66q34 34 16 80q-66 46-132 0q-18-46 16-80q-28-32-4-66q28-28 54 0z", ink.first)
    for side in (-1, 1):
        yield circle(150 + 30 * side, 128, 9, ink.ground)
        yield circle(150 + 9 * side, 186, 5, ink.ground)
    bend = chance.between(8, 26)
    yield line(f"M112 226q38 {bend:.0f} 76 0", ink.ground, width=5)


def path_ring(x: float, y: float, radius: float, stroke: str) -> str:
    """Return one thread of a web: an octagon with sagging sides."""
    corners = [(x + radius * dx, y + radius * dy) for dx, dy in OCTAGON]
    sides = "".join(
        f"Q{(a + c) / 2 * 0.92 + x * 0.08:.0f} {(b + d) / 2 * 0.92 + y * 0.08:.0f} {c:.0f} {d:.0f}"
        for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True)
    )
    return line(f"M{corners[0][0]:.0f} {corners[0][1]:.0f}{sides}", stroke, width=2)


BAT = (
    "M0 0q-8-14-6-26l6 6h8l6-6q2 12-6 26q18-28 62-22q-10 8-10 24q-16-8-24 8q-10-6-24 16"
    "q-14-22-24-16q-8-16-24-8q0-16-10-24q38-6 46 22z"
)
"""A bat with spread wings, its head at the origin."""
OCTAGON = ((0.86, -0.5), (1, 0.13), (0.55, 0.83), (0, 1), (-0.59, 0.81), (-1, 0.2), (-0.72, -0.7), (0, -1))
"""Directions of the spokes of the web, as unit vectors."""
