"""Oracle: torch.autograd for every derivative, two judges for every step, ids in other files, plain numbers.

The numbers are those of simulations and searches that know nothing of the derivations: torch's own layers and
losses, all batches of a few samples, a brute-force search over inputs.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations, product, takewhile
from pathlib import Path
from statistics import fmean

import mpmath
import numpy as np
import pytest
import torch
from sampling import in_trial
from sympy import Expr, Float, Indexed, Integer, Symbol, preorder_traversal
from sympy.matrices.expressions.matexpr import MatrixElement
from torch.nn import functional

from helpers.course import DERIVATIONS
from helpers.crosscheck import Disagreement, agrees_with_autograd, agrees_with_helper
from helpers.places import chapters
from helpers.proof import Partial, Verdict, check, prove, unfold
from helpers.proof.statement.chain import Part

ROOT = Path(__file__).resolve().parents[1]


def gradient_of(part: Part):
    """(loss, variable) if a part works out a first derivative, which autograd can check."""
    if not isinstance(part.start, Partial) or part.start.args[0].has(Partial):
        return None
    return part.start.args if isinstance(part.start.args[1], Symbol | Indexed | MatrixElement) else None


ALL_PROVED = re.compile(r"(\S+): (\d+) of \2 steps? proved")
NOT_COMPARED = {"nbval-ignore-output", "nbval-skip", "raises-exception"}


def proved_in(cells) -> set[str]:
    """The derivations that these cells judge, and of which nbval demands that every step is proved."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    compared = [cell for cell in code if not NOT_COMPARED & {*cell["metadata"].get("tags", [])}]
    results = [output.get("data", {}) for cell in compared for output in cell["outputs"]]
    said = [ALL_PROVED.match("".join(data.get("text/plain", ""))) for data in results]
    return {found[1] for found in said if found}


@pytest.fixture(scope="module")
def left_to_chapters(request) -> set[str]:
    """What need not be judged here: chapters prove what they show, where the same command runs them."""
    if in_trial() or not request.config.getoption("nbval", False):
        return set()
    return set().union(*(proved_in(json.loads(path.read_text("utf-8"))["cells"]) for path in chapters()))


# ---------------------------------------------------------------- every derivation
@pytest.mark.parametrize("id", DERIVATIONS)
def test_every_step_is_proved_and_has_a_reason(id, left_to_chapters):
    found = DERIVATIONS[id]
    assert re.fullmatch(r"[a-z_]+\.[a-z0-9-]+", id)
    assert found.title != id
    assert not found.title.endswith(".")
    assert found.chain.name == id
    for part in found.chain.parts:  # a line alone may have its reason in the title of its part
        assert len(part.lines) == 1 or all(line.because for line in part.lines)
    if id not in left_to_chapters:
        assert {result.verdict for result in prove(found.chain).results} == {Verdict.PROVED}


@pytest.mark.parametrize("id", DERIVATIONS)
def test_every_gradient_equals_autograd_and_its_negative_does_not(id):
    for part in DERIVATIONS[id].chain.parts:
        # A derivative that ends in a bound is compared as it stands before the first inequality.
        lines = list(takewhile(lambda line: line.means.relation == "=", part.lines))
        if gradient_of(part) is not None and lines:
            loss, variable = gradient_of(part)
            assert agrees_with_autograd(lines[-1].expr, loss, variable, part.given).instances == 20
            with pytest.raises(Disagreement):
                agrees_with_autograd(-lines[-1].expr, loss, variable, part.given)


def test_many_derivations_are_gradients():
    assert sum(any(map(gradient_of, DERIVATIONS[id].chain.parts)) for id in DERIVATIONS) >= 35


def said(text: str, *tags: str) -> dict:
    outputs = [{"data": {"text/plain": text}}]
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": "", "outputs": outputs}


def test_only_what_a_chapter_surely_proves_is_left_to_it():
    cells = [
        said("a.proved: 6 of 6 steps proved for symbolic n\n"),
        said("a.open: 5 of 6 steps proved, 1 checked\n"),
        said("a.eleven: 1 of 11 steps proved\n"),
        said("a.hidden: 6 of 6 steps proved\n", "nbval-ignore-output"),
        {"cell_type": "markdown", "source": "a.told: 6 of 6 steps proved"},
    ]
    assert proved_in(cells) == {"a.proved"}


# ---------------------------------------------------------------- what other files name
ID = r"[a-z_0-9]+\.[a-z0-9-]+"
CALLED = rf"""recall\(\s*["']({ID})["']\s*\)"""
SHOWN = rf"\]\(#({ID})\)|\{{(?:derive-it|try-derivation|proof)\}} ({ID})|^derive-it:({ID})$"
NAMED = re.compile(f"{CALLED}|{SHOWN}", re.MULTILINE)


