"""Names: letters that assume more than is said, bound twice, or hidden in definitions and recursions."""

from __future__ import annotations

from random import Random

from sympy import (
    Abs,
    Expr,
    I,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Limit,
    Rational,
    Sum,
    Symbol,
    cos,
    pi,
    sign,
    sin,
    sqrt,
)

from helpers.proof import At, Given, Partial, define, recursive

from .letters import a, i, k, l, n, u, w, x, y
from .statement import Statement


def assumed(r: Random) -> Statement:
    """A letter with an assumption, under a domain, or bound where its values may break it."""
    kind = r.choice(["positive", "negative", "nonnegative", "integer"])
    loaded, plain = Symbol("s", **{kind: True, "real": True}), Symbol("s", real=True)

    def said(s: Symbol, how: str) -> Expr:
        return {
            "abs": Abs(s),
            "root": sqrt(s**2),
            "sign": sign(s),
            "wave": sin(pi * s),
            "turn": cos(2 * pi * s),
        }[how]

    how = r.choice(["abs", "root", "sign", "wave", "turn"])
    at = r.choice([-3, -1, 2, Rational(1, 2), 3])
    if r.random() < 0.5:  # a value that the assumption allows
        at = {"positive": 2, "negative": -3, "nonnegative": Rational(1, 2), "integer": -1}[kind]
    simple = said(loaded, how)
    means = r.choice(["at", "limit", "parameter", "domain"])
    if means == "domain":
        domain = r.choice(["real", "positive", "nonnegative", "nonzero", (1, 2), (-2, -1), "unit", "binary"])
        if r.random() < 0.5:  # one that says what the letter assumes
            domain = {"positive": "unit", "negative": (-2, -1), "nonnegative": (0, 2), "integer": "binary"}[
                kind
            ]
        claim = simple if simple != said(plain, how) else plain
        return Statement(
            simple,
            claim,
            Given(domain={loaded: domain}),
            meant=(said(plain, how), claim.xreplace({loaded: plain})),
        )
    wrap = {
        "at": lambda s: At(said(s, how) * x, s, at),
        "limit": lambda s: Limit(said(s, how) * x, s, at, "-"),
        "parameter": lambda s: define("g", [s], said(s, how) * x)(at),
    }[means]
    claim = simple.subs(loaded, at) * x if r.random() < 0.7 else said(plain, how).subs(plain, at) * x
    return Statement(wrap(loaded), claim, meant=(wrap(plain), claim))


def assumed_sizes(r: Random) -> Statement:
    """A size or an array whose letter assumes more than a size or a domain does."""
    if r.random() < 0.5:
        kind = r.choice([{"even": True}, {"odd": True}, {"prime": True}, {}])
        size, plain = (
            Symbol("n", integer=True, positive=True, **kind),
            Symbol("n", integer=True, positive=True),
        )
        tests = [
            lambda s: (-1) ** s,
            lambda s: cos(pi * s) * x,
            lambda s: KroneckerDelta(s, 1),
            lambda s: Abs(s),
        ]
        build = r.choice(tests)
        claim = r.choice([build(size), -build(size)])
        given = Given(sizes=(size,))
        return Statement(build(size), claim, given, meant=(build(plain), claim.xreplace({size: plain})))
    domain = r.choice(["real", "positive", "positive", "nonnegative", "unit", "nonzero", "binary", "simplex"])
    kind = r.choice(
        [{"positive": True}, {"nonnegative": True}, {"nonzero": True, "real": True}, {"integer": True}]
    )
    loaded, plain = (IndexedBase("g", shape=(n,), **assumption) for assumption in (kind, {"real": True}))
    build = r.choice(
        [lambda g: Abs(g[i]), lambda g: sqrt(g[i] ** 2), lambda g: sin(pi * g[i]), lambda g: Abs(sign(g[i]))]
    )
    claim = build(loaded) if r.random() < 0.8 else loaded[i]
    given = Given(sizes=(n,), free={i: (1, n)}, domain={loaded: domain})
    return Statement(build(loaded), claim, given, meant=(build(plain), claim.xreplace({loaded: plain})))


def captured(r: Random) -> Statement:
    """Nested sums with one index, a free letter beside a bound one, and names the machine might use."""
    other = r.choice(
        [i, k, Symbol("_q0", integer=True), Symbol("t", integer=True), Symbol("_k", integer=True)]
    )
    given = Given(sizes=(n,), free={other: (1, n)})
    bound = r.choice([k, l, other])
    body = r.choice(
        [
            u[k] * w[other],
            u[k] + w[other],
            u[k] * KroneckerDelta(k, other),
            u[k] * Sum(w[bound], (bound, 1, n)),
        ]
    )
    left = Sum(body, (k, 1, n))
    turned = r.choice([{k: l}, {k: l, other: l}, {other: k}, {u: w, w: u}])
    right = r.choice(
        [
            Sum(body.xreplace({k: l}), (l, 1, n)),
            Sum(body.xreplace(turned), (l, 1, n)),
            w[other] * Sum(u[k], (k, 1, n)) + r.choice([0, 0, 1]) * body,
            Sum(u[k], (k, 1, n)) * Sum(w[k], (k, 1, n)),
            u[other] + 0,
        ]
    )
    return Statement(left, right, given)


