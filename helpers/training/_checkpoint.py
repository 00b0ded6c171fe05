"""Checkpoints: all that decides how a run goes on, in one file that is there as a whole or not at all.

The file is a line that names the format, a line with the SHA-256 of the rest, and what `torch.save` wrote.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from helpers.runtime import CourseError, write_whole
from helpers.training._random import random_states, set_random_states

if TYPE_CHECKING:
    from helpers.training._fit import Run

FORMAT = b"show-your-work checkpoint 1"


def place(path: str | Path | None) -> Path | None:
    """`path` as a Path; CourseError if its folder is not there, said before the training and not after it."""
    if path is not None and not Path(path).absolute().parent.is_dir():
        raise CourseError(
            f"The checkpoint {path} cannot be written: its folder does not exist, create it first."
        )
    return None if path is None else Path(path)


def save(path: Path, run: Run) -> None:
    """Write the state of `run` to `path`: to a file beside it first, then renamed.

    CourseError if it cannot be written, or could not be read again.
    """
    state = {
        "fingerprint": _fingerprint(run),
        "model": run.model.state_dict(),
        "optimiser": run.optimiser.state_dict(),
        "random": random_states(run.device),
        "history": vars(run.history),
        "step": run.step,
        "misses": run.misses,
        "best": run.best,
    }
    content = _packed(state)
    try:
        _unpacked(content)
    except Exception as error:  # whatever the unpickler meets
        raise CourseError(
            f"The checkpoint {path} could not be read again ({_reason(error)}): let the model's state hold "
            "tensors and Python's own numbers and strings only."
        ) from error
    try:
        write_whole(path, _sealed(content))
    except OSError as error:
        raise CourseError(
            f"The checkpoint {path} cannot be written ({error.strerror}): choose another place."
        ) from error


def load(path: Path, run: Run) -> None:
    """Put `run` into the state that `path` holds; CourseError if the file is damaged or not this run's."""
    state = _read(path)
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
    """What must be the same for a run to go on; `epochs` may grow if no step depends on it."""
    settings = asdict(run.config)
    if run.config.schedule == "constant":
        del settings["epochs"]
    data = run.data
    sizes = {
        "training examples": len(data.train),
        "validation examples": len(data.valid),
        "data tier": data.tier,
    }
    return {**settings, **sizes, "device": run.device.type, "shape": list(data.train.x.shape[1:])}


def _packed(state: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def _unpacked(content: bytes) -> dict[str, Any]:
    """On the processor: model and optimiser move to the device what belongs there."""
    return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)


def _sealed(content: bytes) -> bytes:
    return b"\n".join((FORMAT, hashlib.sha256(content).hexdigest().encode(), content))


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():  # a pipe would be waited for
        raise CourseError(f"The checkpoint {path} is not a file: choose another place.")
    try:
        first, _, rest = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise CourseError(
            f"The checkpoint {path} cannot be read ({error.strerror}): choose another."
        ) from error
    digest, _, content = rest.partition(b"\n")
    if first != FORMAT or hashlib.sha256(content).hexdigest().encode() != digest:
        raise CourseError(
            f"The checkpoint {path} is damaged or not a checkpoint of this book: delete it to start again."
        )
    try:
        return _unpacked(content)
    except Exception as error:  # whatever the unpickler meets
        raise CourseError(
            f"The checkpoint {path} cannot be read ({_reason(error)}): delete it to start again."
        ) from error


def _reason(error: Exception) -> str:
    found = re.search(r"(?:GLOBAL|class) ([\w.]*\w)", str(error))
    return f"it asks for {found[1]}" if found else type(error).__name__
