"""Oracles: the rules applied to a notebook that keeps all of them, and to copies that each break one."""

from __future__ import annotations

import json
from collections.abc import Callable

import nbformat
import notebook_lint as lint
import prose_numbers
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from run_notebooks import FOLDER, ROOT, code_hash, outputs_hash

from helpers.claims import MIME
from helpers.places import chapters

NOTEBOOKS = chapters(FOLDER)
LEDGERS = sorted((ROOT / "book" / "ledger").glob("*.json"))
RULES = {rule.__name__: rule for rule in lint.RULES}


def name(path) -> str:
    return path.stem


# -- the notebooks of the book


def test_there_are_notebooks_numbered_without_gaps():
    assert NOTEBOOKS
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{k:02}-" for k in range(1, len(NOTEBOOKS) + 1)]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook(path, rule):
    assert RULES[rule](nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook_has_its_ledger(path):
    nb = nbformat.read(path, as_version=4)
    assert any(f'Ledger("{path.stem}"' in cell.source for cell in lint.code_cells(nb))
    assert ROOT / "book" / "ledger" / f"{path.stem}.json" in LEDGERS


@pytest.mark.parametrize("path", LEDGERS, ids=name)
def test_ledger_belongs_to_a_notebook(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem == record["chapter"]
    assert path.stem in map(name, NOTEBOOKS)
    assert record["profile"] == "full"
    assert (record["data"] or {}).get("tier") != "embedded"


# -- every rule is broken once


def sealed(nb):
    """`nb` with the record of a full run in which its present code gave its present outputs."""
    record = {"profile": "full", "tier": "folder", "code": code_hash(nb), "outputs": outputs_hash(nb)}
    nb.metadata["show_your_work"] = record
    return nb


def code(source: str, count: int, *tags: str):
    outputs = [new_output("execute_result", data={"text/plain": f"{count}"}, execution_count=count)]
    return new_code_cell(
        source, execution_count=count, outputs=outputs, metadata={"tags": list(tags)} if tags else {}
    )


def good():
    """A small notebook that keeps every rule."""
    cells = [
        new_markdown_cell("# Title\n\nOne sentence answers, in about as many words as a line of code wants.")
    ]
    for section in lint.SECTIONS:
        cells.append(new_markdown_cell(f"## {section}\n\n" + "Some words that read well before the code."))
    cells.insert(1, new_code_cell(lint.GUARD, execution_count=1, metadata={"tags": ["remove-cell"]}))
    at, count = 7, 1
    for source, tags in (("a = 1", ()), ("a", ()), ("ledger.verdicts()", ("verdicts",))):
        count += 1
        cells[at:at] = [new_markdown_cell("What to expect here, in a sentence."), code(source, count, *tags)]
        at += 2
    cells[at - 1].outputs.append(
        new_output("display_data", data={MIME: {"name": "accuracy", "text": "98.1%"}})
    )
    for _ in range(3):
        question = new_markdown_cell("What is it?")
        solution, check = (
            code("answer = 1", count + 1, "solution"),
            code("feedback(answer)", count + 2, "exercise"),
        )
        count += 2
        cells[-2:-2] = [question, solution, check]
    return sealed(new_notebook(cells=cells))


def cell(nb, k: int):
    return lint.code_cells(nb)[1 + k]  # the first one looks for the course


def retag(nb, k: int, *tags: str) -> None:
    cell(nb, k).metadata["tags"] = list(tags)


def write_prose(nb, text: str) -> None:
    nb.cells[0].source += f"\n\n{text}"


def shown(text: str):
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


BY_HAND = """data = mnist()
def by_hand(network):
    F.cross_entropy(network(data.train.x), data.train.y).backward()
"""
BROKEN: list[tuple[str, Callable]] = [
    ("executed", lambda nb: cell(nb, 1).update(execution_count=None)),
    ("executed", lambda nb: cell(nb, 1).update(execution_count=7)),
    ("no_errors", lambda nb: cell(nb, 0).outputs.append(new_output("error", ename="ValueError", evalue="x"))),
    ("fresh", lambda nb: cell(nb, 0).update(source="a = 2")),
    ("fresh", lambda nb: cell(nb, 1).outputs[0].data.update({"text/plain": "5"})),
    ("fresh", lambda nb: cell(nb, 1).update(outputs=[])),
    ("fresh", lambda nb: nb.metadata.pop("show_your_work")),
    ("published", lambda nb: nb.metadata.show_your_work.update(profile="quick")),
    ("published", lambda nb: nb.metadata.show_your_work.update(tier="embedded")),
    ("published", lambda nb: nb.metadata.pop("show_your_work")),
    ("checked", lambda nb: retag(nb, 2)),
    ("checked", lambda nb: retag(nb, 2, "verdicts", "nbval-ignore-output")),
    ("checked", lambda nb: cell(nb, 2).update(outputs=[])),
    ("checked", lambda nb: [c.update(outputs=[]) for k, c in enumerate(lint.code_cells(nb)) if k != 3]),
    ("small_outputs", lambda nb: cell(nb, 0).outputs[0].data.update({"text/plain": "x" * 300_000})),
    ("sections", lambda nb: nb.cells.pop()),
    ("sections", lambda nb: nb.cells.reverse()),
    ("sections", lambda nb: write_prose(nb, "# A second title")),
    ("says_what_it_needs", lambda nb: nb.cells.pop(1)),
    ("known_tags", lambda nb: retag(nb, 0, "nbval-ignore-outputs")),
    ("short_cells", lambda nb: cell(nb, 0).update(source="a = 1\n" * 26)),
    ("short_cells", lambda nb: [c.update(source="a = 1\n" * 25) for c in lint.code_cells(nb)]),
    ("enough_prose", lambda nb: cell(nb, 0).update(source="a = 1\n" * 24)),
    ("enough_prose", lambda nb: write_prose(nb, "many words " * 500)),
    ("introduced", lambda nb: nb.cells.insert(0, new_code_cell("a"))),
    ("introduced", lambda nb: nb.cells.insert(nb.cells.index(cell(nb, 0)) + 1, new_code_cell("a"))),
    ("no_typed_numbers", lambda nb: write_prose(nb, "The accuracy is 97.5 %.")),
    ("no_typed_numbers", lambda nb: write_prose(nb, "It stops after 32.4 epochs.")),
    ("no_typed_numbers", lambda nb: write_prose(nb, "```{note}\nNinety, or 90 %.\n```")),
    ("numbers_agree", lambda nb: write_prose(nb, "It is <!--number:accuracy-->98.2%<!--/number-->.")),
    ("numbers_agree", lambda nb: write_prose(nb, "It is <!--number:other-->98.1%<!--/number-->.")),
    ("numbers_agree", lambda nb: write_prose(nb, "It is <!--number:accuracy-->98.1%.")),
    ("numbers_agree", lambda nb: write_prose(nb, "- <!--number:accuracy-->98.1%<!--/number--> of them")),
    ("no_trailing_semicolon", lambda nb: cell(nb, 0).update(source="a;")),
    ("no_stray_objects", lambda nb: cell(nb, 0).update(outputs=[shown("<Axes: xlabel='epoch'>")])),
    ("no_stray_objects", lambda nb: cell(nb, 0).update(outputs=[shown("[<matplotlib.Line2D at 0x7f>]")])),
    ("moved", lambda nb: cell(nb, 0).update(source=BY_HAND)),
    ("exercises", lambda nb: retag(nb, 3)),
    ("exercises", lambda nb: [retag(nb, k) for k in (3, 4)]),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_good_notebook_keeps_the_rule(rule):
    assert RULES[rule](good()) == []


@pytest.mark.parametrize(
    ("rule", "break_it"), BROKEN, ids=[f"{rule}-{k}" for k, (rule, _) in enumerate(BROKEN)]
)
def test_broken_notebook_is_found(rule, break_it):
    nb = good()
    break_it(nb)
    assert RULES[rule](nb)


def test_a_network_that_was_moved_or_stays_on_the_processor_is_right():
    for right in (
        BY_HAND.replace("mnist()", 'mnist(device="cpu")'),
        BY_HAND.replace("    F.", "    network.to(data.train.x.device)\n    F."),
    ):
        nb = good()
        cell(nb, 0).update(source=right)
        assert lint.moved(nb) == []


def test_every_rule_is_broken_once():
    assert {rule for rule, _ in BROKEN} == set(RULES)


def test_what_is_folded_or_derived_is_not_code_to_be_read():
    nb = good()
    cell(nb, 0).source, cell(nb, 1).source = "%%derivation sigma.slope\n" + "x &= 1\n" * 20, "a = 1\n" * 20
    retag(nb, 0, "derive-it:sigma.slope")
    retag(nb, 1, "hide-input")
    assert lint.short_cells(nb) == lint.known_tags(nb) == []


@pytest.mark.parametrize(
    "text",
    [
        "Report C says `32.5` epochs, in $97.5\\,\\%$ of the runs.",
        "Here <!--number:accuracy-->98.1%<!--/number--> of {eq}`1.5` count; see [the page](https://a.org/1.5%20x).",
        "```python\na = 0.05\n```\n\n$$0.5 = 50 \\%$$",
        "HW4 2.3a, A1 2b, Task 3.1 and section 2.4 ask for it; 5 seeds, 60,000 images.",
        "\\begin{align}0.5\\end{align}",
    ],
)
def test_numbers_that_may_stand_in_prose(text):
    nb = good()
    write_prose(nb, text)
    assert lint.no_typed_numbers(nb) == []


@pytest.mark.parametrize(
    ("printed", "written"),
    [("-0.13", "−0.13"), ("-.5 to -0.1", "−.5 to −0.1"), ("1e-3", "1e-3"), ("2-3", "2-3"), ("A1-2", "A1-2")],
)
def test_a_minus_in_a_sentence_is_no_hyphen(printed, written):
    shown = new_output("display_data", {MIME: {"name": "a", "text": printed}})
    text = "It is <!--number:a--><!--/number-->."
    nb = new_notebook(cells=[new_code_cell("", outputs=[shown]), new_markdown_cell(text)])
    assert prose_numbers.fill(nb) == []
    assert nb.cells[1].source == f"It is <!--number:a-->{written}<!--/number-->."
    assert prose_numbers.wrong(nb) == []