def bound_twice(r: Random) -> Statement:
    """A letter bound by a value, a limit or a derivative inside another that binds it, too."""
    f = r.choice([x * y, x**2 + y, x * k, x * y**2 + x])
    value = r.choice([y, x + 1, k, Integer(2), x * y])
    lefts = [
        (At(At(f, x, value), y, 3), f.subs(x, value).subs(y, 3)),
        (At(At(f, y, 3), x, value), f.subs(y, 3).subs(x, value)),
        (At(Partial(f, x), x, value), f.diff(x).subs(x, value)),
        (Partial(At(f, x, value), y), f.subs(x, value).diff(y)),
        (At(x * At(f, x, value), x, 2), 2 * f.subs(x, value).subs(x, 2)),
        (Limit(At(f, x, value), y, 0, "+"), f.subs(x, value).subs(y, 0)),
        (Sum(At(f * u[k], x, value), (k, 1, n)), Sum(f.subs(x, value) * u[k], (k, 1, n))),
        (At(Sum(f * u[l], (l, 1, n)), x, value), f.subs(x, value) * Sum(u[k], (k, 1, n))),
    ]
    left, right = r.choice(lefts)
    right = r.choice([right, right, f.subs(x, value), f.subs(y, 3), right.subs(k, l), right + x - 2])
    return Statement(left, right, Given(sizes=(n,), free={k: (1, n), l: (1, n)}))


def defined(r: Random) -> Statement:
    """Definitions whose bodies have letters of their own, called where these are bound."""
    free = r.choice([u[k], x, k * x, u[k] * x])
    g = define("g", [y], y * free)
    h = define("h", [x], g(x) + r.choice([0, x]))
    uses = [
        (Sum(g(w[k]), (k, 1, n)), Sum(w[k] * free, (k, 1, n))),
        (Sum(g(w[l]), (l, 1, n)), Sum(w[k] * free, (k, 1, n))),
        (At(g(2), x, 5), 2 * free.subs(x, 5)),
        (At(g(2), x, 5), 2 * free),
        (Partial(g(x), x), (x * free).diff(x)),
        (Partial(g(a), x), (a * free).diff(x)),
        (Partial(h(a), a), h(a).diff(a)),
        (Sum(g(1), (k, 1, n)), n * free),
        (h(2), 2 * free),
    ]
    left, right = r.choice(uses)
    return Statement(left, right, Given(sizes=(n,), free={k: (1, n)}))


def recursions(r: Random) -> Statement:
    """Derivatives, values, limits and sums that pass by what a recursion says in its definition."""
    late = r.choice([2, 4, 6, 9])
    pieces = [x, KroneckerDelta(l, late) * x, u[k] + 0 * x, x * l, sin(x)]
    base, add = r.choice([Integer(1), x, u[k]]), r.choice(pieces)
    f = recursive("f", [l], start=(l, Integer(0)), base=base, rule=lambda f: f(l - 1) + add)
    level = r.choice([Integer(0), Integer(1), n])
    lefts = [
        (Partial(f(level), x), r.choice([0, 1, level])),
        (At(f(level), x, 2), f(level)),
        (Limit(f(level), x, 0, "+"), f(level)),
        (Sum(f(level) * w[k], (k, 1, n)), f(level) * Sum(w[k], (k, 1, n))),
        (Sum(f(level), (k, 1, n)), n * f(level)),
        (f(n + 1) - f(n), add.subs(l, n + 1)),
        (f(n), f(n - 1) + add.subs(l, n)),
        (f(1), base + add.subs(l, 1)),
    ]
    left, right = r.choice(lefts)
    using = tuple(g for g in left.atoms(f) if g.args[0] not in (0, n - 1) and r.random() < 0.9)
    return Statement(left, right, Given(sizes=(n,), free={k: (1, n)}), means={"using": using})


def recursion_arguments(r: Random) -> Statement:
    """Recursions with an argument that is no index, complex pieces, and pieces in other definitions."""
    t = Symbol("t", real=True)
    bodies = [
        sin(pi * t),
        cos(2 * pi * t),
        sqrt(t**2),
        t,
        sign(t),
        I * t,
        sqrt(t),
        KroneckerDelta(t, Rational(1, 2)),
    ]
    body = r.choice(bodies)
    inner = define("inner", [y], body.subs(t, y))
    base = r.choice([body, inner(t)])
    f = recursive(
        "f", [l, t], start=(l, Integer(0)), base=base, rule=lambda f: f(l - 1, t) * r.choice([1, -1])
    )
    value = r.choice([x, 2 * x, I * x, Integer(2)])
    level = r.choice([0, 1])
    lefts = [
        (f(0, value), r.choice([body.subs(t, value), Integer(0), Integer(1), Abs(value), value])),
        (Abs(f(level, value)) ** 2, f(level, value) ** 2),
        (sqrt(f(level, value) ** 2), Abs(f(level, value))),
        (Limit(f(0, x), x, 0, "+"), f(0, 0)),
        (Limit(f(0, x + a - 7), x, 0, "+"), f(0, a - 7)),
        (f(1, value) ** 2, f(0, value) ** 2),
    ]
    left, right = r.choice(lefts)
    using = tuple(left.atoms(f)) if r.random() < 0.8 else ()
    return Statement(left, right, means={"using": using})


KINDS = [assumed, assumed_sizes, captured, bound_twice, defined, recursions, recursion_arguments]
