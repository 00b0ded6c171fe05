"""Oracles: derivations whose right lines are counted by hand, and texts that are made to earn more than they
should."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from helpers.grade import lines, sheet, worker
from helpers.grade.marking import Marker, grade
from helpers.grade.steps import form, steps
from helpers.notation import of_texts
from helpers.proof.homework import judged
from helpers.proof.read.text import read

GIVEN = r"Let $a = \sigma(z)$ and $C = \frac{1}{2} (a - y)^2$."
START, GOAL = r"\frac{d C}{d z}", "(a - y) a (1 - a)"
FIRST, SECOND = r"(a - y) \frac{d a}{d z}", r"(a - y) \sigma'(z)"
MISTAKES = {"the 1 - a is missing": "(a - y) a"}
TASK = lines.Task("t", "Derive it.", GIVEN, START, GOAL, points=6, shares=3, mistakes=MISTAKES)


def chain(*rows: str) -> str:
    return f"{START} " + "\n".join(f"&= {row}" for row in rows)


RIGHT = chain(FIRST, GOAL)


def shares(text: str, task: lines.Task = TASK) -> float:
    return lines.mark(text, task).earned * task.worth


# ---------------------------------------------------------------- right and half right
def test_a_derivation_without_a_false_line_has_all_points():
    for rows in ((FIRST, GOAL), (FIRST, SECOND, GOAL), (FIRST, SECOND, r"(a - y) \sigma(z) (1 - a)", GOAL)):
        marked = lines.mark(chain(*rows), TASK)
        assert (marked.ok, marked.earned) == (True, 1)
    assert shares(chain(r"\frac{d}{d z} \frac{1}{2} (a - y)^2", FIRST, GOAL)) == 3


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        ((FIRST,), 1),
        ((FIRST, SECOND), 2),
        ((FIRST, SECOND, r"(a - y) \sigma(z) (1 - a)", "(a - y) \\sigma(z) (1 - \\sigma(z))"), 2),
        ((FIRST, "(a - y) a"), 1),  # the closing line is false
        ((FIRST, "(a - y) a", "a^2 - a y"), 1),  # a right step, but from a false line
        ((FIRST, "(a - y) a", SECOND, GOAL), 2),  # mended: what follows counts again
        (("(a - y) a", FIRST, GOAL), 2),
        ((FIRST, SECOND, "(a - y) a", GOAL), 2),
        (("1", FIRST), 1),
        ((FIRST, r"\qqq{3}", GOAL), 2),  # one row is not read
    ],
)
def test_each_line_that_holds_earns_its_share(rows, share):
    marked = lines.mark(chain(*rows), TASK)
    assert (marked.ok, marked.earned * 3) == (False, share)
    assert f"{share} of 3 shares" in marked.said


def test_what_a_function_is_may_be_said_again():
    for said, ok in ((r"\frac{1}{1 + e^{-x}}", True), (r"\frac{1}{1 + e^x}", False)):
        assert lines.mark(rf"Let $\sigma(x) = {said}$." + "\n" + RIGHT, TASK).ok == ok
    assert lines.mark("Let $s = 1 - a$.\n" + chain(FIRST, "(a - y) a s", GOAL), TASK).ok


def test_another_form_of_the_result_is_the_result():
    assert lines.mark(RIGHT + "\n" + r"&= a (a - y) - a^2 (a - y) + 1 - \frac{a}{a}", TASK).ok


def test_a_result_that_is_only_simplified_is_reached_in_two_lines():
    given = r"Let $a = \sigma(z)$ and $C = -(y \ln a + (1-y) \ln(1-a))$ with $0 \le y \le 1$."
    task = lines.Task("t", "", given, START, "a - y", shares=3)
    assert lines.mark(chain(r"\left(\frac{1-y}{1-a} - \frac{y}{a}\right) a (1 - a)", "a - y"), task).ok


def test_where_algebra_alone_leads_to_the_end_every_line_that_is_written_otherwise_is_a_step():
    task = lines.Task("t", "", "Let $b > 0$ and $c > 0$.", "(b + c)^2 - (b - c)^2", "4 b c")
    for nothing in ("c 4 b", "4 b c + 0", r"\frac{8 b c}{2}", "(b + c)^2 - (b - c)^2 + 0"):
        assert lines.mark(rf"(b + c)^2 - (b - c)^2 &= {nothing}" + "\n&= 4 b c", task).earned == 0
    right = r"(b + c)^2 - (b - c)^2 &= b^2 + 2 b c + c^2 - (b - c)^2" + "\n&= 4 b c"
    assert lines.mark(right, task).ok


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ("$b$ be a number", (r"\max(0, b) + \max(0, -b)", r"\frac{b + |b|}{2} + \frac{-b + |b|}{2}", "|b|")),
        (r"$f(x) = x^3$", ("f''(x)", r"\frac{d}{dx} 3 x^2", "6 x")),
        ("$b > 0$", (r"\lim_{h \to 0} \frac{(b+h)^2 - b^2}{h}", r"\lim_{h \to 0} (2 b + h)", "2 b")),
        (
            r"$A \in \mathbb{R}^{n \times n}$ and $x \in \mathbb{R}^n$",
            (
                "x^T A x",
                r"\sum_{i=1}^n x_i \sum_{j=1}^n A_{ij} x_j",
                r"\sum_{i=1}^n \sum_{j=1}^n x_i A_{ij} x_j",
            ),
        ),
        (
            r"$X_1, \ldots, X_n$ be independent with mean $\mu$ and variance $\sigma^2$",
            (
                r"\operatorname{Var}\left(\frac{1}{n} \sum_{i=1}^n X_i\right)",
                r"\frac{1}{n^2} \sum_{i=1}^n \operatorname{Var}(X_i)",
                r"\frac{\sigma^2}{n}",
            ),
        ),
    ],
)
def test_derivations_of_other_kinds_have_all_points(given, rows):
    task = lines.Task("t", "", f"Let {given}.", rows[0], rows[-1])
    assert lines.mark(f"{rows[0]} " + "\n".join(f"&= {row}" for row in rows[1:]), task).ok
    assert lines.mark(f"{rows[0]} &= {rows[-1]}\n&= {rows[-1]}", task).earned == 0


# ---------------------------------------------------------------- texts that are made to earn more
ZERO, ONE = r"+ \sin^2 y + \cos^2 y - 1", r"(\sin^2 y + \cos^2 y)"
NOTHING = {
    "the result alone": chain(GOAL),
    "the result, twice": chain(GOAL, GOAL),
    "the result, in another order": chain("a (1 - a) (a - y)", GOAL),
    "the result, times one": chain(GOAL + ONE, GOAL),
    "the result, plus nothing": chain(GOAL + ZERO, GOAL),
    "the result after a false line": chain("a^7", GOAL),
    "the result after many false lines": chain("a^7", "a^6", "a^5", GOAL),
    "the left side again and again": chain(*[START] * 20),
    "the left side, then the result": chain(START, START, GOAL),
    "the left side, times one": chain(START + ONE, START + ZERO, GOAL),
    "the left side inside": chain(r"\frac{d}{d z} (C + 5)", r"\frac{1}{2} \frac{d}{d z} (2 C)", GOAL),
    "true lines about something else": "a &= a\n&= a\n" * 20,
    "true lines about something else, then the result": "y &= y\n&= y\n" * 20 + "\n" + chain(GOAL),
    "a true lemma, then the result": r"\frac{d a}{d z} &= a (1 - a)" + "\n\n" + chain(GOAL),
    "false lines only": chain("a", "a^2", "a^3"),
    "an inequality": rf"{START} \le {GOAL}" + "\n" + rf"\le {GOAL} + 1",
    "more is supposed": "Let $0 < y < 1$.\n" + RIGHT,
    "a name is changed": "Let $C = 0$.\n" + chain("0", "(a - y) 0"),
    "a letter gets a value": "Let $y = 1$.\n" + chain(rf"{FIRST} + (y - 1)^2", rf"{FIRST} + 2 (y - 1)", "0"),
    "a letter gets a meaning": "Let $y = a$.\n" + chain("a^7 - y^7", "a^3 - y^3", "0"),
    "a letter gets a meaning, supposed": "Suppose $y = a$.\n" + chain("a^7 - y^7", "a^3 - y^3", "0"),
    "a function gets a meaning": "Let $\\sigma(x) = 0$.\n" + chain("0", "a - a", "0"),
    "every guess": chain("a", "a^2", "a^3", FIRST, GOAL),
    "not a formula": "the chain rule",
    "too long": "x" * 30_000,
    "empty": "",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_is_no_derivation_earns_nothing(text):
    for worth in (2, 3):
        marked = lines.mark(text, lines.Task("t", "", GIVEN, START, GOAL, shares=worth))
        assert (marked.ok, marked.earned) == (False, 0)


@pytest.mark.parametrize(
    ("padded", "as_much_as"),
    [
        (chain(*[FIRST] * 20), chain(FIRST)),
        (chain(FIRST, FIRST + ZERO, FIRST + ONE, rf"\frac{{2}}{{2}} {FIRST}"), chain(FIRST)),
        (chain(FIRST, r"(a - y) \frac{d}{d z}(a + 1)", r"(a - y) \frac{d}{d z}(a + 2)"), chain(FIRST)),
        (chain(FIRST, START, FIRST, START, FIRST), chain(FIRST)),
        (chain("a^7", *[FIRST] * 20, GOAL), chain("a^7", FIRST, GOAL)),
        (chain(FIRST, "a^7", FIRST, GOAL), chain("a^7", FIRST, GOAL)),
        (chain("a^7", FIRST, SECOND, r"(a - y) \sigma(z) (1 - a)", GOAL), chain("a^7", FIRST, GOAL)),
        ("\n\n".join([chain(FIRST)] * 5), chain(FIRST)),
        ("y &= y\n&= y\n" * 10 + "\n" + chain(FIRST), chain(FIRST)),
        (chain(FIRST, GOAL, "a^7"), chain(FIRST)),  # it leaves what it had reached
    ],
)
def test_a_longer_text_earns_no_more(padded, as_much_as):
    assert shares(padded) == shares(as_much_as) > 0


def test_no_false_line_is_outweighed():
    """Whatever stands around it, a text with k false lines earns at most n - k shares of n."""
    good = [FIRST, SECOND, r"(a - y) \sigma(z) (1 - a)", r"(\sigma(z) - y) a (1 - a)", GOAL]
    for count in (1, 2, 3):
        rows = [row for k, line in enumerate(good) for row in ([f"a^{k + 4}"] if k < count else []) + [line]]
        assert shares(chain(*rows)) == 3 - count


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Nothing is written"),
        (chain(START, START), "still contains"),
        (chain(GOAL), "at least 2 lines"),
        (chain(GOAL, GOAL), "that are steps"),
        ("a - y &= a - y\n&= a - y", "No row begins"),
        ("Let $0 < y < 1$.\n" + RIGHT, "supposes more"),
        ("Let $a = y$.\n" + RIGHT, ""),
        ("x" * 30_000, "longer than"),
    ],
)
def test_what_is_missing_is_said(text, why):
    marked = lines.mark(text, TASK)
    assert not marked.ok
    assert why in marked.said


def test_a_longer_result_that_is_another_one_is_not_the_result():
    task = lines.Task("t", "", GIVEN, START, "(a - y) a (1 - a) + a")
    assert "not the result" in lines.mark(RIGHT, task).said


# ---------------------------------------------------------------- names and numbers
def test_a_false_line_is_named_and_its_numbers_are_said():
    marked = lines.mark(chain(FIRST, "(a - y) a"), TASK)
    assert marked.mistake == "the 1 - a is missing"
    assert "Row 2: refuted, at y = " in marked.said
    assert "left side" in marked.said
    assert "the 1 - a is missing." in marked.said
    assert lines.mark(chain(f"-{FIRST}", GOAL), TASK).mistake == "the sign is wrong"
    assert lines.mark(chain(FIRST, "a^7"), TASK).mistake == ""


@pytest.mark.parametrize(("rows", "share"), [((FIRST, SECOND, GOAL), 2), ((FIRST, "a^7", "a^8 / a"), 1)])
def test_a_line_that_is_not_decided_earns_nothing_and_carries_nothing(rows, share, monkeypatch):
    def undecided(reading):
        for k, one in enumerate(judged(reading)):
            yield replace(one, verdict="checked") if k == 1 else one

    monkeypatch.setattr(lines, "judged", undecided)
    marked = lines.mark(chain(*rows), TASK)
    assert (marked.ok, marked.earned * 3, marked.decided) == (False, share, False)


def test_the_gradebook_has_the_share_the_name_and_the_numbers(tmp_path):
    asked = sheet.of_chapter(sheet.find_chapter("08"), "x", [TASK])
    path = tmp_path / "a.ipynb"
    source = f'derivation_1 = r"""{chain(FIRST, "(a - y) a")}"""'
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    with Marker() as marker:
        made = grade("ann", path, asked, marker)
    last = made.marks[-1]
    assert (last.points, last.mistake) == (2, "the 1 - a is missing")
    assert "left side" in last.said
    assert made.points == 2


def test_what_students_get_has_neither_the_end_nor_the_mistakes():
    asked = sheet.of_chapter(sheet.find_chapter("08"), "x", [TASK]).without_answers().questions[-1]
    assert (asked.task().end, asked.task().mistakes, asked.task().worth) == ("", {}, 3)
    said = worker.mark(vars(asked), chain(FIRST, "(a - y) a"))["message"]
    assert "1 of 3 shares" in said
    assert "looked at when it is graded" in said


# ---------------------------------------------------------------- alike
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (r"\sum_{i=1}^n 2 w_i x_i", r"2 \sum_{k=1}^n x_k w_k", True),
        (r"\sum_{i=1}^n w_i x_i", r"\sum_{i=1}^n w_i w_i", False),
        (r"\hat y (1 - \hat y)", r"\hat y - \hat y^2", True),
        (r"\hat y (1 - \hat y)", r"\sigma(z) (1 - \hat y)", False),
        (r"\frac{\partial \hat y}{\partial w_j}", r"\hat y (1 - \hat y) x_j", False),
        (r"e^{2 b} \ln b", r"e^b e^b \ln b", True),
        (r"\frac{b^2 - 1}{b - 1}", "b + 1", True),
        ("b + 1", "b + 2", False),
    ],
)
def test_what_is_only_rearranged_is_alike(one, other, same):
    given = r"Let $z = \sum_{i=1}^n w_i x_i$ and $\hat y = \sigma(z)$ with $b > 1$."
    left, right = (read(f"{given}\n{e} = {e}", of_texts()).chain.parts[0].start for e in (one, other))
    assert (form(left) == form(right)) == same
    assert steps(left, right, [right]) == 0
