"""What rounding may have hidden at a point: looked for where a small difference, or none, would decide.

A term that vanishes beside a greater one does no harm by itself: it changes the last digit. It does where
the greater one cancels afterwards, as in ((1 + u) - 1)/u for a tiny u: nothing is left but rounding, in any
number of digits that is too few. And two sides that agree to thousands of digits are only seen to be equal
where nothing was so small that its square lies beyond them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import mpmath

DEEP = (
    8  # what is smaller than 2^-(bits/DEEP) may make a difference, as its eighth power, beyond the last bit
)
SPARE = 64  # bits that a difference must have left to be more than rounding


@dataclass
class Rounding:
    """What was seen while the sides were evaluated.

    extreme    something was so small or large that what it changes may lie beyond the last digit
    dropped    a term vanished beside a greater one
    cancelled  a sum is all rounding, because its terms cancelled
    left       the binary order of what rounding may have left of such a sum; None if there was none
    """

    extreme: bool = False
    dropped: bool = False
    cancelled: bool = False
    left: Any = None

    @property
    def noise(self) -> bool:
        """Whether a value may be nothing but what rounding left."""
        return self.dropped and self.cancelled

    def of_sum(self, terms: list[Any], total: Any) -> None:
        sizes = self.of_values(terms)
        if len(sizes) < 2 or all(isinstance(term, int) for term in terms):
            return
        bits = mpmath.mp.prec
        self.dropped |= max(sizes) - min(sizes) > bits
        if total == 0 or mpmath.mag(total) < max(sizes) - bits + SPARE:
            self.cancelled = True
            self.left = max(sizes) - bits if self.left is None else max(self.left, max(sizes) - bits)

    def covers(self, value: Any) -> bool:
        """Whether a value is no greater than what rounding may have left of a sum in it."""
        return self.left is not None and value != 0 and mpmath.mag(value) < self.left + SPARE

    def of_values(self, values: Iterable[Any]) -> list[Any]:
        """The binary orders of magnitude of what is not 0."""
        sizes = [mpmath.mag(v) for v in values if v != 0 and mpmath.isfinite(v)]
        self.extreme |= any(abs(size) > mpmath.mp.prec // DEEP for size in sizes)
        return sizes

    def of_distance(self, bits: Any) -> None:
        """Two terms lie so many binary orders apart, and only their sum is seen."""
        if bits > mpmath.mp.prec:
            self.extreme = self.dropped = True

    def of_end(self, value: Any, end: Any) -> None:
        """`value` only tends to `end`, so it is not equal to it."""
        if value == end:
            self.extreme = self.dropped = True

    def joined(self, other: Rounding) -> None:
        self.extreme |= other.extreme
        self.dropped |= other.dropped
        self.cancelled |= other.cancelled
        if other.left is not None:
            self.left = other.left if self.left is None else max(self.left, other.left)
