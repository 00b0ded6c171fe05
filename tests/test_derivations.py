"""Oracle: torch.autograd for every derivative, two judges for every step, entries false on purpose."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import takewhile

import pytest
import torch
from sampling import in_trial
from sympy import Indexed, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

import helpers.derivations
from helpers.crosscheck import Disagreement, agrees_with_autograd, agrees_with_helper
from helpers.derivations import ALL, derivation, logistic, topics
from helpers.notation import N, X, Y, j, lam, n, u, w, x, y
from helpers.places import chapters
from helpers.proof import Partial, RefutedStep, Verdict

TASK = r"(A1-\d[a-e]|HW3-\d\.\d|HW4-\d\.\d[a-c]?)"


def gradient_of(found):
    """(loss, variable) if the derivation works out a first derivative, which autograd can check."""
    if not isinstance(found.start, Partial) or found.start.args[0].has(Partial):
        return None
    assert isinstance(found.start.args[1], Symbol | Indexed | MatrixElement)
    return found.start.args


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
@pytest.mark.parametrize("id", ALL)
def test_every_step_is_proved_and_every_gradient_equals_autograd(id, left_to_chapters):
    """One test, because a derivation is built once in a process."""
    found = ALL[id].written() if id in left_to_chapters else ALL[id]()
    assert found.name == id
    assert found.closed
    assert not found.numeric
    assert all(line.because for _, line, _ in found.chain.links())
    if id not in left_to_chapters:
        assert set(found.verdicts) == {Verdict.PROVED}
        assert ALL[id]() is found
    if gradient_of(found) is not None:
        _equals_autograd(found)


def _equals_autograd(found):
    """The derivative that was worked out is torch's, and minus it is not."""
    loss, variable = gradient_of(found)
    # A derivative that ends in a bound is compared as it stands before the first inequality.
    lines = [line for _, line, _ in found.chain.links()]
    formula = [line.expr for line in takewhile(lambda line: line.means.relation == "=", lines)][-1]
    assert agrees_with_autograd(formula, loss, variable, found.given).instances == 20
    with pytest.raises(Disagreement):
        agrees_with_autograd(-formula, loss, variable, found.given)


@pytest.mark.parametrize("id", ALL)
def test_every_derivation_is_described(id):
    entry = ALL[id]
    assert re.fullmatch(r"[a-z_]+\.[a-z0-9-]+", id)
    assert id.split(".")[0] in topics()
    assert re.fullmatch(TASK, entry.task)
    assert entry.title
    assert entry.sizes
    assert entry.build.__doc__


def test_most_derivations_of_logistic_regression_are_gradients():
    gradients = [id for id in ALL if id.startswith("logistic.") and gradient_of(ALL[id].written())]
    assert len(gradients) >= 7


def said(text: str, *tags: str) -> dict:
    outputs = [{"data": {"text/plain": text}}]
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "outputs": outputs}


def test_only_what_a_chapter_surely_proves_is_left_to_it():
    cells = [
        said("a.proved: 6 of 6 steps proved for symbolic n\n"),
        said("a.open: 5 of 6 steps proved, 1 checked\n"),
        said("a.eleven: 1 of 11 steps proved\n"),
        said("a.hidden: 6 of 6 steps proved\n", "nbval-ignore-output"),
        {"cell_type": "markdown", "source": "a.told: 6 of 6 steps proved"},
    ]
    assert proved_in(cells) == {"a.proved"}


# ---------------------------------------------------------------- what is false is not entered
def test_a_false_step_cannot_get_in():
    chain = logistic.Derivation("false", Partial(logistic.bce(y, logistic.yhat), w[j]), logistic.ONE)
    with pytest.raises(RefutedStep, match="is false at n = "):
        chain.step((y - logistic.yhat) * x[j], because="the sign is lost")


def test_nothing_is_entered_twice():
    with pytest.raises(ValueError, match=r"'logistic\.gradient' is entered twice"):
        derivation("logistic.gradient", task="A1-1a", title="again", sizes="any n")(lambda: None)


def test_the_tables_cannot_be_changed():
    with pytest.raises(TypeError):
        ALL["logistic.gradient"] = None
    with pytest.raises(AttributeError, match="no attribute 'NONE'"):
        _ = helpers.derivations.NONE


# ---------------------------------------------------------------- cheap and lazy
LOOK = """
import json, sys
import helpers.proof.answers, helpers.notation
before = set(sys.modules)
import helpers.derivations as d
loaded = [name for name in set(sys.modules) - before if name.partition(".")[0] not in sys.stdlib_module_names]
from helpers.derivations import softmax
first = list(d.ALL)
print(json.dumps([sorted(loaded), first, "torch" in sys.modules, "numpy" in sys.modules]))
"""


def test_importing_the_package_is_cheap_and_loads_no_topic_and_no_torch():
    run = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    loaded, first, torch_loaded, numpy_loaded = json.loads(run.stdout)
    assert loaded == ["helpers.derivations", "helpers.derivations._registry"]
    assert not torch_loaded
    assert not numpy_loaded
    # Reading order holds although another topic was imported first.
    assert first == list(ALL)
    order = [topics().index(id.split(".")[0]) for id in ALL]
    assert order == sorted(order)


# ---------------------------------------------------------------- logistic regression, against torch
def test_the_hessian_equals_autograd_of_the_gradient():
    agrees_with_autograd(logistic.curvature(), logistic.data_gradient(), w[logistic.l], logistic.PAIR)


def test_the_stable_cost_equals_torch():
    with_logits = torch.nn.functional.binary_cross_entropy_with_logits
    stable = logistic.stable()
    agrees_with_helper(stable.last, lambda u, y: with_logits(u, y), (u, y), stable.given)
    agrees_with_helper(stable.start, lambda u, y: with_logits(u, y), (u, y), stable.given)


def test_the_penalised_gradient_equals_the_matrix_formula_in_torch():
    def gradient(X, Y, w, b, lam):
        return -X.T @ (Y - torch.sigmoid(X @ w + b)) / len(Y) + 2 * lam * w

    formula = logistic.gradient_l2().last
    agrees_with_helper(formula, gradient, (X, Y, w, logistic.b, lam), logistic.MANY)


def test_the_quadratic_form_of_the_hessian_is_never_negative():
    torch.manual_seed(0)
    for _ in range(20):
        features, samples = torch.randint(1, 6, (2,)).tolist()
        inputs = torch.randn(samples, features, dtype=torch.float64)
        outputs = torch.sigmoid(inputs @ torch.randn(features, dtype=torch.float64))
        hessian = inputs.T @ torch.diag(outputs * (1 - outputs)) @ inputs / samples
        assert torch.linalg.eigvalsh(hessian).min() > -1e-12


def test_the_bias_trick_is_the_gradient_of_a_constant_input():
    """The bias derivation, and the weight derivation with an input that is always 1, agree in numbers."""
    torch.manual_seed(1)
    inputs, label = torch.randn(4, dtype=torch.float64), torch.tensor(0.3, dtype=torch.float64)
    weights = torch.randn(5, dtype=torch.float64, requires_grad=True)
    score = weights[:4] @ inputs + weights[4] * 1
    loss = torch.nn.functional.binary_cross_entropy_with_logits(score, label)
    gradient = torch.autograd.grad(loss, weights)[0]
    assert float(gradient[4]) == pytest.approx(float(-(label - torch.sigmoid(score.detach()))), rel=1e-12)
    assert sorted(map(str, logistic.BIAS.sizes)) == sorted(map(str, (n, N)))
