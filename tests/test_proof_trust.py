"""What a proof leans on: what the judges share, who calls a line proved, whether a bug they share is noticed.

Oracle: the modules' own import statements, and statements whose truth is plain arithmetic.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sympy import IndexedBase, Integer, KroneckerDelta, MatrixSymbol, Sum, symbols

from helpers.proof import (
    Derivation,
    Given,
    Partial,
    Proof,
    Verdict,
    check,
    define,
    induction,
    prove,
    recursive,
)
from helpers.proof.numeric import evaluate as evaluator
from helpers.proof.statement import sides as sides_module
from helpers.proof.statement import terms as terms_module
from helpers.proof.statement.chain import Chain, Line, Means, Part, Supposed
from helpers.proof.statement.given import Given as GivenClass
from helpers.proof.symbolic import unfolding

FOLDER = Path(sys.modules["helpers.proof"].__file__).parent
MODULES = {
    ".".join(path.relative_to(FOLDER).with_suffix("").parts).removesuffix(".__init__"): path
    for path in FOLDER.rglob("*.py")
}
n, m = symbols("n m", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)
x, y = symbols("x y", real=True)
w = IndexedBase("w", shape=(n,), real=True)
A = MatrixSymbol("A", n, m)


# ---------------------------------------------------------------- what is imported
def statements(node: ast.AST) -> Iterator[ast.ImportFrom]:
    """Imports from the package that are executed: not those for a type checker only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and getattr(child.test, "id", "") == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.ImportFrom) and child.level:
            yield child
        yield from statements(child)


