"""The four equations of backpropagation, in place: the fastest way to train a small network on a processor.

Taught in 05. One sample is a row: layer l maps the batch a (B, n) to z = a Wᵀ + b and σ(z), both (B, m); its
error is δ = ∂C/∂z (B, m), where C is the sum of the samples' costs. No step allocates a matrix.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn

from helpers.data import Dataset
from helpers.runtime import CourseError, progress, synchronise
from helpers.training._demands import demand_labels, demand_splits, demand_type
from helpers.training._evaluate import evaluate
from helpers.training._losses import weight_norm
from helpers.training._random import example_order
from helpers.training._records import Diverged, History, TrainConfig
from helpers.training._threads import threads_for

InPlace = Callable[[Tensor], Tensor]
# σ in the place of z, and σ′(z), worked out from a = σ(z), in the place of a.
ACTIVATIONS: dict[type[nn.Module], tuple[InPlace, InPlace]] = {
    nn.Sigmoid: (Tensor.sigmoid_, lambda a: a.addcmul_(a, a, value=-1)),  # a − a²
    nn.Tanh: (Tensor.tanh_, lambda a: a.square_().neg_().add_(1)),  # 1 − a²
    nn.ReLU: (Tensor.relu_, Tensor.sign_),
    nn.Identity: (lambda z: z, lambda a: a.fill_(1)),
}
HOW = "the four equations, by hand"
LARGE = 1_000_000  # weights of a layer; smaller ones stay in the processor's cache
SETTINGS = {"lr", "batch_size", "epochs", "shuffle", "epochs_per_check", "seed"}  # what fit_by_hand heeds


@dataclass(frozen=True)
class Room:
    """Where a step works: the batch x (B, n) and y (B, K), then a and δ (B, m) for each layer, and B ones."""

    x: Tensor
    y: Tensor
    a: tuple[Tensor, ...]
    delta: tuple[Tensor, ...]
    ones: Tensor
    act_: InPlace
    slope_: InPlace

    @classmethod
    def like(cls, W: Sequence[Tensor], size: int, act: type[nn.Module]) -> Room:
        """Room for batches of `size` through the weights W, with `act` of ACTIVATIONS between the layers.

        With large layers the examples are columns in memory: BLAS is then half as fast again.
        """
        x, *a = (W[0].new_empty(size, width) for width in (W[0].shape[1], *map(len, W)))
        if max(w.numel() for w in W) >= LARGE:
            x, *a = (W[0].new_empty(b.shape[::-1]).T for b in (x, *a))
        delta = tuple(map(torch.empty_like, a))
        return cls(x, torch.empty_like(a[-1]), tuple(a), delta, W[0].new_ones(size), *ACTIVATIONS[act])


def step_by_hand(W: Sequence[Tensor], b: Sequence[Tensor], room: Room, rate: float) -> None:
    """One step on the batch in `room`: W ← W − rate ∂C/∂W, likewise b, all in place.

    W (m, n) and b (m,) for each layer; C is the summed cross-entropy of softmax outputs, for rows of y that
    sum to one. For the mean over a batch of B give rate = lr / B.
    """
    a, delta, last = (room.x, *room.a), room.delta, len(W) - 1
    for l in range(len(W)):
        torch.addmm(b[l], a[l], W[l].T, out=a[l + 1])
        if l < last:
            room.act_(a[l + 1])
    torch.softmax(a[-1], 1, out=delta[last]).sub_(room.y)  # BP1: softmax with cross-entropy
    for l in reversed(range(len(W))):
        if l > 0:
            torch.mm(delta[l], W[l], out=delta[l - 1])  # BP2, with the weights before their update
        b[l].addmv_(delta[l].T, room.ones, alpha=-rate)  # BP3
        W[l].addmm_(delta[l].T, a[l], alpha=-rate)  # BP4
        if l > 0:
            delta[l - 1].mul_(room.slope_(a[l]))  # BP2: ⊙ σ′(z); nobody needs a[l] any more


def fit_by_hand(model: nn.Module, data: Dataset, config: TrainConfig) -> History:
    """Train `model` in place like `fit`, with the four equations instead of automatic differentiation.

    `model`: `models.mlp(…)` or `models.linear(…)`, on flat examples, with two outputs or more and one
    activation of ACTIVATIONS between its layers; the cost is cross-entropy of softmax outputs. The same seed
    takes the same batches in the same order as `fit`; the weights agree up to rounding. Plain gradient
    descent without early stopping; a check each `epochs_per_check` epochs.

    Raises CourseError for a model, data or settings beyond that, Diverged if the loss is no longer finite.
    """
    model.to(data.train.x.device)
    layers, act = _demand_apart(model)
    _demand_plain(layers, data, config)
    W, b = [layer.weight.data for layer in layers], [layer.bias.data for layer in layers]
    targets = torch.eye(len(b[-1]), dtype=W[0].dtype, device=W[0].device)[data.train.y]
    history, train = History(how=HOW), data.train
    with threads_for(model, config.batch_size, train.x.device):
        for epoch in progress(range(config.epochs), "training by hand"):
            start = time.perf_counter()
            _epoch(W, b, act, train.x, targets, example_order(len(train), config, epoch), config)
            synchronise(train.x.device)
            history.seconds += time.perf_counter() - start
            if (epoch + 1) % config.epochs_per_check == 0:
                _check(history, model, data, config, epoch + 1)
    history.stopped_epoch, history.why_stopped = float(config.epochs), f"all {config.epochs} epochs done"
    model.eval()
    return history


@torch.inference_mode()
def _epoch(
    W: list[Tensor],
    b: list[Tensor],
    act: type[nn.Module],
    x: Tensor,
    targets: Tensor,
    order: Tensor,
    config: TrainConfig,
) -> None:
    """One pass; the two batch sizes that occur, the full one and the last one's, have a room each."""
    batches = order.to(x.device).split(config.batch_size)
    rooms = {size: Room.like(W, size, act) for size in {len(batches[0]), len(batches[-1])}}
    for batch in batches:
        room = rooms[len(batch)]
        torch.index_select(x, 0, batch, out=room.x)
        torch.index_select(targets, 0, batch, out=room.y)
        step_by_hand(W, b, room, config.lr / len(batch))


