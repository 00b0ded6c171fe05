"""A chapter to begin with: `python tools/new_chapter.py 12-weight-averaging "Weight averaging"`.

Writes the notebook with the sections of every chapter and a small example of each thing that a chapter has,
its claims, the derivation that its assignment asks, and its line in _toc.yml. Every rule of the notebooks is
kept, so that what breaks one later is what was written later. The examples are there to be replaced.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import notebook_lint  # noqa: E402 (beside this file, and helpers above it)

from helpers.places import chapters  # noqa: E402

NAME = re.compile(r"\d\d-[a-z][a-z0-9-]*")
CLAIM = "N1-{number}/book"
SEEDS = 10
CLAIMS = """- id: {claim}
  said: the share of heads in `1000` throws of a fair coin lies between `0.4` and `0.6`
  kind: between
  low: 0.4
  high: 0.6
  why: six standard deviations to each side
  unit: share of heads
  possible: [0, 1]
  seeds: {seeds}
  varied: throws
  needs: any
  verdict: consistent
  reading: As the binomial distribution has it.
"""
ASKED = r"""- chapter: "{number}"
  id: {topic}
  prompt: "Derive $\\partial J/\\partial w$."
  given: 'Let $J = h w^2 + \lambda w$.'
  start: '\frac{{\partial J}}{{\partial w}}'
  end: '2 h w + \lambda'
  letters: hw
  solution: |
    \frac{{\partial J}}{{\partial w}}
      &= h \frac{{\partial}}{{\partial w}} w^2 + \lambda
      &= 2 h w + \lambda
  wrong: |
    \frac{{\partial J}}{{\partial w}}
      &= h \frac{{\partial}}{{\partial w}} w^2 - \lambda
      &= 2 h w + \lambda
"""
DERIVATION = r"""%%derivation {topic}.first
The slope of a line
Let $J = h w$.
\frac{{\partial J}}{{\partial w}}
  &= h \frac{{\partial w}}{{\partial w}} && a constant factor
  &= h && the derivative of $w$ by itself"""
IMPORTS = """%load_ext helpers
import random

from helpers.claims import Ledger, feedback
from helpers.measurements import Measurements"""
THROWS = """def heads(seed):
    draw = random.Random(seed)
    return sum(draw.random() < 0.5 for _ in range(1000)) / 1000"""
QUESTIONS = ("logistic.sigma-prime", "logistic.gradient", "logistic.hessian")  # examples, to be replaced
TEXTS = {
    "The task": "What is asked, in our words, and where it was asked. The next cell loads what the chapter "
    "needs; it is folded on the page.",
    "A puzzle": "A question that the reader can answer wrongly, with a figure. Its resolution is what the "
    "chapter is about.",
    "Derive": "The picture before the proof. Each row of the next cell is judged when the cell runs.",
    "Formula and automatic differentiation": "Where a formula of the chapter is compared with what automatic "
    "differentiation gives for the same thing, at random points and in double precision.",
    "From scratch": "Plain code first, in the letters of the formula. Here a coin is thrown, and the "
    "share of heads is returned.",
    "Measure": "What is run, how often, and what is expected of it. What takes more than a second goes "
    "through measured, so that a full run keeps it and the next one reads it.",
    "What the reports said": "The claim, the number, the interval and the verdict stand in one place. What "
    "decides was written into the claims file before anything was measured.",
    "Limits": "What was not measured, and what the numbers of this chapter cannot tell.",
    "Summary": "- What the reader knows now, a line for each result.",
}


def notebook(name: str, title: str) -> nbformat.NotebookNode:
    number, topic = name[:2], name[3:].replace("-", "_")
    made = [new_markdown_cell(f"# {title}\n\n**One sentence that answers the question of the chapter.** Then "
            "what the reader will be able to do after it, in a few words more."),
            _code(notebook_lint.GUARD, "remove-cell")]  # fmt: skip
    records = f'measured = Measurements("{name}")\nledger = Ledger("{name}")'
    cells = {
        "The task": [_code(IMPORTS, "hide-input"), _code(records, "hide-input", "continues")],
        "Derive": [_code(DERIVATION.format(topic=topic))],
        "From scratch": [_code(THROWS), _code("heads(0)", "continues")],
        "Measure": [_code(f'shares = measured("heads of a coin", heads, seeds=range({SEEDS}))')],
        "What the reports said": [
            _code(f'ledger.judge("{CLAIM.format(number=int(number))}", shares)'),
            _code("ledger.verdicts()", "verdicts", "continues"),
            _code("ledger.table()", "nbval-ignore-output", "continues"),
        ],
        "Your turn": _questions(),
    }
    for section in notebook_lint.SECTIONS:
        if section in TEXTS:
            made.append(new_markdown_cell(f"## {section}\n\n{TEXTS[section]}"))
        made += cells.get(section, [])
    made.append(_code("measured.finish()\nledger.save()", "nbval-ignore-output", "remove-cell"))
    for place, cell in enumerate(made):
        cell["id"] = f"cell-{place}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _questions() -> list[nbformat.NotebookNode]:
    from helpers.course import EXERCISES

    made = []
    for k, id in enumerate(QUESTIONS, 1):
        head = "## Your turn\n\n" if k == 1 else ""
        made.append(new_markdown_cell(f"{head}**{k}.** {EXERCISES[id].prompt}"))
        made.append(_code(f'answer = "{EXERCISES[id].answer}"', "solution"))
        made.append(_code(f'feedback(answer, "{id}")', "exercise", "hide-cell"))
    return made


def _code(source: str, *tags: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def make(name: str, title: str, root: Path = ROOT) -> list[Path]:
    """Write the chapter's files below `root`; the paths. Raises ValueError if the name cannot be used."""
    there = chapters(root / "notebooks")
    if not NAME.fullmatch(name) or int(name[:2]) != len(there) + 1:
        raise ValueError(f"Call it {len(there) + 1:02}-topic, in small letters with hyphens, not {name!r}.")
    number, topic = name[:2], name[3:].replace("-", "_")
    path, claims = root / "notebooks" / f"{name}.ipynb", root / "book" / "claims" / f"{name}.yaml"
    nbformat.write(notebook(name, title), path)
    claims.write_text(CLAIMS.format(claim=CLAIM.format(number=int(number)), seeds=SEEDS), encoding="utf-8")
    toc, asked = root / "_toc.yml", root / "book" / "derive.yaml"
    line = f"      - file: notebooks/{there[-1].stem}\n"
    text = toc.read_text(encoding="utf-8")
    toc.write_text(text.replace(line, f"{line}      - file: notebooks/{name}\n"), encoding="utf-8")
    with asked.open("a", encoding="utf-8") as file:
        file.write(ASKED.format(number=number, topic=topic))
    return [path, claims, toc, asked]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", help="number and topic, such as 12-weight-averaging")
    parser.add_argument("title")
    arguments = parser.parse_args(argv)
    try:
        for path in make(arguments.name, arguments.title):
            print(path.relative_to(ROOT))
    except ValueError as reason:
        print(reason, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
