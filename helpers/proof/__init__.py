"""Derivations that a machine checks while they are written. SymPy and mpmath only, so it runs in a browser.

Read the folders in this order. `statement` says what is claimed, and judges nothing. `symbolic` and `numeric`
are the two judges; they share `statement` and the count of `work`, and no rule. `judge` asks both and is the
only place that calls a line proved; `proofs` judges whole chains. `derivation` is how a notebook writes one,
`methods` write longer ones down (induction, extrema) and are trusted with nothing. `read`, `show` and
`answers` stand around it.

>>> from sympy import IndexedBase, Sum, symbols
>>> n, i, j = symbols("n i j", integer=True, positive=True)
>>> w = IndexedBase("w", shape=(n,), real=True)
>>> start = Partial(Sum(w[i]**2, (i, 1, n)), w[j])
>>> Derivation("square", start, Given(sizes=(n,), free={j: (1, n)})).step(2*w[j], "only i = j counts").verdict
<Verdict.PROVED: 'proved'>
"""

from .derivation import Derivation, RefutedStep, UnprovedStep
from .judge import check, refute
from .methods.extrema import extremum_at_end, only_maximum, only_minimum, only_zero
from .methods.induction import induction
from .proofs import Proof, prove
from .statement.given import Given
from .statement.gradient import Gradient
from .statement.laws import Bernoulli, Categorical, Moments, Normal, Together, Uniform, WithoutReplacement
from .statement.operators import Covariance, Expectation, Variance
from .statement.recursive import recursive
from .statement.sums import product_except, sum_except
from .statement.terms import At, Partial, as_written, define, smooth
from .symbolic.unfolding import fresh, unfold
from .verdicts import Result, Verdict
from .work import OutOfWork

__all__ = [
    "At",
    "Bernoulli",
    "Categorical",
    "Covariance",
    "Derivation",
    "Expectation",
    "Given",
    "Gradient",
    "Moments",
    "Normal",
    "OutOfWork",
    "Partial",
    "Proof",
    "RefutedStep",
    "Result",
    "Together",
    "Uniform",
    "UnprovedStep",
    "Variance",
    "Verdict",
    "WithoutReplacement",
    "as_written",
    "check",
    "define",
    "extremum_at_end",
    "fresh",
    "induction",
    "only_maximum",
    "only_minimum",
    "only_zero",
    "product_except",
    "prove",
    "recursive",
    "refute",
    "smooth",
    "sum_except",
    "unfold",
]
