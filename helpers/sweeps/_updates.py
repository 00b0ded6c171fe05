"""The optimisers of a stack: one pass over each weight tensor, every member with settings of its own.

Letters: w a weight tensor of all members (M, …), g its gradient, which may still be the product δᵀx.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from helpers.sweeps._members import Member
from helpers.sweeps._network import Network

Gradient = Tensor | tuple[Tensor, Tensor]  # g, or (δ, x) of g = δᵀx
ADAM = (0.9, 0.999, 1e-8)  # β₁, β₂, ε: torch.optim's defaults
ADAGRAD = 1e-10  # ε


@dataclass
class Updates:
    """The settings of M members and what their optimisers remember."""

    rule: Callable[[Updates, str, Tensor, Gradient, Tensor], None]
    lr: Tensor  # (M,), as are the next ones
    momentum: Tensor
    weight_decay: Tensor  # of everything
    decay: Tensor  # in addition, of matrices
    matrices: frozenset[str]
    pulls: tuple[bool, bool]  # is anything pulled to 0: what is no matrix, and matrices
    memory: dict[str, Tensor] = field(default_factory=dict)  # by name of the weight, with a suffix
    step: int = 0

    def apply(self, net: Network, factor: float) -> None:
        """One update of all weights with the rates lr · factor; the gradients are used up."""
        self.step += 1
        lr = self.lr if factor == 1 else self.lr * factor
        with torch.no_grad():
            for name, w in net.tensors.items():
                g = net.factors.pop(name) if name in net.factors else w.grad
                if g is not None:
                    self.rule(self, name, w, g, _along(lr, w))
                w.grad = None

    def pull(self, name: str, w: Tensor) -> Tensor | None:
        """The factor of w in the gradient, (M, 1, …), or None if it is 0 for all."""
        factor = self.weight_decay + self.decay if name in self.matrices else self.weight_decay
        return _along(factor, w) if self.pulls[name in self.matrices] else None

    def remember(self, name: str, w: Tensor) -> Tensor:
        if name not in self.memory:
            self.memory[name] = torch.zeros_like(w)
        return self.memory[name]

    def keep(self, rows: Tensor) -> None:
        """Go on with the members `rows` only."""
        rows = rows.to(self.lr.device)
        for name in ("lr", "momentum", "weight_decay", "decay"):
            setattr(self, name, getattr(self, name)[rows])
        self.memory = {name: value.index_select(0, rows) for name, value in self.memory.items()}


def updates(members: Sequence[Member], net: Network) -> Updates:
    """The optimiser that the members share, with their own settings."""
    like = next(iter(net.tensors.values()))

    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float64).to(like.dtype).to(like.device)

    # Asked of Python's numbers: on an accelerator each question would be a wait.
    configs = [member.config for member in members]
    decayed, penalised = any(c.weight_decay for c in configs), any(member.decay for member in members)
    plain = heavy_ball if any(c.momentum for c in configs) else descent
    return Updates(
        {"sgd": plain, "adagrad": adagrad, "adam": adam}[configs[0].optimiser],
        column([c.lr for c in configs]),
        column([c.momentum for c in configs]),
        column([c.weight_decay for c in configs]),
        column([member.decay for member in members]),
        frozenset(net.matrices()),
        (decayed, decayed or penalised),
    )


def descent(of: Updates, name: str, w: Tensor, g: Gradient, lr: Tensor) -> None:
    """w ← w − lr (g + pull · w)"""
    pull = of.pull(name, w)
    if pull is not None:
        w.mul_(1 - lr * pull)
    if isinstance(g, Tensor):
        w.addcmul_(lr, g, value=-1)
    else:
        delta, x = g
        w.baddbmm_((delta * -lr).mT, x)


def heavy_ball(of: Updates, name: str, w: Tensor, g: Gradient, lr: Tensor) -> None:
    """v ← momentum · v + g + pull · w;  w ← w − lr v"""
    v, pull = of.remember(name, w).mul_(_along(of.momentum, w)), of.pull(name, w)
    if isinstance(g, Tensor):
        v.add_(g)
    else:
        v.baddbmm_(g[0].mT, g[1])
    if pull is not None:
        v.addcmul_(pull, w)
    w.addcmul_(lr, v, value=-1)


def adagrad(of: Updates, name: str, w: Tensor, g: Gradient, lr: Tensor) -> None:
    """s ← s + g²;  w ← w − lr g / (√s + ε), g with its pull"""
    g = _whole(of, name, w, g)
    s = of.remember(name, w).addcmul_(g, g)
    root = torch.sqrt(s, out=of.remember(f"{name} root", w)).add_(ADAGRAD)
    w.addcmul_(lr, g.div_(root), value=-1)


def adam(of: Updates, name: str, w: Tensor, g: Gradient, lr: Tensor) -> None:
    """m ← β₁ m + (1 − β₁) g;  s ← β₂ s + (1 − β₂) g²;  w ← w − lr m̂ / (√ŝ + ε) after t steps,
    with m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ), g with its pull"""
    (first, second, eps), g = ADAM, _whole(of, name, w, g)
    m = of.remember(f"{name} mean", w).lerp_(g, 1 - first)
    s = of.remember(f"{name} square", w).mul_(second).addcmul_(g, g, value=1 - second)
    # m̂ / (√ŝ + ε) = r m / (√s + ε r) / (1 − β₁ᵗ) with r = √(1 − β₂ᵗ): fewer passes over the weights, and g's
    # memory is free again.
    r = (1 - second**of.step) ** 0.5
    root = torch.sqrt(s, out=g).add_(eps * r)
    w.addcmul_(lr * (r / (1 - first**of.step)), torch.div(m, root, out=root), value=-1)


def _whole(of: Updates, name: str, w: Tensor, g: Gradient) -> Tensor:
    """g as one tensor that may be overwritten, with the pull of decay and penalty."""
    if not isinstance(g, Tensor):
        g = torch.bmm(g[0].mT, g[1], out=of.remember(f"{name} product", w))
    pull = of.pull(name, w)
    return g if pull is None else g.addcmul_(pull, w)


def _along(values: Tensor, w: Tensor) -> Tensor:
    """(M,) as (M, 1, …) with the axes of w."""
    return values.view(-1, *(1 for _ in w.shape[1:]))
