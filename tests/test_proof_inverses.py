"""Oracles: textbook identities of matrices with inverses, each beside a false neighbour that only a sign, an
order or a transpose parts from it. The symbolic judge alone must tell them apart."""

from __future__ import annotations

import pytest
from sympy import (
    Determinant,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    S,
    Symbol,
    Trace,
    Transpose,
    log,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.proof import Given, Verdict, check
from helpers.proof.judge import numeric, symbolic
from helpers.proof.statement.gradient import Gradient
from helpers.proof.symbolic.words import Words

n, m, k = symbols("n m k", integer=True, positive=True)
eta, lam = Symbol("eta", real=True), Symbol("lambda", positive=True)
A, B, M = (MatrixSymbol(name, n, n) for name in "ABM")
X, Y, y = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m), MatrixSymbol("y", m, 1)
u, v = MatrixSymbol("u", n, 1), MatrixSymbol("v", n, 1)
U, C, V = MatrixSymbol("U", n, k), MatrixSymbol("C", k, k), MatrixSymbol("V", k, n)
PROVED, CHECKED, _, REFUTED = Verdict


def mul(*factors):
    return MatMul(*factors, evaluate=False)


def add(*terms):
    return MatAdd(*terms, evaluate=False)


def number(m):
    return MatrixElement(m, S.Zero, S.Zero)


def given(**domain):
    return Given(
        sizes=(n, m, k), domain={MatrixSymbol(name, n, n): word for name, word in domain.items()}, points=12
    )


