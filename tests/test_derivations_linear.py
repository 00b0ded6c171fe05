"""Oracle: torch, scikit-learn and brute force, for what softmax, losses and penalties are said to do."""

from __future__ import annotations

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sympy import log

from helpers.crosscheck import agrees_with_helper
from helpers.derivations import ALL
from helpers.derivations import cross_entropy as ce
from helpers.derivations import regularisation as reg
from helpers.derivations import softmax as sm
from helpers.notation import a, eta, lam, u, y, yk, zk
from helpers.proof import Given, RefutedStep, Verdict, check, refute
from helpers.proof.methods.extrema import only_minimum

ADAM = (reg.weight, reg.grad, reg.first, reg.second, eta, lam)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


# ---------------------------------------------------------------- hypotheses that matter
def test_the_softmax_gradient_is_false_without_labels_that_sum_to_one():
    before, last, _ = list(sm.gradient().chain.links())[-2]
    assert last.because.startswith("here, and only here")
    assert check(before, last.expr, sm.SOFT).verdict is Verdict.PROVED
    refuted = check(before, last.expr, sm.ANY)
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.lhs != refuted.rhs


def test_no_step_before_that_one_uses_the_hypothesis():
    without, whole = sm.gradient_any_labels(), sm.gradient()
    assert [step.expr for step in without.steps] == [step.expr for step in whole.steps[:-2]]
    assert not without.given.facts


def test_the_minimum_is_not_accepted_elsewhere():
    with pytest.raises(RefutedStep):
        only_minimum(
            "elsewhere",
            ce.bce(y, a),
            a,
            1 - y,
            Given(domain={y: "unit", a: "unit"}),
            curvature=y / a**2 + (1 - y) / (1 - a) ** 2,
        )


# ---------------------------------------------------------------- softmax against torch
def test_softmax_and_its_cost_equal_torch():
    given = Given(sizes=(sm.K,), free={sm.q: (1, sm.K)})
    agrees_with_helper(sm.a(sm.q), lambda z: torch.softmax(z, 0), (zk,), given)
    label = Given(sizes=(sm.K,), domain={yk: "simplex"})
    agrees_with_helper(sm.cost(), torch.nn.functional.cross_entropy, (zk, yk), label)


def test_log_softmax_equals_torch_for_every_shift():
    found = ALL["cross_entropy.log-softmax"]()
    agrees_with_helper(found.last, lambda z, shift: torch.log_softmax(z, 0), (zk, sm.b), found.given)


@pytest.mark.parametrize(
    ("scores", "limit"),
    [
        ((2.0, 1.0, 0.0), (1, 0, 0)),
        ((1.0, 1.0, 0.0, -2.0), (0.5, 0.5, 0, 0)),
        ((3.0, 3.0, 3.0), (1 / 3,) * 3),
    ],
)
def test_the_limit_of_softmax_with_ties(scores, limit):
    outputs = torch.softmax(1e4 * torch.tensor(scores, dtype=torch.float64), 0)
    assert outputs.tolist() == pytest.approx(limit)


def test_two_outputs_do_rise_together():
    before, after = torch.softmax(torch.zeros(3), 0), torch.softmax(torch.tensor([1.0, 1.0, 0.0]), 0)
    assert (after[:2] > before[:2]).all()


# ---------------------------------------------------------------- cross-entropy in floating point
@pytest.mark.parametrize("z", [-800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0])
@pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
def test_the_safe_form_is_finite_and_equals_torch(z, label):
    safe = max(z, 0) - label * z + torch.log1p(torch.exp(torch.tensor(-abs(z)))).item()
    torchs = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(z), torch.tensor(label))
    assert safe == pytest.approx(torchs.item(), rel=1e-6)
    derived = ce.safe_positive() if z >= 0 else ce.safe_negative()
    value = derived.last.subs({ce.magnitude: abs(z), y: label}).evalf()
    assert safe == pytest.approx(float(value), rel=1e-6, abs=1e-7)


def test_the_quadratic_cost_has_negative_curvature_where_the_derivation_says():
    z = torch.tensor(9.0, dtype=torch.float64).log().requires_grad_()
    first = torch.autograd.grad(torch.sigmoid(z) ** 2 / 2, z, create_graph=True)[0]
    assert torch.autograd.grad(first, z)[0].item() == pytest.approx(-0.0567)
    assert ce.quadratic_not_convex().start.func.parameters == (u,)


# ---------------------------------------------------------------- penalties
def torchs_step(kind, steps=3):
    """Weight, gradient, m, v and corrected rate before torch's last step, and the weight after it."""
    weight = torch.tensor([1.5], dtype=torch.float64, requires_grad=True)
    optimiser = kind([weight], lr=0.01, weight_decay=0.5, eps=0.0)
    for gradient in torch.randn(steps, 1, dtype=torch.float64):
        state = optimiser.state[weight]
        kept = {name: float(state.get(name, 0.0)) for name in ("exp_avg", "exp_avg_sq")}
        before, weight.grad = weight.item(), gradient
        optimiser.step()
    rate = 0.01 * (1 - 0.999**steps) ** 0.5 / (1 - 0.9**steps)
    at = {
        reg.weight: before,
        reg.grad: gradient.item(),
        reg.first: kept["exp_avg"],
        reg.second: kept["exp_avg_sq"],
        lam: 0.5,
        eta: rate,
    }
    return at, weight.item()


