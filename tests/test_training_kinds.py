"""Values, types and sizes as users bring them. Oracles: a run with Python's own numbers, torch itself."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import pickle
import threading
from dataclasses import asdict, fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_training_checkpoint import same
from torch import nn
from toy_training import Untouchable, dataset, interrupting, points, small_net, weights

from helpers import models
from helpers.data import Dataset, Pipeline, Split
from helpers.runtime import CourseError, generator
from helpers.sweeps import grid, sweep
from helpers.training import Diverged, TrainConfig, fit, fit_by_hand, l2
from helpers.training import _checkpoint as checkpoints

ROOT = Path(__file__).parent.parent
PLAIN = TrainConfig(lr=0.1, batch_size=8, epochs=2)
FOREIGN = {
    "numpy": lambda value: np.asarray(value)[()],
    "float32": lambda value: np.float32(value) if isinstance(value, float) else np.int16(value),
    "array": np.asarray,
    "tensor": torch.tensor,
}


# -- settings


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_foreign_numbers_train_as_pythons_own_and_the_checkpoint_goes_on(tmp_path, kind, optimiser):
    own = TrainConfig(
        lr=0.25,
        batch_size=8,
        epochs=4,
        momentum=0.5 if optimiser == "momentum" else 0.0,
        weight_decay=0.125,
        patience=9,
        optimiser="adam" if optimiser == "adam" else "sgd",
        seed=3,
    )
    numbers = {name: v for name, v in asdict(own).items() if not isinstance(v, (str, bool))}
    foreign = replace(own, shuffle=np.bool_(True), **{n: FOREIGN[kind](v) for n, v in numbers.items()})
    assert foreign == own
    assert [type(v) for v in vars(foreign).values()] == [type(v) for v in vars(own).values()]
    whole, resumed, path = small_net(1), small_net(2), tmp_path / "run.pt"
    expected = fit(whole, dataset(3), own)
    fit(small_net(1), dataset(3), foreign, loss=interrupting(17), checkpoint=path)
    same(fit(resumed, dataset(3), foreign, checkpoint=path), expected)
    assert torch.equal(weights(resumed), weights(whole))


NO_NUMBERS = ["0.1", np.array([0.1, 0.2]), 1j, np.inf, np.nan]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *((name, [*NO_NUMBERS, 10**400]) for name in ("lr", "momentum", "weight_decay", "min_delta")),
        *((name, [*NO_NUMBERS, 2.5]) for name in ("batch_size", "epochs", "seed", "patience")),
        ("shuffle", ["no", 0.5]),
    ],
)
def test_settings_that_are_no_such_number_are_one_sentence(name, values):
    for value in values:
        with pytest.raises(CourseError, match=rf"^TrainConfig has {name}=.*, but it must be .*\.$"):
            TrainConfig(**{name: value})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("optimizer", "optimiser"),
        ("batchsize", "batch_size"),
        ("epoch", "epochs"),
        ("weightdecay", "weight_decay"),
        ("learning_rate", None),
    ],
)
def test_a_setting_of_another_name_is_told_which_was_meant(name, meant):
    advice = rf"did you mean {meant}\?" if meant else "use one of lr, batch_size"
    for make in (TrainConfig, lambda **settings: replace(PLAIN, **settings)):
        with pytest.raises(CourseError, match=f"^TrainConfig has no setting {name}: {advice}"):
            make(**{name: "adam"})
    assert pickle.loads(pickle.dumps(PLAIN)) == PLAIN == replace(PLAIN)


@pytest.mark.parametrize("optimiser", ["adamw", "AdamW", "SGD", torch.optim.AdamW, ["adam"]])
def test_another_optimiser_is_one_sentence(optimiser):
    with pytest.raises(CourseError, match=r"must be one of sgd, adagrad, adam\.$"):
        TrainConfig(optimiser=optimiser)


@pytest.mark.parametrize("lr", [1e3, 1e12, 1e30])
@pytest.mark.parametrize("settings", [
    {}, {"momentum": 0.9}, {"optimiser": "adam"}, {"optimiser": "adagrad"}, {"weight_decay": 1e30},
], ids=str)  # fmt: skip
def test_any_rate_ends_in_a_history_or_in_one_sentence(lr, settings):
    config, said = (
        TrainConfig(lr=lr, batch_size=8, epochs=3, **settings),
        rf"with lr={lr:g}: try lr={lr / 10:g}",
    )
    for penalty in (None, l2(0.1)):
        model = models.mlp((4, 6, 6, 3), act=nn.Identity, generator=generator(0))
        try:
            history = fit(model, dataset(3), config, penalty=penalty)
        except Diverged as error:
            history = error.history
            assert said in str(error)  # noqa: PT017
        assert np.isfinite([*history.train_loss, *history.valid_loss]).all()


# -- models and data


def with_splits(train: Split, valid: Split | None = None) -> Dataset:
    return replace(dataset(3), train=train, valid=valid or points(30, 2, 3))


LONELY = {
    "after a linear layer": lambda: nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 3)
    ),
    "without weights": lambda: nn.Sequential(nn.BatchNorm1d(4, affine=False), nn.Linear(4, 3)),
    "one place": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 6, 2), nn.BatchNorm2d(6), nn.Flatten(), nn.Linear(6, 3)
    ),
}


@pytest.mark.parametrize("kind", LONELY)
@pytest.mark.parametrize(("n", "batch_size"), [(49, 8), (50, 8), (9, 8), (48, 47), (5, 1), (1, 8), (65, 16)])
def test_a_batch_of_one_is_said_before_training_exactly_where_torch_would_fail(kind, n, batch_size):
    sizes = {batch_size if n >= batch_size else n, n % batch_size or batch_size}
    model = LONELY[kind]().train()
    try:
        for size in sizes & {min(n, s) for s in sizes}:
            model(torch.zeros(size, 4))
        fails = False
    except ValueError:  # torch's own
        fails = True
    assert fails == (1 in sizes)
    steps, data = [], with_splits(points(n, 1, 3))
    config = TrainConfig(lr=0.1, batch_size=batch_size, epochs=1)

    def loss(logits, y):
        steps.append(len(y))
        return nn.functional.cross_entropy(logits, y)

    if not fails:
        fit(LONELY[kind](), data, config, loss=loss)
        sweep(lambda seed: LONELY[kind](), data, grid(config, lr=(0.1, 0.2)))
        return
    with pytest.raises(CourseError, match="one example, which the batch normalisation '"):
        fit(LONELY[kind](), data, config, loss=loss)
    assert steps == []
    with pytest.raises(CourseError, match="one example, which the batch normalisation"):
        sweep(lambda seed: LONELY[kind](), data, grid(config, lr=(0.1, 0.2)))


def test_normalisation_of_many_places_or_of_a_frozen_part_takes_a_batch_of_one():
    wide = nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(4, 3))
    resting = LONELY["after a linear layer"]()
    resting[1].requires_grad_(False)
    for model in (wide, resting):
        history = fit(model, with_splits(points(49, 1, 3)), TrainConfig(batch_size=8, epochs=1))
        assert np.isfinite(history.valid_loss).all()


@pytest.mark.parametrize("dtype", [torch.int32, torch.uint8, torch.int16, torch.float32, torch.bool])
@pytest.mark.parametrize("where", ["train", "valid"])
def test_labels_of_another_type_are_one_sentence(dtype, where):
    data = dataset(3)
    split = getattr(data, where)
    data = replace(data, **{where: Split(split.x, split.y.to(dtype))})
    kind = str(dtype).removeprefix("torch.")
    for train in (fit, fit_by_hand):
        with pytest.raises(CourseError, match=rf"labels are {kind}, but must be int64: .*y\.long\(\)"):
            train(models.linear(4, 3), data, PLAIN)


@pytest.mark.parametrize("lowest", [-1, -100])
@pytest.mark.parametrize("where", ["train", "valid"])
def test_labels_below_0_are_one_sentence(lowest, where):
    data = dataset(3)
    split = getattr(data, where)
    y = split.y.clone()
    y[7] = lowest
    data = replace(data, **{where: Split(split.x, y)})
    for train in (fit, fit_by_hand):
        with pytest.raises(CourseError, match=f"labels go down to {lowest}, but classes are counted from 0"):
            train(models.linear(4, 3), data, PLAIN)
    with pytest.raises(CourseError, match=f"go down to {lowest}"):
        sweep(lambda seed: models.linear(4, 3), data, [PLAIN])


def test_bytes_and_other_floats_are_told_apart_from_a_wrong_shape():
    data = dataset(3)
    for dtype, advice in (
        (torch.uint8, r"bytes: put a helpers\.data\.Pipeline before it, or divide them: x\.float\(\) / 255"),
        (torch.float64, "examples that are float64, its weights being float32: make them alike"),
        (torch.float16, "examples that are float16, its weights being float32"),
    ):
        changed = replace(data, train=Split(data.train.x.to(dtype), data.train.y))
        for train in (fit, fit_by_hand):
            with pytest.raises(CourseError, match=rf"The model cannot take {advice}"):
                train(models.linear(4, 3), changed, PLAIN)


def test_a_wrong_size_behind_a_pipeline_is_not_blamed_on_the_bytes():
    x = torch.zeros(20, 3, 8, 8, dtype=torch.uint8)
    data = with_splits(Split(x, torch.arange(20) % 3), Split(x, torch.arange(20) % 3))
    model = nn.Sequential(Pipeline(8, 8), nn.Flatten(), nn.Linear(100, 3))
    with pytest.raises(CourseError, match=r"cannot take examples of shape \(3, 8, 8\): .*192"):
        fit(model, data, PLAIN)


def test_a_model_made_under_another_default_type_is_told_so_and_trains_after_the_advice():
    torch.set_default_dtype(torch.float64)
    try:
        model = nn.Linear(4, 3)
    finally:
        torch.set_default_dtype(torch.float32)
    with pytest.raises(CourseError, match=r"are float32, its weights being float64: .*model\.to\(x\.dtype\)"):
        fit(model, dataset(3), PLAIN)
    assert fit(model.to(torch.float32), dataset(3), PLAIN).epoch == [1.0, 2.0]


@pytest.mark.parametrize("off", [torch.no_grad, torch.inference_mode])
def test_fit_where_gradients_are_off_is_one_sentence(off):
    with off(), pytest.raises(CourseError, match=r"gradients are switched off .* call it outside of that"):
        fit(small_net(1), dataset(3), PLAIN)


def test_models_and_data_made_in_inference_mode_are_one_sentence():
    with torch.inference_mode():
        model, data = small_net(1), dataset(3)
    with pytest.raises(CourseError, match=r"The model was made inside torch\.inference_mode"):
        fit(model, dataset(3), PLAIN)
    with pytest.raises(CourseError, match=r"The training examples were made inside torch\.inference_mode"):
        fit(small_net(1), data, PLAIN)


def test_an_empty_split_is_one_sentence():
    data = dataset(3)
    nothing = Split(data.valid.x[:0], data.valid.y[:0])
    for name, where in (("training", "train"), ("validation", "valid")):
        with pytest.raises(CourseError, match=f"There are no {name} examples"):
            fit(small_net(1), replace(data, **{where: nothing}), PLAIN)


def test_splits_on_two_devices_are_one_sentence():
    data = dataset(3)
    away = Split(data.valid.x.to("meta"), data.valid.y.to("meta"))
    with pytest.raises(CourseError, match="The data are on cpu and meta: move all splits to one device"):
        fit(small_net(1), replace(data, valid=away), PLAIN)


# -- checkpoints


class Extra(nn.Linear):
    """A layer whose state holds something else than tensors."""

    def get_extra_state(self) -> object:
        return Path("notes")

    def set_extra_state(self, state: object) -> None:
        pass


def test_a_state_that_could_not_be_read_again_fails_at_the_first_check(tmp_path):
    with pytest.raises(CourseError, match=r"run\.pt could not be read again \(it asks for pathlib"):
        fit(Extra(4, 3), dataset(3), PLAIN, checkpoint=tmp_path / "run.pt")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_in_the_checkpoints_place_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "run.pt")
    found = []

    def run() -> None:
        try:
            fit(small_net(1), dataset(3), PLAIN, checkpoint=tmp_path / "run.pt")
        except CourseError as error:
            found.append(str(error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert found
    assert "is not a file" in found[0]


class Payload:
    """Unpickled without care, it makes a folder."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.mark),)


