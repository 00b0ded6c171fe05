"""The work of a plan spread over threads, over the workers of an executor, or over nobody."""

from __future__ import annotations

import copy
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from functools import partial
from itertools import count

import torch
from torch import nn

from helpers.data import Dataset
from helpers.runtime import CourseError, progress
from helpers.sweeps._checks import Trained
from helpers.sweeps._hand import Submit, handed, near
from helpers.sweeps._lanes import Lane, train_lane
from helpers.sweeps._members import Member
from helpers.sweeps._plan import Plan
from helpers.training import Diverged, History, fit, l2

NEVER_BEGUN = "interrupted before its first step"
ONE_AT_A_TIME = threading.Lock()  # dropout in `fit` draws from torch's global generator
GRACE = 5.0  # seconds after Ctrl-C for other processes, which hear of it by themselves, to hand in their part
Job = Callable[[Dataset], dict[int, Trained]]
Keep = Callable[[int, Trained], None]


def carry_out(plan: Plan, data: Dataset, executor: Executor | None, keep: Keep) -> dict[int, Trained]:
    """Train all members of the plan; returned by place. After Ctrl-C, those that had begun by then.

    Each finished member is handed to `keep` at once. `data` without a test split worth sending.
    """
    results: dict[int, Trained] = {}
    try:
        for place, trained in progress(_one_by_one(plan, data, executor), "training", plan.size):
            results[place] = trained
            if not interrupted([trained]):
                keep(place, trained)
    except KeyboardInterrupt:
        pass  # what is missing below tells of it
    # An executor that is asked to cancel may hand over none that had begun: then some are simply not there.
    if len(results) < plan.size or interrupted(results.values()):
        done = sum(not interrupted([result]) for result in results.values())
        print(f"interrupted: {done} of {plan.size} members were trained to their end")
    return results


def _one_by_one(plan: Plan, data: Dataset, executor: Executor | None) -> Iterator[tuple[int, Trained]]:
    """Each member as soon as it is there."""
    stop = threading.Event()
    far = executor is not None and not near(executor)
    # An event cannot be sent to another process; there Ctrl-C arrives by itself.
    stopped = {} if far else {"stopped": stop.is_set}
    lanes, alone = ([job.on_cpu() if far else job for job in jobs] for jobs in (plan.lanes, plan.alone))
    lanes = [partial(train_lane, lane, **stopped) for lane in lanes]
    alone = [partial(train_alone, job) for job in alone]
    if executor is not None:
        with handed(data, executor) as submit:
            yield from _spread([partial(_on_one_thread, job) for job in lanes + alone], submit, stop, stopped)
        return
    threads = torch.get_num_threads()
    if min(len(lanes), threads) > 1 and data.train.x.device.type == "cpu":
        try:
            with (
                ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool,
                handed(data, pool) as submit,
            ):
                yield from _spread(lanes, submit, stop, stopped)
        finally:
            torch.set_num_threads(threads)
        lanes = []
    for job in lanes + alone:
        if stop.is_set():
            return
        found = job(data)
        yield from found.items()
        if interrupted(found.values()):
            return


def _on_one_thread(job: Job, data: Dataset) -> dict[int, Trained]:
    """In a worker beside others: torch would take all of the machine for each of them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        found = job(data)
    finally:
        torch.set_num_threads(threads)
    for trained in found.values():  # an accelerator's memory would go with the worker that holds it
        trained.state = {name: value.cpu() for name, value in trained.state.items()}
    return found


def _spread(
    jobs: list[Job], submit: Submit, stop: threading.Event, stopped: dict
) -> Iterator[tuple[int, Trained]]:
    """The members in the order in which their jobs end; what had ended is handed on whatever goes wrong."""
    futures: list[Future] = []
    given: set[Future] = set()
    trouble: BaseException | None = None
    try:
        for job in jobs:
            futures.append(submit(job))
        for future in as_completed(futures):
            found = future.result()
            given.add(future)
            yield from found.items()
    except KeyboardInterrupt:
        _give_up(futures, stop)
        wait([future for future in futures if not future.cancelled()], None if stopped else GRACE)
    except BaseException as error:
        _give_up(futures, stop)
        if isinstance(error, GeneratorExit):
            raise
        trouble = error
    for future in futures:
        if future not in given and future.done() and not future.cancelled() and not future.exception():
            yield from future.result().items()
    if trouble is not None:
        raise lost(trouble) from trouble


def _give_up(futures: Iterable[Future], stop: threading.Event) -> None:
    stop.set()
    for future in futures:
        future.cancel()


def lost(error: BaseException) -> BaseException:
    """What a reader is told: where the workers went, one sentence; a fault of the training, as it was."""
    module = type(error).__module__.partition(".")[0]
    gone = module in ("distributed", "dask") or isinstance(error, (BrokenExecutor, CancelledError, OSError))
    if not gone or isinstance(error, CourseError):
        return error
    return CourseError(
        f"The workers of this sweep were lost ({type(error).__name__}): call it again with an executor that "
        "works. Members that had finished are kept, unless keep=False, and are not trained again."
    )


def train_alone(job: Lane, data: Dataset) -> dict[int, Trained]:
    """The plain loop: `fit`, with divergence noted and not raised."""
    (place,), (member,), (model,) = job.places, job.members, copy.deepcopy(job.models)
    result = untrained(member, model)
    with ONE_AT_A_TIME:
        try:
            penalty = l2(member.decay) if member.decay else None
            result.history = fit(model, data, member.config, penalty=penalty)
        except Diverged as error:
            result.history = error.history
            steps = math.ceil(len(data.train) / member.config.batch_size)
            # `fit` looks at every step, a stack only at checks: the first check that was not reached.
            after = count(max(result.history.step, default=0) + 1)
            result.diverged = next(step for step in after if member.config.check_due(step, steps))
            result.history.stopped_epoch = result.diverged / steps
            model.eval()
    result.state = model.state_dict()
    return {place: result}


def untrained(member: Member, model: nn.Module) -> Trained:
    """The result of a member that an interruption kept from starting."""
    return Trained(member.config, History(why_stopped=NEVER_BEGUN), state=model.state_dict())


def interrupted(results: Iterable[Trained]) -> bool:
    return any(result.history.why_stopped.startswith("interrupted") for result in results)
