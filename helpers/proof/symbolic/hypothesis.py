"""The hypothesis of an induction: when a part of a derivation may use it, and for which arguments.

Trusted: an induction is a proof only if its base was shown where the recursion starts, its steps begin right
beside that base, and each use of the hypothesis lies inside the range for which it was supposed. All three
are checked here, on the parts as they are written; that `methods.induction` wrote them counts for nothing.
"""

from __future__ import annotations

from sympy import Expr, Product, Sum, expand

from ..statement.chain import Part, Supposed
from ..statement.given import Given
from ..statement.recursive import RecursiveFunction
from ..statement.terms import settle
from . import sums
from .normal_form import NormalForm
from .rules import Rule, hypothesis
from .unfolding import fresh


def rule(base: Part | None, step: Part, *sides: Expr) -> Rule:
    """The hypothesis of `step` as a rule for a line with these two sides.

    Raises ValueError, in one sentence, if `base` does not carry it or a side uses it outside its range.
    """
    supposed = step.supposed
    if supposed is None:
        raise ValueError("This part supposes nothing, so no line of it can use a hypothesis.")
    left, index = supposed.left, supposed.index
    if not isinstance(left, RecursiveFunction) or left.args[left.func.level] != index:
        raise ValueError(f"The left side must be a function made by `recursive`, applied at {index}.")
    _demand_base(base, step, supposed)
    if any(e.has(index) for e in (*step.given.conditions, *(side for f in step.given.facts for side in f))):
        raise ValueError(f"No condition and no equation may speak of {index}, over which the induction runs.")
    _demand_reached(step, supposed)
    for side in sides:
        _demand_supposed(fresh(settle(side)), step, supposed)
    return hypothesis(*supposed.sides, [i for i in left.args if i != index])


def carried(base: Part | None, step: Part) -> bool:
    """Whether the step leads from the left side of the statement to its right side, one level on."""
    supposed = step.supposed
    return (
        supposed is not None
        and base is not None
        and all(line.means.relation == "=" for part in (base, step) for line in part.lines)
        and settle(step.start) == settle(supposed.left)
        and settle(step.last) == settle(supposed.right)
    )


def _demand_base(base: Part | None, step: Part, supposed: Supposed) -> None:
    at_base = {supposed.index: supposed.left.func.start}
    left, right = (settle(side).xreplace(at_base) for side in (supposed.left, supposed.right))
    if base is None or settle(base.start) != left or settle(base.last) != right:
        raise ValueError(f"The part before must show the base, {left} = {right}.")
    here, there = step.given, base.given
    free = {i: ends for i, ends in here.free.items() if i != supposed.index}
    expected = {i: tuple(end.xreplace(at_base) for end in ends) for i, ends in free.items()}
    same = there.sizes == here.sizes and there.known == here.known and there.facts == here.facts
    same = same and there.conditions == here.conditions
    same = same and there.random == here.random and there.independent == here.independent
    if not same or dict(there.free) != expected:
        raise ValueError("The base must be shown under the same hypotheses as the step.")


def _demand_reached(step: Part, supposed: Supposed) -> None:
    """The steps begin right beside the base: else nothing carries them."""
    index, start = supposed.index, supposed.left.func.start
    distance = expand(supposed.neighbour - index)
    if index not in step.given.free or distance not in (1, -1):
        raise ValueError(f"The step must have a range for {index} and use one neighbouring level.")
    first, last = step.given.free[index]
    end, beside = (first, start + 1) if distance == -1 else (last, start - 1)
    if expand(end - beside) != 0:
        raise ValueError(f"The range of {index} must begin beside {start}, at {beside}, not at {end}.")


def _demand_supposed(side: Expr, step: Part, supposed: Supposed) -> None:
    """The hypothesis is the statement one level away, for the other arguments in their ranges there."""
    left, given = supposed.left, step.given
    nf = NormalForm(given)
    for node in side.atoms(Sum, Product):
        nf.ranges.update({limit[0]: (limit[1], limit[2]) for limit in node.limits})
    for call in (a for a in side.atoms(RecursiveFunction) if a.func is left.func):
        if expand(call.args[left.func.level] - supposed.neighbour) != 0:
            continue
        used = dict(zip(left.args, call.args, strict=True))
        used[supposed.index] = supposed.neighbour
        for own, argument in used.items():
            if own != supposed.index and not _inside(nf, own, argument, used, given):
                raise ValueError(
                    f"The hypothesis is used at {own} = {argument}, not seen to lie in its range."
                )
        _demand_level(nf, used, supposed, given)


def _inside(nf: NormalForm, own: Expr, argument: Expr, used: dict[Expr, Expr], given: Given) -> bool:
    """Whether the hypothesis was supposed for this argument, the others being as they are used."""
    # A condition or an equation that gives a letter its value speaks of the letter itself, not of another.
    laws = (part for _, law in given.random.values() for part in law.parts())
    spoken = (*given.conditions, *given.defined, *given.defined.values(), *laws)
    if argument != own and any(e.has(own) for e in spoken):
        return False
    if own in given.free:
        low, high = (end.xreplace(used) for end in given.free[own])
        return sums.in_range(nf, argument, low, high)
    # A letter about which something is supposed stands for itself only: of -t, t > 0 says nothing.
    spoken_of = own in given.domain or any(side.has(own) for fact in given.facts for side in fact)
    bounds = [end for ends in given.domain.values() if isinstance(ends, tuple) for end in ends]
    return argument == own or not (spoken_of or any(end.has(own) for end in bounds))


def _demand_level(nf: NormalForm, used: dict[Expr, Expr], supposed: Supposed, given: Given) -> None:
    """A range of the level that depends on another argument must hold for that argument as it is used."""
    ends = given.free[supposed.index]
    for end in ends:
        others = [own for own in used if own != supposed.index and end.has(own)]
        if any(used[own] != own for own in others):
            raise ValueError(
                f"The range of {supposed.index} depends on {others[0]}, and the hypothesis is used at "
                f"{others[0]} = {used[others[0]]}, not seen to lie in its range."
            )
