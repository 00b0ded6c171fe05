"""Oracle: the whole code and the statements that were chosen of it, both run, must judge the same numbers."""

from __future__ import annotations

import builtins
import dis
import json
from pathlib import Path

import needed
import pytest
import verify_claims
from sampling import sample

from helpers.claims import read_specs

ROOT = Path(__file__).resolve().parents[1]
CLAIMS = [
    (path.stem, id)
    for path in sorted((ROOT / "book" / "claims").glob("*.yaml"))
    for id, spec in read_specs(path).items()
    if spec.kind != "untestable"
]


class Judged(dict):
    """Stands for a ledger: keeps what was judged."""

    def judge(self, id: str, measured=None) -> None:
        self[id] = measured


def run(sources) -> dict:
    ledger = Judged()
    exec("\n".join(sources), {"ledger": ledger, "Judged": Judged})
    return ledger


CODE = (  # cells; the claim "x" is judged at the end of each
    {"a plain chain": ["a = 2\nb = 3\nc = a + 1", 'ledger.judge("x", c)']},
    {"a name that is bound twice": ["a = 1", "b = a", "a = 2", 'ledger.judge("x", (a, b))']},
    {"part of a tuple": ["a, (b, *c) = 1, (2, 3, 4)", 'ledger.judge("x", c)']},
    {"added in place": ["a = 1", "a += 2", "b = a", 'ledger.judge("x", b)']},
    {"joined in place": ["a = {1: 2}", "a |= {2: 3}", 'ledger.judge("x", a)']},
    {"a list that grows": ["a = []", "for k in range(3):\n    a.append(k)", 'ledger.judge("x", a)']},
    {"a place in a list": ["a = [1, 2]", "a[0] = 5", 'ledger.judge("x", a)']},
    {"a place in a list in a tuple": ["a = [1, 2]", "a[0], b = 5, 6", 'ledger.judge("x", a)']},
    {"under a condition": ["a = 1", "if a > 0:\n    a = 7", 'ledger.judge("x", a)']},
    {"in a loop": ["a = 0", "for k in (1, 2):\n    a = a + k", 'ledger.judge("x", (a, k))']},
    {"a function that reads a later name": ["def f():\n    return a", "a = 3", 'ledger.judge("x", f())']},
    {
        "a function that calls another": [
            "def g():\n    return a\n\n\ndef f():\n    return g()", "a = 3", "b = f()", "a = 4",
            'ledger.judge("x", (b, f()))',
        ]
    },
    {"an anonymous function": ["f = {1: lambda: a}", "a = 3", 'ledger.judge("x", f[1]())']},
    {"a class": ["u = 2", "class C:\n    def f(self):\n        return u", 'ledger.judge("x", C().f())']},
    {
        "draws from one generator": [
            "from numpy.random import default_rng", "r = default_rng(0)", "a = r.random()", "b = r.random()",
            'ledger.judge("x", b)',
        ]
    },
    {
        "a generator that is handed on": [
            "import random\nr = iter(range(9))", "def f(r):\n    return next(r)", "a = f(r)", "b = f(r)",
            'ledger.judge("x", b)',
        ]
    },
    {
        "a seed that all share": [
            "import random", "random.seed(3)", "a = [1, 2, 3]", "random.shuffle(a)", 'ledger.judge("x", a)',
        ]
    },
    {"a name inside a list that is made": ["k = 5", "a = [k for k in (1, 2)]", 'ledger.judge("x", (k, a))']},
    {"a function that changes what it is given": ["a = []", "def f(b):\n    b.append(3)", "f(a)",
                                                  'ledger.judge("x", a)']},
    {"a function that changes what it finds": ["a = []", "def f():\n    a.append(3)", "def g():\n    f()",
                                               "b = g()", 'ledger.judge("x", a)']},
    {"a function with a list of its own": ["def f():\n    b = []\n    b.append(3)\n    return b", "a = f()",
                                           'ledger.judge("x", a)']},
    {"a loop over a name that was there": ["k = 7", "a = 0", "for k in (1, 2):\n    a = a + k",
                                           'ledger.judge("x", a)']},
    {"a loop that reads what it binds later": ["b = 4", "for k in (1, 2):\n    a = b\n    b = k",
                                               'ledger.judge("x", a)']},
    {"a decorator": ["from functools import cache", "@cache\ndef f():\n    return 3",
                    'ledger.judge("x", f())']},
    {"a setting in an attribute": ["class C:\n    a = 1", "C.a = 2", 'ledger.judge("x", C.a)']},
    {"with a name": ["from contextlib import nullcontext", "with nullcontext(3) as a:\n    b = a",
                     'ledger.judge("x", b)']},
)  # fmt: skip


@pytest.mark.parametrize("case", CODE, ids=lambda case: next(iter(case)))
def test_what_was_chosen_judges_what_the_whole_does(case):
    (cells,) = case.values()
    noise = ["unused = [1 / 3]\nunused.append(2)", "assert unused", 'ledger.judge("y", unused)']
    chosen = needed.statements_for([*noise, *cells], ["x"])
    assert run(chosen) == {"x": run(cells)["x"]}
    assert not any("unused" in statement for statement in chosen)


def test_what_is_not_needed_is_left_out():
    cells = [
        "import math\nimport os",
        "a = 1\nb = os.sep",
        "print(a)",
        "a = 2",
        'ledger.judge("x", a)\nprint(a)',
    ]
    assert needed.statements_for(cells, ["x"]) == ["a = 2", 'ledger.judge("x", a)']


def test_names_of_loops_and_functions_are_their_own():
    cells = ["k = [9] * 9", "a = [k for k in (1, 2)]", "for k in a:\n    b = k", "def f(k):\n    return k",
             'ledger.judge("x", f(b))']  # fmt: skip
    assert needed.statements_for(cells, ["x"]) == cells[1:]


def test_a_claim_that_is_judged_in_a_loop_is_not_taken_apart():
    cells = ['for id in ("x", "y"):\n    ledger.judge(id, 1)']
    assert needed.statements_for(cells, ["x"]) is None
    assert needed.statements_for([*cells, 'ledger.judge("z", 2)'], ["x", "z"]) is None


def names(code, kinds: tuple[str, ...]) -> set[str]:
    """The names of a compiled script's instructions of these kinds, in functions, too."""
    inner = [part for part in code.co_consts if hasattr(part, "co_code")]
    return {str(each.argval) for each in dis.get_instructions(code) if each.opname in kinds}.union(
        *(names(part, kinds) for part in inner)
    )


@pytest.mark.parametrize(("chapter", "id"), sample(CLAIMS, 4), ids=lambda part: part)
def test_no_claim_of_the_book_needs_a_name_that_nothing_binds(chapter, id):
    notebook = json.loads((ROOT / "notebooks" / f"{chapter}.ipynb").read_text("utf-8"))
    code = compile(verify_claims.script_of(notebook, [id]), chapter, "exec")
    needs = names(code, ("LOAD_NAME", "LOAD_GLOBAL"))
    assert needs <= names(code, ("STORE_NAME", "STORE_GLOBAL")) | set(dir(builtins)) | {"__name__"}
