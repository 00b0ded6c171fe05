"""Limits for the evaluator: go close, in as many digits as that needs, and believe what settles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

SCALES = (30, 100, 300)  # distances 10^-k from the point, or 10^k towards infinity
SETTLED = 1e-25
SHRINKS = 1e-6  # how much nearer to 0 a value is, from one scale to the next, if it tends to 0


def approach(at: Any, side: str, f: Callable[[Any], Any]) -> Any:
    """The limit of f towards `at`, seen at three scales; ±inf if it grows without bound; None if unclear.

    `f` maps an mpf to a number in mpmath's current precision; `side` is "+", "-" or "+-".
    """
    if side == "+-" and not mpmath.isinf(at):
        right, left = approach(at, "+", f), approach(at, "-", f)
        agree = right is not None and left is not None and (right == left or abs(right - left) < 1e-20)
        return right if agree else None
    values = []
    for scale in SCALES:
        with mpmath.workdps(3 * scale + 50):
            # Neither whole nor a multiple of pi: sin and floor are not to look settled.
            far = mpmath.sqrt(3) * mpmath.mpf(10) ** scale
            near = (-1 if side == "-" else 1) / far
            x = mpmath.sign(at) * far if mpmath.isinf(at) else at + near
            values.append(f(x))
    first, second, third = values
    if not all(map(mpmath.isfinite, values)):
        return third if mpmath.isinf(third) else None
    near = SETTLED * max(map(abs, values))  # no number is small beside nothing: 1e-30 ln x is not near 0
    if abs(third - second) <= near and abs(second - first) <= 1e-6 * max(map(abs, values)):
        return third
    if abs(third) <= SETTLED and abs(third) <= abs(second) * SHRINKS and abs(second) <= abs(first) * SHRINKS:
        return third
    grows = abs(third) > 2 * abs(second) > 4 * abs(first) and abs(third) > 1
    same_sign = mpmath.im(third) == 0 and mpmath.sign(third) == mpmath.sign(second)
    return mpmath.sign(third) * mpmath.inf if grows and same_sign else None
