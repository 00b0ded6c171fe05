"""Cases, conditions and indicators in formulas."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sympy import (
    Add,
    Basic,
    Dummy,
    Eq,
    Expr,
    Ge,
    Gt,
    KroneckerDelta,
    Le,
    Lt,
    Ne,
    Piecewise,
    Product,
    Sum,
    expand,
)

from ..statement.terms import NamedFunction
from . import trees as g
from .grammar import parse
from .grids import as_grid, is_grid
from .latex import Macro, ReadError, tokens
from .uses import every, uses

if TYPE_CHECKING:
    from .formulas import Formulas
    from .rows import Row

RELATIONALS = {"=": Eq, "<": Lt, ">": Gt, "le": Le, "ge": Ge, "ne": Ne}
OTHERWISE = {"otherwise", "else", "sonst", "sinon", "caso contrário", "en otro caso", "altrimenti"}


def left_out(node: g.Node) -> g.Related | None:
    """x \\ne 0, where two cases are x > 0 and x < 0: nothing is said of x = 0, so it is not meant."""
    pairs = [when for _, when in node.rows] if isinstance(node, g.Cases) else []
    if len(pairs) != 2 or not all(isinstance(p, g.Related) and len(p.signs) == 1 for p in pairs):
        return None
    one, other = pairs
    if one.pieces == other.pieces and {one.signs, other.signs} == {("<",), (">",)}:  # type: ignore[attr-defined]
        return g.Related(one.pieces, ("ne",), at=node.at)  # type: ignore[attr-defined]
    return None


def supposed(tree: g.Node) -> list[g.Related]:
    """What indices such as i \\ne k suppose, and cases that leave out one number."""
    below = [use.scripts.below for use in uses(tree, {})]
    left = [found for part in every(tree) if (found := left_out(part)) is not None]
    return [*left, *(b for b in below if isinstance(b, g.Related) and b.signs == ("ne",))]


def cases(f: Formulas, node: g.Cases) -> Expr:
    rows = []
    for value, when in node.rows:
        if isinstance(when, g.Words):
            if when.text.strip(" .,").lower() not in OTHERWISE:
                raise ReadError(f"The condition “{when.text}” is not understood.", when.at)
            rows.append((f.number(value), True))
        else:
            rows.append((f.number(value), condition(f, when)))
    if len(rows) == 2 and rows[1][1] == getattr(rows[0][1], "negated", None):
        rows[1] = (rows[1][0], True)
    if left_out(node) is not None:
        rows[1] = (rows[1][0], True)
    if rows[-1][1] is not True:
        raise ReadError("The cases do not say what holds otherwise: add such a row.", node.at)
    return Piecewise(*rows, evaluate=False)


def of_rows(
    rows: Iterable[Row], macros: dict[str, Macro], words: Collection[str]
) -> dict[str, list[g.Related]]:
    """What the cases suppose that sentences put rows in; a row has trouble if its case is not read."""
    found: dict[str, list[g.Related]] = {}
    for row in (row for row in rows if row.case):
        try:
            found[row.case] = said(row.case, macros, words)
        except ReadError as reason:
            row.trouble = row.trouble or f"In “{row.case}”: {reason}"
    return found


def said(source: str, macros: dict[str, Macro], words: Collection[str]) -> list[g.Related]:
    """The relations between two sides that a case supposes, as in x > 0, 0 < y < 1."""
    tree = parse(tokens(source, macros), words)
    found = []
    for one in tree.items if isinstance(tree, g.Listed) else (tree,):
        if not isinstance(one, g.Related):
            raise ReadError("A condition such as x > 0 or i = k is needed here.")
        pairs = zip(one.pieces, one.signs, one.pieces[1:], strict=False)
        found += [g.Related((left, right), (sign,), at=one.at) for left, sign, right in pairs]
    return found


def of_factorials(values: Iterable[Any]) -> tuple[Basic, ...]:
    """That n - k is 0 at least, for each factorial such as (n - k)!, the product of all j up to n - k."""
    found: dict[Basic, None] = {}
    for value in (v for v in values if isinstance(v, Basic)):
        waiting = [value]
        while waiting:
            e = waiting.pop()
            for call in e.atoms(NamedFunction):
                waiting.append(
                    call.func.body.xreplace(dict(zip(call.func.parameters, call.args, strict=True)))
                )
            bound = {limit[0] for one in e.atoms(Sum, Product) for limit in one.limits}
            for one in e.atoms(Product):
                index, low, high = one.limits[0]
                plain = one.function == index and low == 1 and not high.free_symbols & bound
                sizes = {
                    s: Dummy(integer=True, nonnegative=True) + 1 for s in high.free_symbols if s.is_positive
                }
                if plain and not expand(high.xreplace(sizes)).is_nonnegative:
                    found[Ge(high, 0, evaluate=False)] = None
    return tuple(found)


def condition(f: Formulas, node: g.Node) -> Any:
    """One relation as a condition."""
    if not isinstance(node, g.Related) or len(node.signs) != 1 or node.signs[0] not in RELATIONALS:
        raise ReadError("A condition such as x > 0 or i = k is needed here.", node.at)
    left, right = map(f.number, node.pieces)
    return RELATIONALS[node.signs[0]](left, right, evaluate=False)


def indicator(f: Formulas, node: g.Node) -> Any:
    """1 where the condition holds, else 0; of a vector, entry by entry."""
    if isinstance(node, g.Related) and len(node.pieces) == 2 and node.signs[0] in RELATIONALS:
        left, right = map(f.value, node.pieces)
        if is_grid(left) and not is_grid(right):
            relation = RELATIONALS[node.signs[0]]
            return as_grid(left).each(
                lambda e: Piecewise((1, relation(e, right, evaluate=False)), (0, True), evaluate=False)
            )
    held = condition(f, node)
    if all(side.is_integer for side in held.args) and isinstance(held, (Eq, Ne)):
        delta = KroneckerDelta(*held.args)
        return delta if isinstance(held, Eq) else Add(1, -delta, evaluate=False)
    return Piecewise((1, held), (0, True), evaluate=False)
