"""Standard inequalities, each with its name and its condition, tried where no gap was given.

Each rule writes down instances I ≥ 0 that fit the statement. The statement is proved if its larger side minus
the smaller one is such an I times something positive, or exceeds it by what is manifestly not negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Indexed,
    Integer,
    Matrix,
    Max,
    Mul,
    Poly,
    Pow,
    Rational,
    S,
    Sum,
    exp,
    log,
    sqrt,
)

from ..statement.operators import Expectation
from ..work import tick
from . import bounds, factors, signs
from .algebra import cancel, expand
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

Instance = tuple[str, Expr]  # the name of the inequality, and what it says is not negative
MOST = 40  # instances that are tried


def proved(nf: NormalForm, difference: Expr, manifest: Callable[[Expr], bool], strict: bool = False) -> str:
    """The name of an inequality that shows difference ≥ 0, or > 0 if `strict`; "" if none is found.

    `manifest` says whether an expression is seen to be not negative, or above 0 if `strict`.
    """
    e = nf.ready(difference)
    if _is_square_form(nf, e, strict):
        return "a sum of squares"
    wanted, seen = nf.rational(fresh(e)), set()
    for name, instance in _instances(nf, e, strict):
        known = nf.rational(fresh(instance))
        if known in seen or known == 0:
            continue
        seen.add(known)
        tick(50)
        if len(seen) > MOST:
            break
        # I ≥ 0 wherever it has a value. So r I with r > 0 is not negative, nor is I + rest with rest ≥ 0.
        # Each I is 0 somewhere, so a strict relation needs a rest > 0.
        ratio, rest = cancel(wanted / known), cancel(wanted - known)
        if manifest(nf.restore(rest)):
            return name
        if not strict and (signs.is_positive(nf.restore(ratio), nf.domain) or nf.vanishes(rest, depth=2)):
            return name
    for name, same in (*_by_exp(nf, e), *_by_squares(nf, e)):
        if manifest(same) or factors.has_sign(nf, nf.ready(same), strict):
            return name
    return ""


def _instances(nf: NormalForm, e: Expr, strict: bool) -> Iterator[Instance]:
    rules = (_parts_of_logs, _logarithms)
    if not strict:  # of the others nothing is left that is more than 0
        bounds = (_jensen, _bounded_means, _cauchy, _means, _triangles, _of_means)
        rules = (_terms, *rules[:1], _gibbs, *rules[1:], *bounds)
    for rule in rules:
        yield from rule(nf, e)


# ---- exp rises, and so does the square of numbers ≥ 0


def _by_exp(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    """exp(e) - 1 for a sum e of whole multiples of logarithms and of what is real: it has the sign of e."""
    product, rest = S.One, S.Zero
    for term in Add.make_args(expand(e)):
        c, l = term.as_coeff_Mul()
        if isinstance(l, log) and c.is_Integer and signs.is_positive(l.args[0], nf.domain):
            product *= l.args[0] ** c
        else:
            rest += term
    if product != 1 and signs.is_real(rest, nf.domain):
        yield "exp rises", expand(cancel(nf.restore(nf.rational(fresh(product * exp(rest) - 1)))))


def _by_squares(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    """P² - N² for e = P - N with roots, where P ≥ 0 and N is real: where it is not negative, P ≥ |N| ≥ N."""
    above = [term for term in Add.make_args(e) if signs.is_nonnegative(term, nf.domain)]
    below = [-term for term in Add.make_args(e) if term not in above]
    real = all(signs.is_nonnegative(term, nf.domain) or signs.is_real(term, nf.domain) for term in below)
    if above and below and real and any(p.exp == Rational(1, 2) for p in e.atoms(Pow)):
        yield "the square rises", expand(expand(Add(*above) ** 2) - expand(Add(*below) ** 2))


def _single_sums(e: Expr) -> list[Sum]:
    return sorted((s for s in e.atoms(Sum) if len(s.limits) == 1), key=str)


# ---- a sum of numbers ≥ 0 is at least each of them


def _terms(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for s in _single_sums(e):
        index, low, high = s.limits[0]
        if not signs.is_nonnegative(s.function, nf.domain):
            continue
        for i in sorted(e.free_symbols & set(nf.given.free), key=str):
            if bounds.in_range(nf, i, low, high):
                one = s.function.xreplace({index: i})
                yield "a sum of what is not negative is at least each of its terms", s - one


# ---- ln rises: ln of a sum of numbers > 0 is at least that of each; between max and max + ln of their number


def _parts_of_logs(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    name = "the logarithm of a sum is at least that of each of its terms"
    for l in sorted(e.atoms(log), key=str):
        u = l.args[0]
        if isinstance(u, Sum) and len(u.limits) == 1 and signs.is_positive(u.function, nf.domain):
            index, low, high = u.limits[0]
            for i in sorted(e.free_symbols & set(nf.given.free), key=str):
                if bounds.in_range(nf, i, low, high):
                    yield name, l - log(u.function.xreplace({index: i}))
        terms = Add.make_args(u)
        if len(terms) > 1 and all(signs.is_positive(term, nf.domain) for term in terms):
            yield from ((name, l - log(term)) for term in terms)
            # Each term is at most the greatest, so their sum is at most so many times the greatest.
            logs = [expand(nf.restore(nf.rational(log(fresh(term))))) for term in terms]
            yield name, l - Max(*logs)
            yield "so many times the greatest", Max(*logs) + log(len(terms)) - l


# ---- ln u ≤ u - 1 for u > 0, and exp v ≥ 1 + v for real v, also weighted and summed


def _logarithms(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    bound = {s.limits[0][0] for s in _single_sums(e)}
    for l in sorted(e.atoms(log), key=str):
        u = l.args[0]
        if u.free_symbols.isdisjoint(bound) and signs.is_positive(u, nf.domain):
            yield "ln u ≤ u - 1", u - 1 - log(u)
            yield "ln u ≤ u - 1", 1 / u - 1 + log(u)
    for one in sorted(e.atoms(exp), key=str):
        if one.exp.free_symbols.isdisjoint(bound) and signs.is_real(one.exp, nf.domain):
            yield "exp v ≥ 1 + v", one - 1 - one.exp
    for s in _single_sums(e):
        for weight, u in _weighted_logs(nf, s):
            yield "ln u ≤ u - 1", Sum(weight * (u - 1 - log(u)), *s.limits)
            yield "ln u ≤ u - 1", Sum(weight * (1 / u - 1 + log(u)), *s.limits)


def _weighted_logs(nf: NormalForm, s: Sum) -> Iterator[tuple[Expr, Expr]]:
    """w and u for each term w log u of the summand with w ≥ 0, or -w ≥ 0, and u > 0."""
    for term in Add.make_args(expand(s.function)):
        for l in term.atoms(log):
            weight = cancel(term / l)
            if weight.has(log) or not signs.is_positive(l.args[0], nf.domain):
                continue
            for side in (weight, -weight):
                if signs.is_nonnegative(side, nf.domain):
                    yield side, l.args[0]


# ---- Gibbs: Σ p ln p ≥ Σ p ln q for p, q > 0 that sum to 1 over the same range


def _gibbs(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for s in _single_sums(e):
        _, low, high = s.limits[0]
        found = [s.function]
        found += [
            _at(other.function, other, s)
            for other in _single_sums(e)
            if other.limits[0][1:] == s.limits[0][1:]
        ]
        found += [_share(l.args[0], s) for l in sorted(e.atoms(log), key=str) if _alike(l.args[0], s)]
        # Σ p ln(p/q) ≥ Σ p (1 - q/p) = Σ p - Σ q = 0. The uniform law 1/(high - low + 1) is one over this
        # range, which is not empty, or p would not sum to 1.
        masses = [u for u in dict.fromkeys(_parts(found)) if _is_law(nf, u, s.limits[0])]
        for p in masses:
            for q in [*masses, 1 / (high - low + 1)]:
                if p != q:
                    yield "Gibbs' inequality", Sum(p * (log(p) - log(q)), s.limits[0])


def _alike(u: Expr, s: Sum) -> bool:
    return isinstance(u, Sum) and len(u.limits) == 1 and u.limits[0][1:] == s.limits[0][1:]


def _share(total: Sum, s: Sum) -> Expr:
    """What each term has of a sum: softmax, for ln Σ exp z."""
    return _at(total.function, total, s) / total


def _at(f: Expr, own: Sum, s: Sum) -> Expr:
    return f.xreplace({own.limits[0][0]: s.limits[0][0]})


def _parts(found: list[Expr]) -> Iterator[Expr]:
    """The expressions, the factors of the products, and the arguments of the logarithms."""
    for f in found:
        yield f
        yield from (g for g in Mul.make_args(f) if not g.has(log))
        for l in f.atoms(log):
            yield l.args[0]
            yield from (g.as_base_exp()[0] for g in Mul.make_args(l.args[0]))


def _is_law(nf: NormalForm, u: Expr, limit: tuple) -> bool:
    """Whether u > 0 on the range and sums to 1 over it."""
    if not u.has(limit[0]) or not signs.is_positive(u, nf.domain):
        return False
    return nf.is_zero(Sum(u, limit), S.NegativeOne)


# ---- Jensen: weights w ≥ 0 that sum to 1; ln is concave, exp and the square are convex


def _jensen(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for node in sorted(e.atoms(log, exp, Pow), key=str):
        inside = node.base if isinstance(node, Pow) else node.args[0]
        if isinstance(node, Pow) and node.exp != 2:
            continue
        for weight, x, limit in _weighted(nf, inside):
            mean = Sum(weight * x, limit)
            if isinstance(node, log) and signs.is_positive(x, nf.domain):
                yield "Jensen's inequality for ln", log(mean) - Sum(weight * log(x), limit)
            elif isinstance(node, exp) and signs.is_real(x, nf.domain):
                yield "Jensen's inequality for exp", Sum(weight * exp(x), limit) - exp(mean)
            elif isinstance(node, Pow) and signs.is_real(x, nf.domain):
                yield "Jensen's inequality for the square", Sum(weight * x**2, limit) - mean**2


def _weighted(nf: NormalForm, e: Expr) -> Iterator[tuple[Expr, Expr, tuple]]:
    """Weights, values and range of each weighted mean that `e` may be read as."""
    for s in _single_sums(e):
        index, low, high = limit = s.limits[0]
        factors = [g for f in Mul.make_args(s.function) for g in _copies(f)]
        for place, w in enumerate(factors):
            # Weights of both signs may sum to 1, too, and then a convex function says nothing.
            if w.has(index) and _is_law(nf, w, limit):
                yield w, Mul(*factors[:place], *factors[place + 1 :]), limit
        count = high - low + 1
        # Equal weights 1/count only where there certainly is a term.
        if expand(count).is_positive:
            yield 1 / count, s.function, limit
            yield 1 / count, s.function * count * cancel(e / s), limit


def _copies(f: Expr) -> list[Expr]:
    """The factors of a small whole power."""
    return [f.base] * int(f.exp) if f.is_Pow and f.exp in (2, 3) else [f]


# ---- a mean of numbers that are at most 1 is at most 1


def _bounded_means(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for weight, x, limit in _weighted(nf, e):
        if weight.has(limit[0]) and signs.is_nonnegative(expand(1 - x), nf.domain):
            yield "a mean of numbers up to 1", 1 - Sum(weight * x, limit)


# ---- Cauchy and Schwarz: (Σ ab)² ≤ Σ a² Σ b² for real a, b


def _cauchy(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for s, other in combinations(_single_sums(e), 2):
        both = s.function, _at(other.function, other, s)
        if s.limits[0][1:] == other.limits[0][1:] and all(signs.is_nonnegative(f, nf.domain) for f in both):
            yield "Cauchy and Schwarz", s * other - Sum(sqrt(Mul(*both)), s.limits[0]) ** 2
    for s in _single_sums(e):
        limit = s.limits[0]
        factors = [f for f in Mul.make_args(s.function) if f.has(limit[0])]
        splits = [(Mul(*f), Mul(*[g for g in factors if g not in f])) for f in combinations(factors, 1)]
        # Any split into real factors will do. Over an empty range both sides are 0.
        squares = [(f.base, S.One) for f in factors if f.is_Pow and f.exp == 2]
        for a, b in [*splits, *squares, (s.function, S.One)]:
            if not (signs.is_real(a, nf.domain) and signs.is_real(b, nf.domain)):
                continue
            whole = Sum(a * b, limit)
            squares = Sum(a**2, limit) * Sum(b**2, limit)
            roots = sqrt(Sum(a**2, limit)) * sqrt(Sum(b**2, limit))
            yield "Cauchy and Schwarz", squares - whole**2
            for side in (whole, -whole, Abs(whole)):
                yield "Cauchy and Schwarz", roots - side


# ---- the arithmetic and the geometric mean of two numbers a, b ≥ 0


def _means(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    roots = [p.base for p in sorted(e.atoms(Pow), key=str) if p.exp == Rational(1, 2)]
    pairs = [(Mul(*f), cancel(u / Mul(*f))) for u in roots for f in combinations(Mul.make_args(u), 1)]
    pairs += list(combinations(roots, 2))
    for a, b in pairs:
        if all(signs.is_nonnegative(u, nf.domain) for u in (a, b)):
            yield "the geometric mean of two is at most the arithmetic", a + b - 2 * sqrt(a) * sqrt(b)


# ---- |a + b| ≤ |a| + |b|, also for finite sums, of any numbers


def _triangles(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for one in sorted(e.atoms(Abs), key=str):
        u = one.args[0]
        for inside in (u, expand(u)):
            if inside.is_Add:
                yield "the triangle inequality", Add(*[Abs(a) for a in inside.args]) - Abs(u)
                first, *rest = inside.args
                yield "the triangle inequality", Abs(u) - Abs(first) + Abs(Add(*rest))
        if isinstance(u, Sum):
            yield "the triangle inequality", Sum(Abs(u.function), *u.limits) - Abs(u)


# ---- a variance of real letters is not negative; (E ab)² ≤ E a² E b²; E exp u ≥ exp E u


def _of_means(nf: NormalForm, e: Expr) -> Iterator[Instance]:
    for one in sorted(e.atoms(Expectation), key=str):
        # Over everything random: a mean over some letters may leave others in it.
        if isinstance(one.args[0], exp) and not one.over and signs.is_real(one.args[0].exp, nf.domain):
            yield "Jensen's inequality for exp", one - exp(Expectation(one.args[0].exp))
        for u in (one.args[0], sqrt(one.args[0])):
            # E[u²] - E[u]² is the mean of (u - E u)²: for real u, and only over everything random.
            if _is_real_number(u) and not one.over:
                yield "a variance is not negative", Expectation(u**2) - Expectation(u) ** 2
        for a, b in combinations(Mul.make_args(one.args[0]), 2):
            if one.args[0] == a * b and _is_real_number(a) and _is_real_number(b) and not one.over:
                for f, g in ((a, b), (a - Expectation(a), b - Expectation(b))):
                    gap = Expectation(f**2) * Expectation(g**2) - Expectation(f * g) ** 2
                    yield "Cauchy and Schwarz", gap


def _is_real_number(u: Expr) -> bool:
    return bool(u.xreplace({a: Dummy(real=True) for a in u.atoms(Indexed)}).is_real)


# ---- squares completed: a form of degree two in real atoms, with numbers before them


def _is_square_form(nf: NormalForm, e: Expr, strict: bool) -> bool:
    r = expand(cancel(nf.rational(fresh(e))))
    atoms = sorted(r.free_symbols, key=str)
    real = all(signs.is_real(nf.meaning.get(t, t), nf.domain) for t in atoms)
    if not 0 < len(atoms) <= 5 or not real or not r.is_polynomial(*atoms):
        return False
    # A form that is not negative for any atoms is not negative for those that depend, such as u and u².
    poly = Poly(r, *atoms)
    if poly.total_degree() != 2 or not all(c.is_Rational for c in poly.coeffs()):
        return False
    size = len(atoms) + 1  # the last place is that of 1
    form = Matrix.zeros(size, size)
    for powers, c in poly.terms():
        at = [place for place, power in enumerate(powers) for _ in range(power)]
        i, j = (*at, size - 1, size - 1)[:2]
        form[i, j] += c / Integer(2)
        form[j, i] += c / Integer(2)
    # The last letter of the form is 1, so a definite one is more than 0 everywhere.
    return bool(form.is_positive_definite if strict else form.is_positive_semidefinite)
