"""What our sweeps are measured against: the plain loop, scikit-learn, and the machine's fastest product."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.data import Split
from helpers.runtime import timer
from helpers.sweeps import Member, sklearn_C


def peak(device: torch.device, repeats: int = 12) -> float:
    """Floating-point operations a second of the best of some favourable matrix products in float32."""
    best = 0.0
    for n in (1024, 2048, 3072):
        a, b, out = (torch.rand(n, n, device=device) for _ in range(3))
        for _ in range(repeats):
            with timer(device) as t:
                torch.mm(a, b, out=out)
            best = max(best, 2 * n**3 / t.seconds)
    return best


def loop_of_sgd(train: Split, members: Sequence[Member], epochs: int) -> list[nn.Linear]:
    """Each member by itself with torch.optim.SGD and full batches, as briefly as PyTorch's users write it."""
    y, trained = train.y.to(train.x.dtype), []
    for member in members:
        model = nn.utils.skip_init(nn.Linear, train.x.shape[1], 1, device=train.x.device)
        for parameter in model.parameters():
            nn.init.zeros_(parameter)
        penalised = {"params": [model.weight], "weight_decay": member.decay}
        optimiser = torch.optim.SGD([penalised, {"params": [model.bias]}], lr=member.config.lr)
        for _ in range(epochs):
            optimiser.zero_grad()
            F.binary_cross_entropy_with_logits(model(train.x)[:, 0], y).backward()
            optimiser.step()
        trained.append(model)
    return trained


def objective(train: Split, weight: Tensor, bias: Tensor, lam: float) -> float:
    """J = mean loss + lam ‖w‖² in double precision; weight (d,), bias ()."""
    # On the processor: Apple's MPS has no float64.
    x, y, weight, bias = (value.cpu().double() for value in (train.x, train.y, weight, bias))
    loss = F.binary_cross_entropy_with_logits(x @ weight + bias, y)
    return (loss + lam * weight.square().sum()).item()


def scikit_seconds(train: Split, lam: float, target: float) -> tuple[float, int]:
    """How long LogisticRegression needs to bring J down to `target`, and in how many iterations.

    The number of iterations is the smallest power of √2 that suffices; the search for it is not counted.
    """
    split = Split(train.x.cpu(), train.y.cpu())
    x, y = split.x.numpy(), split.y.numpy()
    for k in range(2, 28):
        model = LogisticRegression(C=sklearn_C(lam, len(y), "full"), max_iter=round(2 ** (k / 2)), tol=1e-12)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            seconds = fastest(lambda model=model: model.fit(x, y), rounds=2)
        weight, bias = torch.tensor(model.coef_[0]), torch.tensor(model.intercept_[0])
        if objective(split, weight, bias, lam) <= target:
            return seconds, int(model.n_iter_[0])
    raise AssertionError(f"scikit-learn does not reach J = {target} at λ = {lam}")


def fastest(what: Callable[[], object], rounds: int) -> float:
    """Seconds of the fastest of some runs."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        found.append(time.perf_counter() - start)
    return min(found)
