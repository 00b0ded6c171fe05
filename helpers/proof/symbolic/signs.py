"""Signs that can be read off an expression: the only licence for splitting logarithms and powers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Dummy,
    Expr,
    Indexed,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    cosh,
    erf,
    exp,
    expand,
    log,
    sinh,
    tanh,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.given import Noted
from ..statement.operators import Expectation

STRICTLY_POSITIVE = ("positive", "unit", "simplex")
NOT_NEGATIVE = (*STRICTLY_POSITIVE, "nonnegative", "closed unit", "binary", "onehot", "closed simplex")
AT_MOST_ONE = ("unit", "closed unit", "binary", "onehot", "simplex", "closed simplex")
ROWS = ("simplex", "closed simplex", "onehot", "affine")  # the entries of a row sum to 1


def is_positive(e: Expr, domain: Mapping[Any, Any]) -> bool:
    """True only if e > 0 can be read off its form and the hypotheses; False means "not known"."""
    return _sign(e, domain, strict=True)


def is_nonnegative(e: Expr, domain: Mapping[Any, Any]) -> bool:
    """True only if e >= 0 can be read off its form and the hypotheses; False means "not known"."""
    return _sign(e, domain, strict=False)


def never_zero(e: Expr, domain: Mapping[Any, Any]) -> bool:
    """True only if a hypothesis says that `e` is not 0, about it or about its negative; -1 and 1 are not."""
    words = [found for side in (e, -e) for found in (domain_of(side, domain), domain.get(side))]
    return "nonzero" in words or "sign" in words


def domain_of(e: Expr, domain: Mapping[Any, Any]) -> Any:
    """The hypothesis about a symbol, about the array it is an entry of, or None."""
    if isinstance(e, Indexed):
        return domain.get(e.base)
    if isinstance(e, MatrixElement):
        return domain.get(e.parent)
    return domain.get(e) if isinstance(e, Symbol) else None


def sums_to_one(e: Sum, domain: Mapping[Any, Any]) -> bool:
    """Whether `e` is the sum over a whole row, p_1 + ... + p_K, of an array whose rows sum to 1."""
    if len(e.limits) != 1 or domain_of(e.function, domain) not in ROWS:
        return False
    index, low, high = e.limits[0]
    if isinstance(e.function, Indexed):
        *outer, last = e.function.indices
        shape, first = e.function.base.shape, 1
    else:
        *outer, last = e.function.args[1:]
        shape, first = e.function.parent.shape, 0
    whole = bool(shape) and low == first and expand(high - low + 1 - shape[-1]) == 0
    return whole and last == index and not any(o.has(index) for o in outer)


def _sign(e: Expr, domain: Mapping[Any, Any], strict: bool) -> bool:
    # What a letter assumes is compared with its domain before any judge sees it (statement.assumptions).
    if e.is_positive or (not strict and e.is_nonnegative) or _by_hypothesis(e, domain, strict):
        return True
    if isinstance(e, Sum):
        if not strict and _is_square_form(e, domain):
            return True
        # An empty sum is 0, so a strict sign needs a range that is never empty.
        return _sign(_term(e), domain, strict) and (not strict or _never_empty(e))
    # The chances of all outcomes are at least 0 and sum to 1.
    if isinstance(e, Expectation):
        return _sign(e.args[0], domain, strict)
    # An empty product is 1, which is positive, so no range needs to be looked at.
    if isinstance(e, Product):
        return _sign(_term(e), domain, strict)
    # exp and cosh are positive at real arguments only.
    if isinstance(e, exp | cosh):
        return is_real(e.args[0], domain)
    if isinstance(e, Abs):
        # |u| ≥ 0 for any number u.
        return not strict or never_zero(e.args[0], domain)
    if isinstance(e, sinh | tanh):
        # They rise, through 0 at 0; what has a sign is real.
        return _sign(e.args[0], domain, strict)
    if isinstance(e, log):
        # ln u ≥ 0 for u ≥ 1, and more where u is more.
        return _sign(expand(e.args[0] - 1), domain, strict)
    if isinstance(e, Mul):
        if _is_minus_log(e, domain, strict):
            return True
        sums = [a for a in e.args if isinstance(a, Sum)]
        if len(sums) == 1 and e.could_extract_minus_sign():
            # A minus sign goes into the sum, where it may meet a logarithm.
            rest = -e / sums[0]
            return _sign(rest, domain, strict) and _sign(
                Sum(-sums[0].function, *sums[0].limits), domain, strict
            )
        return _sign_of_product(e, domain, strict)
    if isinstance(e, Add):
        return _sign_of_sum(e, domain, strict)
    return isinstance(e, Pow) and _sign_of_power(e, domain, strict)


def _sign_of_product(e: Mul, domain: Mapping[Any, Any], strict: bool) -> bool:
    """Each factor has a sign, and an even number of them are below 0."""
    below = 0
    for factor in e.args:
        if not _sign(factor, domain, strict):
            if not _opposite(factor, domain, strict):
                return False
            below += 1
    return below % 2 == 0


def _opposite(e: Expr, domain: Mapping[Any, Any], strict: bool) -> bool:
    """Whether -e has the sign, of a factor: never by the product -1 · e, which would ask this again."""
    if e.is_negative or (not strict and e.is_nonpositive) or domain_of(e, domain) == "negative":
        return True
    if isinstance(e, Add):
        return _sign(Add(*[-term for term in e.args]), domain, strict)
    return _by_hypothesis(-e, domain, strict)


def _is_minus_log(e: Mul, domain: Mapping[Any, Any], strict: bool) -> bool:
    """-c ln u for 0 < u ≤ 1 and c ≥ 0, which is not negative."""
    for l in (a for a in e.args if isinstance(a, log)):
        u, rest = l.args[0], -e / l
        below = _sign(u, domain, strict=True) and _sign(expand(1 - u), domain, strict)
        if below and _sign(rest, domain, strict):
            return True
    return False


def _by_hypothesis(e: Expr, domain: Mapping[Any, Any], strict: bool) -> bool:
    stated = domain.get(e)
    if isinstance(stated, str) and (stated == "positive" or (not strict and stated in NOT_NEGATIVE)):
        return True
    if _by_conditions(e, domain, strict):
        return True
    known = domain_of(e, domain)
    if known is not None:
        if isinstance(known, tuple):
            return bool(known[0].is_positive or (not strict and known[0].is_nonnegative))
        return known in STRICTLY_POSITIVE or (not strict and known in NOT_NEGATIVE)
    below = domain_of(-e, domain)
    if isinstance(below, tuple):
        return bool(below[1].is_negative or (not strict and below[1].is_nonpositive))
    other = domain_of(1 - e, domain) if isinstance(e, Add) else None
    if isinstance(other, tuple):
        gap = 1 - other[1]
        return bool(gap.is_positive or (not strict and gap.is_nonnegative))
    return other == "unit" or (not strict and other in AT_MOST_ONE)


def _by_conditions(e: Expr, domain: Mapping[Any, Any], strict: bool) -> bool:
    """From a > b: e is (a - b) + rest, where the rest has the sign, too. Each condition is used once."""
    plain = getattr(domain, "inner", domain)  # to look is not to use
    for gap in [g for g in plain if isinstance(g, Add) and g.free_symbols & e.free_symbols]:
        rest, others = expand(e - gap), {k: v for k, v in plain.items() if k != gap}
        if rest.count_ops() > e.count_ops() or plain[gap] not in ("positive", "nonnegative"):
            continue
        enough = strict and plain[gap] == "nonnegative"  # then the rest has to be positive
        asked: set[Basic] = set()
        if (rest == 0 and not enough) or (rest != 0 and _sign(rest, Noted(others, asked), enough)):
            if isinstance(domain, Noted):
                domain.asked.update(asked)
            return domain[gap] is not None  # which notes that it was used
    return False


def _is_square_form(e: Sum, domain: Mapping[Any, Any]) -> bool:
    """Whether two of the indices give Σ f(i) f(j) w = (Σ f)² w with w ≥ 0, or fᵀSf of a definite S."""
    factors = Mul.make_args(e.function)
    within = next((f for f in factors if isinstance(f, Sum)), None)
    if within is not None:  # a sum in a sum is a double sum
        body = Mul(within.function, *[f for f in factors if f is not within])
        return _is_square_form(Sum(body, *within.limits, *e.limits), domain)
    for (i, *ends), (j, *others) in itertools.combinations(e.limits, 2):
        inner = [end for limit in e.limits for end in limit[1:]]
        if ends != others or any(end.has(i, j) for end in inner):
            continue
        parts = dict.fromkeys(itertools.product((False, True), repeat=2), S.One)
        for f in factors:
            parts[f.has(i), f.has(j)] *= f
        both, one, other = parts[True, True], parts[True, False], parts[False, True]
        square = one.xreplace({i: j}) == other and is_real(one, domain)
        if square and (both == 1 or _is_definite(both, i, j, ends, domain)):
            rest = [limit for limit in e.limits if limit[0] not in (i, j)]
            return _sign(Sum(parts[False, False], *rest) if rest else parts[False, False], domain, False)
    return False


def _is_definite(m: Expr, i: Expr, j: Expr, ends: list[Expr], domain: Mapping[Any, Any]) -> bool:
    """Whether `m` is the entry at i, j of a positive definite matrix, both running through all its rows."""
    if not isinstance(m, MatrixElement) or domain.get(m.parent) != "positive definite":
        return False
    low, high = ends
    whole = expand(high - low + 1 - m.parent.shape[0]) == 0
    return whole and {expand(m.i + low), expand(m.j + low)} == {i, j}


def _term(e: Sum | Product) -> Expr:
    """A term, whose index is a positive number where the range begins at one."""
    starts = {index: Dummy(integer=True, positive=True) for index, low, _ in e.limits if low.is_positive}
    return e.function.xreplace(starts)


def _never_empty(e: Sum) -> bool:
    return all(expand(high - low).is_nonnegative for _, low, high in e.limits)


def is_real(e: Expr, domain: Mapping[Any, Any]) -> bool:
    """True only if e is known to be real, its logarithms having positive arguments."""
    logs = e.atoms(log)
    if not all(_sign(l.args[0], domain, strict=True) for l in logs):
        return False
    # Entries of matrices are real in this book; SymPy allows them to be complex.
    real = logs | e.atoms(MatrixElement)
    plain = e.xreplace({l: Dummy(real=True) for l in real})
    return bool(plain.is_real or _informed(plain, domain).is_real)


def _informed(e: Expr, domain: Mapping[Any, Any]) -> Expr:
    """`e` with letters that assume what their domain says: z/c is real where c is not 0."""
    letters = {a: domain_of(a, domain) for a in e.atoms(Symbol, Indexed)}
    known = {a: Dummy(positive=True) for a, word in letters.items() if word in STRICTLY_POSITIVE}
    known |= {a: Dummy(real=True, nonzero=True) for a, word in letters.items() if word == "nonzero"}
    return e.xreplace(known)


def _sign_of_sum(e: Add, domain: Mapping[Any, Any], strict: bool) -> bool:
    if not strict and _is_absolute_value_plus_part(e):
        return True
    if (exponent := _beyond_one(e, domain)) is not None and _sign(exponent, domain, strict):
        return True
    if any(_sign(gap, domain, strict) for gap in _risen(e, domain)):
        return True
    # A sum of numbers ≥ 0 is > 0 as soon as one of them is.
    if not all(_sign(a, domain, strict=False) for a in e.args):
        return False
    return not strict or any(_sign(a, domain, strict=True) for a in e.args)


def _beyond_one(e: Add, domain: Mapping[Any, Any]) -> Expr | None:
    """u for exp(u) - 1, and -u for 1 - exp(u): exp rises through 1 at 0. With b > 0, b^p is exp(p ln b)."""
    for side in (1, -1):
        power = side * (e - side * S.NegativeOne)
        if isinstance(power, exp):
            return side * power.exp
        if isinstance(power, Pow) and not power.exp.is_number and _sign(power.base, domain, strict=True):
            return side * power.exp * log(power.base)
    return None


def _risen(e: Add, domain: Mapping[Any, Any]) -> Iterator[Expr]:
    """What has the sign of `e`: a - b for c f(a) - c f(b) with c > 0 and an f that rises on the reals."""
    parts = [term.as_coeff_Mul() for term in e.args]
    for (c, one), (d, other) in itertools.permutations(parts, 2) if len(parts) == 2 else ():
        if not (c.is_positive and c == -d and one.func == other.func and one.args):
            continue
        alike = one.args[1:] == other.args[1:]  # of powers the exponents
        a, b = one.args[0], other.args[0]
        if isinstance(one, (exp, sinh, tanh, erf)):
            known = is_real(b, domain)
        elif isinstance(one, Pow):
            power = alike and one.exp.is_number and one.exp.is_positive
            known = power and _sign(b, domain, strict=False)
        else:
            known = isinstance(one, log) and _sign(b, domain, strict=True)
        if known:
            yield a - b
    # ln u + v has the sign of u - e^-v, and v - ln u that of e^v - u: ln and exp rise.
    for c, one in parts:
        v = e - c * one
        if isinstance(one, log) and c in (1, -1) and not v.has(log) and is_real(v, domain):
            u = one.args[0]
            if c == 1 or _sign(u, domain, strict=True):
                yield expand(c * (u - exp(-c * v)))


def _sign_of_power(e: Pow, domain: Mapping[Any, Any], strict: bool) -> bool:
    base, power = e.args
    if _sign(base, domain, strict=True) and is_real(power, domain):
        return True
    if power.is_even:
        # Even powers of real numbers are ≥ 0; of complex ones not, i² = -1. Without 0, they are > 0.
        return is_real(base, domain) and (not strict or never_zero(base, domain))
    if strict:
        return False
    return bool(power.is_positive) and _sign(base, domain, strict=False)


def _is_absolute_value_plus_part(e: Add) -> bool:
    """c|u| + c u and c|u| - c u are never negative for c ≥ 0."""
    for term in e.args:
        c, a = term.as_coeff_Mul()
        if isinstance(a, Abs) and a.args[0].is_real and c.is_nonnegative:
            rest, u = e - term, c * a.args[0]
            if expand(rest - u) == 0 or expand(rest + u) == 0:
                return True
    return False
