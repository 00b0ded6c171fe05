"""`sweep`: the way in."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from helpers.data import Dataset
from helpers.runtime import CourseError
from helpers.sweeps._batched import train_group
from helpers.sweeps._checks import Trained
from helpers.sweeps._groups import groups
from helpers.sweeps._hand import workers
from helpers.sweeps._kept import Kept
from helpers.sweeps._lanes import Lane
from helpers.sweeps._members import Member
from helpers.sweeps._network import shape
from helpers.sweeps._plan import plan
from helpers.sweeps._result import SweepResult, alike_linear
from helpers.sweeps._work import carry_out, interrupted, untrained
from helpers.training import TrainConfig
from helpers.training._demands import demand_ready
from helpers.training._threads import threads_for_steps_of


def sweep(
    make_model: Callable[..., nn.Module],
    data: Dataset,
    members: Sequence[Member | TrainConfig],
    *,
    vectorise: bool = True,
    executor: Executor | Any = None,
    keep: str | Path | bool | None = None,
) -> SweepResult:
    """Train all `members` on `data.train`, watch `data.valid`, never look at `data.test`.

    `make_model(seed)` returns a fresh model of floats of `data`'s type, `make_model(seed, depth=2)` for
    members with that `build`; it is called once for each seed and build. A member is trained as `fit` would
    train it with the penalty `l2(member.decay)`: the same steps, order of examples, checks, early stopping,
    schedule, optimiser. A `batch_size` of at least `len(data.train)` means full batches.

    Members that take the same steps share each of them, in one matrix product for linear models (see
    `_groups`), in stacks of networks of one shape for others (see `_plan`). With `vectorise=False`, and where
    `_plan` finds a stack impossible, they are trained one by one by `fit`; `result.how` says who was trained
    how, and why. Both give the same up to rounding.

    `executor`, any of `concurrent.futures` or a Dask `Client`, trains the stacks beside each other, each on
    one thread of its worker, the data sent once to each worker; models must be such that can be pickled.
    Networks give the same bits with any number of workers and with none; linear models do with any executor.
    Without one, stacks on a processor share its threads. A member whose loss becomes infinite or no number
    disturbs no other and raises nothing: `result.diverged` holds the check that found it. Ctrl-C ends the
    sweep and returns what there is so far.

    `keep` names a folder in which each finished member is kept and found again by the next call, True the
    course's cache. With an executor that is the default: where workers, pool or scheduler die, CourseError
    says so, and the same call with an executor that works trains only what is missing. A full disk stops the
    keeping, not the training. Linear models without an executor train as one, and are not kept.

    Raises CourseError if there are no members, or model, data and settings do not fit together.
    """
    asked = [m if isinstance(m, Member) else Member(m) for m in members]
    if not asked:
        raise CourseError("A sweep needs at least one member: make some with grid(config, lr=…).")
    keys = [(m.config.seed, m.build) for m in asked]
    made = {key: make_model(key[0], **dict(key[1])) for key in dict.fromkeys(keys)}
    models = [made[key] for key in keys]
    _demand_models(asked, models, data)
    if vectorise and executor is None and _one_product(asked, models):
        return _linear(asked, models, data)
    kept = Kept(executor is not None if keep is None else keep, data, vectorise)
    return _networks(asked, models, data, vectorise, executor, kept)


def _linear(members: Sequence[Member], models: Sequence[nn.Linear], data: Dataset) -> SweepResult:
    """All weights side by side in one matrix."""
    results: dict[int, Trained] = {}
    for group in groups(members, len(data.train)):
        results |= train_group(group, members, models, data)
        if interrupted(results.values()):
            break
    how = (f"{len(members)} linear models: one matrix product for all",)
    return _result(members, models, results, how)


def _networks(
    members: Sequence[Member],
    models: Sequence[nn.Module],
    data: Dataset,
    vectorise: bool,
    executor: Executor | Any,
    kept: Kept,
) -> SweepResult:
    results = {i: kept.read(*pair) for i, pair in enumerate(zip(members, models, strict=True))}
    results = {i: found for i, found in results.items() if found is not None}
    missing = [i for i in range(len(members)) if i not in results]
    everyone = Lane(tuple(range(len(members))), tuple(members), tuple(models))
    count = 0 if executor is None else workers(executor)
    planned = plan(everyone.take(missing), data, count, vectorise=vectorise)
    how = (*planned.how, *([f"{len(results)} members: kept from before"] if results else []))
    if missing:
        without_test = replace(data, test=data.valid)  # it is sent to nobody

        def keep(place: int, trained: Trained) -> None:
            kept.write(members[place], models[place], trained)

        results |= carry_out(planned, without_test, executor, keep)
    return _result(members, models, results, how)


def _result(
    members: Sequence[Member], models: Sequence[nn.Module], results: dict[int, Trained], how: tuple[str, ...]
) -> SweepResult:
    pairs = list(zip(members, models, strict=True))
    ordered = [results.get(i) or untrained(*pair) for i, pair in enumerate(pairs)]
    with threads_for_steps_of(0, next(models[0].parameters()).device):  # copies are small
        modules = tuple(_trained(model, r.state) for model, r in zip(models, ordered, strict=True))
    return SweepResult(
        members=tuple(members),
        histories=tuple(result.history for result in ordered),
        modules=modules,
        diverged=tuple(result.diverged for result in ordered),
        how=how,
    )


def _trained(model: nn.Module, state: dict[str, Tensor]) -> nn.Module:
    """A copy of `model` with the weights and buffers `state`, in evaluation mode."""
    trained = copy.deepcopy(model)
    trained.load_state_dict(state)
    return trained.eval()


def _one_product(members: Sequence[Member], models: Sequence[nn.Module]) -> bool:
    """Linear models in plain gradient descent, with or without momentum."""
    plain = all(m.config.optimiser == "sgd" and m.config.schedule == "constant" for m in members)
    return plain and alike_linear(models)


def _demand_models(members: Sequence[Member], models: Sequence[nn.Module], data: Dataset) -> None:
    seen, sizes = set(), [member.config.batch_size for member in members]
    for model, batch_size in dict.fromkeys(zip(models, sizes, strict=True)):
        if not isinstance(model, nn.Module):
            raise CourseError(f"make_model must return an nn.Module, but it returned {type(model).__name__}.")
        model.to(data.train.x.device)
        for name, weight in model.named_parameters():
            if weight.dtype != data.train.x.dtype:
                raise CourseError(
                    f"make_model returned weights {name} of type {weight.dtype}, but the data are "
                    f"{data.train.x.dtype}: make them alike."
                )
        if (shape(model), batch_size) not in seen:
            seen.add((shape(model), batch_size))
            demand_ready(model, data, batch_size)
