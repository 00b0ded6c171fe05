"""A line is PROVED only if two judges that share no rule agree on it.

`symbolic` finds the difference identically zero for every size; `numeric` finds no difference at any point.
Each can be asked alone, which shows what each alone would have let through. Nothing else in this package
makes a result PROVED. Whatever goes wrong inside a judge is UNKNOWN, with the reason: it is never a yes, and
never a no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Symbol, evaluate, sympify

from .numeric.evaluate import Unsupported
from .numeric.points import Undeclared
from .numeric.search import Finding, search
from .show.formulas import condition_latex, latex
from .statement.chain import RELATIONS, Line, Means, Part
from .statement.given import Given
from .statement.sides import UnlikeShapes, sides
from .symbolic import argument as forms
from .symbolic import hypothesis
from .symbolic.conditions import conditions
from .symbolic.possible import NeverMeant
from .symbolic.rules import Rule
from .verdicts import Result, Verdict
from .work import OutOfWork, share

__all__ = ["RELATIONS", "check", "line", "numeric", "refute", "symbolic"]


def check(
    lhs: Any,
    rhs: Any,
    given: Given | None = None,
    *,
    relation: str = "=",
    gap: Any = None,
    using: Iterable[Expr] = (),
    induction: Symbol | None = None,
    steps: int | None = None,
) -> Result:
    """The verdict of both judges on `lhs relation rhs`.

    gap, using, induction   the means of the proof: see `statement.chain.Means`
    steps                   of work that it may take; by default `work.STEPS`
    Raises ValueError for an unknown relation or an assumption that no hypothesis states.
    """
    how = Means(relation, None if gap is None else sympify(gap), tuple(using), induction)
    return _judged(lhs, rhs, given or Given(), how, steps=steps)


def line(
    before: Basic, claimed: Line, part: Part, base: Part | None = None, steps: int | None = None
) -> Result:
    """The verdict on one line of a chain, after the expression `before` it.

    `base` is the part before `part`, which an induction leans on. Raises ValueError if a hypothesis is used
    that nothing carries.
    """
    supposed: tuple[Rule, ...] = ()
    if claimed.means.hypothesis:
        supposed = (hypothesis.rule(base, part, before, claimed.expr),)
    return _judged(before, claimed.expr, part.given, claimed.means, supposed, steps)


def refute(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=") -> Result:
    """The counterexample to `lhs relation rhs`. Raises ValueError if none is found."""
    result = check(lhs, rhs, given, relation=relation)
    if result.verdict is not Verdict.REFUTED:
        raise ValueError(f"No counterexample to {lhs} {relation} {rhs} was found: {result!r}.")
    return result


def symbolic(
    lhs: Any,
    rhs: Any,
    given: Given | None = None,
    *,
    relation: str = "=",
    gap: Any = None,
    using: Iterable[Expr] = (),
    induction: Symbol | None = None,
) -> bool:
    """The symbolic judge alone. True is a proof for every size; False means "not recognised"."""
    left, right, given = sides(lhs, rhs, given, relation)
    how = Means(relation, None if gap is None else sympify(gap), tuple(using), induction)
    with evaluate(True):
        return bool(forms.argument(left, right, given, how))


def numeric(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=") -> Result:
    """The numerical judge alone: REFUTED with a point, CHECKED if all points agree, UNKNOWN otherwise."""
    left, right, given = sides(lhs, rhs, given, relation)
    with evaluate(True):
        return _by_numbers(left, right, given, relation)


def _judged(
    lhs: Any, rhs: Any, given: Given, how: Means, supposed: tuple[Rule, ...] = (), steps: int | None = None
) -> Result:
    try:
        # Before the judges: matrices of different shape are unequal whatever their entries are.
        left, right, given = sides(lhs, rhs, given, how.relation)
    except UnlikeShapes as reason:
        return Result(Verdict.REFUTED, {}, note=str(reason), method="shapes", relation=how.relation)
    try:
        with share(steps), evaluate(True):
            false_fact = failing_fact(given)
            if false_fact:
                return Result(Verdict.UNKNOWN, note=false_fact, relation=how.relation)
            result = _by_numbers(left, right, given, how.relation)
            # Numbers first: a no with a point needs no algebra, and most wrong lines end here.
            if result.verdict is not Verdict.CHECKED:
                return result
            return _with_symbolic(result, left, right, given, how, supposed)
    except OutOfWork:
        return Result(Verdict.UNKNOWN, note="not decided within the steps of work", relation=how.relation)


def _by_numbers(left: Expr, right: Expr, given: Given, relation: str) -> Result:
    try:
        found = search(left, right, given, relation)
    except OutOfWork:
        raise
    except (Unsupported, Undeclared) as reason:
        found = Finding(note=str(reason))
    except Exception as reason:  # of many kinds; none of them says that the line is false
        found = Finding(note=f"the evaluator failed: {type(reason).__name__} {reason}")
    if found.point is not None:
        verdict = Verdict.REFUTED
    else:
        verdict = Verdict.CHECKED if found.enough else Verdict.UNKNOWN
    return Result(
        verdict, found.point, found.left, found.right, "numeric", found.note, relation, found.points
    )


def _with_symbolic(
    result: Result, left: Expr, right: Expr, given: Given, how: Means, supposed: tuple[Rule, ...]
) -> Result:
    asked: set[Basic] = set()
    given = given.noting(asked)
    try:
        method, why = forms.argument(left, right, given, how, supposed), "the normal form does not see why"
        meant = conditions(left, right, given) if method else ()
    except OutOfWork:
        raise
    except NeverMeant as reason:
        return replace(result, verdict=Verdict.UNKNOWN, note=str(reason))
    except Exception as reason:  # SymPy raises many kinds; none of them may count as yes
        method, why = "", f"the normal form failed: {type(reason).__name__} {reason}"
    if not method:
        if how.relation != "=" and how.gap is None:
            why = "no gap of manifest sign was given"
        return replace(result, note=f"the numbers agree, but {why}")
    return replace(
        result,
        verdict=Verdict.PROVED,
        method=f"{method}; evaluator agrees at {result.points} points{_sizes(given)}",
        note="",
        conditions=tuple(dict.fromkeys(condition_latex(*condition) for condition in meant)),
        used=frozenset(latex(letter) for letter in asked),
    )


def _sizes(given: Given) -> str:
    if not given.sizes:
        return ""
    return f" with sizes {', '.join(map(str, sorted(set(given.span))))}"


@lru_cache(maxsize=256)
def failing_fact(given: Given) -> str:
    """The first hypothesis that fails on the declared domain, in words; empty if all hold."""
    for left, right in given.facts:
        result = numeric(left, right, given)
        if result.verdict is Verdict.UNKNOWN and not result.points and given.defined:
            result = numeric(left, right, given.unsolved())  # no value that it gives lies in the domain
        if result.verdict is Verdict.REFUTED:
            return f"the hypothesis {left} = {right} fails on its domain {result.explanation}"
        if result.verdict is not Verdict.CHECKED:
            return f"the hypothesis {left} = {right} could not be tested: {result.note}"
    return ""
