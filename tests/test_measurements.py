"""Oracles: a function that counts its calls, values written here, and files that are damaged on purpose."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from toy_training import dataset

from helpers.measurements import Measurements, _key
from helpers.runtime import CourseError
from helpers.training import History, TrainConfig, l1

rate = 0.1
config = TrainConfig(lr=0.1, epochs=3)


def measure(seed, power=1):
    measure.calls.append(seed)
    return (rate * (seed + 1)) ** power


@pytest.fixture(autouse=True)
def _full_profile(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.setenv("COURSE_PUBLISH", "1")
    monkeypatch.delenv("COURSE_FRESH", raising=False)
    monkeypatch.setattr(_key, "_OPEN", {__name__})
    measure.calls = []


def test_a_second_run_reads_and_a_further_seed_costs_one_seed(tmp_path):
    first = Measurements("01-x", root=tmp_path)("rates", measure, seeds=range(2))
    assert first == pytest.approx([0.1, 0.2])
    assert measure.calls == [0, 1]
    again = Measurements("01-x", root=tmp_path)("rates", measure, seeds=range(3))
    assert again == pytest.approx([0.1, 0.2, 0.3])
    assert measure.calls == [0, 1, 2]


def test_an_interrupted_run_goes_on_where_it_was(tmp_path):
    go = tmp_path / "go"

    def breaks(seed, go):
        if seed == 2 and not Path(go).exists():
            raise KeyboardInterrupt
        return measure(seed)

    with pytest.raises(KeyboardInterrupt):
        Measurements("01-x", root=tmp_path)("rates", breaks, seeds=range(4), go=str(go))
    go.touch()
    again = Measurements("01-x", root=tmp_path)("rates", breaks, seeds=range(4), go=str(go))
    assert again == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert measure.calls == [0, 1, 2, 3]


def another(seed, power=1):
    return seed


CHANGES = {
    "the function": lambda m: m.setattr(f"{__name__}.measure", another),
    "a setting that it reads": lambda m: m.setattr(f"{__name__}.rate", 0.2),
    "the number of the results": lambda m: m.setattr(_key, "RESULTS", _key.RESULTS + 1),
    "measured anew": lambda m: m.setenv("COURSE_FRESH", "1"),
}


def measuring(seed):
    measuring.calls.append(seed)
    return measure(seed)


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_measured_otherwise_is_not_read(tmp_path, monkeypatch, change):
    measuring.calls = []
    Measurements("01-x", root=tmp_path)("rates", measuring, seeds=range(2))
    CHANGES[change](monkeypatch)
    Measurements("01-x", root=tmp_path)("rates", measuring, seeds=range(2))
    assert measuring.calls == [0, 1, 0, 1]


def test_a_keyword_and_the_data_belong_to_the_key(tmp_path):
    keys = {_key.key(measure, {"power": power}, None) for power in (1, 2)}
    some = dataset()
    some = replace(some, test=some.valid)
    less = replace(some, train=some.train.take(3))
    keys |= {_key.key(measure, {"power": 1}, data) for data in (some, less)}
    assert len(keys) == 4


def kept_apart(value):
    return _key.describe(value)


PLUS_ONE = lambda x: x + 1  # noqa: E731 - as a notebook might have it
PLUS_TWO = lambda x: x + 2  # noqa: E731


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (config, replace(config, lr=0.2)),
        (l1(0.001), l1(0.002)),
        (range(3), range(4)),
        ({"a": 1}, {"a": 2}),
        (0.1, 0.1 + 1e-15),
        (torch.ones(3), torch.ones(4)),
        (np.array([1.0, 2.0]), np.array([1.0, 2.5])),
        (torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 3, bias=False)),
        (PLUS_ONE, PLUS_TWO),
    ],
)
def test_other_settings_have_another_description(one, other):
    assert kept_apart(one) == kept_apart(one)
    assert kept_apart(one) != kept_apart(other)


def test_spaces_comments_docstrings_and_the_quick_half_do_not_count(tmp_path, monkeypatch):
    texts = (
        "def f(seed):\n    return seed * pick(quick=1, full=2)\n",
        "def f(seed):\n    '''Twice.'''\n    # a comment\n    return seed*pick(quick=5, full=2)\n",
        "def f(seed):\n    return seed * pick(quick=1, full=3)\n",
    )
    found = []
    for place, text in enumerate(texts):
        path = tmp_path / f"module_{place}.py"
        path.write_text(f"from helpers.runtime import pick\n{text}")
        monkeypatch.syspath_prepend(tmp_path)
        module = __import__(path.stem)
        _key._OPEN.add(module.__name__)
        found.append(_key.describe(module.f))
    assert found[0] == found[1] != found[2]


def test_every_kind_of_value_comes_back_as_it_was(tmp_path):
    history = History(step=[1, 2], valid_loss=[0.5, float("nan")], why_stopped="all epochs")
    value = {
        "number": 1 / 3,
        "infinite": math.inf,
        "text": "ä",
        "pair": (1, [2, None]),
        "array": np.arange(6.0).reshape(2, 3),
        "tensor": torch.arange(3),
        "scalar": torch.tensor(2.5),
        3: np.float64(0.25),
        "history": history,
    }
    for _ in range(2):  # computed, then read
        back = Measurements("01-x", root=tmp_path)("all", lambda: value)
        assert back["number"] == pytest.approx(1 / 3, rel=1e-8)
        assert (back["infinite"], back["text"], back["pair"]) == (math.inf, "ä", (1, [2, None]))
        assert np.array_equal(back["array"], value["array"])
        assert torch.equal(back["tensor"], value["tensor"])
        assert (back["scalar"], back[3]) == (2.5, 0.25)
        assert (back["history"].step, back["history"].why_stopped) == ([1, 2], "all epochs")
        assert math.isnan(back["history"].valid_loss[1])


def test_a_run_that_is_not_the_publishers_reads_and_writes_nothing(tmp_path, monkeypatch):
    Measurements("01-x", root=tmp_path)("rates", measure, seeds=range(2))
    before = (tmp_path / "01-x.json").read_bytes()
    monkeypatch.delenv("COURSE_PUBLISH")
    again = Measurements("01-x", root=tmp_path)
    assert again("rates", measure, seeds=range(3)) == pytest.approx([0.1, 0.2, 0.3])
    assert measure.calls == [0, 1, 2]
    again.finish()
    assert (tmp_path / "01-x.json").read_bytes() == before


def test_the_quick_profile_gives_the_same_types_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "quick")
    back = Measurements("01-x", root=tmp_path)("all", lambda: (1, np.float64(2), torch.ones(2)))
    assert back[:2] == (1, 2.0)
    assert torch.equal(back[2], torch.ones(2))
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_that_of_any_python_and_attributes_and_own_variables_are_no_globals(monkeypatch):
    before = _key.describe(measure)
    for name in ("append", "seed", "power"):
        monkeypatch.setitem(globals(), name, open)
    assert _key.describe(measure) == before
    assert "type_params" not in str(before)  # a field that trees have since Python 3.12


def test_what_is_no_longer_measured_goes_at_the_end(tmp_path):
    first = Measurements("01-x", root=tmp_path)
    first("old", lambda: np.ones(3))
    first("new", measure, seeds=[0])
    second = Measurements("01-x", root=tmp_path)
    second("new", measure, seeds=[0])
    second.finish()
    assert list(json.loads((tmp_path / "01-x.json").read_text())["measurements"]) == ["new"]
    assert not (tmp_path / "01-x.npz").exists()


def test_where_when_and_how_long_is_kept_beside_a_value(tmp_path):
    measured = Measurements("01-x", root=tmp_path)
    measured("rates", measure, seeds=range(2))
    record = json.loads((tmp_path / "01-x.json").read_text())
    (made_with,) = record["made_with"]
    assert {"commit", "device", "python", "torch", "profile"} <= set(made_with)
    assert all(m["made_with"] == 0 for m in record["measurements"]["rates"]["members"].values())
    assert measured.seconds("rates") >= 0
    members = measured.record["measurements"]["rates"]["members"]
    for seconds, kept in zip((2.0, 9.0), members.values(), strict=True):
        kept["seconds"] = seconds  # the second was slowed down by others
    assert measured.seconds() == measured.seconds("rates") == 4


def test_waiting_is_not_counted_as_work(tmp_path):
    measured = Measurements("01-x", root=tmp_path)
    measured("a nap", lambda seed: time.sleep(0.3), seeds=[0])
    assert measured.seconds() < 0.2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ('{"schema": 99, "chapter": "01-x"}', "another version"),
        ("[]", "cannot be read"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, text, words):
    (tmp_path / "01-x.json").write_text(text)
    with pytest.raises(CourseError, match=words):
        Measurements("01-x", root=tmp_path)


def test_a_record_cannot_name_a_class_outside_helpers(tmp_path):
    Measurements("01-x", root=tmp_path)("h", History)
    path = tmp_path / "01-x.json"
    path.write_text(path.read_text().replace("helpers.training._records:History", "subprocess:Popen"))
    with pytest.raises(CourseError, match="none of helpers"):
        Measurements("01-x", root=tmp_path)("h", History)


opened = None


def makes_a_network():
    return torch.nn.Linear(1, 1)


def reads_a_file():
    return opened.name


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("net", makes_a_network, "returned a Linear"),
        ("a/b", makes_a_network, "without a slash"),
        ("file", reads_a_file, "no key can be made"),
    ],
)
def test_what_cannot_be_kept_is_said(tmp_path, name, function, words, monkeypatch):
    with open(__file__, encoding="utf-8") as file:
        monkeypatch.setitem(globals(), "opened", file)
        with pytest.raises(CourseError, match=words):
            Measurements("01-x", root=tmp_path)(name, function)


def test_a_name_is_used_once(tmp_path):
    measured = Measurements("01-x", root=tmp_path)
    measured("one", lambda: 1)
    with pytest.raises(CourseError, match="named twice"):
        measured("one", lambda: 1)
