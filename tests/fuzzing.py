"""Random nested expressions for the normal form: `python -m tests.fuzzing FIRST COUNT` runs many.

For each expression e: the normal form must equal e at every point, also after it has been put back into a
sum; e minus its normal form should be recognised as zero; e minus a disturbed normal form must not be; and
where a nudged copy of e is called equal to e, the numbers must agree. Bound names are reused on purpose: a
capture bug of an early version showed in 1 case of 300.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable

from sympy import (
    Abs,
    Add,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    sign,
    sqrt,
    symbols,
    sympify,
)

from helpers.proof import Given, OutOfWork, Partial, Verdict, define, fresh
from helpers.proof.judge import numeric
from helpers.proof.symbolic.normal_form import NormalForm
from helpers.proof.symbolic.unfolding import prepare
from helpers.proof.work import share

n = symbols("n", integer=True, positive=True)
INDICES = symbols("i j k l", integer=True)
i, j, k, l = INDICES
w, x, y = (IndexedBase(name, shape=(n,), real=True) for name in "wxy")
A = IndexedBase("A", shape=(n, n), real=True)
p = IndexedBase("p", shape=(n,), positive=True)
c, d = Symbol("c", real=True), Symbol("d", positive=True)
g = define("g", [k], Sum(A[k, i] * x[i], (i, 1, n)))
GIVEN = Given(sizes=(n,), free=dict.fromkeys(INDICES, (1, n)), domain={y: "binary"}, span=(2, 3, 1), points=6)
STEPS = 400_000  # of work for one expression; more is counted, not failed

Random = random.Random


def index(r: Random) -> Symbol:
    return r.choice(INDICES)


def limits(r: Random) -> tuple:
    """Mostly 1..n; sometimes shorter, so that the rules for neighbouring ranges are met."""
    return r.choice([(1, n)] * 6 + [(2, n), (1, n - 1)])


def leaf(r: Random) -> Expr:
    makers: list[Callable[[], Expr]] = [
        lambda: w[index(r)],
        lambda: x[index(r)],
        lambda: y[index(r)],
        lambda: A[index(r), index(r)],
        lambda: p[index(r)],
        lambda: c,
        lambda: d,
        lambda: Integer(r.randint(-2, 3)),
        lambda: n + 0,
        lambda: KroneckerDelta(index(r), index(r)),
        lambda: g(index(r)),
        lambda: index(r) + 0,
    ]
    return r.choice(makers)()


def expression(r: Random, depth: int) -> Expr:
    """A random real expression; denominators, logarithms and roots are of positive parts."""
    t = r.random()
    if depth == 0 or t < 0.12:
        return leaf(r)
    if t < 0.56:
        first, second = expression(r, depth - 1), expression(r, depth - 1)
        return first * second if t < 0.38 else first + second
    if t < 0.80:
        return Sum(expression(r, depth - 1), (index(r), *limits(r)))
    if t < 0.85:
        return exp(expression(r, min(depth - 1, 1)) / 4)
    if t < 0.90:
        return log(positive(r, depth))
    if t < 0.95:
        return expression(r, depth - 1) / positive(r, depth - 1)
    if t < 0.96:
        return sqrt(positive(r, depth - 1))
    if t < 0.98:
        return r.choice((Abs, sign))(leaf(r)) * leaf(r)
    return Partial(expression(r, depth - 1), r.choice([w[index(r)], x[index(r)], c]))


def positive(r: Random, depth: int) -> Expr:
    """A random expression whose positive sign can be read off."""
    inner = max(depth - 1, 0)
    flat: list[Callable[[], Expr]] = [
        lambda: p[index(r)],
        lambda: d + leaf(r) ** 2,
        lambda: 1 + exp(expression(r, min(1, inner)) / 4),
        lambda: Sum(p[(q := index(r))] * exp(w[q]), (q, 1, n)),
    ]
    deep: list[Callable[[], Expr]] = [
        lambda: Product(
            positive(r, inner) ** (w[index(r)] if r.random() < 0.6 else Integer(r.randint(1, 2))),
            (index(r), 1, n),
        ),
        lambda: positive(r, inner) ** w[index(r)],
        lambda: exp(Sum(x[index(r)] * log(positive(r, inner)) / 4, (index(r), 1, n))),
    ]
    return r.choice(flat + deep if depth > 0 else flat)()


def nudged(e: Expr, r: Random) -> Expr:
    """`e` with one small edit somewhere: a sign, a bound, an index, a factor."""
    if e.args and not isinstance(e, (Symbol, type(w[i]))) and r.random() < 0.75:
        if isinstance(e, (Sum, Product)):
            body, limit = e.args[0], e.limits[0]
            if r.random() < 0.3:
                return e.func(body, (limit[0], limit[1], limit[2] + r.choice((-1, 1))))
            return e.func(nudged(body, r), *e.limits)
        if isinstance(e, (Add, Mul)):
            place = r.randrange(len(e.args))
            return e.func(*[nudged(a, r) if m == place else a for m, a in enumerate(e.args)])
    swap = dict(zip(INDICES, r.sample(INDICES, len(INDICES)), strict=True))
    return r.choice([-e, 2 * e, e.xreplace(swap), e + c])


def disturbance(r: Random) -> Expr:
    return r.choice([w[i], Rational(1, 7) * x[j], Sum(w[k], (k, 1, n)), c, exp(w[j])])


def trial(seed: int) -> Counter:
    """What became of the expression with this seed: outcomes that start with WRONG are bugs."""
    r = Random(seed)
    e = sympify(expression(r, 4))
    if not e.has(Sum):
        return Counter(["no sum"])
    try:
        with share(STEPS):
            return _outcomes(e, r)
    except OutOfWork:
        return Counter(["too much work"])


def _outcomes(e: Expr, r: Random) -> Counter:
    form = NormalForm(GIVEN).canonical(prepare(e))
    seen = Counter([_compare("normal form", e, form)])
    outer = Sum(fresh(form) * w[k], (k, 1, n))
    seen[_compare("put back into a sum", outer, NormalForm(GIVEN).canonical(prepare(outer)))] += 1
    seen["zero recognised" if NormalForm(GIVEN).is_zero(e - form) else "zero not recognised"] += 1
    if NormalForm(GIVEN).is_zero(e - form - disturbance(r)):
        seen["WRONG: a disturbed form is called zero"] += 1
    other = nudged(e, r)
    if NormalForm(GIVEN).is_zero(e - other):
        seen[_compare("nudged and called equal", e, other)] += 1
    return seen


def _compare(what: str, left: Expr, right: Expr) -> str:
    result = numeric(left, right, GIVEN)
    if result.verdict is Verdict.REFUTED:
        # Reading outside an array is the evaluator's to refuse: algebra does not see it where it cancels.
        ill = result.note.endswith("out of range")
        return f"{what}: ill-formed, refused by the evaluator" if ill else f"WRONG: {what} differs"
    return f"{what}: {'agrees' if result.verdict is Verdict.CHECKED else 'too few points'}"


def main(first: int, count: int) -> int:
    total: Counter = Counter()
    for seed in range(first, first + count):
        seen = trial(seed)
        for outcome in seen:
            if outcome.startswith("WRONG") or "not" in outcome:
                print(f"seed {seed}: {outcome}")
        total += seen
    for outcome, times in sorted(total.items()):
        print(f"{times:6d}  {outcome}")
    return int(any(outcome.startswith("WRONG") for outcome in total))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
