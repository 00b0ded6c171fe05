"""A step is PROVED only if two judges that share no code agree on it.

`symbolic` finds the difference identically zero for every size; `numeric` finds no difference at any point.
Each can be asked alone, which shows what each alone would have let through.
"""
from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Dummy, Expr, MatrixExpr, evaluate, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from . import numeric as points_judge
from . import signs
from .deadline import OutOfTime, time_limit
from .evaluate import Unsupported
from .normal_form import NormalForm
from .objects import Given
from .rewriting import prepare, settle
from .verdicts import Result, Verdict

SECONDS = 18.0  # per step, so that the answer is there within 20 s
RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}
SYMBOLIC = "normal form of the difference is 0 for all sizes"


def check(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=", gap: Any = None,
          seconds: float = SECONDS) -> Result:
    """The verdict of both judges on `lhs relation rhs`.

    An inequality is proved through `gap`: an expression that equals the larger side minus the smaller one and
    whose sign can be read off. Raises ValueError for an unknown relation or matrices of different shape.
    """
    left, right, given = _sides(lhs, rhs, given, relation)
    try:
        with time_limit(seconds), evaluate(True):
            false_fact = failing_fact(given)
            if false_fact:
                return Result(Verdict.UNKNOWN, note=false_fact, relation=relation)
            result = numeric(left, right, given, relation=relation)
            if result.verdict is not Verdict.CHECKED:
                return result
            return _with_symbolic(result, left, right, given, gap)
    except OutOfTime:
        return Result(Verdict.UNKNOWN, note=f"not decided within {seconds:g} s", relation=relation)


def refute(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=") -> Result:
    """The counterexample to `lhs relation rhs`. Raises ValueError if none is found."""
    result = check(lhs, rhs, given, relation=relation)
    if result.verdict is not Verdict.REFUTED:
        raise ValueError(f"No counterexample to {lhs} {relation} {rhs} was found: {result!r}.")
    return result


def symbolic(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=", gap: Any = None) -> bool:
    """The symbolic judge alone. True is a proof for every size; False means "not recognised"."""
    left, right, given = _sides(lhs, rhs, given, relation)
    with evaluate(True):
        if relation == "=":
            return NormalForm(given).is_zero(left - right)
        if gap is None:
            return False
        larger, smaller = (right, left) if "<" in relation else (left, right)
        sign = signs.is_nonnegative if "=" in relation else signs.is_positive
        manifest = sign(prepare(sympify(gap)), given.domain)
        return manifest and NormalForm(given).is_zero(larger - smaller - sympify(gap))


def numeric(lhs: Any, rhs: Any, given: Given | None = None, *, relation: str = "=") -> Result:
    """The numerical judge alone: REFUTED with a point, CHECKED if all points agree, UNKNOWN otherwise."""
    left, right, given = _sides(lhs, rhs, given, relation)
    try:
        return points_judge.judge(left, right, given, relation)
    except Unsupported as reason:
        return Result(Verdict.UNKNOWN, note=str(reason), method="numeric", relation=relation)


def _with_symbolic(result: Result, left: Expr, right: Expr, given: Given, gap: Any) -> Result:
    try:
        proved = symbolic(left, right, given, relation=result.relation, gap=gap)
        why = "" if proved else "the numbers agree, but the normal form does not see why"
    except OutOfTime:
        raise
    except Exception as reason:  # SymPy raises many kinds; none of them may count as yes
        proved, why = False, f"the numbers agree; the normal form failed: {type(reason).__name__} {reason}"
    if result.relation != "=" and not proved and gap is None:
        why = "the numbers agree, but no gap of manifest sign was given"
    method = f"{SYMBOLIC}; evaluator agrees at {result.points} points" if proved else "numeric"
    return replace(result, verdict=Verdict.PROVED if proved else Verdict.CHECKED, method=method, note=why)


@lru_cache(maxsize=256)
def failing_fact(given: Given) -> str:
    """The first hypothesis that fails on the declared domain, in words; empty if all hold."""
    for left, right in given.facts:
        verdict = numeric(left, right, given).verdict
        if verdict is not Verdict.CHECKED:
            return f"the hypothesis {left} = {right} fails on its domain"
    return ""


def _sides(lhs: Any, rhs: Any, given: Given | None, relation: str) -> tuple[Expr, Expr, Given]:
    if relation not in RELATIONS:
        raise ValueError(f"Unknown relation {relation!r}; use one of {', '.join(RELATIONS)}.")
    left, right, given = sympify(lhs), sympify(rhs), given or Given()
    if not (isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr)):
        return left, right, given
    return entries(left, right, given)


def entries(left: MatrixExpr, right: MatrixExpr, given: Given) -> tuple[Expr, Expr, Given]:
    """A matrix equation as an equation between entries (i, j), for every i and j of the shape."""
    shapes = [getattr(m, "shape", ()) for m in (left, right)]
    if min(map(len, shapes)) < 2 or any(settle(a - b) != 0 for a, b in zip(*shapes, strict=True)):
        raise ValueError(f"The two sides have different shapes: {shapes[0]} and {shapes[1]}.")
    i, j = Dummy("i", integer=True), Dummy("j", integer=True)
    rows, columns = shapes[0]
    free = {**given.free, i: (0, rows - 1), j: (0, columns - 1)}
    return MatrixElement(left, i, j), MatrixElement(right, i, j), replace(given, free=free)
