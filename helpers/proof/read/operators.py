"""Operators and all that they act on: sums, products, limits, values at a point, ∂ and ∇."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Limit, Piecewise, Product, S, Sum, Symbol, oo

from ..statement.terms import At, symbol
from . import conditions, derivatives
from . import trees as g
from .derivatives import depends, derive_by, order
from .grids import as_grid, is_grid
from .latex import ReadError
from .names import demand_no_prime, indices, is_index, label
from .uses import bounds

if TYPE_CHECKING:
    from .formulas import Formulas


def acts(f: Formulas, node: g.Acts) -> Any:
    operator = node.operator
    scripts = operator if isinstance(operator, g.Scripts) else g.Scripts(operator, at=operator.at)
    demand_no_prime(scripts, "an operator")
    if isinstance(scripts.base, g.Frac):
        by = derivatives.variables(f, scripts.base.below, order(scripts.base.above))
        if by is None:  # d/(d x) where d is a name
            return f.times([f.fraction(scripts.base), f.value(node.body)])
        demand_one_scope(f, node, by)
        return derive_by(f, f.value(node.body), by, node.at)
    assert isinstance(scripts.base, g.Sign)
    name = scripts.base.name
    if name in ("sum", "prod"):
        return big(f, name, scripts, node)
    if name == "lim":
        return limit(f, scripts, node.body)
    return slope(f, name, scripts, node)


def slope(f: Formulas, name: str, scripts: g.Scripts, node: g.Acts) -> Any:
    """∂_j and ∇ with what they act on; ∇² is the matrix of second derivatives."""
    often = 1 if scripts.above is None else int(label(scripts.above) == "2") * 2
    if not often:
        raise ReadError("Above a ∂ or ∇ only a 2 is read, for second derivatives.", node.at)
    below = scripts.below
    if below is None and name == "nabla":
        below = _argument(f, node.body)
    if below is None:
        raise ReadError(f"The {'∇' if name == 'nabla' else '∂'} does not say by what it derives.", node.at)
    by = by_index(f, below) if name == "partial" else [f.value(below)]
    if often == 2 and len(by) == 1:
        by *= 2
    elif often != len(by) and often == 2:
        raise ReadError(f"The derivative is of order 2 above and {len(by)} below.", node.at)
    if name == "nabla" and is_grid(by[0]):
        value = f.value(node.body)
        if often == 2:
            return derivatives.hessian(value, as_grid(by[0]), node.at)
        return derivatives.slope(value, by[0], node.at)
    return derive_by(f, f.value(node.body), by, node.at)


def _argument(f: Formulas, body: g.Node) -> g.Node | None:
    """The w of J(w), where J is always written so: what ∇ derives by, if it does not say it."""
    if not isinstance(body, g.Product) or len(body.factors) != 2:
        return None
    (_, name), (_, bracket) = body.factors
    known = f.vocabulary.of(name) if isinstance(name, g.Name) else []
    single = isinstance(bracket, g.Bracket) and len(bracket.items) == 1
    return bracket.items[0] if single and any(m.decoration for m in known) else None  # type: ignore[attr-defined]


def demand_one_scope(f: Formulas, node: g.Acts, by: list[Any]) -> None:
    """∂/∂x (a)(b): of a alone, or of both? It is the same if x is in one of them only."""
    factors = node.body.factors if isinstance(node.body, g.Product) else ()
    if not factors or not isinstance(factors[0][1], g.Bracket):
        return
    rest = f.factors([("", factors[1][1]), *factors[2:]])
    if all(any(depends(part, variable) for variable in by) for part in (f.value(factors[0][1]), rest)):
        raise ReadError(
            "Does the derivative act on the bracket only, or on all that follows? Put all that it acts on "
            "into the bracket, or the other factors before the derivative.",
            node.at,
        )


def by_index(f: Formulas, below: g.Node) -> list[Expr]:
    """∂_{w_j}: by w_j; ∂_j and ∂_{jk}: by what the text says that ∂_j derives by."""
    letters = [piece.word for piece in indices(below) if isinstance(piece, g.Name)]
    known = next(iter(f.operators.items()), None)
    if known is None or len(letters) != len(indices(below)) or any(f.vocabulary.of(g.Name(c)) and not
            is_index(f.value(g.Name(c))) for c in letters):  # fmt: skip
        return [f.value(below)]
    letter, variable = known
    found = []
    for c in letters:
        before = dict(f.scope)
        at = f.index(g.Name(c))
        f.scope[letter] = at
        found.append(f.value(variable))
        f.scope = before
    return found


def big(f: Formulas, name: str, scripts: g.Scripts, node: g.Acts) -> Expr:
    """Σ or Π: with bounds, or over all values of the index, or over those that a condition leaves."""
    letters, low, high, condition = bounds(scripts)
    demand_clear_range(f, letters, high, condition, node)
    if not letters:
        raise ReadError(
            f"The {'sum' if name == 'sum' else 'product'} does not say over which index.", node.at
        )
    before = dict(f.scope)
    ranges = []
    for letter in letters:
        if letter in before:
            raise ReadError(f"The index {letter} is bound by two sums, one inside the other.", node.at)
        span = span_of(f, scripts, letter, low, high, condition)
        ranges.append((symbol(letter, integer=True), *span))
    for letter in letters:
        f.scope[letter] = symbol(letter, integer=True)
    body = f.value(node.body) if name == "sum" else f.number(node.body)
    held = None
    if isinstance(condition, g.Related) and condition.signs == ("ne",):
        held = conditions.condition(f, condition)
    f.scope = before

    demand_use(f, letters, body, node)

    def total(term: Expr) -> Expr:
        if held is not None:
            term = Piecewise((term, held), (S.Zero if name == "sum" else S.One, True), evaluate=False)
        for limits in reversed(ranges):
            term = (Sum if name == "sum" else Product)(term, limits)
        return term

    return as_grid(body).each(total) if is_grid(body) else total(body)


def demand_clear_range(
    f: Formulas, letters: list[str], high: g.Node | None, condition: g.Node | None, node: g.Acts
) -> None:
    """Σ_{i<j} with a j that nothing fixes, and Σ_{m=1}^m, have two readings."""
    if isinstance(condition, g.Related) and condition.signs[0] != "ne":
        other = condition.pieces[1]
        if (
            isinstance(other, g.Name)
            and other.word in g.INDEX_LETTERS
            and other.word not in {*f.scope, *f.declared}
        ):
            raise ReadError(
                f"Does this sum run over {letters[0]} alone, or over all pairs? For pairs write two sums.",
                node.at,
            )
    if high is not None and label(high) in letters:
        raise ReadError(f"{label(high)} is the index of this sum, and its end, too.", node.at)


def demand_use(f: Formulas, letters: list[str], body: Any, node: g.Acts) -> None:
    """Σ_i of a term with j and without i is a slip."""
    if is_grid(body) or f.vocabulary.explicit:
        return
    held = {s.name for s in body.free_symbols if isinstance(s, Symbol) and s.is_integer and not s.is_positive}
    unused = [letter for letter in letters if letter not in held]
    strange = sorted(held - set(letters) - set(f.scope))
    if unused and strange:
        raise ReadError(
            f"The sum runs over {unused[0]}, but its term holds {strange[0]} and no {unused[0]}.", node.at
        )


def span_of(
    f: Formulas,
    scripts: g.Scripts,
    letter: str,
    low: g.Node | None,
    high: g.Node | None,
    condition: g.Node | None,
) -> tuple[Expr, Expr]:
    known = f.spans.get((id(scripts), letter))
    if low is not None and high is not None:
        return _bound(f, low), _bound(f, high)
    if high is not None and known is None:
        return S.One, _bound(f, high)
    if known is None:
        if letter not in g.INDEX_LETTERS:  # Σ_x over samples, Σ_w w² over weights
            raise ReadError(
                f"A sum over {letter} itself is not read: number what it runs over, as in \\sum_{{i=1}}^n "
                f"{letter}_i, and give this index to all that differs from term to term.",
                scripts.at,
            )
        raise ReadError(
            f"It is not said from where to where the index {letter} runs: write it, as in "
            f"\\sum_{{{letter}=1}}^n.",
            scripts.at,
        )
    first, last = known
    if isinstance(condition, g.Related) and condition.signs[0] in ("<", "le", ">", "ge"):
        limit = f.index(condition.pieces[1])
        if condition.signs[0] in ("<", "le"):
            return first, limit - 1 if condition.signs[0] == "<" else limit
        return limit + 1 if condition.signs[0] == ">" else limit, last
    return (first, last) if high is None else (first, _bound(f, high))


def _bound(f: Formulas, node: g.Node) -> Expr:
    value = f.number(node)
    if not (value.is_integer or value in (oo, -oo)):
        raise ReadError("The bounds of a sum must be whole numbers, as in N or j - 1.", node.at)
    return value


def limit(f: Formulas, scripts: g.Scripts, body: g.Node) -> Expr:
    where = scripts.below
    if scripts.above is not None:
        raise ReadError("A power stands at a limit: put the limit in brackets.", scripts.at)
    if not (isinstance(where, g.Related) and where.signs == ("to",)):
        raise ReadError(
            "A limit needs its variable and where it tends to, as in \\lim_{x \\to 0}.", scripts.at
        )
    letter, before = where.pieces[0], dict(f.scope)
    if isinstance(letter, g.Name) and not f.known(letter):
        f.scope[letter.word] = symbol(letter.word, real=True)
    variable = f.number(letter)
    end, side = where.pieces[1], "+-"
    if isinstance(end, g.Scripts) and isinstance(end.above, g.Name) and end.above.word in "+-":
        end, side = end.base, end.above.word
    tends = (
        oo if label(end) in (r"\infty", r"+\infty") else -oo if label(end) == r"-\infty" else f.number(end)
    )
    value = f.number(body)
    f.scope = before
    return Limit(value, variable, tends, dir="-" if tends == oo else "+" if tends == -oo else side)


def value_at(f: Formulas, bracket: g.Bracket, scripts: g.Scripts) -> Expr:
    where = scripts.below
    assert isinstance(where, g.Related)
    demand_no_prime(scripts, "a bar")
    if scripts.above is not None:
        raise ReadError("Above a bar nothing is read: write the difference of two values.", scripts.at)
    variable = f.number(where.pieces[0])
    if not isinstance(variable, Symbol):
        raise ReadError("After the bar a plain letter is needed, as in |_{x = 0}.", scripts.at)
    return At(f.number(bracket.items[0]), f.number(where.pieces[0]), f.number(where.pieces[1]))
