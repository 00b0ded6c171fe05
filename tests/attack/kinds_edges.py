"""Where all quantities are equal, where a condition holds nowhere, cases at their edges, laws of an index."""

from __future__ import annotations

from random import Random

from sympy import (
    Abs,
    Add,
    Integer,
    Inverse,
    KroneckerDelta,
    MatMul,
    Max,
    Min,
    Ne,
    Piecewise,
    Sum,
    cos,
    exp,
    floor,
    log,
    sin,
)

from helpers.proof import (
    At,
    Bernoulli,
    Categorical,
    Expectation,
    Given,
    Partial,
    Uniform,
    Variance,
    WithoutReplacement,
)

from .kinds_chance import t
from .kinds_given import signs_of_labels
from .letters import A, B, H, X, Y, a, b, c, e, i, j, k, m, n, s, u, v, w, x, y
from .statement import Statement

E, V = Expectation, Variance


def ties(r: Random) -> Statement:
    """Inequalities that are equalities where the letters are equal or 0, strict or not."""
    total = Sum(u[k], (k, 1, n))
    rules = [
        (a * b + b * c + a * c, a**2 + b**2 + c**2),
        (2 * a * b, a**2 + b**2),
        (Abs(a + b + c), Abs(a) + Abs(b) + Abs(c)),
        (Abs(a - c), Abs(a - b) + Abs(b - c)),
        (Min(a, b), Max(a, b)),
        ((a + b) / 2, Max(a, b)),
        (1 + a, exp(a)),
        (total**2 / n, Sum(u[k] ** 2, (k, 1, n))),
        (Abs(total), Sum(Abs(u[k]), (k, 1, n))),
        (Sum(u[k] * w[k], (k, 1, n)), Sum(u[k] ** 2 + w[k] ** 2, (k, 1, n)) / 2),
        (4 * x * y, (x + y) ** 2),
        (x * (1 - x), r.choice([x, 1 - x])),
        (0, x**2 + y**2),
        (floor(a), a),
    ]
    left, right = r.choice(rules)
    more = r.choice([0, 0, 0, 1, -1])
    domain = {x: r.choice(["closed unit", "unit", "nonnegative", "real"]), y: r.choice(["unit", "real"])}
    relation = r.choice(["<", "<", "<="])
    return Statement(left, right + more, Given(sizes=(n,), domain=domain), relation=relation)


def nowhere(r: Random) -> Statement:
    """Right algebra about something that has no value: a rank too low, a pole, a kink."""
    low, two = MatMul(A, B), Add(MatMul(A[:, 0], A[:, 0].T), MatMul(H[:, 0], H[:, 0].T))
    zero = r.choice([sin(x) ** 2 + cos(x) ** 2 - 1, exp(x) * exp(-x + y) - exp(y), log(exp(x)) - x])
    f = r.choice([Abs(x), Max(0, x), Abs(x) * y])
    vector = H if m == 1 else H[:, 0]
    rules = [
        (MatMul(low, Inverse(low), vector), vector, Given(sizes=(n, m), conditions=(m < n,))),
        (MatMul(Inverse(low), low, vector), vector, Given(sizes=(n, m), conditions=(m < n - 1,))),
        (MatMul(two, Inverse(two), vector), vector, Given(sizes=(n, m), conditions=(n > 2,))),
        (y + a / zero, a / zero + y, Given()),
        ((x * zero + zero) / zero, x + 1, Given()),
        (At(Partial(f, x), x, 0), At(Partial(f, x), x, 0) * 1, Given()),
    ]
    left, right, given = r.choice(rules)
    return Statement(left, right, given, nowhere=True)


