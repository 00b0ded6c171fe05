"""`sweep`: the way in, and the plain loop that is its oracle."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import nn

from helpers.data import Dataset
from helpers.runtime import CourseError
from helpers.sweeps._batched import train_group
from helpers.sweeps._checks import Trained
from helpers.sweeps._groups import groups
from helpers.sweeps._members import Member
from helpers.sweeps._result import SweepResult
from helpers.training import Diverged, History, TrainConfig, fit, l2
from helpers.training._fit import demand_fit

NEVER_BEGUN = "interrupted before its first step"


def sweep(
    make_model: Callable[[int], nn.Module],
    data: Dataset,
    members: Sequence[Member | TrainConfig],
    *,
    vectorise: bool = True,
) -> SweepResult:
    """Train all `members` on `data.train`, watch `data.valid`, never look at `data.test`.

    `make_model(seed)` returns a fresh `nn.Linear` (logistic regression with one output, softmax regression
    with several, with or without a bias) on float tensors of `data`'s type; it is called once for each seed.
    A member is trained as `fit` would train it with the penalty `l2(member.decay)`: the same steps, order of
    examples, checks, early stopping. A `batch_size` of at least `len(data.train)` means full batches.

    Members that take the same steps share each of them (see `_groups`); gradient descent with or without
    momentum only. With `vectorise=False` they are trained one by one by `fit`, with any optimiser. A member
    whose loss becomes infinite or no number disturbs no other and raises nothing: `result.diverged` holds the
    check that found it. Ctrl-C ends the sweep and returns what there is so far.

    Raises CourseError if there are no members, or model, data and settings do not fit together.
    """
    asked = [m if isinstance(m, Member) else Member(m) for m in members]
    if not asked:
        raise CourseError("A sweep needs at least one member: make some with grid(config, lr=…).")
    models = {seed: make_model(seed) for seed in dict.fromkeys(m.config.seed for m in asked)}
    _demand_linear(list(models.values()), data)
    if vectorise:
        _demand_descent(asked)
        results = _batched(asked, [models[m.config.seed] for m in asked], data)
    else:
        results = _one_by_one(asked, make_model, data)
    has_bias = next(iter(models.values())).bias is not None
    return SweepResult(
        members=tuple(asked),
        histories=tuple(result.history for result in results),
        weights=torch.stack([result.weight for result in results]),
        biases=torch.stack([result.bias for result in results]) if has_bias else None,
        diverged=tuple(result.diverged for result in results),
    )


def _batched(members: Sequence[Member], models: Sequence[nn.Linear], data: Dataset) -> list[Trained]:
    results: dict[int, Trained] = {}
    for group in groups(members, len(data.train)):
        results |= train_group(group, members, models, data)
        if _interrupted(results.values()):
            break
    return [results.get(i) or _untrained(*pair) for i, pair in enumerate(zip(members, models, strict=True))]


def _one_by_one(
    members: Sequence[Member], make_model: Callable[[int], nn.Linear], data: Dataset
) -> list[Trained]:
    results: list[Trained] = []
    for member in members:
        model = make_model(member.config.seed)
        result = _untrained(member, model)
        results.append(result)
        if not _interrupted(results[:-1]):
            _fit(result, member, model, data)
    return results


def _fit(result: Trained, member: Member, model: nn.Linear, data: Dataset) -> None:
    try:
        result.history = fit(model, data, member.config, penalty=l2(member.decay) if member.decay else None)
    except Diverged as error:
        result.history = error.history
        steps = math.ceil(len(data.train) / member.config.batch_size)
        # `fit` looks at every step, a stack only at checks: the first check that was not reached.
        after = itertools.count(max(result.history.step, default=0) + 1)
        result.diverged = next(step for step in after if member.config.check_due(step, steps))
        result.history.stopped_epoch = result.diverged / steps
    result.weight, result.bias = _parameters(model)


def _untrained(member: Member, model: nn.Linear) -> Trained:
    """The result of a member that an interruption kept from starting."""
    weight, bias = _parameters(model)
    return Trained(member.config, History(why_stopped=NEVER_BEGUN), weight, bias)


def _interrupted(results: Iterable[Trained]) -> bool:
    return any(result.history.why_stopped.startswith("interrupted") for result in results)


def _parameters(model: nn.Linear) -> tuple[torch.Tensor, torch.Tensor | None]:
    return model.weight.detach(), None if model.bias is None else model.bias.detach()


def _demand_linear(models: Sequence[nn.Module], data: Dataset) -> None:
    for model in models:
        model.to(data.train.x.device)
        if not isinstance(model, nn.Linear):
            raise CourseError(
                f"A sweep trains models that are one matrix product, nn.Linear, not {type(model).__name__}: "
                "train others one by one with fit."
            )
        if model.weight.shape != models[0].weight.shape or model.weight.dtype != data.train.x.dtype:
            raise CourseError(
                f"make_model returned weights {tuple(model.weight.shape)} of type {model.weight.dtype}, but "
                f"the first were {tuple(models[0].weight.shape)} and the data are {data.train.x.dtype}: make "
                "them all alike."
            )
    demand_fit(models[0], data)


def _demand_descent(members: Sequence[Member]) -> None:
    for member in members:
        if member.config.optimiser != "sgd":
            raise CourseError(
                f"A vectorised sweep trains with sgd, not {member.config.optimiser}: use vectorise=False."
            )
