"""Growth of a cost, measured at two sizes and continued in a straight line. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Growth:
    """A cost at two sizes.

    Attributes:
        cost: what it is, such as `time of a search`.
        unit: its unit.
        of: what the sizes count, such as `movies`.
        small: the smaller size, and the cost there.
        large: the larger size, and the cost there.
        goals: sizes for which the cost is derived.
        command: the command that prints both costs.
    """

    cost: str
    unit: str
    of: str
    small: tuple[int, float]
    large: tuple[int, float]
    goals: tuple[int, ...]
    command: str

    @property
    def slope(self) -> float:
        """Cost of one more, in `unit`; 0 if the cost did not grow, since no cost falls for ever."""
        return max(0.0, (self.large[1] - self.small[1]) / (self.large[0] - self.small[0]))

    @property
    def size_ratio(self) -> float:
        """The larger size over the smaller."""
        return self.large[0] / self.small[0]

    @property
    def cost_ratio(self) -> float:
        """The larger cost over the smaller; below `size_ratio`, part of the cost does not grow."""
        return self.large[1] / self.small[1]

    def at(self, size: int) -> float:
        """Return the cost of a larger site, by the straight line through both measurements."""
        return self.large[1] + (size - self.large[0]) * self.slope
