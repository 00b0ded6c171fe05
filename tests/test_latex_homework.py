"""Oracle: a person's verdicts on homework in every layout: no right line refuted, no wrong one proved."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sampling import sample

from helpers.checking import report
from helpers.checking.command import check
from helpers.proof.homework import judge

HERE = Path(__file__).parent
BY_ID = {
    one["id"]: one
    for name in ("homework", "scalars")
    for one in yaml.safe_load((HERE / "latex" / f"{name}.yaml").read_text(encoding="utf-8"))
}


FOUND = ("cost", "slope-of", "case-in-bold", "powers-no-bold")  # false rows were proved, right ones refuted
ALWAYS = [id for id in BY_ID if id.startswith(FOUND)]


@pytest.mark.parametrize("id", [*ALWAYS, *sample(sorted(set(BY_ID) - {*ALWAYS}), 3)])
def test_each_line_has_its_verdict(id: str, tmp_path: Path) -> None:
    file = tmp_path / f"{id}.{BY_ID[id]['kind']}"
    file.write_text(BY_ID[id]["text"], encoding="utf-8")
    lines = [line for one in report.records(check(file)) for line in one["lines"]]
    assert " ".join(f"{line['line']}:{line['verdict']}" for line in lines) == BY_ID[id]["lines"]


def test_a_wrong_solution_is_found(tmp_path: Path) -> None:
    file = tmp_path / "minimum.tex"
    file.write_text(
        "Let $J(w) = (w-3)^2$.\n"
        "\\begin{align*}\n\\frac{dJ}{dw} &= 2(w-3) = 0 \\\\\n\\Rightarrow w &= 2\n\\end{align*}"
    )
    (one,) = report.records(check(file))
    assert [line["verdict"] for line in one["lines"]] == ["proved", "unknown", "refuted"]
    assert "does not solve the equation of row 1" in one["lines"][-1]["message"]


@pytest.mark.parametrize(
    ("cost", "value", "verdict"),
    [
        (r"(w^2 - 1)^2", "1", "checked"),
        (r"(w^2 - 1)^2", "2", "refuted"),
        (r"(w - 3)^2", "3", "proved"),
        (r"\frac14 w^4 + \frac12 w^2 - 2 w", "1", "proved"),
        (r"\frac13 w^3 - w", "1", "checked"),
        (r"\frac12 a w^2", "0", "checked"),  # a may be 0
        (r"\frac12 e^a w^2", "0", "proved"),
        (r"\frac12 a w^2 - b w", r"\frac{b}{a}", "proved"),
        (r"\frac12 a b w^2 - a c w", r"\frac{c}{b}", "checked"),
    ],
)
def test_a_solution_is_proved_only_where_there_is_no_other(cost, value, verdict):
    rows = rf"J'(w) &= 0 \\ w &= {value}"
    found = judge(rf"Let $J(w) = {cost}$." "\n" rf"\begin{{align}} {rows} \end{{align}}")
    assert found.lines[-1].verdict == verdict


@pytest.mark.parametrize(
    ("let", "read"),
    [
        (r"Let $\bar x$ be the average of $x$.", False),
        (r"Let $\bar x$ be the average of $x$, $\bar x = \frac1n \sum_{i=1}^n x_i$.", True),
        (r"Let $\bar x = \frac1n \sum_{i=1}^n x_i$ be the average of $x$.", True),
        (r"Let $\bar x$ denote the mean of $x$.", False),
        (r"For the average $\bar x$ of $x$ we have:", False),
    ],
)
def test_a_mean_that_only_words_define_is_not_read_as_any_number(let, read):
    """As any number it would make the right line below a wrong one."""
    text = rf"Let $x \in \mathbb{{R}}^n$. {let}" "\n" r"\[ \sum_{i=1}^n (x_i - \bar x) = 0 \]"
    verdicts = [line.verdict for line in judge(text).lines]
    assert (verdicts == ["proved"]) is read
    assert "refuted" not in verdicts


@pytest.mark.parametrize(
    "text",
    [
        r"Let $a > 0$. $$a + a = 2a$$",
        r"Let $a > 0$. \[ a + a = 2a \] That is all.",
        r"Let $a > 0$. Then we have \begin{align} a + a = 2a \end{align} as was to be shown.",
        "Let $a > 0$. \\begin{equation}\n a + a = 2a\n\\end{equation}",
    ],
)
def test_a_formula_may_stand_on_the_line_of_its_sentence(text, tmp_path):
    assert [line.verdict for line in judge(text).lines] == ["proved"]
    for name in ("a.tex", "a.md"):
        (tmp_path / name).write_text(text)
        (one,) = report.records(check(tmp_path / name))
        assert [line["verdict"] for line in one["lines"]] == ["proved"]
