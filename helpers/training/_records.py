"""What goes into a training run and what comes out of it."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field, fields
from typing import Any

from helpers.runtime import CourseError
from helpers.training._schedules import SCHEDULES

OPTIMISERS = ("sgd", "adagrad", "adam")
MOST = 1e30  # of a rate, and of other factors: larger ones have no place in float32


@dataclass(frozen=True)
class TrainConfig:
    """The settings of one run; a change is `dataclasses.replace(config, lr=…)`.

    With the same settings, data and initial weights, a run is the same, bit for bit, on the same machine.
    """

    lr: float = 0.1  # step length, for each step; with a schedule the highest
    batch_size: int = 128  # examples a step; the last batch of an epoch may be smaller
    epochs: int = 10  # at most
    momentum: float = 0.0  # factor on the last update, sgd only
    weight_decay: float = 0.0  # adds weight_decay · w to the gradient, biases too, as torch.optim does
    shuffle: bool = True  # a new order each epoch; False: the stored order in every epoch
    checks_per_epoch: int = 1  # evenly spaced, the last one at the epoch's end; never more than steps
    epochs_per_check: int = 1  # above 1: one check after so many epochs, for long runs of short epochs
    patience: int | None = None  # checks without improvement before stopping; None: no early stopping
    min_delta: float = 0.0  # nats by which the validation loss must fall to count as an improvement
    optimiser: str = "sgd"  # "sgd", "adagrad" or "adam", the last two with torch.optim's other defaults
    schedule: str = "constant"  # of the rate over all `epochs`: "constant", "one-cycle" or "cosine"
    seed: int = 0  # of order, dropout and augmentations; the model brings its own initial weights

    def __new__(cls, *_values: object, **settings: object) -> TrainConfig:
        # Before the dataclass's own __init__, whose TypeError would not name the setting that was meant.
        names = [f.name for f in fields(cls)]
        for name in settings:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
                advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(names)}."
                raise CourseError(f"TrainConfig has no setting {name}: {advice}")
        return super().__new__(cls)

    def __post_init__(self) -> None:
        for f in fields(self):
            # Numbers of NumPy and torch become Python's: a checkpoint that holds others cannot be read again.
            object.__setattr__(self, f.name, _plain(f.name, getattr(self, f.name), str(f.type)))
        for name in ("batch_size", "epochs", "checks_per_epoch", "epochs_per_check"):
            _demand(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("momentum", "weight_decay", "min_delta", "seed"):
            _demand(getattr(self, name) >= 0, name, getattr(self, name), "at least 0")
        _demand(self.lr > 0, "lr", self.lr, "above 0")
        _demand(self.patience is None or self.patience >= 1, "patience", self.patience, "at least 1, or None")
        _demand(self.optimiser in OPTIMISERS, "optimiser", self.optimiser, f"one of {', '.join(OPTIMISERS)}")
        _demand(
            self.schedule in tuple(SCHEDULES), "schedule", self.schedule, f"one of {', '.join(SCHEDULES)}"
        )
        _demand(
            not self.momentum or self.optimiser == "sgd",
            "momentum",
            self.momentum,
            "0 unless the optimiser is sgd",
        )
        seldom, whole = self.epochs_per_check, self.epochs % self.epochs_per_check == 0
        _demand(seldom == 1 or whole, "epochs_per_check", seldom, f"a divisor of epochs={self.epochs}")
        _demand(
            seldom == 1 or self.checks_per_epoch == 1,
            "epochs_per_check",
            seldom,
            f"1 with checks_per_epoch={self.checks_per_epoch}",
        )

    def check_due(self, step: int, steps_per_epoch: int) -> bool:
        """Is there a check after update `step` (1, 2, …)?"""
        epoch, before = divmod(step - 1, steps_per_epoch)
        checks = self.checks_per_epoch
        # Due where s · checks / steps passes a whole number: evenly spaced, and the last one at the end.
        due = (before + 1) * checks // steps_per_epoch > before * checks // steps_per_epoch
        return due and (epoch + 1) % self.epochs_per_check == 0


def _plain(name: str, value: Any, kind: str) -> Any:
    """The setting `value` as Python's own int, float, bool or string; CourseError if it is none."""
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if kind == "str" or (value is None and "None" in kind):
        return value  # names are compared with the known ones below
    if kind == "bool":
        _demand(isinstance(value, (bool, int)), name, value, "True or False")
        return bool(value)
    number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if kind == "float":
        _demand(number and abs(value) <= MOST, name, value, f"a number, and at most {MOST:g}")
        return float(value)
    _demand(number and value == int(value), name, value, "a whole number")
    return int(value)


def _demand(holds: bool, name: str, value: object, what: str) -> None:
    if not holds:
        raise CourseError(f"TrainConfig has {name}={value!r}, but it must be {what}.")


@dataclass
class History:
    """What happened: the lists have one entry for each check, all measured with the weights at that check.

    Losses are in nats and never contain the penalty; accuracies are fractions. The training figures are taken
    on the first `len(valid)` training examples (all, if there are fewer), so that they differ from the
    validation figures by nothing but the data. `best_*` is the check with the lowest validation loss.
    """

    step: list[int] = field(default_factory=list)  # updates so far
    epoch: list[float] = field(default_factory=list)  # passes over the training split so far
    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    valid_loss: list[float] = field(default_factory=list)
    valid_accuracy: list[float] = field(default_factory=list)
    weight_norm: list[float] = field(default_factory=list)  # ‖w‖ over all matrices, biases left out
    elapsed: list[float] = field(default_factory=list)  # seconds of training so far, the checks not counted
    best_step: int = 0
    best_epoch: float = 0.0
    stopped_epoch: float = 0.0
    why_stopped: str = ""
    how: str = ""  # what took the gradients: `fit`, `fit_by_hand` or a sweep's stack
    seconds: float = 0.0  # of training, the checks not counted

    def enter(
        self, step: int, epoch: float, train: dict[str, float], valid: dict[str, float], weight_norm: float
    ) -> None:
        """A check: what `evaluate` said of both splits, and how long the training has taken so far."""
        self.step.append(step)
        self.epoch.append(epoch)
        self.train_loss.append(train["loss"])
        self.train_accuracy.append(train["accuracy"])
        self.valid_loss.append(valid["loss"])
        self.valid_accuracy.append(valid["accuracy"])
        self.weight_norm.append(weight_norm)
        self.elapsed.append(self.seconds)

    def cut(self) -> None:
        """Remove a check that is entered in some lists only: Ctrl-C may come between two entries."""
        columns = [column for column in vars(self).values() if isinstance(column, list)]
        complete = min(map(len, columns))
        for column in columns:
            del column[complete:]

    def describe(self) -> str:
        """One line: why and where it stopped, and the best check."""
        if not self.step:
            return f"{self.why_stopped}; no check was reached"
        best = self.valid_loss[self.step.index(self.best_step)]
        return (
            f"{self.why_stopped}, after {self.stopped_epoch:.1f} epochs and {self.seconds:.1f} s; "
            f"lowest validation loss {best:.4f} nats at epoch {self.best_epoch:.1f}"
        )


class Diverged(CourseError):
    """The loss is no longer a number; `history` holds the checks before that."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history
