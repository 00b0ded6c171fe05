"""Oracle: `training.fit` member by member in double precision, where members are unlike or end early."""

from __future__ import annotations

import math
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
from test_sweeps_networks import MINI, Steep, both, net, tanh
from torch import nn
from toy_sweeps import D, dataset, differences

from helpers.data import Split
from helpers.runtime import CourseError
from helpers.sweeps import _batched, _lanes, _plan, grid, sweep
from helpers.sweeps._network import shape
from helpers.training import TrainConfig, evaluate

EARLY = TrainConfig(batch_size=8, epochs=30, checks_per_epoch=2, patience=2, min_delta=1e-3)


class Wild(nn.Module):
    """Noise of its own making, which no stack can repeat."""

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return z + torch.randn_like(z) if self.training else z


class Skip(nn.Module):
    """No Sequential: z + W z."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(D, D)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x + self.inner(x))[:, :3]


def deep(seed: int, depth: int = 1, act: type[nn.Module] = nn.Tanh) -> nn.Sequential:
    return net(*[lambda h: nn.Sequential(nn.Linear(h, h), act())] * depth)(seed)


# --- Shapes -----------------------------------------------------------------------------------------------


def test_shapes_are_grouped():
    members = grid(MINI, build={"depth": (1, 2), "act": (nn.Tanh, nn.ReLU)}, lr=(0.05, 0.2))
    together, alone = both(deep, members)
    assert len(together.how) == 4
    assert all("2 members of Sequential" in how and "stacked" in how for how in together.how)
    assert differences(together, alone) == []
    chosen = together.select(depth=2, act=nn.ReLU)
    assert [len(chosen.model(i)) for i in range(len(chosen))] == [4, 4]
    assert (together.table()[0]["depth"], together.table()[0]["lr"]) == (1, 0.05)
    assert together._repr_markdown_().splitlines()[2].startswith("| 0.05 | 1 | Tanh |")


def test_members_with_other_keywords_stand_in_one_table():
    result = sweep(deep, dataset(3), [*grid(MINI, build={"depth": (1,)}), *grid(MINI, lr=(0.2,))])
    assert [row["depth"] for row in result.table()] == [1, None]
    assert len(result.select(depth=1)) == 1


@pytest.mark.parametrize(
    ("build", "message"),
    [
        ({"lr": [0.1]}, "^The axis lr of build is a setting of the training"),
        ({"sizes": [[3, 4]]}, r"has the value \[3, 4\]: make it a tuple"),
        ({"depth": []}, "^The axis depth of the grid has no values"),
    ],
)
def test_builds_that_make_no_sense(build, message):
    with pytest.raises(CourseError, match=message):
        grid(MINI, build=build)


def test_a_hidden_setting_is_part_of_the_shape():
    """Equal to print, unequal in what they compute: never one stack."""
    one, other = Steep(1.0), Steep(2.0)
    assert (repr(one) == repr(other), shape(one) == shape(other)) == (True, False)
    assert shape(one) == shape(Steep(1.0))
    together, alone = both(lambda seed: net(lambda h: Steep(1.0 + seed))(seed), grid(MINI, seed=(0, 1)))
    assert len(together.how) == 2
    assert differences(together, alone) == []


# --- The plain loop where a stack is impossible or slow ----------------------------------------------------


def frozen(seed: int) -> nn.Sequential:
    return nn.Sequential(net(tanh)(seed)[0].requires_grad_(False), nn.Linear(6, 3).double())


def tied(seed: int) -> nn.Sequential:
    return net(lambda h: nn.Sequential(*[nn.Linear(h, h)] * 2))(seed)


def hooked(seed: int) -> nn.Sequential:
    model = net(tanh)(seed)
    model[1].register_forward_hook(lambda *_: None)
    return model


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (net(lambda h: Wild()), "Wild is no layer that is stacked"),
        (lambda seed: Skip().double(), "Skip is no nn.Sequential of layers"),
        (frozen, "frozen weights"),
        (tied, "share weights"),
        (hooked, "Tanh has hooks"),
    ],
)
def test_the_loop_is_taken_and_its_reason_named(make, reason):
    result = sweep(make, dataset(3), grid(MINI, lr=(0.1, 0.2)))
    assert "one by one with fit, since" in result.how[0]
    assert reason in result.how[0]
    assert repr(result).splitlines()[1] == result.how[0]
    assert result.histories[0].why_stopped == "all 3 epochs done"


def test_threads_do_not_cut_a_stack_that_workers_would(monkeypatch):
    members = grid(MINI, lr=(0.1, 0.2), seed=(0, 1, 2))
    group = _lanes.Lane(tuple(range(6)), tuple(members), (net(tanh)(0),) * 6)
    torch.set_num_threads(2)

    def sizes(workers: int) -> list[int]:
        return [len(lane.places) for lane in _plan._cut(group, torch.device("cpu"), workers)]

    found = [sizes(0), sizes(2), sizes(4), sizes(9)]
    monkeypatch.setattr(_plan, "MOST", 5)
    found.append(sizes(0))  # two are needed: one for each thread
    monkeypatch.setattr(_plan, "MOST", 2)
    found.append(sizes(0))  # three are needed, but two threads would wait for one
    torch.set_num_threads(1)
    assert found == [[6], [3, 3], [1, 2, 1, 2], [1] * 6, [3, 3], [1, 2, 1, 2]]


@pytest.mark.parametrize("make", [net(tanh), lambda seed: nn.Linear(D, 3).double()], ids=["net", "linear"])
def test_the_seconds_of_checks_are_not_counted(monkeypatch, make):
    members = [replace(MINI, lr=lr) for lr in (0.1, 0.2)]
    for module in (_lanes, _batched):
        real = module.measure
        monkeypatch.setattr(module, "measure", lambda *of, real=real: (time.sleep(0.2), real(*of))[1])
    history = sweep(make, dataset(3), members).histories[0]
    assert len(history.step) == 6  # each measured twice: 2.4 s
    assert 0 < history.elapsed[0] < history.elapsed[-1] == history.seconds < 2.0


# --- Members that end early --------------------------------------------------------------------------------


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_members_stop_one_by_one_and_leave_the_stack(monkeypatch, optimiser):
    sizes, real = [], _lanes.train_step
    monkeypatch.setattr(
        _lanes, "train_step", lambda run, *rest: (sizes.append(len(run.alive)), real(run, *rest))[1]
    )
    members = grid(replace(EARLY, optimiser=optimiser), lr=(0.003, 0.03, 0.2), lam=(0.0, 0.1), seed=(0, 1))
    together, alone = both(net(tanh), members)
    assert differences(together, alone) == []
    ends = sorted(history.stopped_epoch for history in together.histories)
    assert len(set(ends)) > 3
    assert sum(sizes) == round(sum(ends) * 7)  # seven steps to an epoch of 53
    measured = together.evaluate(dataset(3).valid)["loss"]
    assert together.figures("valid_loss") == pytest.approx(measured, rel=1e-12)


def test_divergence_disturbs_nobody_and_raises_nothing():
    base = TrainConfig(batch_size=100, epochs=300, epochs_per_check=50)
    members = grid(base, lr=(0.1, 50.0), lam=(0.0, 0.5), momentum=(0.0, 0.9))
    together, alone = both(net(lambda h: nn.ReLU()), members)
    assert together.diverged == alone.diverged
    lost = [i for i, step in enumerate(together.diverged) if step is not None]
    assert lost
    assert all(together.members[i].config.lr == 50.0 for i in lost)
    assert together.histories[lost[0]].why_stopped.startswith("loss nan at the check after step")
    assert math.isnan(together.figures("valid_loss")[lost[0]])
    assert differences(together.select(lr=0.1), alone.select(lr=0.1)) == []


def interrupting(monkeypatch, at: int) -> None:
    """Ctrl-C in this step."""
    real, calls = _lanes.train_step, []

    def step(*args):
        calls.append(1)
        if len(calls) == at:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)  # of other threads, for the main one to hear of it
        return real(*args)

    monkeypatch.setattr(_lanes, "train_step", step)


@pytest.mark.parametrize("threads", [1, 2])
def test_interruption_returns_what_there_is(monkeypatch, capsys, threads):
    monkeypatch.setattr(_plan, "MOST", 1)
    members = grid(replace(MINI, epochs=50), lr=(0.1, 0.2, 0.3, 0.4))
    torch.set_num_threads(threads)
    interrupting(monkeypatch, at=60)
    result = sweep(net(tanh), dataset(3), members)
    assert torch.get_num_threads() == threads
    assert capsys.readouterr().out == "interrupted: 0 of 4 members were trained to their end\n"
    monkeypatch.undo()
    begun = [history for history in result.histories if history.step]
    assert len(begun) == threads
    assert all(history.why_stopped.startswith("interrupted at epoch") for history in begun)
    assert result.histories[3].why_stopped == "interrupted before its first step"
    whole = sweep(net(tanh), dataset(3), members[:1])
    assert result.histories[0].valid_loss == whole.histories[0].valid_loss[: len(begun[0].step)]


# --- Executors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_gives_the_same(monkeypatch, kind):
    monkeypatch.setattr(_plan, "MOST", 2)
    members = grid(MINI, build={"depth": (1, 2)}, lr=(0.05, 0.2), seed=(0, 1))
    with kind(2) as executor:
        spread = sweep(deep, dataset(3), members, executor=executor, keep=False)
    assert differences(spread, sweep(deep, dataset(3), members)) == []


def test_an_executors_loop_keeps_dropout_apart():
    """`fit` draws dropout from torch's global generator: two at a time would draw from each other's."""
    make = net(lambda h: Wild(), tanh)
    members = grid(replace(MINI, epochs=6), seed=range(4))
    with ThreadPoolExecutor(4) as executor:
        spread = sweep(make, dataset(3), members, executor=executor, keep=False)
    assert "one by one" in spread.how[0]
    assert differences(spread, sweep(make, dataset(3), members, vectorise=False)) == []


# --- The result --------------------------------------------------------------------------------------------


def test_models_and_figures_are_the_members():
    data, result = dataset(3), sweep(net(tanh), dataset(3), grid(MINI, lr=(0.1, 0.4)))
    assert (result.weights, result.biases) == (None, None)
    both = result.evaluate(data.valid)
    for i in range(2):
        model = result.model(i)
        assert evaluate(model, data.valid)["loss"] == both["loss"][i]
        assert not model.training
        model[0].weight.data.zero_()
    assert result.evaluate(data.valid) == both
    assert result.best() == min((0, 1), key=both["loss"].__getitem__)
    assert result.evaluate(data.valid)["loss"] == pytest.approx(result.figures("valid_loss"), rel=1e-12)


def test_models_in_single_precision_follow_double():
    data, members = dataset(3), grid(MINI, lr=(0.05, 0.2), lam=(0.0, 0.1))
    train, valid = (Split(s.x.float(), s.y) for s in (data.train, data.valid))
    single = sweep(lambda seed: net(tanh)(seed).float(), replace(data, train=train, valid=valid), members)
    double = sweep(net(tanh), data, members)
    for i in range(len(members)):
        torch.testing.assert_close(
            single.model(i)[0].weight.double(), double.model(i)[0].weight, rtol=0, atol=1e-5
        )