def test_adam_with_a_penalty_is_torchs_adam():
    at, after = torchs_step(torch.optim.Adam)
    assert float(reg.adam_with_penalty().subs(at)) == pytest.approx(after, rel=1e-12)


def test_adam_with_decay_is_torchs_adamw():
    at, after = torchs_step(torch.optim.AdamW)
    decayed = (1 - 0.01 * 0.5) * at[reg.weight] + float(reg.adam(reg.grad).subs(at))
    assert decayed == pytest.approx(after, rel=1e-12)
    written = reg.adam_with_decay() - reg.adam(reg.grad)
    assert written.subs({eta: 0.01, **{name: at[name] for name in (reg.weight, lam)}}) == pytest.approx(
        (1 - 0.01 * 0.5) * at[reg.weight]
    )


def test_a_penalty_is_not_weight_decay_for_adam():
    refuted = refute(reg.adam_with_penalty(), reg.adam_with_decay())
    assert refuted.counterexample
    at = {name: refuted.counterexample[str(name)] for name in ADAM}
    assert float(reg.adam_with_penalty().subs(at)) == pytest.approx(refuted.lhs)
    assert float(reg.adam_with_decay().subs(at)) == pytest.approx(refuted.rhs)
    assert check(reg.adam_with_penalty(), reg.weight + reg.adam(reg.grad + lam * reg.weight))


def test_scikit_learns_c_gives_a_point_where_our_gradient_vanishes():
    inputs, strength = torch.randn(60, 3, dtype=torch.float64), 0.1
    labels = (inputs[:, 0] + 0.5 * torch.randn(60, dtype=torch.float64) > 0).double()
    theirs = LogisticRegression(C=1 / (2 * 60 * strength), tol=1e-10, max_iter=1000)
    theirs.fit(inputs.numpy(), labels.numpy())
    weights, bias = torch.tensor(theirs.coef_[0]).requires_grad_(), torch.tensor(theirs.intercept_)
    data = torch.nn.functional.binary_cross_entropy_with_logits(inputs @ weights + bias, labels)
    gradient = torch.autograd.grad(data + strength * (weights**2).sum(), weights)[0]
    assert gradient.abs().max() < 1e-6
    half = torch.autograd.grad(strength / 2 * (weights**2).sum(), weights)[0]
    assert half.abs().max() > 1e-2  # with the other convention it is no minimum


@pytest.mark.parametrize("centre", [-2.0, -0.7, -0.2, 0.0, 0.4, 0.5, 1.3])
def test_soft_thresholding_is_the_best_weight_on_a_grid(centre):
    grid, strength = torch.linspace(-3, 3, 6001, dtype=torch.float64), 0.5
    best = grid[((grid - centre) ** 2 / 2 + strength * grid.abs()).argmin()].item()
    formula = max(abs(centre) - strength, 0) * (1 if centre > 0 else -1)
    assert best == pytest.approx(formula, abs=1e-3)


def test_one_weight_of_two_grows_with_the_penalty():
    matrix = torch.tensor([[1, 0.9], [0.9, 1]], dtype=torch.float64)
    for strength in (0.1, 1.0, 5.0):
        right = torch.tensor([1, 0.9], dtype=torch.float64)
        solved = torch.linalg.solve(matrix + strength * torch.eye(2).double(), right)
        assert [float(w.subs(lam, strength)) for w in reg.two_weights(lam)] == pytest.approx(solved.tolist())
        assert solved[1] > 0


# ---------------------------------------------------------------- rates
def test_the_curvature_bound_holds_and_is_reached_at_zero_weights():
    inputs = torch.randn(40, 5, dtype=torch.float64)
    bound = torch.linalg.eigvalsh(inputs.T @ inputs).max() / (4 * 40) + 2 * 0.3
    for scale in (0.0, 1.0, 10.0):
        outputs = torch.sigmoid(inputs @ (scale * torch.randn(5, dtype=torch.float64)))
        hessian = inputs.T @ torch.diag(outputs * (1 - outputs)) @ inputs / 40
        hessian += 2 * 0.3 * torch.eye(5).double()
        largest = torch.linalg.eigvalsh(hessian).max()
        assert largest <= bound + 1e-12
        assert scale or largest == pytest.approx(bound.item())


@pytest.mark.parametrize(
    ("share", "shrinks"),
    [
        (0.01, True),
        (0.5, True),
        (0.99, True),
        (1.0, False),
        (1.1, False),
    ],
)
def test_gradient_descent_converges_below_two_over_h_only(share, shrinks):
    curvature, weight = 3.7, 1.0
    for _ in range(2000):
        weight -= share * 2 / curvature * curvature * weight
        if abs(weight) > 1e6:
            break
    assert (abs(weight) < 1e-9) is shrinks


def test_every_inequality_is_closed_and_log_two_is_the_largest_entropy():
    found = ALL["cross_entropy.entropy"]()
    assert found.closed
    assert found.last == log(2)
