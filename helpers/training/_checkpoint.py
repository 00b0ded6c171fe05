"""Checkpoints: all that decides how a run goes on, in one file that is there as a whole or not at all."""

from __future__ import annotations

import os
import pickle
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from helpers.runtime import CourseError
from helpers.training._random import random_states, set_random_states

if TYPE_CHECKING:
    from helpers.training._fit import Run

FORMAT = 1


def save(path: Path, run: Run) -> None:
    """Write the state of `run` to `path`: to a file beside it first, then renamed."""
    state = {
        "format": FORMAT,
        "fingerprint": _fingerprint(run),
        "model": run.model.state_dict(),
        "optimiser": run.optimiser.state_dict(),
        "random": random_states(run.device),
        "history": vars(run.history),
        "step": run.step,
        "misses": run.misses,
        "best": run.best,
    }
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        torch.save(state, part)
        os.replace(part, path)
    except OSError as error:
        raise CourseError(
            f"The checkpoint {path} cannot be written ({error.strerror}): choose another place."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def load(path: Path, run: Run) -> None:
    """Put `run` into the state that `path` holds; CourseError if the file is damaged or not this run's."""
    state = _read(path, run.device)
    expected = _fingerprint(run)
    for name, value in expected.items():
        found = state["fingerprint"].get(name)
        if found != value:
            raise CourseError(
                f"The checkpoint {path} is from another run ({name} was {found!r}, is {value!r}): "
                "give this run its own file, or delete that one."
            )
    try:
        run.model.load_state_dict(state["model"])
    except RuntimeError as error:
        raise CourseError(
            f"The checkpoint {path} is from another model: give this run its own file."
        ) from error
    run.optimiser.load_state_dict(state["optimiser"])
    set_random_states(state["random"], run.device)
    vars(run.history).update(state["history"])
    run.step, run.misses, run.best = state["step"], state["misses"], state["best"]


def _fingerprint(run: Run) -> dict[str, Any]:
    """What must be the same for a run to go on; `epochs` may grow, since no step depends on it."""
    settings = asdict(run.config)
    del settings["epochs"]
    data = run.data
    sizes = {
        "training examples": len(data.train),
        "validation examples": len(data.valid),
        "data tier": data.tier,
    }
    return {**settings, **sizes, "device": run.device.type, "shape": list(data.train.x.shape[1:])}


def _read(path: Path, device: torch.device) -> dict[str, Any]:
    damaged = f"The checkpoint {path} is damaged or not a checkpoint of this book: delete it to start again."
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError, OSError) as error:
        raise CourseError(damaged) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise CourseError(damaged)
    return state
