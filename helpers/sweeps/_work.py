"""The work of a plan spread over threads, over the workers of an executor, or over nobody."""

from __future__ import annotations

import copy
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count

import torch
from torch import nn

from helpers.data import Dataset
from helpers.runtime import progress
from helpers.sweeps._checks import Trained
from helpers.sweeps._lanes import Lane, Run, prepare, train_lane, train_step
from helpers.sweeps._members import Member
from helpers.sweeps._plan import Alone, Plan
from helpers.training import Diverged, History, fit, l2
from helpers.training._threads import threads_for_steps_of

NEVER_BEGUN = "interrupted before its first step"
ONE_AT_A_TIME = threading.Lock()  # dropout in `fit` draws from torch's global generator
TRIAL, GAIN = 0.03, 1.2  # seconds of a trial of workers side by side; what they must gain
Job = Callable[[], dict[int, Trained]]


def carry_out(plan: Plan, data: Dataset, executor: Executor | None) -> dict[int, Trained]:
    """Train all members of the plan; returned by place. After Ctrl-C, those that had begun by then."""
    stop, data = threading.Event(), replace(data, test=data.valid)  # the test split is sent to nobody
    alone = [partial(train_alone, job, data) for job in plan.alone]
    # An event cannot be sent to another process; there Ctrl-C arrives by itself.
    near = executor is None or isinstance(executor, ThreadPoolExecutor)
    lanes = [partial(train_lane, lane, *([stop.is_set] if near else [])) for lane in plan.lanes]
    if executor is not None:
        results = _spread([partial(_on_one_thread, job) for job in lanes + alone], executor, stop)
    else:
        with _threads(plan.lanes, data.train.x.device) as pool:
            results = _spread(lanes, pool, stop) if pool else _in_turn(lanes)
        results |= {} if interrupted(results.values()) else _in_turn(alone)
    if interrupted(results.values()):
        done = sum(not interrupted([result]) for result in results.values())
        print(f"interrupted: {done} of {plan.size} members were trained to their end")
    return results


def _on_one_thread(job: Job) -> dict[int, Trained]:
    """In a worker beside others: torch would take all of the machine for each of them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return job()
    finally:
        torch.set_num_threads(threads)


def _in_turn(jobs: list[Job]) -> dict[int, Trained]:
    results: dict[int, Trained] = {}
    for job in progress(jobs, "training"):
        results |= job()
        if interrupted(results.values()):
            break
    return results


def _spread(jobs: list[Job], executor: Executor, stop: threading.Event) -> dict[int, Trained]:
    futures = [executor.submit(job) for job in jobs]
    try:
        for future in progress(as_completed(futures), "training", len(futures)):
            future.result()
    except BaseException as error:
        stop.set()
        for future in futures:
            future.cancel()
        if not isinstance(error, KeyboardInterrupt):
            raise
    return _collected(futures)


def _collected(futures: Iterable[Future]) -> dict[int, Trained]:
    results: dict[int, Trained] = {}
    for future in futures:
        if not future.cancelled():
            results |= future.result()
    return results


@contextmanager
def _threads(lanes: Sequence[Lane], device: torch.device) -> Iterator[Executor | None]:
    """As many workers as torch has threads, each with one of them; None if that is no faster."""
    threads = torch.get_num_threads()
    if min(len(lanes), threads) < 2 or device.type != "cpu":
        yield None
        return
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield pool if faster_together(lanes[0], pool, threads) else None
    finally:
        torch.set_num_threads(threads)


def faster_together(lane: Lane, pool: Executor, threads: int) -> bool:
    """Whether workers side by side train at least `GAIN` times as many stacks a second as one after another.

    Tried for some steps, since it depends on the machine and who else is on it: workers wait for Python's
    lock, and on a busy machine they wait long.
    """
    size = lane.config.batch_size
    x, y, runs = lane.train.x[:size], lane.train.y[:size], [prepare(lane) for _ in range(threads)]

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