def taken_apart(model: nn.Module) -> tuple[list[nn.Linear], type[nn.Module]] | None:
    """The layers of a fully connected network and the kind of activation between them; None for any other."""
    parts = list(model) if type(model) is nn.Sequential else [model]
    layers, acts = parts[::2], {type(part) for part in parts[1::2]} or {nn.Identity}
    linear = all(type(part) is nn.Linear and part.bias is not None for part in layers)
    if not linear or len(parts) % 2 == 0 or len(acts) > 1 or not acts <= ACTIVATIONS.keys():
        return None
    return layers, acts.pop()


def _demand_apart(model: nn.Module) -> tuple[list[nn.Linear], type[nn.Module]]:
    found = taken_apart(model)
    if found is None:
        known = ", ".join(act.__name__ for act in ACTIVATIONS)
        raise CourseError(
            "fit_by_hand needs linear layers with biases and one kind of activation between them "
            f"({known}), as models.mlp makes them: use fit for other networks."
        )
    return found


def _demand_plain(layers: list[nn.Linear], data: Dataset, config: TrainConfig) -> None:
    plain = TrainConfig()
    names = [field.name for field in fields(config) if field.name not in SETTINGS]
    asked = [name for name in names if getattr(config, name) != getattr(plain, name)]
    if asked:
        raise CourseError(
            f"fit_by_hand takes plain steps only, without {', '.join(asked)}: use fit for those."
        )
    shape, (n, K) = tuple(data.train.x.shape[1:]), (layers[0].in_features, layers[-1].out_features)
    if shape != (n,):
        raise CourseError(f"The network takes {n} numbers, an example has the shape {shape}: use flat=True.")
    if K < 2:
        raise CourseError("fit_by_hand needs two outputs or more: give the network one for each class.")
    demand_splits(data)
    demand_type(data.train.x, layers[0].weight.dtype)
    demand_labels(data, K)


def _check(history: History, model: nn.Module, data: Dataset, config: TrainConfig, epochs: int) -> None:
    """The same figures as `fit` records, on the same examples."""
    train = evaluate(model, data.train.take(min(len(data.train), len(data.valid))))
    valid = evaluate(model, data.valid)
    step = epochs * math.ceil(len(data.train) / config.batch_size)
    if not math.isfinite(train["loss"] + valid["loss"]):
        history.why_stopped = f"loss not finite at step {step}"
        advice = f"with lr={config.lr:g}: try lr={config.lr / 10:g}"
        raise Diverged(f"The loss was not finite after epoch {epochs}, {advice}.", history)
    if not history.valid_loss or valid["loss"] < min(history.valid_loss):
        history.best_step, history.best_epoch = step, float(epochs)
    history.enter(step, float(epochs), train, valid, weight_norm(model))
