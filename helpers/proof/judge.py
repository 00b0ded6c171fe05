"""A step is PROVED only if two judges that share no rule agree on it.

`symbolic` finds the difference identically zero for every size; `numeric` finds no difference at any point.
Each can be asked alone, which shows what each alone would have let through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Dummy, Expr, MatrixExpr, S, Symbol, evaluate, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from . import assumptions
from . import numeric as points_judge
from . import symbolic as forms_judge
from .deadline import OutOfTime, time_limit
from .evaluate import Unsupported
from .objects import Given
from .points import IllFormed, Undeclared
from .rewriting import settle
from .verdicts import Result, Verdict

SECONDS = 18.0  # per step, so that the answer is there within 20 s
RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}


def check(
    lhs: Any,
    rhs: Any,
    given: Given | None = None,
    *,
    relation: str = "=",
    gap: Any = None,
    using: Iterable[Expr] = (),
    induction: Symbol | None = None,
    seconds: float | None = None,
) -> Result:
    """The verdict of both judges on `lhs relation rhs`.

    gap        an inequality is proved through the larger side minus the smaller one, written so that its sign
               can be read off
    using      applications of recursive functions whose definition the step uses
    induction  a size over which an equality is proved by induction
    Raises ValueError for an unknown relation or matrices of different shape.
    """
    left, right, given = sides(lhs, rhs, given, relation)
    how = forms_judge.Means(relation, None if gap is None else sympify(gap), tuple(using), induction)
    return judged(left, right, given, how, seconds)


def judged(
    left: Expr, right: Expr, given: Given, how: forms_judge.Means, seconds: float | None = None
) -> Result:
    """`check` for sides that have been read already."""
    seconds = SECONDS if seconds is None else seconds
    try:
        with time_limit(seconds), evaluate(True):
            false_fact = failing_fact(given)
            if false_fact:
                return Result(Verdict.UNKNOWN, note=false_fact, relation=how.relation)
            result = numeric(left, right, given, relation=how.relation)
            if result.verdict is not Verdict.CHECKED:
                return result
            return _with_symbolic(result, left, right, given, how)
    except OutOfTime:
        return Result(Verdict.UNKNOWN, note=f"not decided within {seconds:g} s", relation=how.relation)


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
    how = forms_judge.Means(relation, None if gap is None else sympify(gap), tuple(using), induction)
    with evaluate(True):
        return bool(forms_judge.argument(left, right, given, how))


def numeric(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=") -> Result:
    """The numerical judge alone: REFUTED with a point, CHECKED if all points agree, UNKNOWN otherwise."""
    left, right, given = sides(lhs, rhs, given, relation)
    try:
        with evaluate(True):
            return points_judge.judge(left, right, given, relation)
    except (Unsupported, Undeclared) as reason:
        return Result(Verdict.UNKNOWN, note=str(reason), method="numeric", relation=relation)
    except (ArithmeticError, RecursionError, IllFormed) as reason:
        note = f"the evaluator failed: {type(reason).__name__} {reason}"
        return Result(Verdict.UNKNOWN, note=note, method="numeric", relation=relation)


def _with_symbolic(result: Result, left: Expr, right: Expr, given: Given, how: forms_judge.Means) -> Result:
    try:
        method = forms_judge.argument(left, right, given, how)
        why = "the normal form does not see why"
    except OutOfTime:
        raise
    except Exception as reason:  # SymPy raises many kinds; none of them may count as yes
        method, why = "", f"the normal form failed: {type(reason).__name__} {reason}"
    if not method:
        if how.relation != "=" and how.gap is None:
            why = "no gap of manifest sign was given"
        return replace(result, note=f"the numbers agree, but {why}")
    method += f"; evaluator agrees at {result.points} points{_sizes(given)}"
    return replace(result, verdict=Verdict.PROVED, method=method, note="", about=(left, right, given))


def _sizes(given: Given) -> str:
    if not given.sizes:
        return ""
    return f" with sizes {', '.join(map(str, sorted(set(given.span))))}"


@lru_cache(maxsize=256)
def failing_fact(given: Given) -> str:
    """The first hypothesis that fails on the declared domain, in words; empty if all hold."""
    for left, right in given.facts:
        result = numeric(left, right, given)
        if result.verdict is Verdict.REFUTED:
            return f"the hypothesis {left} = {right} fails on its domain {result.explanation}"
        if result.verdict is not Verdict.CHECKED:
            return f"the hypothesis {left} = {right} could not be tested: {result.note}"
    return ""


def sides(lhs: Any, rhs: Any, given: Given | None, relation: str) -> tuple[Expr, Expr, Given]:
    if relation not in RELATIONS:
        raise ValueError(f"Unknown relation {relation!r}; use one of {', '.join(RELATIONS)}.")
    left, right, given = sympify(lhs), sympify(rhs), given or Given()
    assumptions.demand_consistent((left, right, *(side for fact in given.facts for side in fact)), given)
    if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
        return entries(left, right, given)
    return left, right, given


def entries(left: MatrixExpr, right: MatrixExpr, given: Given) -> tuple[Expr, Expr, Given]:
    """A matrix equation as an equation between entries (i, j), for every i and j of the shape."""
    shapes = [getattr(m, "shape", ()) for m in (left, right)]
    if min(map(len, shapes)) < 2 or any(settle(a - b) != 0 for a, b in zip(*shapes, strict=True)):
        raise ValueError(f"The two sides have different shapes: {shapes[0]} and {shapes[1]}.")
    free, place = dict(given.free), []
    for name, size in zip("ij", shapes[0], strict=True):
        place.append(S.Zero if size == 1 else Dummy(name, integer=True))
        if size != 1:
            free[place[-1]] = (0, size - 1)
    i, j = place
    return MatrixElement(left, i, j), MatrixElement(right, i, j), replace(given, free=free)
