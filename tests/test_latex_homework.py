"""Oracle: a person's verdicts on homework in every layout: no right line refuted, no wrong one proved."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sampling import sample

from helpers.checking import report
from helpers.checking.command import check

HERE = Path(__file__).parent
HOMEWORK = yaml.safe_load((HERE / "latex" / "homework.yaml").read_text(encoding="utf-8"))
BY_ID = {one["id"]: one for one in HOMEWORK}


@pytest.mark.parametrize("id", sample(sorted(BY_ID), 3))
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
