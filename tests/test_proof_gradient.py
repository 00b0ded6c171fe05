"""Gradients by vectors and matrices in the shape of what they are taken by; inverses beside what they invert.

Oracle: the matrix cookbook's identities; each false one lacks a transpose or a half.
"""

from __future__ import annotations

import pytest
from sampling import sample
from sympy import (
    Determinant,
    Identity,
    Integral,
    Inverse,
    MatMul,
    MatrixSymbol,
    Ne,
    Rational,
    Sum,
    Trace,
    ZeroMatrix,
    exp,
    log,
    sqrt,
    symbols,
)

from helpers.proof import Given, Gradient, Verdict, check
from helpers.proof.show.formulas import hypotheses_latex, latex

n, m = symbols("n m", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
a, z = symbols("a z", real=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
X, W = MatrixSymbol("X", m, n), MatrixSymbol("W", m, n)
w, b, h = (MatrixSymbol(name, n, 1) for name in "wbh")
y = MatrixSymbol("y", m, 1)
SIZED = Given(sizes=(n, m))
rest = X * w - y
squares = Sum(w[i, 0] ** 2, (i, 0, n - 1))

TRUE = {
    "a quadratic form": (Gradient(w.T * A * w, w), (A + A.T) * w),
    "a symmetric one": (Gradient(w.T * A * w, w), 2 * A * w, Given(sizes=(n,), domain={A: "symmetric"})),
    "linear": (Gradient(b.T * w, w), b),
    "least squares": (Gradient(rest.T * rest, w), 2 * X.T * rest),
    "ridge": (Gradient(rest.T * rest + a * w.T * w, w), 2 * X.T * rest + 2 * a * w),
    "by a matrix": (Gradient(y.T * W * h, W), y * h.T),
    "a layer": (Gradient((W * h - y).T * (W * h - y), W), 2 * (W * h - y) * h.T),
    "a trace": (Gradient(Trace(A * B), A), B.T),
    "a norm of a matrix": (Gradient(Trace(W.T * W), W), 2 * W),
    "a norm": (Gradient(sqrt(squares), w), w / sqrt(squares)),
    "a function of a sum": (Gradient(log(1 + exp((b.T * w)[0, 0])), w), b / (1 + exp(-(b.T * w)[0, 0]))),
    "twice": (Gradient(Gradient(w.T * A * w, w)[0, 0], w)[0, 0], 2 * A[0, 0]),
    "a square written out": (rest.T * rest, w.T * X.T * X * w - 2 * y.T * X * w + y.T * y),
    "normal equations": (
        X.T * (X * ((X.T * X).I * X.T * y) - y),
        ZeroMatrix(n, 1),
        Given(sizes=(n, m), conditions=(Ne(Determinant(X.T * X), 0),)),
    ),
}
FALSE = {
    "without the transpose": (Gradient(w.T * A * w, w), 2 * A * w),
    "without the two": (Gradient(rest.T * rest, w), X.T * rest),
    "a row": (Gradient(b.T * w, w), b.T),
    "the trace's own": (Gradient(Trace(A * B), A), B),
    "an inverse that commutes": (MatMul(Inverse(A), B, A), B),
    "a determinant of a sum": (Determinant(A + B), Determinant(A) + Determinant(B)),
}


@pytest.mark.parametrize("name", sample(TRUE, 2))
def test_a_true_line_is_proved(name):
    lhs, rhs, *given = TRUE[name]
    assert check(lhs, rhs, *(given or [SIZED])).verdict is Verdict.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_a_false_line_is_refuted(name):
    lhs, rhs, *given = FALSE[name]
    assert check(lhs, rhs, *(given or [SIZED])).verdict is Verdict.REFUTED


def test_an_inverse_without_a_condition_shows_it_and_a_condition_says_it():
    shown = check(MatMul(Inverse(A), A, w), w, SIZED)
    assert shown.verdict is Verdict.PROVED
    assert shown.conditions == (r"\det A \ne 0",)
    said = check(MatMul(Inverse(A), A, w), w, Given(sizes=(n,), domain={A: "invertible"}))
    assert said.conditions == ()


def test_what_has_no_rule_says_so():
    unread = check(Integral(z**2, (z, 0, 1)), Rational(1, 3))
    assert unread.verdict is Verdict.UNKNOWN
    assert "Integral" in unread.note
    counted = check(Determinant(Identity(n) + w * w.T), 1 + (w.T * w)[0, 0], SIZED)
    assert counted.verdict is Verdict.CHECKED
    assert "does not see why" in counted.note


def test_a_gradient_is_of_a_number_by_a_matrix():
    with pytest.raises(ValueError, match="is that of a number"):
        Gradient(A * w, w)
    with pytest.raises(ValueError, match="no matrix or vector"):
        Gradient(z**2, z)


def test_it_is_printed_with_its_shapes():
    assert latex(Gradient(w.T * A * w, w)) == r"\nabla_{w} \left[w^{T} A w\right]"
    given = Given(sizes=(n,), domain={A: "symmetric"})
    assert r"A \in \mathbb{R}^{n \times n} \text{ symmetric}" in hypotheses_latex(given)


def test_an_identity_beside_an_inverse():
    assert check(A * A.I, Identity(n), Given(sizes=(n,), domain={A: "invertible"})).verdict is Verdict.PROVED
