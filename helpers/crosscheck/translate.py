"""SymPy to torch by a small table: a random instance of a formula's arrays, and the formula's value on it.

Sums and products are plain loops, indices are Python integers checked against the array's bounds, and matrix
expressions use torch's own matrix operations: slow, and easy to see that it is right.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from itertools import product
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy import Expr, Indexed, MatrixExpr, MatrixSymbol, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.proof import Given
from helpers.proof.statement.terms import NamedFunction, SmoothFunction, waves

if TYPE_CHECKING:
    import torch

Env = Mapping[Symbol, Any]  # values of bound indices, free indices and parameters


def as_tensor(value: Any) -> torch.Tensor:
    """The value as a float64 tensor, with its autograd history."""
    import torch

    return torch.as_tensor(value, dtype=torch.float64)


# ---------------------------------------------------------------- one random instance
@dataclass
class Instance:
    """Sizes, and values drawn on first use: a float64 tensor for every symbol, array and matrix."""

    sizes: Mapping[Symbol, int]
    given: Given
    rng: random.Random
    values: dict[Any, torch.Tensor] = field(default_factory=dict)
    outer: Env = field(default_factory=dict)
    named: dict[Any, Any] = field(default_factory=dict)  # values of `define`d functions at whole numbers
    slopes: dict[Any, torch.Tensor] = field(default_factory=dict)  # gradients with respect to whole arrays

    def indices(self) -> Iterator[dict[Symbol, int]]:
        """Every assignment of the free indices within their ranges, the last index fastest."""
        free = self.given.free
        ranges = [range(self.size(first), self.size(last) + 1) for first, last in free.values()]
        return (dict(zip(free, chosen, strict=True)) for chosen in product(*ranges))

    def size(self, expr: Expr) -> int:
        number = expr.subs(self.sizes)
        if not number.is_Integer:
            raise ValueError(f"The size {expr} is not known: name it in Given(sizes=…).")
        return int(number)

    def value_of(self, thing: Any) -> torch.Tensor:
        """The tensor that stands for a symbol, an array or a matrix."""
        if thing in self.sizes:
            return as_tensor(self.sizes[thing])
        if thing not in self.values:
            if not isinstance(thing, Symbol) and not thing.shape:
                raise ValueError(f"The array {thing} has no shape.")
            shape = () if isinstance(thing, Symbol) else tuple(map(self.size, thing.shape))
            self.values[thing] = _draw(thing, shape, self.given.domain.get(thing), self.rng)
        return self.values[thing]

    def number(self, expr: Expr, env: Env) -> float:
        import torch

        with torch.no_grad():
            return float(evaluate(expr, replace(self, outer=env, named={}), env))

    def gradient(self, loss: Expr, wrt: Expr, env: Env) -> float:
        """Torch's derivative of `loss` with respect to the symbol or entry `wrt`."""

        if not isinstance(wrt, Symbol | Indexed | MatrixElement):
            raise ValueError(f"Differentiate with respect to a symbol or an entry, not {wrt}.")
        base = wrt if isinstance(wrt, Symbol) else wrt.base if isinstance(wrt, Indexed) else wrt.parent
        # All entries of an array come out of one backward pass, unless the loss is another one at each index.
        key = (loss, base, *((name, env[name]) for name in env if name in _letters(loss)))
        if key not in self.slopes:
            self.slopes[key] = self._slope(loss, base, env)
        gradient = self.slopes[key]
        return float(gradient if isinstance(wrt, Symbol) else _entry(gradient, wrt, self, env))

    def _slope(self, loss: Expr, base: Any, env: Env) -> torch.Tensor:
        """Torch's derivative of `loss` with respect to the whole array, or the symbol, `base`."""
        import torch

        leaf = self.value_of(base).clone().requires_grad_()
        case = replace(self, values={**self.values, base: leaf}, outer=env, named={})
        value = as_tensor(evaluate(loss, case, env))
        self.values.update({key: drawn for key, drawn in case.values.items() if key != base})
        if not value.requires_grad:
            raise ValueError(f"The loss does not depend on {base}, so there is nothing to compare.")
        return torch.autograd.grad(value, leaf)[0]

    def shown(self) -> dict[str, Any]:
        """All values by name, as numbers and lists."""
        sizes = {str(size): number for size, number in self.sizes.items()}
        return sizes | {str(name): value.tolist() for name, value in self.values.items()}


