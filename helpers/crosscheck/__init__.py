"""A derived formula equals automatic differentiation, in float64, on random instances of random sizes.

The translation from SymPy to torch (`translate`) shares no code with the proof checker, so a formula that is
proved and that agrees here has been seen by two strangers. Torch is imported only when a check runs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol

from helpers.proof import Given

from .translate import Instance, as_tensor

__all__ = ["Agreement", "Disagreement", "agrees_with_autograd", "agrees_with_helper"]

LARGEST_SIZE = 5
INSTANCES, TOLERANCE = 20, 1e-9
Pairs = Iterator[tuple[dict[Symbol, int], float, float]]  # free indices, the formula's value, the reference


class Disagreement(AssertionError):
    """Formula and reference differ: the message says where, `.instance` holds all values by name."""

    def __init__(self, message: str, instance: Mapping[str, Any]):
        super().__init__(message)
        self.instance = dict(instance)


@dataclass(frozen=True, repr=False)
class Agreement:
    """What was compared; `worst` is the largest |difference| / (1 + |reference|) over all entries."""

    against: str
    instances: int
    entries: int
    worst: float
    sizes: Mapping[str, tuple[int, ...]]

    def __repr__(self) -> str:
        # The measured digits vary with the platform; the bound does not.
        drawn = "".join(f", {name} from {seen[0]} to {seen[-1]}" for name, seen in self.sizes.items())
        bound = f"relative difference below {TOLERANCE:.0e}"
        return f"equal to {self.against} on {self.instances} random instances (float64{drawn}): {bound}"


def agrees_with_autograd(
    derived: Expr,
    loss: Expr,
    wrt: Expr,
    given: Given,
    *,
    instances: int = INSTANCES,
) -> Agreement:
    """Compares `derived` with torch's derivative of `loss` with respect to `wrt`, entry by entry.

    `wrt` is a symbol (`b`) or an entry whose indices are free in `given` (`w[j]`, `W[k, j]`); every entry is
    compared on every instance, with sizes from 1 to 5 and values that satisfy the hypotheses. Raises
    Disagreement at the first entry that differs or lies outside its array, ValueError when the loss does not
    depend on `wrt`.
    """

    def pairs(case: Instance) -> Pairs:
        for env in case.indices():
            yield env, case.number(derived, env), case.gradient(loss, wrt, env)

    return _compare(pairs, "autograd", given, instances)


def agrees_with_helper(
    derived: Expr,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    given: Given,
) -> Agreement:
    """Compares `derived` with `function(*tensors)`, whose axes are the free indices of `given`, in order.

    `arguments` are the SymPy symbols, arrays and matrices whose values, float64 tensors, the function takes.
    Raises Disagreement at the first entry that differs, and when the function returns another shape.
    """

    def pairs(case: Instance) -> Pairs:
        shape = tuple(case.size(last) - case.size(first) + 1 for first, last in given.free.values())
        result = as_tensor(function(*(case.value_of(argument) for argument in arguments)))
        if tuple(result.shape) != shape:
            problem = f"{name} returns shape {tuple(result.shape)} where the formula has {shape}."
            raise Disagreement(problem, case.shown())
        for env, reference in zip(case.indices(), result.flatten().tolist(), strict=True):
            yield env, case.number(derived, env), reference

    name = getattr(function, "__name__", "the function")
    return _compare(pairs, name, given)


def _report(case: Instance, env: Mapping[Symbol, int], value: float, reference: float, against: str) -> str:
    where = ", ".join(f"{name} = {number}" for name, number in {**case.sizes, **env}.items())
    values = f"the formula gives {value:.6g} and {against} {reference:.6g}."
    return f"At {where}, {values}" if where else values.capitalize()


def _compare(
    pairs: Callable[[Instance], Pairs], against: str, given: Given, instances: int = INSTANCES
) -> Agreement:
    rng, worst, entries = random.Random(0), 0.0, 0
    drawn: dict[str, set[int]] = {str(size): set() for size in given.sizes}
    for _ in range(instances):
        case = Instance({size: rng.randint(1, LARGEST_SIZE) for size in given.sizes}, given, rng)
        for size, number in case.sizes.items():
            drawn[str(size)].add(number)
        try:
            for env, value, reference in pairs(case):
                gap = abs(value - reference) / (1 + abs(reference))
                if not gap <= TOLERANCE:  # a nan disagrees too
                    raise Disagreement(_report(case, env, value, reference, against), case.shown())
                worst, entries = max(worst, gap), entries + 1
        except IndexError as reason:
            raise Disagreement(f"The formula is ill-formed: {reason}", case.shown()) from None
    if not entries:
        raise ValueError("Nothing was compared: ask for at least one instance.")
    sizes = {name: tuple(sorted(seen)) for name, seen in drawn.items()}
    return Agreement(against, instances, entries, worst, sizes)