def edges_of_cases(r: Random) -> Statement:
    """Cases whose borders belong to one side, to the other, or to none."""
    edge = r.choice([0, 0, 1, a])
    over, under = r.choice([(x > edge, x <= edge), (x >= edge, x < edge)])
    f, g = (r.choice([x - edge, edge - x, x, 1, 0, x**2 - edge**2]) for _ in range(2))
    one = Piecewise((f, over), (g, True))
    rules = [
        (one, Piecewise((g, under), (f, True))),
        (one, Piecewise((f, x >= edge), (g, True))),
        (one, r.choice([Max(f, g), Min(f, g), f, g])),
        (one + Piecewise((g, over), (f, True)), f + g),
        (one * Piecewise((0, over), (1, True)), Piecewise((0, x > edge), (g, True))),
        (Piecewise((f, over), (g, x < edge), (1, True)), one),
        (Piecewise((x - edge, x > edge), (edge - x, True)), Abs(x - edge)),
        (Sum(Piecewise((u[k], Ne(k, i)), (0, True)), (k, 1, n)), Sum(u[k], (k, 1, n)) - r.choice([u[i], 0])),
        (floor(x) + floor(-x), r.choice([0, -1, floor(x) - floor(x + 1)])),
        (floor(x + 1), floor(x) + 1),
    ]
    left, right = r.choice(rules)
    return Statement(left, right, Given(sizes=(n,), free={i: (1, n)}))


def laws_of_an_index(r: Random) -> Statement:
    """Arrays whose entries have laws of their own, means inside means, numbers drawn twice."""
    law = {v: Bernoulli(c)} if r.random() < 0.3 else {v[k]: Bernoulli(e[k])}
    total = Sum(v[k], (k, 1, n))
    rules = [
        (E(total), r.choice([Sum(e[k], (k, 1, n)), n * e[i], n * c])),
        (V(total), r.choice([Sum(e[k] * (1 - e[k]), (k, 1, n)), n * c * (1 - c)])),
        (E(v[i] * v[j]), r.choice([e[i] * e[j], e[i] * e[j] + e[i] * (1 - e[i]) * KroneckerDelta(i, j)])),
        (E(v[i] ** 2), r.choice([e[i], e[j], c])),
        (E(E(v[i] * X, v) * v[i]), E(v[i]) * r.choice([E(X * v[i]), E(v[i]) * E(X), E(X)])),
        (E(u[s] * v[s]), r.choice([Sum(u[k] * e[k], (k, 1, n)) / n, E(u[s]) * E(v[i])])),
        (E(Sum(KroneckerDelta(k, s) * u[k], (k, 1, n))), r.choice([E(u[s]), u[i]])),
        (E(Sum(1, (k, 1, s))), r.choice([E(s), n])),
        (E(X * Sum(v[k] * X, (k, 1, n))), r.choice([E(X**2) * Sum(e[k], (k, 1, n)), E(X) ** 2 * E(total)])),
        (V(X + E(X)), V(X)),
        (E(X / (1 + v[i])), E(X) * r.choice([1 - e[i] / 2, 1 / (1 + e[i])])),
        (E(Y), E(E(Y))),
    ]
    given = Given(
        sizes=(n,),
        free={i: (1, n), j: (1, n)},
        random={**law, X: r.choice([Bernoulli(c)]), Y: Bernoulli(c), s: Uniform(1, n)},
        independent=r.choice([(v, X, s), (v, X, s), (v, s), (X, s), ()]),
        domain={e: "unit", c: "unit"},
    )
    return Statement(*r.choice(rules), given)


def drawn_twice(r: Random) -> Statement:
    """Whether two draws are equal, from few numbers: N = 1, more draws than numbers, a shifted range."""
    last = r.choice([n, n, n + 1])
    law = r.choice([WithoutReplacement(1, last), Uniform(1, last), Categorical(e[k], (k, 1, n))])
    same = E(KroneckerDelta(t[i], t[j]))
    rules = [
        (same, r.choice([KroneckerDelta(i, j), 1 / n, 1])),
        (E(t[i] * t[j]), r.choice([E(t[i]) * E(t[j]), E(t[i] ** 2)])),
        (E(KroneckerDelta(t[i], 1)), r.choice([1 / n, 1 / last, e[1]])),
        (E(t[i]), r.choice([(n + 1) / 2, (last + 1) / 2, E(t[j])])),
        (E(KroneckerDelta(t[i], t[j]) * t[i]), r.choice([E(t[i]) * same, KroneckerDelta(i, j) * E(t[i])])),
        (E(Sum(KroneckerDelta(t[k], t[i]), (k, 1, m))), r.choice([1, m / n])),
    ]
    given = Given(
        sizes=(n, m),
        free={i: (1, m), j: (1, m)},
        random={t: law},
        independent=r.choice([(t,), (t,), ()]),
        conditions=r.choice([(), (m <= n,), (n > 1, m <= n), (m > n,)]),
        domain={e: "simplex"},
    )
    return Statement(*r.choice(rules), given)