def _draw(thing: Any, shape: tuple[int, ...], domain: Any, rng: random.Random) -> torch.Tensor:
    """Values that satisfy the hypothesis about `thing`, away from the edges of its range."""
    if isinstance(thing, Symbol) and thing.is_integer and domain is None:
        raise ValueError(f"The index {thing} has no range: name it in Given(free=…).")
    if callable(domain):
        draw = domain
    elif domain == "binary":
        draw = lambda rng: rng.randint(0, 1)  # noqa: E731
    elif domain == "sign":
        draw = lambda rng: rng.choice((-1, 1))  # noqa: E731
    else:
        low, high = domain if isinstance(domain, tuple) else _interval(thing, domain)
        draw = lambda rng: rng.uniform(float(low), float(high))  # noqa: E731
    values = as_tensor([float(draw(rng)) for _ in range(math.prod(shape))]).reshape(shape)
    if domain == "onehot":
        return (values == values.amax(-1, keepdim=True)).double()
    return values.softmax(-1) if domain in ("simplex", "closed simplex") else values


def _interval(thing: Any, domain: str | None) -> tuple[float, float]:
    if domain in ("unit", "closed unit"):
        return 0.05, 0.95
    sign = domain or ("positive" if getattr(thing, "is_positive", False) else "real")
    return (0.2, 2.0) if sign in ("positive", "nonnegative") else (-2.0, 2.0)


# ---------------------------------------------------------------- the value of a formula
def evaluate(expr: Expr, case: Instance, env: Env) -> Any:
    """The value of a scalar expression: an int, a float or a float64 tensor that autograd can follow.

    Raises IndexError on an entry outside its array, ValueError on a node that the table does not know.
    """
    for kinds, rule in RULES:
        if isinstance(expr, kinds):
            return rule(expr, case, env)
    if expr.is_number and not expr.args:
        return int(expr) if expr.is_Integer else float(expr)
    known = ", ".join(sorted(FUNCTIONS))
    raise ValueError(f"{type(expr).__name__} has no translation to torch; the functions known are {known}.")


def _symbol(expr: Symbol, case: Instance, env: Env) -> Any:
    if expr in env:
        return env[expr]
    return case.sizes[expr] if expr in case.sizes else case.value_of(expr)


def _entry(array: torch.Tensor, expr: Expr, case: Instance, env: Env) -> torch.Tensor:
    """Arrays count from 1 and matrices from 0; an index outside must not wrap round, as it would in torch."""
    indices, first = (expr.indices, 1) if isinstance(expr, Indexed) else ((expr.i, expr.j), 0)
    place = tuple(int(evaluate(index, case, env)) - first for index in indices)
    shape = tuple(array.shape)
    if len(place) != len(shape) or any(not 0 <= at < size for at, size in zip(place, shape, strict=True)):
        at = ", ".join(f"{name} = {number}" for name, number in env.items())
        raise IndexError(f"{expr} lies outside its array, whose shape is {shape}, at {at}.")
    return array[place]


def _power(expr: Expr, case: Instance, env: Env) -> Any:
    base, exponent = evaluate(expr.base, case, env), evaluate(expr.exp, case, env)
    return as_tensor(base) ** exponent


def _loop(expr: Expr, case: Instance, env: Env) -> Any:
    """A sum or product; SymPy lists the outermost index last."""
    *inner, (index, first, last) = expr.limits
    body = expr.func(expr.function, *inner) if inner else expr.function
    low, high = int(evaluate(first, case, env)), int(evaluate(last, case, env))
    terms = (evaluate(body, case, {**env, index: at}) for at in range(low, high + 1))
    return sum(terms) if isinstance(expr, sp.Sum) else math.prod(terms)


def _named(expr: Expr, case: Instance, env: Env) -> Any:
    """The body of a `define`d function sees its parameters and what is free in the whole formula only."""
    values = [evaluate(part, case, env) for part in expr.args]
    inside = {**case.outer, **dict(zip(expr.parameters, values, strict=True))}
    if not all(isinstance(value, int) for value in values):
        return evaluate(expr.body, case, inside)
    key = (expr.body, expr.parameters, *values)
    if key not in case.named:
        case.named[key] = evaluate(expr.body, case, inside)
    return case.named[key]


