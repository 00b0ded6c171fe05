"""Derivatives as they are written: ∂C/∂w_j, d f/d x, ∂²C/∂w², also by a quantity or a whole vector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, MatrixSymbol, Mul, Pow, S, Symbol, Transpose, preorder_traversal
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.gradient import Gradient
from ..statement.recursive import RecursiveFunction
from ..statement.terms import At, NamedFunction, Partial
from . import named, slopes
from . import trees as g
from .grids import Grid, as_grid, is_grid
from .jacobians import is_upright, jacobian
from .latex import ReadError
from .names import label
from .uses import uses

if TYPE_CHECKING:
    from .formulas import Formulas

DIFFERENTIALS = ("d", "delta")


def derivative(f: Formulas, node: g.Frac) -> Any:
    """∂C/∂w, d f/d x, ∂²C/∂w²; None if the fraction is none."""
    inside = _numerator(node.above, d_is_known(f))
    if inside is None:
        return None
    by = variables(f, node.below, order(node.above))
    if by is None:
        return None
    return derive_by(f, _function_at(f, inside, by) or f.value(inside), by, node.at)


def _function_at(f: Formulas, inside: g.Node, by: list[Any]) -> Expr | None:
    """g(t) in dg/dt, where g is a function of one number and t a letter; None for anything else."""
    known = f.vocabulary.of(inside) if isinstance(inside, g.Name) else []
    own = named.own_letters(f, known[-1]) if known and all(m.function for m in known) else None
    if own is not None and (len(own) > 1 or by[0] in own or depends(known[-1].value(*own), by[0])):
        return known[-1].value(*own)
    alone = len({*by}) == 1 and isinstance(by[0], Symbol)
    if not (alone and known and all(m.function and not m.through for m in known)):
        return None
    function = known[-1].value
    return function(by[0]) if len(getattr(function, "parameters", None) or (by[0],)) == 1 else None


def at_argument(f: Formulas, node: g.Node, bracket: g.Bracket | None, power: g.Node | None) -> Expr | None:
    """df/dz (a), where f is a function: its derivative at a. None if the bracket is a factor."""
    if not isinstance(node, g.Frac) or bracket is None or power is not None:
        return None
    inside = _numerator(node.above, d_is_known(f))
    known = f.vocabulary.of(inside) if isinstance(inside, g.Name) else []
    by = variables(f, node.below, order(node.above)) if inside is not None else None
    if not by or len(bracket.items) != 1 or bracket.kind != "(" or not isinstance(by[0], Symbol):
        return None
    value = derivative(f, node)
    if known and all(m.function for m in known) and len({*by}) == 1:
        return At(value, by[0], f.number(bracket.items[0]))
    if f.value(bracket.items[0]) == by[0]:
        raise ReadError(
            "Does the bracket after this derivative say where it is taken, or is it a factor? Write "
            "\\big|_{z=…} or \\cdot.",
            node.at,
        )
    return None


def variables(f: Formulas, below: g.Node, order: int) -> list[Any] | None:
    """What a derivative is taken by, from the inside out; None if the denominator is no ∂ or d."""
    pieces = _denominator(below, d_is_known(f))
    if pieces is None:
        return None
    if len(pieces) == 1 and order > 1:
        (piece,) = pieces
        if not (isinstance(piece, g.Scripts) and label(piece.above) == str(order)):
            raise ReadError(f"The derivative is of order {order} above and not below.", below.at)
        pieces = [g.Scripts(piece.base, piece.below, None, piece.primes, at=piece.at)] * order
    if len(pieces) != order:
        raise ReadError(f"The derivative is of order {order} above and {len(pieces)} below.", below.at)
    return [f.value(piece) for piece in reversed(pieces)]


def derive_by(f: Formulas, value: Any, by: list[Any], at: int) -> Any:
    """The derivative by one variable after another, its entries as the text arranges them."""
    for variable in by:
        if is_grid(variable) and is_grid(value):
            turned = f.arrangement.turned
            value, by_layout = jacobian(value, variable, turned, lambda e, v: _partial(e, v, at), at)
            f.by_layout = "vector" if by_layout else f.by_layout
        elif is_grid(variable):
            value = slope(value, variable, at)
            if is_upright(variable):
                f.by_layout = "vector" if as_grid(variable).columns == 1 else f.by_layout or "matrix"
                value = _turned(value) if f.arrangement.row else value
        elif is_grid(value):
            value = as_grid(value).each(lambda e, v=variable: _partial(e, v, at))
        else:
            value = _partial(value, variable, at)
    return value


def slope(value: Any, by: Any, at: int) -> Any:
    """The derivatives of a number by the entries of a vector or a matrix, in its shape."""
    if is_grid(value):
        raise ReadError("∇ is read of a number; of a vector write ∂z/∂x, or one entry of each.", at)
    if isinstance(by, Grid):
        return by.each(lambda v: _partial(value, v, at))
    symbol = by.arg if isinstance(by, Transpose) else by
    if isinstance(value, (Symbol, Indexed)):
        raise unrelated(value, by, at)
    if not isinstance(symbol, MatrixSymbol):
        raise ReadError("A derivative is taken by a letter, an entry or a named quantity.", at)
    return Gradient(value, symbol) if symbol is by else Transpose(Gradient(value, symbol))


def _turned(value: Any) -> Any:
    return value.T if isinstance(value, Grid) else Transpose(value)


def hessian(value: Any, by: Grid, at: int) -> Grid:
    """The matrix of second derivatives of a number by the entries of a vector."""
    if is_grid(value) or S.One not in (by.rows, by.columns):
        raise ReadError(
            "Second derivatives ∇² are read of a number by a vector: write one entry of each.", at
        )
    column = by if by.columns == 1 else by.T

    def entry(i: Expr, j: Expr) -> Expr:
        return _partial(_partial(value, column.entry(j, S.One), at), column.entry(i, S.One), at)

    return Grid(column.rows, column.rows, entry)


def _partial(value: Expr, variable: Expr, at: int) -> Expr:
    letter = variable.base if isinstance(variable, Pow) and variable.exp == 2 else None
    if isinstance(letter, Symbol):  # by σ²: what depends on σ depends on it through σ alone
        return Mul(Partial(value, letter), Pow(Mul(2, letter, evaluate=False), -1, evaluate=False))
    if isinstance(variable, RecursiveFunction):
        return slopes.by_a_level(value, variable, at)
    if not _is_variable(variable):
        raise ReadError("A derivative is taken by a letter, an entry or a named quantity.", at)
    if is_loose(value, variable):
        raise unrelated(value, variable, at)
    return Partial(value, variable)


def derived(trees: Any) -> set[g.Name]:
    """The names that formulas derive by others, as C in ∂C/∂w."""
    return {name for name, by in _derived(tuple(trees)) if name not in by}


def _derived(tree: Any) -> Iterator[tuple[g.Name, set[g.Name]]]:
    of, by = None, None
    if isinstance(tree, g.Frac):
        of, by = _numerator(tree.above, False), tree.below
    elif isinstance(tree, g.Acts) and isinstance(tree.operator, g.Frac):
        of, by = tree.body, tree.operator.below
    elif isinstance(tree, g.Acts) and _sign_of(tree.operator) in (g.Sign("nabla"), g.Sign("partial")):
        of, by = tree.body, tree.operator
    name = of.base if isinstance(of, g.Scripts) else of
    if isinstance(name, g.Name):
        yield name, {use.name for use in uses(by, {})}
    for part in [of] if of is not None else tree if isinstance(tree, (tuple, list)) else _inside(tree):
        yield from _derived(part)


def _inside(tree: Any) -> list[Any]:
    return [getattr(tree, f.name) for f in fields(tree) if f.name != "at"] if isinstance(tree, g.Node) else []


def _sign_of(operator: g.Node) -> g.Node:
    return operator.base if isinstance(operator, g.Scripts) else operator


def _letter_of(e: Any) -> str:
    return getattr(type(e), "latex_name", "") or str(getattr(e, "base", e) if isinstance(e, Indexed) else e)


def is_loose(value: Any, variable: Any) -> bool:
    """Whether a letter or an entry is derived by another name: 0 if it is a constant, and that is not said.

    What is written out or defined, as P = ½ Σ w_j², shows what it holds, and ∂P/∂b = 0.
    """
    return isinstance(value, (Symbol, Indexed)) and not depends(value, variable)


def unrelated(value: Any, variable: Any, at: int) -> ReadError:
    of, by = (_letter_of(e) for e in (value, variable))
    return ReadError(
        f"Nothing says how {of} depends on {by}: define it in a line that begins with “Let”, or say “Let "
        f"${of}$ be a differentiable function of ${by}$”.",
        at,
    )


def depends(e: Any, variable: Any) -> bool:
    """Whether a letter, array or named quantity occurs in `e` or in the definitions that it names."""
    sought = {variable, getattr(variable, "base", variable), getattr(variable, "parent", variable)}
    sought |= {type(variable)} if isinstance(variable, NamedFunction) else set()
    waiting, seen = [e], set()
    while waiting:
        for part in preorder_traversal(waiting.pop()):
            if part in sought or (isinstance(part, NamedFunction) and type(part) in sought):
                return True
            if isinstance(part, NamedFunction) and type(part) not in seen:
                seen.add(type(part))
                waiting.append(part.body)
    return False


def _is_variable(e: Any) -> bool:
    return isinstance(e, (Symbol, Indexed, NamedFunction, MatrixElement))


def d_is_known(f: Formulas) -> bool:
    """Whether a text has a letter d; beside targets d_k, which always have an index, d is a differential."""
    return any(not (m.rank or m.below_label) for m in f.vocabulary.of(g.Name("d")))


def _is_d(node: g.Node, d_is_known: bool) -> bool:
    if isinstance(node, g.Scripts) and node.below is None:
        node = node.base
    if node == g.Sign("partial"):
        return True
    return isinstance(node, g.Name) and node.word in DIFFERENTIALS and not node.accents and not d_is_known


def order(above: g.Node) -> int:
    """1 for ∂, n for ∂^n."""
    if isinstance(above, g.Acts):
        above = above.operator
    if isinstance(above, g.Product):
        above = above.factors[0][1]
    power = above.above if isinstance(above, g.Scripts) else None
    return int(power.text) if isinstance(power, g.Num) and power.text.isdigit() else 1


def _numerator(above: g.Node, d_is_known: bool) -> g.Node | None:
    """What ∂ or d stands before; None if neither does."""
    if isinstance(above, g.Acts) and _is_d(above.operator, d_is_known):
        return above.body
    if isinstance(above, g.Product) and _is_d(above.factors[0][1], d_is_known):
        rest = above.factors[1:]
        return rest[0][1] if len(rest) == 1 else g.Product((("", rest[0][1]), *rest[1:]), at=above.at)
    return None


def _denominator(below: g.Node, d_is_known: bool) -> list[g.Node] | None:
    """The variables after each ∂ or d; None if the first sign is neither."""
    if isinstance(below, g.Acts) and _is_d(below.operator, d_is_known):
        body = below.body
        if isinstance(body, g.Product) and isinstance(body.factors[-1][1], g.Acts):
            rest = _denominator(body.factors[-1][1], d_is_known)
            first = body.factors[0][1] if len(body.factors) == 2 else None
            return None if rest is None or first is None else [first, *rest]
        return [body]
    if isinstance(below, g.Product) and _is_d(below.factors[0][1], d_is_known):
        pieces: list[g.Node] = []
        for _, factor in below.factors:
            if not _is_d(factor, d_is_known):
                pieces.append(factor)
        return pieces
    return None