def beyond_an_end(r: Random) -> Statement:
    """Polynomials of letters that conditions hold beyond an end: signs of factors, ends that are reached."""
    first, second, third = (r.choice([-5, -3, -1, 0, 1, 2, 4]) for _ in range(3))
    says = r.choice([lambda u, end: u > end, lambda u, end: u >= end])
    conditions = [says(a, first), r.choice([b < second, b <= second, says(b, second), Ne(b, 0)])]
    conditions += r.choice([[], [c > a], [c < b], [c >= third], [Ne(c, 0)]])
    left = r.choice([a, a**2, a * b, a * b * c, a**3 * b**2, (a - 1) * (a - 4), a * c - b, Abs(b), a + b * c])
    right = r.choice([0, 0, first, first**2, first * second, first * second - 1, c, b**2])
    return Statement(
        left, right, Given(conditions=tuple(conditions)), relation=r.choice(["<", ">", "<=", ">="])
    )


def small_poles(r: Random) -> Statement:
    """Fractions without a value at one small size or index, divided out rightly or not."""
    pole, near = r.choice([1, 2, 3]), r.choice([0, 0, 0, 1, -1])
    letter, total = r.choice([n, n, i]), Sum(u[k] ** 2, (k, 1, n))
    rules = [
        ((letter**2 - pole**2) / (letter - pole), letter + pole + near),
        (total / (letter - pole) * (letter**2 - pole * letter), total * (letter + near)),
        (1 / (letter - pole) - 1 / letter, (pole + near) / (letter * (letter - pole))),
        (letter / (letter - pole), 1 + pole / (letter - pole - near)),
        (1 / ((letter - 1) * (letter - 2)), 1 / (letter - 2) - 1 / (letter - 1) + near),
        ((letter - pole) ** 2 / (letter - pole), Abs(letter - pole) + near),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (1, n)}))


def solved_deltas(r: Random) -> Statement:
    """A delta that compares an index through a shift or a turn, with the place inside the range or not."""
    shift, way = r.choice([0, 1, 1, 2, -1]), r.choice([1, 1, 1, -1])
    place = k + shift if way == 1 else n + 1 - k
    at = i - shift if way == 1 else n + 1 - i
    low, high = r.choice([(1, n), (1, n), (2, n), (1, n - 1), (1 + shift, n + shift)])
    body = r.choice([k, k**2, 1, u[k]]) if shift == 0 or way == -1 else r.choice([k, k**2, 1])
    there = Integer(0) + body if body == 1 else body.xreplace({k: at})
    rules = [
        (Sum(KroneckerDelta(place, i) * body, (k, 1, n)), r.choice([there, there, there + 1, 0])),
        (Sum(KroneckerDelta(2 * k, 2 * i) * body, (k, 1, n)), r.choice([body, 0])),
        (Partial(Sum(u[k] * u[k + 1], (k, 1, n - 1)), u[i]), u[i + 1] + r.choice([u[i - 1], 0])),
        (Partial(Sum((u[k + 1] - u[k]) ** 2, (k, 1, n - 1)), u[i]), 4 * u[i] - 2 * u[i + 1] - 2 * u[i - 1]),
    ]
    inside = r.choice([(low, high), (2, n - 1)])
    left, right = r.choice(rules if inside == (2, n - 1) else rules[:2])
    return Statement(left, right, Given(sizes=(n,), free={i: inside}))


KINDS = [
    beyond_an_end,
    ties,
    nowhere,
    edges_of_cases,
    laws_of_an_index,
    drawn_twice,
    small_poles,
    solved_deltas,
    signs_of_labels,
]
