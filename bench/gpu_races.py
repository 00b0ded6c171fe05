"""For the device bench: `fit` and sweeps against what they are usually done with, on the device at hand."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import torch
from bench_module_sweeps import SWEEPS, make, plain_loop, seconds
from torch.nn import functional as F
from training_peers import Contender, Race, _answers, _seconds, our_fit, tensor_dataset, usual_recipe

from helpers.data import Dataset, Split
from helpers.data._tiers import load
from helpers.sweeps import sweep

ROOT = Path(__file__).resolve().parent.parent
SIZES, BATCH, RATE = (784, 200, 10), 20, 0.1
GOALS = {
    "usual recipe": 30.0,
    "a loop of torch.optim": 15.0,
}  # `fit`, a sweep: times as fast on an accelerator
# Trained with many starts, and soon done on an accelerator.
CLAIMS = ("A1-2d/C", "HW4-3.1/book-994")
DRY_CLAIM = "A1-2d/C"


def recorded(race: Race) -> Contender:
    """The step as one CUDA graph, replayed for each batch: no kernel waits for Python."""
    if race.device.type != "cuda":
        raise ValueError("CUDA graphs need CUDA")
    model, train = race.model(), race.data.train
    weights = list(model.parameters())
    x, y = train.x[: race.batch_size].clone(), train.y[: race.batch_size].clone()

    def step() -> None:
        gradients = torch.autograd.grad(F.cross_entropy(model(x), y), weights)
        with torch.no_grad():
            torch._foreach_add_(weights, gradients, alpha=-race.lr)

    side = torch.cuda.Stream()  # what is recorded must have run before, on a stream of its own
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()

    def epoch() -> None:
        for rows in torch.randperm(len(train), device=race.device).split(race.batch_size):
            if len(rows) == race.batch_size:
                torch.index_select(train.x, 0, rows, out=x)
                torch.index_select(train.y, 0, rows, out=y)
                graph.replay()

    return Contender(lambda: _seconds(race, epoch), _answers(model))


def compiled(race: Race) -> Contender:
    """The loop over slices with a model that `torch.compile` made."""
    if race.device.type != "cuda":
        raise ValueError("compiled on an accelerator only: it takes a minute")
    model, train = race.model(), race.data.train
    fast = torch.compile(model, mode="reduce-overhead")
    optimiser = torch.optim.SGD(model.parameters(), lr=race.lr)

    def epoch() -> None:
        for rows in torch.randperm(len(train), device=race.device).split(race.batch_size):
            optimiser.zero_grad()
            F.cross_entropy(fast(train.x[rows]), train.y[rows]).backward()
            optimiser.step()

    return Contender(lambda: _seconds(race, epoch), _answers(model))


CONTENDERS = {
    "fit": our_fit,
    "usual recipe": usual_recipe,
    "TensorDataset + DataLoader": tensor_dataset,
    "the step as a CUDA graph": recorded,
    "torch.compile": compiled,
}


def race(data: Dataset, images: int, rounds: int = 3) -> dict[str, object]:
    """Images a second of each, the first epoch not counted; how many times as fast `fit` is as the others."""
    few = data.train.take(min(images, len(data.train)))
    train = Split(few.x.flatten(1), few.y)
    flat = replace(data, train=train, valid=train.take(20))
    speeds: dict[str, float] = {}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        field = Race(flat, load(None), Path(folder), SIZES, BATCH, RATE)
        for name, enter in CONTENDERS.items():
            try:
                contender = enter(field)
                contender.epoch()
                found = [len(train) / contender.epoch() for _ in range(rounds)]
                speeds[name] = round(statistics.median(found), 1)
            except Exception as error:  # another version, no compiler: said, and the others go on
                if name == "fit":
                    raise
                failed[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    times = {name: round(speeds["fit"] / speed, 2) for name, speed in speeds.items() if name != "fit"}
    return {"images a second": speeds, "fit is faster by": times, "not measured": failed}


def sweeps(data: Dataset, images: int) -> dict[str, object]:
    """Forty networks 784-128-10 as one sweep, and one after the other."""
    train = data.train.take(min(images, len(data.train)))
    few = train.take(min(200, len(train)))
    flat = replace(data, train=Split(train.x.flatten(1), train.y), valid=Split(few.x.flatten(1), few.y))
    members, device = SWEEPS["8 rates × 5 λ"], train.x.device
    sweep(make, flat, members[:2])
    ours = seconds(lambda: sweep(make, flat, members), device, rounds=2)
    loop = seconds(lambda: plain_loop(flat, members), device)
    return {
        "sweep": round(ours, 3),
        "a loop of torch.optim": round(loop, 3),
        "the sweep is faster by": round(loop / ours, 2),
    }


def claims(dry: bool, limit: float) -> dict[str, object]:
    """Rows of `make verify-claims` in the full setting; with `dry` a quick one, in a copy of the course."""
    ids, profile = ((DRY_CLAIM,), "quick") if dry else (CLAIMS, "full")
    with tempfile.TemporaryDirectory() as name:
        root = ROOT
        if dry:
            root = Path(name)
            for part in ("book", "helpers", "notebooks"):
                shutil.copytree(
                    ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "measured")
                )
        path = root / "book" / "verified.json"
        before = len(json.loads(path.read_text(encoding="utf-8"))["rows"])
        command = (
            sys.executable,
            ROOT / "tools" / "verify_claims.py",
            *ids,
            "--profile",
            profile,
            "--root",
            root,
        )
        told = subprocess.Popen([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=os.environ | {"PYTHONHASHSEED": "0"})  # fmt: skip
        why = ""
        try:
            why = told.communicate(timeout=limit)[1]
        except subprocess.TimeoutExpired:
            told.kill()
            told.communicate()
            why = f"ended after {limit:.0f} s"
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"][before:]
    left = sorted(set(ids) - {row["id"] for row in rows})
    return {"rows": rows, "not measured": dict.fromkeys(left, (why.strip().splitlines() or [""])[-1])}
