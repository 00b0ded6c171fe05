"""The letters that the generated statements share."""

from __future__ import annotations

from sympy import IndexedBase, MatrixSymbol, Symbol, symbols

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)
x, y, z, a, b, c = symbols("x y z a b c", real=True)
X, Y, Z = symbols("X Y Z", real=True)
s = Symbol("s", integer=True)
p, q = symbols("p q", positive=True)
u, v, w = (IndexedBase(name, shape=(n,), real=True) for name in "uvw")
e = IndexedBase("e", shape=(n,), real=True)  # entries that get a domain: binary, one-hot, simplex, unit
A = MatrixSymbol("A", n, m)
B = MatrixSymbol("B", m, n)
C = MatrixSymbol("C", n, n)
D = MatrixSymbol("D", n, n)
H = MatrixSymbol("H", n, m)
