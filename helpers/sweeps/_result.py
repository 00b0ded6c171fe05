"""What a sweep returns: the members, their histories and weights, and ways to look at them."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn

from helpers.data import Split
from helpers.runtime import CourseError
from helpers.sweeps._measure import measure
from helpers.sweeps._members import Member
from helpers.training import History, evaluate

FIGURES = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")
SHOWN = 20  # rows of the table in a notebook


@dataclass(frozen=True)
class SweepResult:
    """M trained members, in the order they were asked for.

    The weights are those that `fit` leaves: of the best check with early stopping, else the last ones.
    """

    members: tuple[Member, ...]
    histories: tuple[History, ...]
    modules: tuple[nn.Module, ...]  # the members as models, in evaluation mode
    diverged: tuple[int | None, ...]  # the check, as a step, that found a loss which is no number
    how: tuple[str, ...] = ()  # who was trained how, and why: a sentence for each group of members

    def __len__(self) -> int:
        return len(self.members)

    @property
    def weights(self) -> Tensor | None:
        """(M, K, d) of linear models of one shape; None for others."""
        return _stacked(self.modules, "weight")

    @property
    def biases(self) -> Tensor | None:
        """(M, K) of linear models of one shape; None for others, and if they have none."""
        return _stacked(self.modules, "bias")

    def figures(self, name: str) -> list[float]:
        """A figure of `History`, such as "valid_accuracy", of the weights kept; nan if a member diverged."""
        if name not in FIGURES:
            raise CourseError(f"Unknown figure {name!r}: use one of {', '.join(FIGURES)}.")
        return [self._figure(i, name) for i in range(len(self))]

    def best(self, by: str = "valid_loss") -> int:
        """The place of the member with the lowest loss, or the highest accuracy; the first one of equals."""
        values = self.figures(by)
        sign = -1 if by.endswith("accuracy") else 1
        places = [i for i, value in enumerate(values) if not math.isnan(value)]
        if not places:
            raise CourseError("There is no best member, since all of them diverged: try smaller rates.")
        return min(places, key=lambda i: sign * values[i])

    def select(self, **settings: Any) -> SweepResult:
        """The members with these settings: `select(lr=0.1, lam=0.5)`. CourseError if there are none."""
        places = [
            i
            for i, member in enumerate(self.members)
            if all(self._value(member, name) == value for name, value in settings.items())
        ]
        if not places:
            asked = ", ".join(f"{name}={value!r}" for name, value in settings.items())
            raise CourseError(f"No member of this sweep has {asked}: its settings are {self._axes()}.")
        columns = (self.members, self.histories, self.modules, self.diverged)
        return SweepResult(*(tuple(column[i] for i in places) for column in columns), self.how)

    def table(self) -> list[dict[str, Any]]:
        """A row for each member: the settings in which the members differ, the figures, why it stopped."""
        columns = {name: self.figures(name) for name in FIGURES}
        return [
            {name: self._value(member, name) for name in self._axes()}
            | {name: column[i] for name, column in columns.items()}
            | {"stopped": self.histories[i].why_stopped}
            for i, member in enumerate(self.members)
        ]

    def model(self, i: int) -> nn.Module:
        """Member i as a model of its own, in evaluation mode."""
        return copy.deepcopy(self.modules[i]).eval()

    def evaluate(self, split: Split) -> dict[str, list[float]]:
        """`{"loss": nats, "accuracy": fractions}` over the whole split, one entry a member."""
        if not alike_linear(self.modules):
            found = [evaluate(module, split) for module in self.modules]
            return {name: [figures[name] for figures in found] for name in ("loss", "accuracy")}
        loss, accuracy = measure(self.weights, self.biases, split)
        return {"loss": loss.tolist(), "accuracy": accuracy.tolist()}

    def __repr__(self) -> str:
        lost = sum(step is not None for step in self.diverged)
        axes = ", ".join(f"{name} ({len(values)} values)" for name, values in self._axes().items())
        way = [] if alike_linear(self.modules) else self.how
        return "\n".join((f"sweep of {len(self)} members over {axes or 'nothing'}; {lost} diverged", *way))

    def _repr_markdown_(self) -> str:
        rows = self.table()
        lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
        lines += ["| " + " | ".join(map(_text, row.values())) + " |" for row in rows[:SHOWN]]
        more = [f"\n… and {len(rows) - SHOWN} more members"] if len(rows) > SHOWN else []
        return "\n".join([*lines, *more])

    def _figure(self, i: int, name: str) -> float:
        history = self.histories[i]
        if self.diverged[i] is not None or not history.step:
            return math.nan
        stops_early = self.members[i].config.patience is not None and history.best_step
        return getattr(history, name)[history.step.index(history.best_step) if stops_early else -1]

    def _built(self) -> list[str]:
        """The keywords of make_model that some member has."""
        return list(dict.fromkeys(name for member in self.members for name, _ in member.build))

    def _value(self, member: Member, name: str) -> Any:
        """As `Member.setting`, but None for a keyword of make_model that only other members have."""
        return dict(member.build).get(name) if name in self._built() else member.setting(name)

    def _axes(self) -> dict[str, list[Any]]:
        """The settings in which members differ, with their values in order of appearance."""
        names = [
            *(field.name for field in fields(self.members[0].config)),
            "lam",
            "convention",
            *self._built(),
        ]
        values = {name: list(dict.fromkeys(self._value(m, name) for m in self.members)) for name in names}
        return {name: found for name, found in values.items() if len(found) > 1}


def alike_linear(models: Sequence[nn.Module]) -> bool:
    """Are all linear, of one shape and kind?"""
    if not all(type(model) is nn.Linear for model in models):
        return False
    shapes = {(m.in_features, m.out_features, m.bias is None, m.weight.dtype) for m in models}
    return len(shapes) == 1


def _stacked(models: Sequence[nn.Module], name: str) -> Tensor | None:
    values = [getattr(model, name) for model in models] if alike_linear(models) else [None]
    return None if values[0] is None else torch.stack([value.detach() for value in values])


def _text(value: object) -> str:
    if isinstance(value, type):
        return value.__name__
    return f"{value:.4g}" if isinstance(value, float) else str(value)
