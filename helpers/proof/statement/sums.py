"""Sums and products that leave one index out, as plain SymPy."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Ne, Piecewise, Product, Sum, Symbol, sympify


def sum_except(term: Any, index: Symbol, without: Any, first: Any, last: Any) -> Sum:
    """The sum of `term` over index = first..last without index = `without`, where it needs no value."""
    return Sum(_elsewhere(term, index, without, 0), (index, first, last))


def product_except(term: Any, index: Symbol, without: Any, first: Any, last: Any) -> Product:
    """The product of `term` over index = first..last without index = `without`."""
    return Product(_elsewhere(term, index, without, 1), (index, first, last))


def _elsewhere(term: Any, index: Symbol, without: Any, there: int) -> Piecewise:
    return Piecewise((sympify(term), Ne(index, sympify(without))), (Integer(there), True))
