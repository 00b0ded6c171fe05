"""`image_folder`: pictures of the reader's own, one folder for each class."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import torch

from helpers.data._files import lying_there
from helpers.data._photographs import skipped_note
from helpers.data._pictures import BadPicture, read_picture
from helpers.data._split import Dataset, Split
from helpers.places import expand
from helpers.runtime import CourseError, generator, progress
from helpers.runtime import device as pick_device

NAMES = {  # of the folders, in any case
    "train": ("train", "training"),
    "valid": ("valid", "val", "validation"),
    "test": ("test", "testing"),
}
SHARE = 0.15  # of a class's training pictures for validation, and for testing, where no folder brings them


def image_folder(
    path: str | Path, *, size: int = 64, seed: int = 0, device: str | torch.device | None = None
) -> Dataset:
    """Pictures in `path`/train/<class>/*, cut to squares: x (N, 3, size, size) uint8, y (N,) int64.

    The classes are the folders in `train`, in alphabetical order. `valid` and `test` beside `train` are used
    if they are there, under any name of NAMES, such as `val` or `Test`; else 15 % of each class, at least one
    picture, are drawn for them with `seed`. The pictures come in the order of their classes, so shuffle when
    training. Files that are no pictures are left out; a printed line and `note` count and name them, and name
    the folders beside `train` that are not used.

    Raises CourseError where folders are missing, unknown or have too few pictures.
    """
    root = expand(path)
    if size < 1:
        raise CourseError(f"Pictures need a side of at least one pixel, not {size}.")
    folders = _parts(root)
    classes = _classes(folders["train"])
    skipped: list[tuple[str, str]] = []
    parts, n_files = {}, 0
    for part, folder in folders.items():
        files = _files(folder, classes)
        n_files += len(files)
        parts[part] = _read(files, root, size, skipped)
    random = generator(seed)
    counts = parts["train"].y.bincount(minlength=len(classes)).tolist()
    for part in ("valid", "test"):
        if part not in parts:
            parts["train"], parts[part] = _cut(parts["train"], counts, random)
    for part, split in parts.items():
        _demand_pictures(part, split, classes)
    note = "; ".join(filter(None, (skipped_note(skipped, n_files), _unused(root, folders))))
    if note:
        print(f"{root.name}: {note}")
    where = pick_device(device)
    ordered = [Split(parts[p].x.to(where), parts[p].y.to(where)) for p in ("train", "valid", "test")]
    return Dataset(root.name, "folder", *ordered, classes, note)


def _parts(root: Path) -> dict[str, Path]:
    """The folders of train, valid and test, as far as they are there; CourseError without the first."""
    found: dict[str, Path] = {}
    for part, names in NAMES.items():
        here = [p for p in _inner(root) if p.name.lower() in names]
        if len(here) > 1:
            both = " and ".join(p.name for p in here)
            raise CourseError(f"{root} has {both}, which mean the same: keep one of them, or rename it.")
        if here:
            found[part] = here[0]
    if "train" not in found:
        there = lying_there(root)
        raise CourseError(
            f"There is no folder {root / 'train'}{there}: put the pictures into "
            "train/<class>/ in that folder."
        )
    return found


def _inner(folder: Path) -> list[Path]:
    """The folders in a folder that may not be there, without hidden ones."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in paths if p.is_dir() and not p.name.startswith((".", "__"))]


def _unused(root: Path, folders: dict[str, Path]) -> str:
    names = [p.name for p in _inner(root) if p not in folders.values()]
    return f"not used: the folder{'s' * (len(names) > 1)} {', '.join(names)}" if names else ""


def _classes(train: Path) -> tuple[str, ...]:
    names = tuple(p.name for p in _inner(train))
    if len(names) < 2:
        raise CourseError(f"{train} needs at least two folders, one for each class; it has {len(names)}.")
    return names


def _files(folder: Path, classes: tuple[str, ...]) -> list[tuple[Path, int]]:
    """(file, label) of all files in the folders of the classes; hidden files do not count."""
    found = []
    for inner in _inner(folder):
        if inner.name not in classes:
            raise CourseError(f"{inner} is a class that train does not have: rename it, or add it there.")
        names = sorted(p for p in inner.iterdir() if not p.name.startswith("."))
        found += [(p, classes.index(inner.name)) for p in names]
    return found


def _read(files: list[tuple[Path, int]], root: Path, size: int, skipped: list[tuple[str, str]]) -> Split:
    """The pictures on the CPU; what is none is entered in `skipped`."""
    pictures, labels = [], []
    for path, label in progress(files, "reading pictures"):
        try:
            pictures.append(read_picture(path, square=size))
            labels.append(label)
        except BadPicture as error:
            skipped.append((path.relative_to(root).as_posix(), error.why))
    x = torch.stack(pictures) if pictures else torch.empty(0, 3, size, size, dtype=torch.uint8)
    return Split(x, torch.tensor(labels, dtype=torch.int64))


def _cut(split: Split, counts: list[int], random: torch.Generator) -> tuple[Split, Split]:
    """(what is left, a share of each class), both in their order; `counts` is what each class began with."""
    out = torch.zeros(len(split), dtype=torch.bool)
    for label, count in enumerate(counts):
        members = (split.y == label).nonzero()[:, 0]
        n = max(round(SHARE * count), 1)
        out[members[torch.randperm(len(members), generator=random)[:n]]] = True
    return Split(split.x[~out], split.y[~out]), Split(split.x[out], split.y[out])


def _demand_pictures(part: str, split: Split, classes: tuple[str, ...]) -> None:
    counts = Counter(split.y.tolist())
    missing = [name for label, name in enumerate(classes) if not counts[label]]
    if missing:
        raise CourseError(
            f"The class {missing[0]!r} has no picture left for {part}: give each class at least three "
            "pictures, or one in each of train, valid and test."
        )