@cache
def _letters(expr: Expr) -> set[Symbol]:
    """The letters on which a formula may depend, those within the functions that it names among them."""
    bodies = (named.body for named in expr.atoms(NamedFunction))
    return set(expr.free_symbols).union(*map(_letters, bodies))


def _smooth(expr: Expr, case: Instance, env: Env) -> torch.Tensor:
    """A fixed sum of sines stands for "any smooth function"; each derivative turns the phase by a quarter."""
    at, order = as_tensor(evaluate(expr.args[0], case, env)), expr.order
    return sum(
        amplitude * rate**order * (rate * at + phase + order * math.pi / 2).sin()
        for amplitude, rate, phase in waves(expr.family[0])
    )


def _function(expr: Expr, case: Instance, env: Env) -> torch.Tensor:
    import torch

    function = getattr(torch, FUNCTIONS[type(expr).__name__])
    values = [as_tensor(evaluate(part, case, env)) for part in expr.args]
    return reduce(function, values) if len(values) > 1 else function(values[0])


def _delta(expr: Expr, case: Instance, env: Env) -> int:
    left, right = (int(evaluate(part, case, env)) for part in expr.args)
    return int(left == right)


def _matrix(expr: MatrixExpr, case: Instance, env: Env) -> torch.Tensor:
    """A matrix expression by torch's own matrix operations; a scalar factor comes back as a scalar."""
    if isinstance(expr, MatrixSymbol):
        return case.value_of(expr)
    if not isinstance(expr, MatrixExpr):
        return as_tensor(evaluate(expr, case, env))
    kind = type(expr).__name__
    if kind == "ElementwiseApplyFunction":
        (variable,), body = expr.function.variables, expr.function.expr
        return as_tensor(evaluate(body, case, {**env, variable: _matrix(expr.expr, case, env)}))
    if kind not in MATRICES:
        raise ValueError(f"The matrix operation {kind} has no translation to torch.")
    if kind in ("Identity", "OneMatrix", "ZeroMatrix"):
        return MATRICES[kind](*map(case.size, expr.shape))
    return MATRICES[kind]([_matrix(part, case, env) for part in expr.args])


def _times(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    return left @ right if left.dim() and right.dim() else left * right


MATRICES: dict[str, Callable[..., Any]] = {
    "MatMul": lambda parts: reduce(_times, parts),
    "MatAdd": sum,
    "HadamardProduct": math.prod,
    "Transpose": lambda parts: parts[0].T,
    "DiagMatrix": lambda parts: parts[0].flatten().diag(),
    "Identity": lambda rows, _: as_tensor([[float(r == c) for c in range(rows)] for r in range(rows)]),
    "OneMatrix": lambda rows, columns: as_tensor([[1.0] * columns] * rows),
    "ZeroMatrix": lambda rows, columns: as_tensor([[0.0] * columns] * rows),
}
FUNCTIONS = {
    "Abs": "abs",
    "Max": "maximum",
    "Min": "minimum",
    "sign": "sign",
    "exp": "exp",
    "log": "log",
    "sin": "sin",
    "cos": "cos",
    "tanh": "tanh",
    "sinh": "sinh",
    "cosh": "cosh",
}
RULES: tuple[tuple[Any, Callable[[Any, Instance, Env], Any]], ...] = (
    (Symbol, _symbol),
    (Indexed, lambda expr, case, env: _entry(case.value_of(expr.base), expr, case, env)),
    (MatrixElement, lambda expr, case, env: _entry(_matrix(expr.parent, case, env), expr, case, env)),
    (sp.KroneckerDelta, _delta),
    (NamedFunction, _named),
    (SmoothFunction, _smooth),
    ((sp.Sum, sp.Product), _loop),
    (tuple(getattr(sp, name) for name in FUNCTIONS), _function),
    (sp.Add, lambda expr, case, env: sum(evaluate(part, case, env) for part in expr.args)),
    (sp.Mul, lambda expr, case, env: math.prod(evaluate(part, case, env) for part in expr.args)),
    (sp.Pow, _power),
)
