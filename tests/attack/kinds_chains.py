"""Inductions as chains: written by `induction`, or by hand with a part missing, weaker or elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from sympy import Abs, Expr, Integer, KroneckerDelta, Max, Sum, Symbol, symbols

from helpers.proof import Given, Verdict, define, induction, prove, recursive
from helpers.proof.statement.chain import Chain, Line, Means, Part, Supposed

from .letters import i, k, n, u, x
from .statement import Statement

l = Symbol("l", integer=True)
t = symbols("t", real=True)


def demand(proof: Any) -> None:
    if proof.verdict is not Verdict.PROVED:
        raise ValueError(f"{proof.verdict}")


def upwards(r: Random) -> tuple[type, Expr, Expr]:
    """A recursion from 0 upwards, a right side, and what one step adds to the value before."""
    late = r.choice([1, 2, 5, 9])
    add, total = r.choice(
        [
            (l + 0, l * (l + 1) / 2),
            (x, l * x),
            (KroneckerDelta(l, late) * x, Integer(0)),
            (2 * l - 1, l**2),
            (Max(0, l - late) * x, Integer(0)),
            (x * KroneckerDelta(l, 1), x),
            (l**2, l * (l + 1) * (2 * l + 1) / 6),
        ]
    )
    base = r.choice([Integer(0), Integer(1), x])
    f = recursive("f", [l], start=(l, Integer(0)), base=base, rule=lambda f: f(l - 1) + add)
    return f, total + base + r.choice([0, 0, 0, 0, 0, 0, x, l]), add


def inductions(r: Random) -> Statement:
    """Ranges that do not begin beside the base, recursions downwards, and right sides that are others."""
    f, right, _ = upwards(r)
    first, last = r.choice([(1, n), (1, n), (1, n), (1, n + 3), (2, n + 2), (0, n), (-1, n), (3, n + 3)])
    left, given = f(l), Given(sizes=(n,), free={l: (first, last)})
    if r.random() < 0.3:
        top = r.choice([n, n + 1])
        g = recursive("g", [l], start=(l, top), base=x, rule=lambda g: g(l + 1) * r.choice([1, 2]) + u[1])
        left, right = g(l), r.choice([x + (top - l) * u[1], x, x + u[1]])
        given = Given(sizes=(n,), free={l: (1, r.choice([top - 1, top - 1, top, n - 1]))})
    return Statement(left, right, given, attempt=lambda: induction("i", left, right, l, given))


def arguments(r: Random) -> Statement:
    """The hypothesis at another argument: beside the range of an index, or outside the domain of a letter."""
    if r.random() < 0.5:
        return _other_letters(r)
    shift = r.choice([0, 0, 1, 1, -1])
    base = r.choice(
        [
            KroneckerDelta(i, n + 1) * x,
            KroneckerDelta(i, 0) * x,
            i * x,
            u[i] if shift == 0 else x,
            Max(0, i - n) * x,
        ]
    )
    rules: list[Callable] = [
        lambda f: f(l - 1, i + shift),
        lambda f: Sum(f(l - 1, k), (k, r.choice([0, 1, 1]), r.choice([n, n + 1]))),
        lambda f: 2 * f(l - 1, i + shift) - f(l - 1, i),
    ]
    f = recursive("f", [l, i], start=(l, Integer(0)), base=base, rule=r.choice(rules))
    ends = r.choice([(1, n), (1, n), (1, n), (1, n - l), (1, n + l), (1 + l, n), (0, n + 1), (1 - l, n + l)])
    right = r.choice([Integer(0), base, base.xreplace({i: i + shift * l}), Sum(base, (i, 1, n))])
    given = Given(sizes=(n,), free={l: (1, n), i: ends})
    if r.random() < 0.2:  # the level has a range that depends on the argument
        beside = i + r.choice([0, 40])
        extra = x * (1 - Sum(KroneckerDelta(k, l), (k, 1, beside)))
        f = recursive(
            "f", [l, i], start=(l, Integer(0)), base=0, rule=lambda f: f(l - 1, r.choice([1, i])) + extra
        )
        right, given = Integer(0), Given(sizes=(n,), free={i: (1, n), l: (1, i)})
    left = f(l, i)
    return Statement(left, right, given, attempt=lambda: induction("i", left, right, l, given))


def _other_letters(r: Random) -> Statement:
    base = r.choice([Max(t, 0), Abs(t), t, t**2, define("h", [t], Abs(t))(t)])
    other = r.choice([-t, t, t - 1, t**2, 2 * t, x])
    factor, turn = r.choice([1, 1, -1]), 1 - 2 * KroneckerDelta(l, r.choice([2, 9, 40]))
    if r.random() < 0.3:  # elsewhere at one level only
        factor, other = turn, turn * t
    f = recursive("f", [l, t], start=(l, Integer(0)), base=base, rule=lambda f: factor * f(l - 1, other))
    right = r.choice([t, t, Abs(t), 2**l * t, Integer(0)])
    domain = {t: r.choice(["positive", "unit", "nonnegative", "real", "binary", (1, 2)])}
    given = Given(sizes=(n,), free={l: (1, n)}, domain=domain)
    left = f(l, r.choice([t, t, t, Integer(1), x, t + 1]))
    right = right.xreplace({t: left.args[1]})
    return Statement(left, right, given, attempt=lambda: induction("i", left, right, l, given))


def whole_step(left: Expr, right: Expr, add: Expr, relation: str = "=") -> list[Line]:
    """The recursion, the hypothesis, and the right side."""
    before = right.xreplace({l: l - 1})
    gap = None if relation == "=" else before + add - right
    return [
        Line(left.func(l - 1) + add, means=Means(using=(left,))),
        Line(before + add, means=Means(hypothesis=True)),
        Line(right, means=Means(relation, gap)),
    ]


def chains(r: Random) -> Statement:
    """Both parts by hand; the base is missing, shows less, or stands under other hypotheses."""
    f, right, add = upwards(r)
    first = r.choice([1] * 9 + [2, 4])
    given = Given(sizes=(n,), free={l: (first, n + first)}, domain={x: r.choice(["real", "nonnegative"])})
    bare = replace(given, free={})
    start, at_base = f(0), right.xreplace({l: Integer(0)})
    base = Part("", start, bare, (Line(at_base, means=Means(using=(start,))),))
    bases = [
        *[(base,)] * 12,
        (),
        (replace(base, lines=()),),
        (replace(base, given=replace(bare, domain={x: "positive"})),),
        (replace(base, given=replace(bare, facts=((x, 0),))),),
        (replace(base, lines=(Line(at_base, means=Means("<=", at_base - f.base, (start,))),)),),
        (replace(base, start=at_base),),
        (Part("", f(1), bare, (Line(right.xreplace({l: Integer(1)}), means=Means(using=(f(1),))),)),),
        (base, Part("", x, bare, (Line(x),))),
    ]
    neighbour = r.choice([l - 1] * 9 + [l - 2, l + 1, l])
    supposed = Supposed(f(l), right, l, neighbour)
    lines = whole_step(f(l), right, add, r.choice(["="] * 6 + [">="]))
    if r.random() < 0.1:
        lines = [Line(right, means=Means(hypothesis=True))]
    if r.random() < 0.4:  # all of it as it should be
        bases, lines, supposed = [(base,)], whole_step(f(l), right, add), Supposed(f(l), right, l, l - 1)
    chain = Chain("c", (*r.choice(bases), Part("", f(l), given, tuple(lines), supposed)))
    return Statement(f(l), right, given, attempt=lambda: demand(prove(chain)))


KINDS = [inductions, arguments, chains]
