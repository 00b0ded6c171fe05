"""The work of a plan spread over threads, over the workers of an executor, or over nobody."""

from __future__ import annotations

import copy
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from contextlib import contextmanager
from functools import partial
from itertools import count

import torch
from torch import nn

from helpers.data import Dataset
from helpers.runtime import CourseError, progress
from helpers.sweeps._checks import Trained
from helpers.sweeps._hand import Submit, handed, near
from helpers.sweeps._lanes import Lane, Run, prepare, train_lane, train_step
from helpers.sweeps._members import Member
from helpers.sweeps._plan import Alone, Plan
from helpers.training import Diverged, History, fit, l2
from helpers.training._threads import threads_for_steps_of

NEVER_BEGUN = "interrupted before its first step"
ONE_AT_A_TIME = threading.Lock()  # dropout in `fit` draws from torch's global generator
TRIAL, GAIN = 0.03, 1.2  # seconds of a trial of workers side by side; what they must gain
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
    # An event cannot be sent to another process; there Ctrl-C arrives by itself.
    stopped = [stop.is_set] if executor is None or near(executor) else []
    lanes = [partial(_lane, lane, stopped) for lane in plan.lanes]
    alone = [partial(train_alone, job) for job in plan.alone]
    if executor is not None:
        with handed(data, executor) as submit:
            yield from _spread([partial(_on_one_thread, job) for job in lanes + alone], submit, stop, stopped)
        return
    with _threads(plan.lanes, data) as pool:
        if pool is None:
            alone = lanes + alone
        else:
            yield from _spread(lanes, partial(_call, pool, data), stop, stopped)
    for job in alone:
        if stop.is_set():
            return
        found = job(data)
        yield from found.items()
        if interrupted(found.values()):
            return


def _lane(lane: Lane, stopped: list, data: Dataset) -> dict[int, Trained]:
    return train_lane(lane, data, *stopped)


def _call(pool: Executor, data: Dataset, job: Job) -> Future:
    return pool.submit(job, data)


def _on_one_thread(job: Job, data: Dataset) -> dict[int, Trained]:
    """In a worker beside others: torch would take all of the machine for each of them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return job(data)
    finally:
        torch.set_num_threads(threads)


def _spread(
    jobs: list[Job], submit: Submit, stop: threading.Event, stopped: list
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


@contextmanager
def _threads(lanes: Sequence[Lane], data: Dataset) -> Iterator[Executor | None]:
    """As many workers as torch has threads, each with one of them; None if that is no faster."""
    threads = torch.get_num_threads()
    if min(len(lanes), threads) < 2 or data.train.x.device.type != "cpu":
        yield None
        return
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield pool if faster_together(lanes[0], data, pool, threads) else None
    finally:
        torch.set_num_threads(threads)


def faster_together(lane: Lane, data: Dataset, pool: Executor, threads: int) -> bool:
    """Whether workers side by side train at least `GAIN` times as many stacks a second as one after another.

    Tried for some steps, since it depends on the machine and who else is on it: workers wait for Python's
    lock, and on a busy machine they wait long.
    """
    size = lane.config.batch_size
    x, y = data.train.x[:size], data.train.y[:size]
    runs = [prepare(lane, data) for _ in range(threads)]

    def seconds(run: Run, steps: int) -> float:
        start = time.perf_counter()
        for _ in range(steps):
            train_step(run, x, y, 0.0)
        return time.perf_counter() - start

    with threads_for_steps_of(lane.work, x.device):
        steps = math.ceil(TRIAL / min(seconds(runs[0], 1) for _ in range(3)))
        alone = min(seconds(runs[0], steps) for _ in range(2))
    together = []
    for _ in range(2):
        start = time.perf_counter()
        list(pool.map(seconds, runs, [steps] * threads))
        together.append(time.perf_counter() - start)
    return alone * threads >= GAIN * min(together)


def train_alone(job: Alone, data: Dataset) -> dict[int, Trained]:
    """The plain loop: `fit`, with divergence noted and not raised. The model of the job is trained."""
    member, model = job.member, copy.deepcopy(job.model)
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
    return {job.place: result}


def untrained(member: Member, model: nn.Module) -> Trained:
    """The result of a member that an interruption kept from starting."""
    return Trained(member.config, History(why_stopped=NEVER_BEGUN), state=model.state_dict())


def interrupted(results: Iterable[Trained]) -> bool:
    return any(result.history.why_stopped.startswith("interrupted") for result in results)