def imports(name: str) -> set[str]:
    """The modules of the package that a module imports."""
    parts = list(MODULES[name].relative_to(FOLDER).with_suffix("").parts)
    found = set()
    for statement in statements(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        base = [*parts[: len(parts) - statement.level], *(statement.module or "").split(".")]
        module = ".".join(filter(None, base))
        inside = {f"{module}.{alias.name}".lstrip(".") for alias in statement.names} & set(MODULES)
        found |= inside or {module}
    return found


def closure(folder: str) -> set[str]:
    """Every module that the modules of a folder lead to, themselves included."""
    known: set[str] = set()
    waiting = [name for name in MODULES if name.split(".")[0] == folder]
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            waiting += imports(name)
    return known


def test_the_judges_share_the_statement_and_the_count_of_work_and_nothing_else() -> None:
    symbolic, numeric = closure("symbolic"), closure("numeric")
    assert {name.split(".")[0] for name in symbolic & numeric} == {"statement", "work"}
    assert {name.split(".")[0] for name in symbolic} == {"symbolic", "statement", "work"}
    assert {name.split(".")[0] for name in numeric} == {"numeric", "statement", "work"}


def test_a_statement_leans_on_nothing_and_no_import_runs_in_a_circle() -> None:
    assert {name.split(".")[0] for name in closure("statement")} == {"statement"}
    edges = {name: imports(name) for name in MODULES}
    done: set[str] = set()
    while len(done) < len(edges):
        free = {name for name in edges if name not in done and edges[name] - {name} <= done}
        assert free, f"a circle among {sorted(set(edges) - done)}"
        done |= free


def test_only_the_judge_calls_anything_proved() -> None:
    """`verdict=Verdict.PROVED`, or a Result built with it, stands in one place."""
    makers = []
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                makers += [name for value in given if ast.unparse(value) == "Verdict.PROVED"]
    assert makers == ["judge"]


# ---------------------------------------------------------------- a proof cannot be changed
TRUE = Chain("double", (Part("", x + x, Given(), (Line(2 * x, "twice"),)),))


def test_a_proof_is_made_by_judging_and_can_be_repeated() -> None:
    proof = prove(TRUE)
    assert proof.verdict is Verdict.PROVED
    assert proof.recheck()
    with pytest.raises(AttributeError, match="prove another chain"):
        proof.chain = Chain("false", (Part("", x, Given(), (Line(3 * x),)),))
    with pytest.raises(TypeError):
        proof.steps[0] = None
    with pytest.raises(TypeError):
        Proof(TRUE, (proof.results[0],))  # results are no argument
    assert prove(Chain("false", (Part("", x, Given(), (Line(3 * x),)),))).verdict is Verdict.REFUTED
    assert prove(Chain("empty", (Part("", x, Given()),))).verdict is Verdict.UNKNOWN


def test_a_step_brings_no_rule_of_its_own() -> None:
    f = recursive("f", [l], start=(l, Integer(0)), base=x, rule=lambda f: f(l - 1) + 1)
    with pytest.raises(TypeError):
        Derivation("d", f(n), Given(sizes=(n,))).step(x, _rules=())
    with pytest.raises(ValueError, match="supposes nothing"):
        Derivation("d", f(n), Given(sizes=(n,))).step(x, hypothesis=True)


steady = recursive("s", [l], start=(l, Integer(0)), base=x, rule=lambda f: f(l - 1))
STEP = Given(free={l: (1, n)}, sizes=(n,))
BASE = Part("base", steady(0), Given(sizes=(n,)), (Line(x, "", Means(using=(steady(0),))),))
SUPPOSED = Supposed(steady(l), x, l, l - 1)
LINES = (
    Line(steady(l - 1), "", Means(using=(steady(l),))),
    Line(x, "", Means(hypothesis=True)),
)


def induction_step(supposed: Supposed = SUPPOSED, given: Given = STEP, lines: tuple = LINES) -> Part:
    return Part("step", steady(l), given, lines, supposed)


def test_a_hand_written_induction_is_proved() -> None:
    assert prove(Chain("steady", (BASE, induction_step()))).verdict is Verdict.PROVED
    assert induction("steady", steady(l), x, l, STEP).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((induction_step(),), "must show the base"),
        ((Part("other", x, STEP, (Line(x),)), induction_step()), "must show the base"),
        ((BASE, induction_step(given=Given(free={l: (2, n)}, sizes=(n,)))), "must begin beside 0"),
        ((BASE, induction_step(given=Given(free={l: (1, n)}, sizes=(n,), domain={x: "unit"}))), "same hyp"),
        ((BASE, induction_step(Supposed(steady(l), x, l, l - 2))), "one neighbouring level"),
        ((BASE, induction_step(Supposed(steady(l), y, l, l - 1))), "must show the base"),
    ],
)
def test_a_hypothesis_that_nothing_carries_is_refused(parts: tuple[Part, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        prove(Chain("wrong", parts))


def test_a_hypothesis_is_used_only_for_what_was_supposed() -> None:
    """At l = 40 the first takes t > 0 for -t; the second leans on l up to i at another i."""
    turn = 1 - 2 * KroneckerDelta(l, 40)
    f = recursive("f", [l, x], start=(l, Integer(0)), base=abs(x), rule=lambda f: turn * f(l - 1, turn * x))
    with pytest.raises(ValueError, match="not seen to lie in its range"):
        induction("t", f(l, x), x, l, Given(sizes=(n,), free={l: (1, n)}, domain={x: "positive"}))
    late = y * KroneckerDelta(l, i + 1)
    g = recursive(
        "g", [l, i], start=(l, Integer(0)), base=Integer(0), rule=lambda g: g(l - 1, i) + g(l - 1, 1) + late
    )
    with pytest.raises(ValueError, match="depends on i"):
        induction("i", g(l, i), Integer(0), l, Given(sizes=(n,), free={i: (1, n), l: (1, i)}))


def test_an_induction_that_stops_half_way_is_not_proved() -> None:
    assert prove(Chain("half", (BASE, induction_step(lines=LINES[:1])))).verdict is Verdict.UNKNOWN


# ---------------------------------------------------------------- bugs in what the judges share
def half(e):
    return terms_module.define("half", [x], x / 2)(e)


EACH = Given(sizes=(n, m), free={})
STATEMENTS = [  # a statement, and whether it is true by plain arithmetic
    (lambda: check(Sum(k, (k, 1, 3)), 6), True),
    (lambda: check(Sum(w[k], (k, 1, n)), Sum(w[k], (k, 1, n - 1)) + w[n], Given(sizes=(n,))), True),
    (lambda: check(Sum(KroneckerDelta(k, j), (k, 1, n)), 1, Given(sizes=(n,), free={j: (1, n)})), True),
    (lambda: check(KroneckerDelta(j, n), 0, Given(sizes=(n,), free={j: (1, n)})), False),
    (lambda: check(A.T.T, A, EACH), True),
    (lambda: check(A, 2 * A, EACH), False),
    (lambda: check(A * A.T, (A * A.T).T, EACH), True),
    (lambda: check(A + MatrixSymbol("B", n, m), A, EACH), False),
    (lambda: check(half(2 * y), y), True),
    (lambda: check(3 * half(2 * y), 3 * y), True),
    (lambda: check(half(y), y), False),
    (lambda: check(Partial(half(x) ** 2, x), x / 2), True),
    (lambda: check(steady(2), x, using=(steady(2), steady(1), steady(0))), None),
    (lambda: check(MatrixSymbol("C", n, n), MatrixSymbol("C", n, n).T, Given(sizes=(n,))), False),
]


def surprises() -> int:
    """How many statements are judged otherwise than arithmetic says."""
    wrong = 0
    for statement, truth in STATEMENTS:
        try:
            verdict = statement().verdict
        except Exception:  # a planted bug may break anything
            wrong += 1
            continue
        wrong += (truth is True and verdict is not Verdict.PROVED) or (
            truth is False and verdict is not Verdict.REFUTED
        )
    return wrong


def test_what_is_true_is_proved_and_what_is_false_refuted() -> None:
    assert surprises() == 0


def entry_on_the_diagonal(left, right, given):
    a, b, found = REAL_ENTRIES(left, right, given)
    same = {s: next(iter(a.args[1].free_symbols)) for s in a.args[2].free_symbols}
    return a.xreplace(same), b.xreplace(same), found


def one_short(self):
    REAL_POST(self)
    object.__setattr__(self, "free", {s: (a, b - 1) for s, (a, b) in self.free.items()})


REAL_ENTRIES, REAL_POST = sides_module._entries, GivenClass.__post_init__
PLANTED = {
    "entry (i, i) for (i, j)": [(sides_module, "_entries", entry_on_the_diagonal)],
    "a range one short": [(GivenClass, "__post_init__", one_short)],
    "a definition with another body": [
        (terms_module, "define", lambda name, params, body: define(name, params, 2 * body))
    ],
    "an expression that is rebuilt from its old parts": [(unfolding, "rebuilt", lambda e, args: e)],
    "a product that is taken for a letter": [(unfolding, "is_leaf", lambda e: not e.args or e.is_Mul)],
    "sides that are swapped for the same": [
        (sides_module, "sympify", lambda e: Integer(1) if getattr(e, "is_Matrix", 0) is False else e)
    ],
    "whole numbers that are one too large": [(evaluator, "whole", lambda e, *_: int(e) + 1)],
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_bug_in_the_shared_part_is_noticed(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name, value in PLANTED[bug]:
        monkeypatch.setattr(place, name, value)
    assert surprises() > 0
