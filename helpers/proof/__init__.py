"""Derivations that a machine checks while they are written. SymPy and mpmath only, so it runs in a browser.

Read the files in this order: `objects` (what a step is made of), `derivation` (chains), `judge` (the two
judges and their verdicts); `symbolic` with `normal_form`, `sums`, `powers`, `absolute`, `limits`, `matrices`
and `signs` (the symbolic one); `numeric` with `points`, `evaluate` and its parts (the numerical one);
`recursion` and `induct`, `extrema` and `intervals` (proofs of other kinds); `printing`, `domain` and `render`
(what is shown). Exercises are `answers`, with `parsing` and `tokens`.

>>> from sympy import IndexedBase, Sum, symbols
>>> n, i, j = symbols("n i j", integer=True, positive=True)
>>> w = IndexedBase("w", shape=(n,), real=True)
>>> start = Partial(Sum(w[i]**2, (i, 1, n)), w[j])
>>> Derivation("square", start, Given(sizes=(n,), free={j: (1, n)})).step(2*w[j], "only i = j counts").verdict
<Verdict.PROVED: 'proved'>
"""

from .deadline import OutOfTime
from .derivation import Derivation, RefutedStep, UnprovedStep
from .extrema import extremum_at_end, only_maximum, only_minimum, only_zero
from .induct import induction
from .judge import check, refute
from .objects import At, Given, Partial, as_written, define, smooth
from .recursion import layer_product, recursive
from .rewriting import fresh, unfold
from .verdicts import Result, Verdict

__all__ = [
    "At",
    "Derivation",
    "Given",
    "OutOfTime",
    "Partial",
    "RefutedStep",
    "Result",
    "UnprovedStep",
    "Verdict",
    "as_written",
    "check",
    "define",
    "extremum_at_end",
    "fresh",
    "induction",
    "layer_product",
    "only_maximum",
    "only_minimum",
    "only_zero",
    "recursive",
    "refute",
    "smooth",
    "unfold",
]