def named(text: str) -> set[str]:
    """The ids of derivations that a page or a cell recalls, links or shows."""
    return {id for found in NAMED.findall(text) for id in found if id}


def test_every_id_that_a_chapter_or_a_page_names_is_derived():
    pages = {path.name: path.read_text("utf-8") for path in [ROOT / "README.md", *ROOT.glob("book/*.md")]}
    for path in chapters():
        cells = json.loads(path.read_text("utf-8"))["cells"]
        tags = [tag for cell in cells for tag in cell["metadata"].get("tags", [])]
        pages[path.name] = "\n".join(["".join(cell["source"]) for cell in cells] + tags)
    missing = {(name, id) for name, text in pages.items() for id in named(text) - set(DERIVATIONS)}
    assert missing == set()
    assert sum(len(named(text)) for text in pages.values()) > 50


def test_an_id_is_found_where_it_is_named():
    text = 'recall("a.b"); [Result](#c.d) recall(id)\n```{derive-it} e.f\n```\n```{try-step} g.h\n```\n'
    text += "derive-it:i.j"
    assert named(text) == {"a.b", "c.d", "e.f", "i.j"}


# ---------------------------------------------------------------- formulas of the texts, in numbers
def part_of(id: str, place: int = 0) -> Part:
    return DERIVATIONS[id].chain.parts[place]


def letters(part: Part) -> dict[str, object]:
    """The letters and arrays of a part's lines and of what they are defined by, by name."""
    found: dict[str, object] = {}
    for line in (part.start, *(line.expr for line in part.lines)):
        for e in preorder_traversal(unfold(line)):
            if isinstance(e, Indexed):
                found[str(e.base.label)] = e.base
            elif isinstance(e, Symbol):
                found.setdefault(e.name, e)
    return found


def value(e: Expr, **values) -> float:
    """A formula in numbers: letters and sizes by name, arrays as lists whose entries count from 1."""
    plain, numbers = unfold(e), {k: v for k, v in values.items() if not isinstance(v, (list, tuple))}
    sizes = {s: Integer(numbers[s.name]) for s in plain.free_symbols if s.is_integer and s.name in numbers}
    plain = plain.xreplace(sizes).doit()
    entries = {a: Float(values[str(a.base.label)][int(a.indices[0]) - 1]) for a in plain.atoms(Indexed)}
    plain = plain.xreplace(entries)
    return float(plain.subs({s: numbers[s.name] for s in plain.free_symbols if s.name in numbers}))


def agrees(id: str, function, names: str, place: int = 0, factor: int = 1):
    part = part_of(id, place)
    known = letters(part)
    arguments = tuple(known[name] for name in names.split())
    return agrees_with_helper(factor * part.last, function, arguments, part.given)


def test_the_penalised_gradient_equals_the_matrix_formula_in_torch():
    def gradient(X, Y, w, b, lam):
        return -X.T @ (Y - torch.sigmoid(X @ w + b)) / len(Y) + 2 * lam * w

    agrees("logistic.gradient-l2", gradient, "X Y w b lambda")
    with pytest.raises(Disagreement):
        agrees("logistic.gradient-l2", gradient, "X Y w b lambda", factor=2)


def test_the_softmax_gradient_is_false_without_labels_that_sum_to_one():
    part = part_of("softmax.gradient")
    before, line = part.lines[-2].expr, part.lines[-1]
    with_facts = [
        (a.expr, b.expr) for a, b in zip(part.lines, part.lines[1:], strict=False)
        if check(a.expr, b.expr, replace(part.given, facts=(), domain={})).verdict is Verdict.REFUTED
    ]  # fmt: skip
    assert len(with_facts) == 1
    assert check(*with_facts[0], part.given).verdict is Verdict.PROVED
    assert check(before, line.expr, part.given).verdict is Verdict.PROVED


def layer(inputs, eps, gamma=1.0, beta=0.0):
    """torch's batch normalisation of one unit in training mode; it refuses a batch of one, which gives 0."""
    if len(inputs) == 1:
        return torch.zeros_like(inputs) * inputs + beta
    columns = torch.stack([inputs, inputs], dim=1)
    weights = [torch.full((2,), float(one), dtype=inputs.dtype) for one in (gamma, beta)]
    return functional.batch_norm(columns, None, None, *weights, training=True, eps=float(eps))[:, 0]


