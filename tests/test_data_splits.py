"""Oracles: plain lists and NumPy in double precision for how MNIST is cut and scaled."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from synthetic_mnist import only_error, write

from helpers.data import Dataset, Split, mnist
from helpers.runtime import CourseError, generator

pytestmark = pytest.mark.usefixtures("bare_machine")


def test_train_is_the_first_and_valid_the_last_images_and_they_never_overlap(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=False)
    labels = arrays["train-labels-idx1-ubyte"].tolist()
    data = mnist(root, n_train=20, n_valid=15)
    assert data.train.y.tolist() == labels[:20]
    assert data.valid.y.tolist() == labels[-15:]
    images = torch.tensor(arrays["train-images-idx3-ubyte"]) / 255
    assert torch.equal(data.train.x[:, 0], images[:20])
    assert torch.equal(data.valid.x[:, 0], images[-15:])
    assert mnist(root, n_valid=15).train.y.tolist() == labels[:45]


def test_digits_are_selected_after_counting_and_relabelled(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=False)
    labels = arrays["train-labels-idx1-ubyte"].tolist()
    data = mnist(root, n_train=40, n_valid=20, digits=(7, 3))
    assert data.train.y.tolist() == [(7, 3).index(label) for label in labels[:40] if label in (7, 3)]
    assert data.classes == ("7", "3")
    pixels = arrays["train-images-idx3-ubyte"][:40][[label in (7, 3) for label in labels[:40]]]
    assert torch.equal(data.train.x[:, 0], torch.tensor(pixels).float() / 255)


@pytest.mark.parametrize(
    "sizes", [{"n_train": 0}, {"n_valid": 0}, {"n_train": 51, "n_valid": 10}, {"n_valid": 60}]
)
def test_sizes_that_do_not_fit(small, arrays, tmp_path, sizes):
    message = only_error(root=write(tmp_path / "data", arrays, gz=False), **{"n_valid": 10, **sizes})
    assert "from 60: both must be at least 1 and together fit" in message


@pytest.mark.parametrize("digits", [(), (2, 2), (2, 10), (-1, 3)])
def test_digits_that_make_no_sense(small, arrays, tmp_path, digits):
    root = write(tmp_path / "data", arrays, gz=False)
    assert "must name different digits from 0 to 9" in only_error(root=root, n_valid=10, digits=digits)


def test_pixels_have_the_scale_they_promise(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=False)
    raw = arrays["train-images-idx3-ubyte"].astype(np.float64)
    train = raw[:50]
    expected = {
        "unit": raw / 255,
        "signed": raw / 255 * 2 - 1,
        "standard": (raw - train.mean())
        / train.std(),  # the mean of the training split, not of the validation split
    }
    for pixels, values in expected.items():
        data = mnist(root, n_valid=10, pixels=pixels)
        for split, part in ((data.train, values[:50]), (data.valid, values[50:])):
            assert split.x.dtype == torch.float32
            np.testing.assert_allclose(split.x[:, 0].double().numpy(), part, rtol=0, atol=2e-6)
    assert "Unknown pixels='raw': use 'unit', 'signed', 'standard'" in only_error(root=root, pixels="raw")


def test_flat_is_the_same_image_row_by_row(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=False)
    flat, square = mnist(root, n_valid=10, flat=True), mnist(root, n_valid=10)
    assert flat.train.x.shape == (50, 784)
    assert square.train.x.shape == (50, 1, 28, 28)
    assert flat.test.x[3, 28 * 5 + 6] == square.test.x[3, 0, 5, 6]


def test_unknown_device_is_refused(small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=False)
    assert "Unknown device 'abacus'" in only_error(root=root, n_valid=10, device="abacus")


@pytest.fixture
def split() -> Split:
    labels = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    return Split(torch.arange(11.0).unsqueeze(1), torch.tensor(labels))


def test_only_keeps_order_and_relabels(split):
    kept = split.only(5, 3)
    assert kept.x[:, 0].tolist() == [0, 4, 8, 9, 10]
    assert kept.y.tolist() == [1, 0, 0, 1, 0]
    assert split.y.tolist()[0] == 3


def test_only_refuses_labels_that_are_not_there(split):
    with pytest.raises(
        CourseError, match=r"No example has the label 7: the labels here are 1, 2, 3, 4, 5, 6, 9\."
    ):
        split.only(3, 7)
    for labels in ((), (3, 3)):
        with pytest.raises(CourseError, match="Name each label to keep once"):
            split.only(*labels)


def test_take_is_a_view_of_the_first(split):
    assert split.take(4).y.tolist() == [3, 1, 4, 1]
    assert split.take(4).x.data_ptr() == split.x.data_ptr()
    for n in (0, 12):
        with pytest.raises(CourseError, match=f"Cannot take {n} of 11"):
            split.take(n)


def test_batches_in_order_and_shuffled(split):
    assert [y.tolist() for _, y in split.batches(4)] == [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5]]
    once = list(split.batches(4, generator(1)))
    assert [len(y) for _, y in once] == [4, 4, 3]
    order = torch.cat([x for x, _ in once])[:, 0].long()
    assert sorted(order.tolist()) == list(range(11))
    assert order.tolist() != list(range(11))
    assert torch.equal(torch.cat([y for _, y in once]), split.y[order])
    again = torch.cat([x for x, _ in split.batches(4, generator(1))])[:, 0].long()
    assert torch.equal(order, again)
    with pytest.raises(CourseError, match="at least one example, got size 0"):
        next(split.batches(0))


def test_split_demands_one_label_an_example():
    with pytest.raises(CourseError, match="one label for each example"):
        Split(torch.zeros(3, 2), torch.zeros(2))
    with pytest.raises(CourseError, match="one label for each example"):
        Split(torch.zeros(3, 2), torch.zeros(3, 1))


def test_describe_is_one_line_with_every_fact(split):
    data = Dataset("MNIST", "folder", split, split.take(2), split.take(1), ("2", "3"), "a note")
    assert data.describe() == (
        "MNIST, folder tier: 11 training, 2 validation and 1 test images of the classes 2, 3; a note"
    )
