"""Vectors and matrices as terms of their own, where a text needs more of them than their entries.

An inverse or a determinant has no entries that could be written out, and that a matrix is symmetric is said
of the whole. In a text with one of them, arrays that are used whole are matrices; everywhere else they are
entries, as in `grids`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sympy import (
    Add,
    Expr,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    S,
    Transpose,
    ZeroMatrix,
)

from ..statement.given import OF_MATRICES
from ..statement.terms import define, settle
from . import grids
from . import trees as g
from .draft import Draft, use_of
from .fits import TRANSPOSES
from .grids import Grid, Misfit, as_grid, one_entry, shown
from .latex import ReadError
from .shapes import ONE
from .uses import every, uses

if TYPE_CHECKING:
    from .formulas import Formulas
    from .values import Values

MAX_POWER, MAX_WRITTEN = 40, 4
MINUS_ONE = g.Added((("-", g.Num("1")),))


def is_inverse(above: g.Node | None) -> bool:
    """Whether a power is −1, or −T: an inverse, or its transpose."""
    return above == MINUS_ONE or is_turned_inverse(above)


def is_turned_inverse(above: g.Node | None) -> bool:
    if not isinstance(above, g.Added) or len(above.terms) != 1:
        return False
    (sign, term) = above.terms[0]
    return sign == "-" and term in TRANSPOSES


# ---- which names are matrices of their own
def has_whole(names: Values) -> bool:
    """Whether a text inverts a matrix, or takes its determinant."""
    return any(_needs(names, node) for tree in names.drafts.trees() for node in _deep(tree))


def _needs(names: Values, node: g.Node) -> bool:
    if node in (g.Sign("det"), g.Words("det")) or (
        isinstance(node, g.Scripts) and node.base in (g.Sign("det"), g.Words("det"))
    ):
        return True
    return isinstance(node, g.Scripts) and is_inverse(node.above) and _is_matrix(names, node.base)


def _is_matrix(names: Values, node: g.Node) -> bool:
    if names.shape(node) is not None:
        return True
    return isinstance(node, g.Name) and any(
        d.name == node and d.rank == 2 and not d.function for d in names.drafts.of.values()
    )


def _deep(tree: g.Node) -> Iterator[g.Node]:
    for node in every(tree):
        yield node
        if isinstance(node, g.Scripts) and node.above is not None:
            yield from _deep(node.above)


def is_whole(names: Values, draft: Draft, ranges: tuple) -> bool:
    """Whether a plain array of this text becomes a matrix: it is used whole, and nothing of it is random."""
    said = [kind for node, kind in names.supposed.domains if names.drafts.find(use_of(node)) is draft]
    rank = draft.rank if not draft.above and not draft.inner else 0
    if rank not in (1, 2) or not all(r is not None and r[0] == 1 for r in ranges):
        return False
    if any(kind in OF_MATRICES for kind in said):
        return True
    held = {"onehot", "simplex", "affine", "sums to 1", "random", "binary", "sign"}
    chance = [node for node, *_ in (*names.supposed.laws, *names.supposed.moments)]
    for member in (one for group in names.supposed.independent for one in group):
        chance += member if isinstance(member, tuple) else [member]
    drawn = any(names.drafts.find(use_of(node)) is draft for node in chance)
    return names.whole and draft.whole and not drawn and held.isdisjoint(map(str, said))


def matrix(name: str, ranges: tuple) -> MatrixSymbol:
    """A vector is a matrix of one column."""
    sizes = [high for _, high in ranges]
    return MatrixSymbol(name, sizes[0], sizes[1] if len(sizes) == 2 else S.One)


def join_squares(names: Values) -> None:
    """A symmetric or invertible matrix is square, if no sentence says its shape."""
    for node, kind in names.supposed.domains:
        draft = names.drafts.find(use_of(node))
        if kind in OF_MATRICES and kind != "orthogonal" and isinstance(draft, Draft) and draft.rank == 2:
            names.spans.join(("axis", draft.key, 0), ("axis", draft.key, 1))


def named(names: Values, draft: Draft, body: Any) -> Any:
    """A vector that is defined whole: by entries with a name, if the text derives by it."""
    x = as_grid(body)
    vector = x.columns == 1 and x.rows is not None and not draft.function and not draft.decoration
    if not vector or not any(_derives_by(tree, draft.name) for tree in names.drafts.trees()):
        return body
    i = names.formulas.letter()
    function = define(draft.symbol_name, [i], x.entry(i, S.One), latex=draft.latex_name)
    names.definitions.append((function(i), function.body))
    return grids.column(x.rows, lambda at: function(at))


def _derives_by(tree: g.Node, name: g.Name) -> bool:
    for node in every(tree):
        below = node.below if isinstance(node, (g.Frac, g.Scripts)) else None
        slope = isinstance(node, g.Frac) or (isinstance(node, g.Scripts) and node.base == g.Sign("nabla"))
        if slope and any(use.name == name and use.scripts.below is None for use in uses(below, {})):
            return True
    return False


def find_recursions(names: Values) -> None:
    """A recursion whose start or rule is a vector is one of vectors: w_t has entries, as x_i in R^n has."""
    for draft in [d for d in names.drafts.of.values() if d.definition and d.definition.start]:
        assert draft.definition is not None
        assert draft.definition.start is not None
        bodies = (draft.definition.start.definition.body, draft.definition.body)
        shapes = [shape for body in bodies if (shape := names.shape(body)) is not None]
        if shapes and shapes[0][1] == ONE and draft.rank == 1:
            draft.rank, draft.inner = 2, 1
        if draft.inner:
            for body in bodies:
                if (shape := names.shape(body)) is not None:
                    names.spans.join(("axis", draft.key, draft.rank - 1), shape[0])


# ---- products, sums and inverses
def fitted(values: list[Any]) -> list[Any]:
    """I and the vector of ones as large as the matrices that they are added to."""
    known = next((v.shape for v in values if isinstance(v, MatrixExpr)), None)
    if known is None or not all(isinstance(v, MatrixExpr) or v.whole is not None for v in values):
        return values
    return [
        v if isinstance(v, MatrixExpr) else v.whole(v.rows or known[0], v.columns or known[1]) for v in values
    ]


def total(terms: list[Any]) -> Any:
    """The sum of matrices, of grids, or of numbers. Raises Misfit if two shapes differ."""
    if not any(isinstance(t, (MatrixExpr, Grid)) for t in terms):
        return Add(*terms, evaluate=False)
    terms = fitted(terms)
    if any(isinstance(t, Grid) for t in terms):
        return grids.added([as_grid(t) for t in terms])
    sizes = [Grid(*t.shape, None) for t in terms]
    for one in sizes[1:]:
        if any(settle(a - b) != 0 for a, b in ((one.rows, sizes[0].rows), (one.columns, sizes[0].columns))):
            raise Misfit("a sum of " + " and ".join(map(shown, sizes)))
    return MatAdd(*terms, evaluate=False)


def alike(values: list[Any]) -> list[Any]:
    """0, I and the vector of ones as large as the matrix with which a row compares them."""
    known = next((v.shape for v in values if isinstance(v, MatrixExpr)), None)
    if known is None or not all(isinstance(v, MatrixExpr) or v == 0 or _may_be(v, known) for v in values):
        return values
    made = (ZeroMatrix(*known) if v == 0 else v.whole(*known) if isinstance(v, Grid) else v for v in values)
    return list(made)


def _may_be(value: Any, shape: tuple[Expr, Expr]) -> bool:
    if not isinstance(value, Grid) or value.whole is None:
        return False
    sizes = zip((value.rows, value.columns), shape, strict=True)
    return all(one is None or settle(one - other) == 0 for one, other in sizes)


def product(values: list[Any]) -> Any:
    """The product of numbers and matrices in the order in which it is written; a number if it has one entry.

    Raises Misfit if two shapes do not fit.
    """
    numbers: list[Expr] = []
    factors: list[MatrixExpr] = []
    for v in values:
        v = one_entry(v)
        if not isinstance(v, MatrixExpr):
            numbers.append(v)
            continue
        if factors and settle(factors[-1].shape[1] - v.shape[0]) != 0:
            one, other = (shown(Grid(*m.shape, None)) for m in (MatMul(*factors, evaluate=False), v))
            raise Misfit(f"a product of {one} and {other}")
        factors.append(v)
        whole = MatMul(*factors, evaluate=False) if len(factors) > 1 else v
        if tuple(whole.shape) == (1, 1):
            numbers.append(one_entry(whole))
            factors = []
    if not factors:
        return Mul(*numbers, evaluate=False) if len(numbers) > 1 else numbers[0]
    return MatMul(*numbers, *factors, evaluate=False) if numbers or len(factors) > 1 else factors[0]


def sized(values: list[Any]) -> list[Any]:
    """In a product I takes its size from the matrix beside it, and the vector of ones its length."""
    found = list(values)
    places = [k for k, v in enumerate(values) if isinstance(v, (MatrixExpr, Grid))]
    if not any(isinstance(values[k], MatrixExpr) for k in places):
        return values
    for step in (1, -1):
        order = places if step == 1 else places[::-1]
        for before, k in pairwise(order):
            one, v = found[before], found[k]
            if isinstance(one, MatrixExpr) and isinstance(v, Grid) and v.whole is not None:
                size = one.shape[1] if step == 1 else one.shape[0]
                rows, columns = (v.rows or size, v.columns) if step == 1 else (v.rows, v.columns or size)
                if v.rows is None and v.columns is None and v.whole is not ZeroMatrix:
                    rows = columns = size  # I is square
                if rows is not None and columns is not None:
                    found[k] = v.whole(rows, columns)
    return found


def power(f: Formulas, value: Any, above: g.Node) -> Any:
    """A transpose, an inverse or a whole power."""
    if above in TRANSPOSES or above == g.Scripts(g.Name(""), primes=1):
        return value.T if isinstance(value, Grid) else Transpose(value)
    if is_turned_inverse(above):
        return inverse(value, True, above.at)
    exponent = f.number(above)
    if exponent == -1:
        return inverse(value, False, above.at)
    if not (exponent.is_Integer and 0 < exponent <= MAX_POWER):
        raise ReadError(
            "Of a vector or a matrix only a transpose, an inverse and whole powers are read.", above.at
        )
    if isinstance(value, MatrixExpr) and settle(value.shape[0] - value.shape[1]) == 0:
        return MatPow(value, exponent)
    x = value if isinstance(value, Grid) else Grid(*value.shape, None)
    if x.rows is None or x.columns is None or settle(x.rows - x.columns) != 0 or exponent > MAX_WRITTEN:
        raise ReadError(
            "Of a vector only a transpose is read, of a matrix by its entries small powers, too.", above.at
        )
    return f.times([value] * int(exponent))


def inverse(value: Any, turned: bool, at: int) -> Any:
    """The inverse of a matrix, or its transpose. Raises Misfit if it is not square."""
    if isinstance(value, Grid):
        if value.whole is None or value.rows is None:
            raise ReadError(
                "An inverse is read of a matrix that has a name and a shape, as in “Let $A \\in "
                "\\mathbb{R}^{n \\times n}$”, and of sums and products of such.",
                at,
            )
        value = value.whole(value.rows, value.columns)
    if settle(value.shape[0] - value.shape[1]) != 0:
        raise Misfit(f"only a square matrix has an inverse, and this is {shown(Grid(*value.shape, None))}")
    return Transpose(Inverse(value)) if turned else Inverse(value)