def test_the_backward_pass_of_batch_normalisation_equals_torch():
    def backward(inputs, slopes, eps, gamma):
        inputs = inputs.clone().requires_grad_()
        (layer(inputs, eps, gamma) * slopes).sum().backward()
        return inputs.grad

    agrees("normalisation.backward", backward, "x g epsilon gamma")
    with pytest.raises(Disagreement):
        agrees("normalisation.backward", backward, "x g epsilon gamma", factor=-1)


def test_the_slope_of_the_loss_of_probabilities_equals_torch():
    def slope(scores, labels):
        scores = scores.clone().requires_grad_()
        (-(labels * scores.softmax(0)).sum()).backward()
        return scores.grad

    agrees("normalisation.probability-slope", slope, "z y")


def test_dropout_has_the_variance_that_is_derived():
    torch.manual_seed(0)
    dropped = functional.dropout(torch.full((200_000,), 3.0, dtype=torch.float64), 0.4, training=True)
    variance = value(part_of("normalisation.dropout-variance").last, p=0.4, u=3)
    assert variance == pytest.approx(6)  # two thirds of 9
    assert dropped.var().item() == pytest.approx(variance, rel=0.01)


@pytest.mark.parametrize("z", [-800.0, -40.0, -1.0, 1.0, 40.0, 800.0])
@pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
def test_the_safe_form_of_cross_entropy_equals_torch(z, label):
    torchs = functional.binary_cross_entropy_with_logits(torch.tensor(z), torch.tensor(label))
    sides = [value(part_of("cross_entropy.safe", place).last, t=abs(z), y=label) for place in (0, 1)]
    assert min(abs(side - torchs.item()) for side in sides) <= 1e-6 * (1 + torchs.item())


def test_no_corner_of_the_box_gains_more_than_the_sign_step():
    def best(gradient, eps):
        corners = torch.tensor(list(product((-1.0, 1.0), repeat=len(gradient))), dtype=gradient.dtype)
        return (eps * corners @ gradient).max()

    agrees("adversarial.sign-step", best, "g epsilon")


GRADIENTS = [0.7, -1.3, 0.4, 2.1, -0.2]


@pytest.mark.parametrize(
    ("id", "batches"),
    [
        ("stochastic.variance", lambda size: product(GRADIENTS, repeat=size)),
        ("stochastic.variance-without", lambda size: combinations(GRADIENTS, size)),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_variance_of_a_batch_is_that_of_all_batches(id, batches, size):
    means, centre = [fmean(batch) for batch in batches(size)], fmean(GRADIENTS)
    spread = fmean((one - centre) ** 2 for one in means)
    assert spread == pytest.approx(value(part_of(id).last, N=5, B=size, g=GRADIENTS))
    assert fmean(means) == pytest.approx(value(part_of("stochastic.unbiased").last, N=5, B=size, g=GRADIENTS))


# ---------------------------------------------------------------- a wide interval, and momentum
def width(weight: float) -> float:
    return value(part_of("dynamics.interval-width").last, d=abs(weight) - 4)


@pytest.mark.parametrize(("w", "b"), [(6.9, 0.0), (-6.9, 1.3), (10.0, -2.0), (4.5, 0.7), (-30.0, 5.0)])
def test_the_width_is_what_a_search_over_inputs_finds(w, b):
    inputs = np.linspace(-3, 3, 600_001)
    z = np.abs(w * inputs + b)
    wide = (abs(w) * np.exp(-z) / (1 + np.exp(-z)) ** 2 >= 1).sum() * 1e-5
    assert wide == pytest.approx(width(w), abs=3e-5)


def test_the_digits_of_the_maximum_equal_those_of_another_search():
    with mpmath.workdps(50):
        at = mpmath.findroot(lambda s: s * mpmath.tanh(s / 2) - 1, 1.5)
        bounds = [part.last for part in DERIVATIONS["dynamics.width-maximum"].chain.parts]
        least, most, narrow, wide = (mpmath.mpf(e.p) / e.q for e in bounds)
        assert least < 2 + 2 * mpmath.cosh(at) < most < least + mpmath.mpf(10) ** -26
        assert narrow < at / (1 + mpmath.cosh(at)) < wide < narrow + mpmath.mpf(10) ** -26


def test_the_region_of_stability_is_that_of_the_roots():
    at_one, at_minus_one, at_zero = (
        part.last for part in DERIVATIONS["dynamics.momentum-values"].chain.parts
    )
    for mu, k in np.random.default_rng(0).uniform((-1.6, -0.5), (1.6, 5), (300, 2)):
        stable = np.abs(np.roots([1, -(1 + mu - k), mu])).max() < 1
        ends = [value(e, mu=mu, k=k) for e in (at_one, at_minus_one)]
        assert stable == (min(ends) > 0 and abs(value(at_zero, mu=mu, k=k)) < 1)
