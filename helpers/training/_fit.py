"""`fit`: the training loop. Batches are slices of tensors that already live on the device."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from helpers.data import Dataset, Split
from helpers.data._augment import Augment
from helpers.runtime import progress
from helpers.training import _checkpoint
from helpers.training._demands import demand_ready
from helpers.training._evaluate import evaluate
from helpers.training._losses import Loss, Penalty, log_loss, weight_norm
from helpers.training._optimisers import PlainSGD, optimiser, set_rate
from helpers.training._random import augmentation_numbers, example_order, own_random_numbers
from helpers.training._records import Diverged, History, TrainConfig
from helpers.training._schedules import rate
from helpers.training._threads import threads_for

HOW = "automatic differentiation"


def fit(
    model: nn.Module,
    data: Dataset,
    config: TrainConfig,
    *,
    loss: Loss | None = None,
    penalty: Penalty | None = None,
    augment: Augment | None = None,
    checkpoint: str | Path | None = None,
) -> History:
    """Train `model` in place on `data.train`, watch `data.valid`, never look at `data.test`.

    `loss(logits, y)` is the mean over a batch, default `log_loss`; `penalty(model)`, for instance `l2(0.1)`,
    is added to it. `augment(x, generator)`, for instance `helpers.data.shift(2)`, changes the images of each
    training batch. Parts of the model whose weights are all frozen stay in evaluation mode. With `patience`
    the weights of the best check are put back at the end. With `checkpoint` the run is saved at each check,
    and a second call with that file goes on, bit for bit, where the first was cut off. Ctrl-C ends the
    training and returns the history so far. The model ends on the data's device, in evaluation mode.

    Gradients come from automatic differentiation, whatever the model and the batch size; `fit_by_hand` takes
    the four equations instead, and the history's `how` says which of the two it was.

    Raises Diverged, a CourseError with `.history`, when the loss is infinite or not a number; CourseError if
    model, data or checkpoint do not fit together.
    """
    run = _prepare(model, data, config, loss or log_loss, penalty, augment)
    path = _checkpoint.place(checkpoint)
    device = run.device
    with (
        own_random_numbers(config.seed, device),
        threads_for(model, config.batch_size, device),
    ):
        if path is not None and path.exists():
            _checkpoint.load(path, run)
        run.clock = time.perf_counter()
        try:
            for epoch in progress(range(run.step // run.steps_per_epoch, config.epochs), "training"):
                if run.history.why_stopped:
                    break
                _train_epoch(run, epoch, path)
        except KeyboardInterrupt:
            _interrupted(run)
    return _finish(run)


@dataclass
class Run:
    """The state of one training run: what a checkpoint holds, and what it is made from."""

    model: nn.Module
    data: Dataset
    config: TrainConfig
    loss: Loss
    penalty: Penalty | None
    augment: Augment | None
    optimiser: PlainSGD | torch.optim.Optimizer
    probe: Split  # the training examples on which the training figures are taken
    steps_per_epoch: int
    history: History = field(default_factory=lambda: History(how=HOW))
    step: int = 0
    misses: int = 0  # checks since the last improvement
    best: dict[str, Tensor] | None = None  # the weights of the best check, kept with early stopping only
    pending: list[Tensor] = field(default_factory=list)  # losses since the last check, still on the device
    clock: float = 0.0

    @property
    def device(self) -> torch.device:
        return self.data.train.x.device


def _prepare(
    model: nn.Module,
    data: Dataset,
    config: TrainConfig,
    loss: Loss,
    penalty: Penalty | None,
    augment: Augment | None = None,
) -> Run:
    model.to(data.train.x.device)
    demand_ready(model, data, config.batch_size)
    parameters = [w for w in model.parameters() if w.requires_grad]
    probe = data.train.take(min(len(data.train), len(data.valid)))
    steps = math.ceil(len(data.train) / config.batch_size)
    return Run(model, data, config, loss, penalty, augment, optimiser(parameters, config), probe, steps)


def _train_epoch(run: Run, epoch: int, path: Path | None) -> None:
    """The steps of this epoch that are still to be done, with the checks due in it."""
    train = run.data.train
    batches = example_order(len(train), run.config, epoch).to(run.device).split(run.config.batch_size)
    done = run.step - epoch * run.steps_per_epoch  # not 0 only after a checkpoint in mid-epoch
    for batch in batches[done:]:
        run.pending.append(_train_step(run, train.x.index_select(0, batch), train.y.index_select(0, batch)))
        run.step += 1
        if run.config.check_due(run.step, run.steps_per_epoch):
            _check(run)
            if path is not None:
                _checkpoint.save(path, run)
            if run.history.why_stopped:
                return
            run.clock = time.perf_counter()


def _train_step(run: Run, x: Tensor, y: Tensor) -> Tensor:
    """One update; the mean loss of the batch before it, without the penalty, still on the device."""
    if run.augment is not None:
        x = run.augment(x, augmentation_numbers(run.config.seed, run.step + 1, run.device))
    if run.config.schedule != "constant":
        steps = run.steps_per_epoch * run.config.epochs
        set_rate(run.optimiser, rate(run.config.lr, run.config.schedule, run.step + 1, steps))
    value = run.loss(run.model(x), y)
    objective = value if run.penalty is None else value + run.penalty(run.model)
    objective.backward()
    run.optimiser.step()
    run.optimiser.zero_grad()
    return value.detach()


def _check(run: Run) -> None:
    """Measure, record, decide whether to go on."""
    history = run.history
    losses = torch.stack(run.pending).tolist()  # the one wait for the device since the last check
    history.seconds += time.perf_counter() - run.clock
    first = run.step - len(losses) + 1
    run.pending.clear()
    for step, value in enumerate(losses, start=first):
        _demand_finite(run, step, value)
    train = evaluate(run.model, run.probe, loss=run.loss)
    valid = evaluate(run.model, run.data.valid, loss=run.loss)
    _demand_finite(run, run.step, train["loss"] + valid["loss"])
    history.enter(run.step, run.step / run.steps_per_epoch, train, valid, weight_norm(run.model))
    _judge(run, valid["loss"])


def _judge(run: Run, valid_loss: float) -> None:
    """Early stopping: is this the best check so far, and if not, is the patience used up?"""
    history, patience = run.history, run.config.patience
    lowest = history.valid_loss[history.step.index(history.best_step)] if history.best_step else math.inf
    if valid_loss < lowest - run.config.min_delta:
        history.best_step, history.best_epoch, run.misses = run.step, history.epoch[-1], 0
        if patience is not None:
            run.best = {name: value.clone() for name, value in run.model.state_dict().items()}
        return
    run.misses += 1
    if patience is not None and run.misses >= patience:
        history.why_stopped = f"no improvement for {patience} checks"


def _demand_finite(run: Run, step: int, value: float) -> None:
    if not math.isfinite(value):
        epoch, lr = (step - 1) // run.steps_per_epoch + 1, run.config.lr
        message = (
            f"The loss became {value} at step {step} (epoch {epoch}) with lr={lr:g}: try lr={lr / 10:g}, "
            "or look for values in the data that are not finite."
        )
        run.history.why_stopped = f"loss {value} at step {step}"
        raise Diverged(message, run.history)


def _interrupted(run: Run) -> None:
    run.history.cut()
    run.history.why_stopped = f"interrupted at epoch {run.step // run.steps_per_epoch + 1}, step {run.step}"
    print(run.history.why_stopped)


def _finish(run: Run) -> History:
    history = run.history
    history.why_stopped = history.why_stopped or f"all {run.config.epochs} epochs done"
    history.stopped_epoch = run.step / run.steps_per_epoch
    if run.best is not None:
        run.model.load_state_dict(run.best)
    run.model.eval()
    return history