HAT = mul(X, Inverse(mul(X.T, X)), X.T)
RIDGE = Inverse(add(mul(X.T, X), mul(lam, Identity(n))))
DUAL = Inverse(add(mul(X, X.T), mul(lam, Identity(m))))
BESIDE = 1 + number(mul(v.T, Inverse(A), u))
STEP = add(Identity(n), mul(eta, A))
ONE = mul(1 / BESIDE, Inverse(A), u, v.T, Inverse(A))
WOODBURY = mul(Inverse(A), U, Inverse(add(Inverse(C), mul(V, Inverse(A), U))), V, Inverse(A))
IDENTITIES = {  # left side, right side, a wrong right side
    "hat matrix": (mul(HAT, HAT), HAT, mul(2, HAT)),
    "hat matrix, transposed": (Transpose(HAT), HAT, mul(-1, HAT)),
    "product": (Inverse(mul(A, B)), mul(Inverse(B), Inverse(A)), mul(Inverse(A), Inverse(B))),
    "transpose": (Transpose(Inverse(A)), Inverse(Transpose(A)), Inverse(A)),
    "difference": (
        add(Inverse(A), mul(-1, Inverse(B))),
        mul(Inverse(A), add(B, mul(-1, A)), Inverse(B)),
        mul(Inverse(B), add(A, mul(-1, B)), Inverse(A)),
    ),
    "push through": (
        mul(Inverse(add(Identity(n), mul(Y, X))), Y),
        mul(Y, Inverse(add(Identity(m), mul(X, Y)))),
        mul(Y, Inverse(add(Identity(m), mul(-1, X, Y)))),
    ),
    "ridge and its dual": (mul(RIDGE, X.T, y), mul(X.T, DUAL, y), mul(X.T, X, RIDGE, X.T, y)),
    "a letter that may be 0": (mul(Inverse(STEP), A), mul(A, Inverse(STEP)), mul(A, Inverse(STEP), A)),
    "parallel sum": (
        Inverse(add(Inverse(A), Inverse(B))),
        mul(A, Inverse(add(A, B)), B),
        mul(A, Inverse(add(A, B)), A),
    ),
    "Sherman-Morrison": (Inverse(add(A, mul(u, v.T))), add(Inverse(A), mul(-1, ONE)), add(Inverse(A), ONE)),
    "Woodbury": (
        Inverse(add(A, mul(U, C, V))),
        add(Inverse(A), mul(-1, WOODBURY)),
        add(Inverse(A), WOODBURY),
    ),
    "trace": (Trace(HAT), n, m),
    "number": (
        number(mul(u.T, Transpose(Inverse(A)), v)),
        number(mul(v.T, Inverse(A), u)),
        number(mul(v.T, Transpose(Inverse(A)), u)),
    ),
    "inverse of an inverse": (Inverse(Inverse(A)), A, Transpose(A)),
    "power": (Inverse(MatPow(A, 2)), mul(Inverse(A), Inverse(A)), Inverse(A)),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_each_identity_is_proved_and_its_neighbour_is_not(name):
    left, right, wrong = IDENTITIES[name]
    assert symbolic(left, right, given())
    assert not symbolic(left, wrong, given())
    assert numeric(left, wrong, given()).verdict is REFUTED


@pytest.mark.parametrize("name", ["product", "hat matrix", "trace"])
def test_both_judges_agree(name):
    left, right, wrong = IDENTITIES[name]
    said = check(left, right, given())
    assert said.verdict is PROVED
    assert any("det" in condition for condition in said.conditions)
    assert check(left, wrong, given()).verdict is REFUTED


def test_symmetry_carries_over_to_the_inverse():
    left, right = number(mul(u.T, Inverse(A), v)), number(mul(v.T, Inverse(A), u))
    assert check(left, right, given(A="symmetric invertible")).verdict is PROVED
    assert check(left, right, given(A="positive definite")).verdict is PROVED
    assert check(left, right, given(A="invertible")).verdict is REFUTED


def test_a_positive_definite_matrix_has_positive_values():
    form = number(mul(u.T, A, u))
    assert numeric(form, S.Zero, given(A="positive definite"), relation=">=").verdict is CHECKED
    assert numeric(form, S.Zero, given(A="symmetric invertible"), relation=">=").verdict is REFUTED


def test_orthonormal_columns():
    assert check(Inverse(A), Transpose(A), given(A="orthogonal")).verdict is PROVED
    assert check(Inverse(A), Transpose(A), given(A="invertible")).verdict is REFUTED


def test_the_slope_of_a_determinant():
    slope = Gradient(log(Determinant(A)), A)
    assert check(slope, Transpose(Inverse(A)), given(A="invertible")).verdict is PROVED
    assert check(slope, Inverse(A), given(A="invertible")).verdict is REFUTED
    assert symbolic(Gradient(Determinant(A), A), mul(Determinant(A), Transpose(Inverse(A))), given())
    assert not symbolic(Gradient(Determinant(A), A), mul(2, Determinant(A), Transpose(Inverse(A))), given())


def test_an_inverse_that_changes_with_the_variable_is_not_held():
    form = number(mul(u.T, Inverse(A), u))
    assert check(Gradient(form, A), mul(0, u, u.T), given(A="invertible")).verdict is REFUTED
    with pytest.raises(ValueError, match="changes with"):
        symbolic(Gradient(form, A), mul(0, u, u.T), given(A="invertible"))
    by_u = mul(add(Inverse(A), Transpose(Inverse(A))), u)
    assert check(Gradient(form, u), by_u, given(A="invertible")).verdict is PROVED


def test_what_never_has_an_inverse_is_not_proved():
    """By algebra alone it would be: M⁻¹ M = I, but this M has at most rank 1."""
    small = Given(sizes=(n,), span=(2, 3))
    said = check(mul(Inverse(mul(u, u.T)), u, u.T), Identity(n), small)
    assert said.verdict is REFUTED
    assert "has no inverse" in said.note


def test_only_a_letter_that_may_move_is_divided_by():
    """From n · w = 0 nothing follows for w where n is 0, and whole numbers have no others nearby."""
    words = Words(lambda letter: letter == eta)
    a = words.letter(n, n)
    assert not words.relate({(a, a): n - 1})
    assert words.relate({(a, a): eta})
    assert words.reduced({(a, a, a): S.One}) == {}