def test_a_checkpoint_can_run_no_code(tmp_path):
    """Sealed with the right hash, as whoever can write the file can do."""
    path, mark = tmp_path / "run.pt", tmp_path / "ran"
    content = checkpoints._packed({"fingerprint": Payload(mark)})
    path.write_bytes(checkpoints._sealed(content))
    assert hashlib.sha256(content).hexdigest().encode() in path.read_bytes()
    with pytest.raises(CourseError, match=r"run\.pt cannot be read \(it asks for .*mkdir"):
        fit(small_net(1), dataset(3), PLAIN, checkpoint=path)
    assert not mark.exists()


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def sources() -> dict[str, str]:
    """All Python of the project, the notebooks' cells included."""
    folders = ("helpers", "tools", "tests", "bench", "book")
    found = {
        str(p.relative_to(ROOT)): p.read_text("utf-8") for f in folders for p in (ROOT / f).rglob("*.py")
    }
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
        found |= {
            f"{path.name}, cell {k}": s for k, s in enumerate(code) if not s.lstrip().startswith(("%", "!"))
        }
    return found


PICKLES = ("pickle.load", "pickle.loads", "joblib.load", "pd.read_pickle", "dill.load")


def careless(source: str) -> list[str]:
    """Calls that read pickles, torch without `weights_only=True` and of NumPy with `allow_pickle`."""
    found = []
    if "load" not in source and "pickle" not in source:
        return found
    for call in calls(ast.parse(source)):
        name = ast.unparse(call.func)
        options = {k.arg: ast.unparse(k.value) for k in call.keywords}
        if name.endswith("torch.load") or (name == "load" and "map_location" in options):
            found += [name] if options.get("weights_only") != "True" else []
        elif name in PICKLES or options.get("allow_pickle", "False") != "False":
            found.append(name)
    return found


def test_no_file_is_read_as_a_pickle_that_can_run_code():
    # Sphinx keeps what it knows as a pickle; one test edits that of a book which it has built itself.
    own = (Path(__file__).name, "test_built_again.py")
    found = {name: careless(text) for name, text in sources().items() if not name.endswith(own)}
    assert {name: names for name, names in found.items() if names} == {}
    assert sum("weights_only=True" in text for text in sources().values()) >= 3


@pytest.mark.parametrize("source", [
    "torch.load(p)", "torch.load(p, weights_only=False)", "torch.load(p, weights_only=x)", "pickle.loads(b)",
    "np.load(p, allow_pickle=True)", "import torch as t\nload(p, map_location='cpu')",
])  # fmt: skip
def test_that_guard_sees_careless_reading(source):
    assert careless(source)
    assert not careless("torch.load(p, weights_only=True); np.load(p, allow_pickle=False); json.load(f)")


def test_every_setting_has_a_type_that_is_converted():
    assert {str(f.type) for f in fields(TrainConfig)} == {"float", "int", "bool", "str", "int | None"}
    assert isinstance(dataset(3).test, Untouchable)
