"""Oracles: textbook identities of matrices, and false neighbours of each."""

from __future__ import annotations

import pytest
from sympy import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    Lambda,
    MatrixExpr,
    MatrixSymbol,
    OneMatrix,
    symbols,
)

from helpers.proof import Derivation, Given, Verdict, check
from helpers.proof.judge import symbolic

n, N, K = symbols("n N K", integer=True, positive=True)
x = symbols("x", real=True)
PROVED, _, UNKNOWN, REFUTED = Verdict
SIZED = Given(sizes=(n,))
X, B = MatrixSymbol("X", N, n), MatrixSymbol("B", n, K)
g, z = MatrixSymbol("g", n, 1), MatrixSymbol("z", n, 1)
TWO, THREE = Given(sizes=(n, N), span=(2, 3, 1)), Given(sizes=(n, N, K), span=(2, 3, 1), points=9)
SQUARE = Lambda(x, x**2)


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        ((X * B).T, B.T * X.T, THREE),
        (HadamardProduct(g, z), DiagMatrix(z) * g, TWO),
        (X * (g + z), X * g + X * z, TWO),
        (X * Identity(n), X, TWO),
        (2 * X.T.T, X + X, TWO),
        (g.applyfunc(SQUARE), HadamardProduct(g, g), TWO),
        (OneMatrix(1, n) * g * OneMatrix(1, 1), OneMatrix(1, n) * g, TWO),
        ((X * X.T) ** 2, X * (X.T * X) * X.T, TWO),
    ],
)
def test_matrix_identities_hold_entry_by_entry(left: MatrixExpr, right: MatrixExpr, given: Given) -> None:
    assert check(left, right, given)
    assert check(left, 2 * right, given).verdict is REFUTED


def test_transposed_products_of_square_matrices_are_refuted() -> None:
    P, Q = MatrixSymbol("P", n, n), MatrixSymbol("Q", n, n)
    assert check((P * Q).T, P.T * Q.T, SIZED).verdict is REFUTED
    assert check(P * Q, Q * P, SIZED).verdict is REFUTED


def test_a_matrix_chain() -> None:
    d = Derivation("normal equations", X.T * (X * g), TWO).step((X.T * X) * g, "associative")
    assert d.verdict is PROVED


def test_the_entries_of_an_inverse_are_only_letters() -> None:
    P = MatrixSymbol("P", n, n)
    assert check(Inverse(P) * g, g, SIZED).verdict is REFUTED
    assert not symbolic(Inverse(P) * g, g, SIZED)
    assert symbolic(Inverse(P) * (g + z), Inverse(P) * g + Inverse(P) * z, SIZED)
