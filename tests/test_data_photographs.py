"""Oracles: scikit-learn's own loader, folders of pictures whose colours say where they belong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from synthetic_pictures import RED, SIZE, broken, one_sentence, saved

from helpers.data import image_folder, photographs
from helpers.data._photographs import skipped_note
from helpers.runtime import CourseError

pytestmark = pytest.mark.usefixtures("bare_machine")


def test_without_a_folder_the_two_of_scikit_learn(monkeypatch, tmp_path):
    from sklearn.datasets import load_sample_images

    expected = load_sample_images().images
    album = photographs(side=None)
    assert album.describe() == "2 photographs from scikit-learn"
    for photo, pixels in zip(album, expected, strict=True):
        assert np.array_equal(photo.image.permute(1, 2, 0).numpy(), pixels)
        assert (photo.label, photo.category) == (None, "")
    (tmp_path / "imagenet-samples").mkdir()
    saved(tmp_path / "imagenet-samples" / "x.png", Image.new("RGB", SIZE, RED))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert photographs().describe() == "1 photograph from imagenet-samples"
    monkeypatch.setenv("COURSE_TIER", "embedded")
    assert [p.name for p in photographs(n=1)] == ["china"]


def test_folder_with_labels_and_broken_files(tmp_path):
    for k in range(3):
        saved(tmp_path / f"z{k}.png", Image.new("RGB", SIZE, RED))
    (tmp_path / "labels.csv").write_text(
        "file,class_index,wnid,category\nz1.png,285,n02124075,Egyptian cat\n"
    )
    names = broken(tmp_path)
    album = photographs(tmp_path)
    assert [(p.name, p.label, p.category) for p in album] == [
        ("z0", None, ""),
        ("z1", 285, "Egyptian cat"),
        ("z2", None, ""),
    ]
    assert (len(album), album[1].label) == (3, 285)
    n = len(names) - 1  # a folder inside is no file
    assert f"{n} of {n + 3} files left out: bomb.png (9,000 × 9,000 pixels" in album.describe()
    assert f"and {n - 3} more" in album.note
    assert len(photographs(tmp_path, n=2)) == 2


def test_folder_without_pictures_and_wrong_labels(tmp_path):
    for act, message in (
        (lambda: photographs(tmp_path / "nowhere"), "There is no folder"),
        (lambda: photographs(tmp_path), "holds no picture"),
        (lambda: photographs(tmp_path, n=0), "at least one"),
    ):
        with pytest.raises(CourseError, match=message) as caught:
            act()
        one_sentence(caught.value)
    saved(tmp_path / "a.png", Image.new("RGB", SIZE, RED))
    (tmp_path / "labels.csv").write_text("file,class_index\na.png,cat\n")
    with pytest.raises(CourseError, match="is no table with the columns"):
        photographs(tmp_path)


def test_skipped_note():
    assert skipped_note([], 4) == ""
    assert skipped_note([("a", "x")], 4) == "1 of 4 files left out: a (x)"
    assert (
        skipped_note([(c, "x") for c in "abcde"], 9, shown=2)
        == "5 of 9 files left out: a (x), b (x) and 3 more"
    )


# -- image folders


def pictures(folder: Path, n: int, shade: int) -> None:
    folder.mkdir(parents=True)
    for k in range(n):
        saved(folder / f"{k:02}.png", Image.new("RGB", (20, 12), (shade, k, 0)))


def test_image_folder(tmp_path, capsys):
    pictures(tmp_path / "mine" / "train" / "dark", 20, 10)
    pictures(tmp_path / "mine" / "train" / "light", 10, 240)
    names = broken(tmp_path / "mine" / "train" / "light")
    data = image_folder(tmp_path / "mine", size=8)
    assert (data.name, data.tier, data.classes) == ("mine", "folder", ("dark", "light"))
    assert (data.train.x.shape, data.train.x.dtype) == ((20, 3, 8, 8), torch.uint8)
    parts = (data.train, data.valid, data.test)
    assert [s.y.bincount().tolist() for s in parts] == [[14, 6], [3, 2], [3, 2]]  # 15 % of 20 and of 10
    for split in parts:
        assert torch.equal(split.x[:, 0, 4, 4] > 100, split.y == 1)
    seen = sorted((int(y), int(g)) for s in parts for y, g in zip(s.y, s.x[:, 1, 4, 4], strict=True))
    assert seen == [(0, k) for k in range(20)] + [(1, k) for k in range(10)]  # each picture in one split
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert line.startswith(f"mine: {len(names)} of {30 + len(names)} files left out: train/light/bomb.png")
    assert data.note in line


def test_image_folder_with_its_own_valid_and_test(tmp_path):
    for part, n in (("train", 4), ("valid", 2), ("test", 1)):
        pictures(tmp_path / part / "a", n, 10)
        pictures(tmp_path / part / "b", n, 240)
    data = image_folder(tmp_path, size=4)
    assert [len(s) for s in (data.train, data.valid, data.test)] == [8, 4, 2]
    assert data.note == ""
    (tmp_path / "test" / "c").mkdir()
    with pytest.raises(CourseError, match="is a class that train does not have"):
        image_folder(tmp_path)


def test_image_folders_that_cannot_be_used(tmp_path):
    def error(**options: int) -> str:
        with pytest.raises(CourseError) as caught:
            image_folder(tmp_path, **options)
        return one_sentence(caught.value)

    assert "There is no folder" in error()
    pictures(tmp_path / "train" / "a", 3, 10)
    assert "at least two folders" in error()
    pictures(tmp_path / "train" / "b", 2, 10)
    assert "The class 'b' has no picture left for train" in error()
    assert "at least one pixel" in error(size=0)
